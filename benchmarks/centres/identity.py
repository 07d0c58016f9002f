"""Numbers and names that look right and belong to nobody.

Each is made from a running number, so that none occurs twice, whatever the size of the batch.
"""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FIRST = _words(
    "Alder Ashen Barrow Birken Bramble Calder Cold Dunmere Elder Fallow Fern Gorse Hallow Harrow "
    "Hazel Heather Holm Ivel Juniper Kestrel Larks Linden Marl Mere Nether Oaken Otter Pentle "
    "Quarry Raven Rowan Sallow Sedge Silver Thorn Upper Vixen Warren Willow Yarrow"
)
_SECOND = _words("bourne brook combe croft dale field ford gate ham holt ley mead moor ridge stead")
REGIONS = (
    "East Midlands",
    "East of England",
    "London",
    "North East",
    "North West",
    "South East",
    "South West",
    "West Midlands",
    "Yorkshire and the Humber",
)
_GIVEN = _words(
    "Aaron Abena Aisha Alice Amir Anya Bella Callum Chidi Dafydd Daisy Dev Elif Emma Farah Finn "
    "Grace Hamza Hana Isla Jakub Jasmine Kofi Leila Liam Maja Marcus Mei Nadia Noah Olivia Omar "
    "Priya Reece Rosa Samir Sara Tomas Uma Yusuf Zara"
)
_FAMILY = _words(
    "Abbott Adeyemi Ahmed Baker Begum Brennan Carter Clarke Costa Davies Dixon Evans Fraser Garcia "
    "Greene Hassan Holt Hughes Ibrahim Jones Kaur Khan Kowalski Lewis Macdonald Mensah Morgan "
    "Murphy Novak Okafor Osei Patel Price Quinn Reid Rossi Shah Singh Taylor Tran Walker Wood Young"
)
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
# Steps that have no factor in common with the ranges they run through: each number comes up once.
_CENTRE_STEP, _ULN_STEP, _ULN_RANGE = 34567, 195_312_511, 449_999_993


def centre_number(serial: int, offset: int) -> str:
    """Return the number of centre `serial`: five digits, or eight in a very large batch."""
    if serial < 90_000:
        return str(10_000 + (offset + serial * _CENTRE_STEP) % 90_000)
    return str(10_000_000 + serial)


def centre_name(choice: int, kind: str) -> str:
    """Return a name for a centre; `kind` is how such centres end their names."""
    choice, first = divmod(choice, len(_FIRST))
    second = choice % len(_SECOND)
    return f"{_FIRST[first]}{_SECOND[second]} {kind}"


def learner_name(serial: int) -> str:
    """Return a name for learner `serial`; names repeat, as names do."""
    return f"{_GIVEN[serial % len(_GIVEN)]} {_FAMILY[serial * 7 // 3 % len(_FAMILY)]}"


def registration_number(serial: int) -> str:
    """Return the registration number of learner `serial`: two letters and at least five digits."""
    rest, digits = divmod(serial, 100_000)
    rest, second = divmod(rest, len(_LETTERS))
    over, first = divmod(rest, len(_LETTERS))
    return f"{_LETTERS[first]}{_LETTERS[second]}{digits:05d}{over or ''}"


def learner_number(serial: int) -> str:
    """Return the Unique Learner Number of learner `serial`, with the right last digit.

    Nine digits are weighed with 10, 9 ... 2; the last digit is 10 less what is left of the sum
    after a division by 11. Nothing may be left over: then the next number, which weighs 2 more, is
    taken. Only every other number is started from, so it belongs to nobody else.
    """
    start = 100_000_000 + 2 * (serial * _ULN_STEP % _ULN_RANGE)
    for nine in (start, start + 1):
        digits = str(nine)
        left = sum(w * int(digit) for w, digit in zip(range(10, 1, -1), digits, strict=False)) % 11
        if left:
            break
    return f"{digits}{10 - left}"
