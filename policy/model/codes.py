"""Every diagnostic code, once: what it means and what to do.

P1xx syntax, P2xx names, P3xx types and units, P4xx data against the schema, P5xx reading and
linking data, P6xx examples, P7xx the run itself, P8xx audits, P9xx plugins. `docs/reference/diagnostics.md` is
generated from this table, and a test provokes each code at least once.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct


class Code(Struct, frozen=True):
    """`title`: the mistake in a few words. `advice`: what to do about it, in a sentence or two."""

    title: str
    advice: str


CODES: Mapping[str, Code] = MappingProxyType(
    {
        # P1xx: the text of a spec cannot be read
        "P101": Code(
            "character without a meaning",
            "Delete the character, or put it into a text in quotes.",
        ),
        "P102": Code(
            "something that cannot stand where it stands",
            "Write what the help says was expected; often something before it is missing.",
        ),
        "P103": Code("day that the calendar does not have", "Check the day of the month."),
        "P104": Code(
            "clause said twice",
            "Keep one of them; only `cites`, `when` and `except` may be repeated.",
        ),
        "P105": Code(
            "braces of a message that do not pair",
            "Put `{` before and `}` after each value to show; braces cannot be shown themselves.",
        ),
        "P106": Code(
            "value that no field can hold",
            "Write a text in quotes, a number, a date, true, false or an enumerator.",
        ),
        "P107": Code(
            "tab character",
            "Use blanks; `policy fmt` replaces tab characters outside quotes.",
        ),
        "P108": Code(
            "quotes of another kind",
            "Write texts in straight double quotes; a word processor may have changed them.",
        ),
        "P109": Code(
            "text that is never closed",
            "Put the closing quote on the same line; long texts stand on one line.",
        ),
        "P110": Code(
            "sign of another language",
            "Write the sign or word that the help names, for example `=` for `==`.",
        ),
        "P111": Code(
            "character that cannot be seen",
            "Delete it: what you see would not be what is read.",
        ),
        "P112": Code(
            "letter of another alphabet, or none",
            "Write the name again with the letters a to z, digits and `_`.",
        ),
        "P113": Code("dash of a word processor", "Write a hyphen, or two for a comment."),
        "P114": Code(
            "date or year written in another way",
            "Write 2025-10-28 for a date, 28 October without a year, 2025/26 for an academic year.",
        ),
        "P115": Code(
            "number written in another way",
            "Write 1000 without a separator, 0.8 with a point, and a share of 1 for a percentage.",
        ),
        "P116": Code("closing bracket missing", "Close the bracket that the second mark shows."),
        "P117": Code(
            "closing bracket too many",
            "Take it away, or make it the kind that was opened.",
        ),
        "P118": Code(
            "capital letter in a word of the language",
            "Write words of the language in small letters; names may have capitals.",
        ),
        "P119": Code(
            "unknown word",
            "Check the spelling; the help names the nearest word that can stand there.",
        ),
        "P120": Code("`and` beside `or`", "Put brackets round what belongs together."),
        "P121": Code(
            "two conditions where one can stand",
            "Put brackets round all conditions that belong to the `where` or `satisfies`.",
        ),
        "P122": Code(
            "two conditions after `must not`",
            "Put brackets round them, or write two demands.",
        ),
        "P123": Code(
            "`satisfies` without `every`, or `every` without `satisfies`",
            "Write `every x in LIST where P satisfies Q`, and `where` with all others.",
        ),
        "P124": Code(
            "condition with an open end before another",
            "Put brackets round what begins with `some`, `every` or `no`, or let it stand last.",
        ),
        "P125": Code("`if` that is not complete", "Write `if CONDITION then VALUE else VALUE`."),
        "P126": Code(
            "word of everyday English or of another language",
            "Write the word that the help names.",
        ),
        "P127": Code(
            "text missing",
            "Write a text in quotes: a title, a message, a reason or a file.",
        ),
        "P128": Code(
            "sign or word missing",
            "Put in the sign or the word that the message names.",
        ),
        "P129": Code(
            "rule that is about nothing",
            "Write `for each ENTITY x` before the first demand.",
        ),
        "P130": Code(
            "rule without a demand, or example without data or expectation",
            "Add the `must`, `given` or `expect` that is missing.",
        ),
        "P131": Code("language missing or not known", "Begin the file with `language 1`."),
        "P132": Code(
            "item in the wrong place",
            "Keep the order: language, spec, use, applies to, and then everything else.",
        ),
        "P133": Code(
            "clause id that is none",
            "Write capital letters, a hyphen and a number, with `,` between ids: IA-137, IA-141.",
        ),
        "P134": Code(
            "word of the language used as a name",
            "Choose another name, for example with a second word: `count_of_units`.",
        ),
        "P135": Code(
            "missing or recorded tested with a sign",
            "Write `is missing`, `is recorded` or `is empty`.",
        ),
        "P136": Code("quotes inside a text", "Use ' inside a text in double quotes."),
        "P137": Code("comment of another language", "Begin comments with `--`."),
        "P138": Code("nested too deeply", "Give parts of the condition names with `define`."),
        "P139": Code("item that ends too early", "Write what the help says is missing."),
        "P140": Code("name missing", "Give the item a name in small letters before its title."),
        # P2xx: a name means nothing, or two things
        "P201": Code("word without a meaning", "Correct the spelling, or define the word."),
        "P202": Code(
            "no such field",
            "Use a field, list, enclosing row or definition that the row has; `policy schema` lists them.",
        ),
        "P203": Code("word outside its enumeration", "Use one of the words the enumeration has."),
        "P204": Code(
            "no such type",
            "Use text, integer, number, boolean, date, duration, `one of (...)`, `list of ...` or an entity.",
        ),
        "P205": Code(
            "no such entity", "Use an entity of the data model; `policy schema` lists them."
        ),
        "P206": Code(
            "no such definition or function", "Define it, or load the plugin that has it."
        ),
        "P207": Code("no such clause", "Cite a clause of the register in `specs/clauses`."),
        "P208": Code("no clause cited", "Add `cites` with the clauses that the demand decides."),
        "P209": Code("name given twice", "Give one of the two another name."),
        "P210": Code("name hides another", "Choose another name."),
        "P211": Code(
            "name with two meanings", "Give the definition a name that the entity does not have."
        ),
        "P212": Code(
            "label missing",
            "Write a label after the modal of each demand when a rule makes several.",
        ),
        "P213": Code("used by no rule", "Remove it, or use it."),
        "P214": Code(
            "definition that rests on itself",
            "Break the circle: no chain of definitions may lead back.",
        ),
        "P215": Code("no such spec", "Use a spec that is there; `policy specs` lists them."),
        "P216": Code(
            "no such rule", "Use a rule that the spec has; `policy specs SPEC` lists them."
        ),
        "P217": Code(
            "owner is no role", "Name a role of the centre, as in `role.kind` of the data model."
        ),
        "P218": Code(
            "remedy or owner of the last demand only",
            "Write it before the first demand to let it hold for all demands.",
        ),
        "P219": Code("variable nobody reads", "Use it, or write what was meant in its place."),
        # P3xx: types and units
        "P301": Code("wrong type", "Give a value of the type that is needed here."),
        "P302": Code("comparison of unlike things", "Compare values of the same type."),
        "P303": Code(
            "no order", "Use `<` and its kin for numbers, dates and lengths of time only."
        ),
        "P304": Code("always true", "Remove the test, or mend it so that it can fail."),
        "P305": Code("always false", "Remove the test, or mend it so that it can succeed."),
        "P306": Code(
            "meaning of an empty field not said",
            "Test the field with `is missing`, or give a value with `otherwise`.",
        ),
        "P307": Code("field of a list", "Ask for the field of each row of the list."),
        "P308": Code(
            "wrong number of values", "Give the definition or function as many values as it takes."
        ),
        "P309": Code(
            "every row against every row", "Add an equality that picks the rows to compare with."
        ),
        "P310": Code("table does not fit", "Make the file and the declaration of the table agree."),
        "P311": Code(
            "key given twice",
            "A key picks one row of a table: remove one, or declare more columns as key.",
        ),
        "P312": Code("no enumeration", "Use `=` for values that are not words of an enumeration."),
        "P314": Code("text without quotes", "Put the text into double quotes."),
        "P315": Code("word of an enumeration in quotes", "Remove the quotes."),
        # P4xx: data against the schema
        "P401": Code(
            "unknown field",
            "Correct the name or take the field out; a suite's own fields need that suite installed.",
        ),
        "P402": Code(
            "required field not there",
            "Record the fact: a row without it can be judged by no rule.",
        ),
        "P403": Code(
            "wrong kind of value",
            "Write the value as the schema asks; a number or a date that is text goes into quotes.",
        ),
        "P404": Code(
            "not one of the choices",
            "Use one of the values that the field knows, written as the data model writes it.",
        ),
        "P405": Code(
            "not a day",
            "Write dates as year-month-day, such as 2025-09-01, and only days that exist.",
        ),
        "P406": Code(
            "value out of range",
            "Correct the value; the data model names the limits of the field.",
        ),
        "P407": Code(
            "empty text",
            "Leave the field out, or write null, where nothing is recorded.",
        ),
        "P408": Code(
            "text in the wrong form",
            "Write the value in the form that the message names.",
        ),
        "P409": Code(
            "not allowed by the schema",
            "Correct the value as the message says.",
        ),
        "P410": Code(
            "more mistakes than are listed",
            "Mend those listed and check again.",
        ),
        # P5xx: reading and linking data
        "P501": Code(
            "cannot be opened",
            "Check the path and the permissions.",
        ),
        "P502": Code(
            "kind of file not known",
            "Files end in .json, .yaml, .yml, .ndjson or .jsonl, compressed ones also in .gz or .zst.",
        ),
        "P503": Code(
            "no data in the folder",
            "Point at a folder that holds documents of centres.",
        ),
        "P504": Code(
            "not in UTF-8",
            "Save the file in the encoding UTF-8.",
        ),
        "P505": Code(
            "byte order mark",
            "Nothing has to be done; saving without the mark is cleaner.",
        ),
        "P506": Code(
            "nothing in the file",
            "Check how the file was made.",
        ),
        "P507": Code(
            "cannot be parsed",
            "Mend the text at the place shown; a file that ends too early was cut off.",
        ),
        "P508": Code(
            "name twice in one object",
            "Keep one of the two: only one could count.",
        ),
        "P509": Code(
            "not a number that JSON knows",
            "Write a plain decimal number, or null where nothing is recorded.",
        ),
        "P510": Code(
            "nested too deeply",
            "A document of a centre is nested a few levels deep; check how the file was made.",
        ),
        "P511": Code(
            "half a character",
            "Write the character itself, or both halves of the pair.",
        ),
        "P512": Code(
            "a device of YAML that is not read",
            "Write the value out: anchors, aliases, tags and merge keys are not read.",
        ),
        "P513": Code(
            "compressed data damaged",
            "Fetch or make the file again.",
        ),
        "P514": Code(
            "larger than the limit",
            "Check how the file was made, or raise the limit.",
        ),
        "P515": Code(
            "not one object",
            "A document is one object, one centre; several go into NDJSON or into files of their own.",
        ),
        "P516": Code(
            "a library is not installed",
            "Install the library that the message names, or use a file that needs none.",
        ),
        "P520": Code(
            "reference to nobody",
            "Correct the id, or add the row; until then whatever depends on it is unknown.",
        ),
        "P521": Code(
            "id given twice",
            "Give each row of a kind its own id.",
        ),
        "P522": Code(
            "done after the day of the run",
            "Mend the date, or judge the document as at a later day.",
        ),
        "P523": Code(
            "academic year that does not fit",
            "Make the name of the year and its first and last day agree.",
        ),
        # P6xx: examples
        "P601": Code(
            "no such outcome",
            "Use met, breached, pending, unknown, not applicable, excepted, waived, error or noted.",
        ),
        # P7xx: the run
        "P701": Code("no spec there", "Name a `.policy` file, or a folder that holds some."),
        "P702": Code("spec is no UTF-8 text", "Save the file as UTF-8."),
        "P703": Code("no such parameter", "`policy explain RULE` lists the parameters of a rule."),
        "P704": Code("value does not fit its parameter", "Give a value of the parameter's type."),
        "P705": Code(
            "waiver that covers nothing", "Remove it: what it excused is no longer found."
        ),
        "P706": Code(
            "waiver that does not hold on the day", "Have it approved anew, or remove it."
        ),
        "P707": Code(
            "waiver that cannot be read",
            "Give rule, subject, reason, approved_by, approved_on and expires_on.",
        ),
        "P708": Code(
            "no edition for the year of the data",
            "Leave out `--edition exact`, or load the edition of that year.",
        ),
        "P711": Code(
            "register of clauses that cannot be read",
            "Write YAML with `guide`, `title` and `clauses`, a list in which each has an `id`.",
        ),
        "P712": Code("spec cannot be opened", "Check the path and the permissions."),
        "P713": Code(
            "same edition in two files", "Give one another name or edition, or remove it."
        ),
        "P714": Code(
            "entry of a register that does not fit its schema",
            "`policy schema --register` prints what each entry may hold.",
        ),
        "P715": Code(
            "file that is no ledger",
            "Write one with `policy ledger --format json`.",
        ),
        "P716": Code(
            "accepted change that excuses nothing",
            "Remove the entry, or copy `of` and `change` again from what `policy mutate` prints.",
        ),
        "P717": Code(
            "file of accepted changes that cannot be read",
            "Give each entry of, change and because.",
        ),
        "P791": Code(
            "nothing was checked",
            "Name data and specs that belong together; an empty run must not look like a clean one.",
        ),
        "P792": Code(
            "a rule that was asked for applied to nothing",
            "Check that the data holds what the rule is about, and that the spec is for its year.",
        ),
        "P793": Code(
            "the report cannot be written",
            "Choose a file in a folder that is there and may be written to.",
        ),
        "P794": Code(
            "a spec to be laid out cannot be read or written",
            "Check the path and the permissions; specs are UTF-8 texts that end in .policy.",
        ),
        "P795": Code(
            "no rule or clause of that name",
            "List the rules with `policy specs --rules`; clauses are written as in the guide's register.",
        ),
        "P796": Code(
            "a row that a rule is not about",
            "Name a subject of the rule by its id; without one all are explained.",
        ),
        # P8xx: audits
        "P801": Code(
            "input that cannot be read twice",
            "Put the documents into a file; an audit reads its input again when it goes on.",
        ),
        "P802": Code(
            "the process that judged a document ended",
            "Judge the document by itself with `policy check`; it may need more memory or time.",
        ),
        "P803": Code(
            "the processes that should judge keep ending",
            "Free some memory or take fewer --workers, then go on with --resume.",
        ),
        "P804": Code(
            "no room left on the disk",
            "Make room, then go on with --resume: what is done is kept.",
        ),
        "P805": Code(
            "a mistake in policy itself, over one document",
            "Judge the document by itself with `policy check`, which writes a report to send in.",
        ),
        "P806": Code(
            "the input changed",
            "Bring the file back as it was, or begin again in another folder.",
        ),
        "P807": Code(
            "a run that was begun with something else",
            "Go on with the same day, specs and settings, or begin again in another folder.",
        ),
        "P808": Code(
            "damaged file of an audit",
            "Begin again in another folder.",
        ),
        "P809": Code(
            "another audit is writing to the folder",
            "Wait for it, or name another folder.",
        ),
        "P810": Code(
            "the folder holds an audit already",
            "Go on with it by --resume, or name another folder.",
        ),
        "P811": Code(
            "the folder holds something else",
            "Name a folder that is empty or not there yet.",
        ),
        "P812": Code(
            "no finished audit in the folder",
            "Name the folder that was given to --out; go on with --resume if the run was ended.",
        ),
        "P813": Code(
            "query that cannot be run",
            "Write SQL as DuckDB knows it, over the tables and views that the help lists.",
        ),
        "P814": Code(
            "results that cannot be written",
            "Choose a folder that may be written to, then go on with --resume.",
        ),
        "P815": Code(
            "library of audits not installed",
            "Install it with `pip install btec-policy[audit]`.",
        ),
        "P816": Code(
            "value in a Parquet row that JSON has no form for",
            "Write texts, whole numbers, finite numbers, days, yes or no, lists and structs of them.",
        ),
        "P817": Code(
            "results inside the input",
            "Name a folder outside the input: otherwise the next run would read the results.",
        ),
        "P820": Code(
            "no cluster to run on",
            "Install `btec-policy[audit,spark]` and Java 17, and see that --master is right.",
        ),
        "P821": Code(
            "documents that the cluster gave up",
            "Go on with --resume and --engine local, which puts aside the document at fault.",
        ),
        "P822": Code(
            "a node of the cluster that would not come to the same",
            "Give every node the same paths, specs and versions, then go on with --resume.",
        ),
        "P830": Code(
            "audit of another version",
            "Use the version that wrote it, or audit again into another folder.",
        ),
        "P831": Code(
            "table that was changed after the run",
            "Bring the file back as the run wrote it, or audit again into another folder.",
        ),
        "P832": Code(
            "document that is judged otherwise than in the earlier run",
            "Look at the earlier run with `policy audit verify`; audit without --since.",
        ),
        "P833": Code(
            "earlier run that nothing can be taken over from",
            "Nothing has to be done: all documents are judged again. It takes the same specs, settings and day.",
        ),
        "P834": Code(
            "two runs that were made with different things",
            "Read what is new or fixed with care: some may be so for that reason alone.",
        ),
        # P9xx: plugins
        "P901": Code(
            "plugin not installed",
            "Install the distribution that brings the suite, or take its name out of the call.",
        ),
        "P902": Code(
            "plugin cannot be imported",
            "Install the plugin and what it needs again; its checks are not run until then.",
        ),
        "P903": Code(
            "hook that is not there",
            "Spell the hook as `policy.hookspecs` does, with the same arguments.",
        ),
        "P904": Code(
            "plugin failed when asked for its suite",
            "Tell whoever maintains the plugin; its checks are not run until it is mended.",
        ),
        "P905": Code(
            "plugin without a suite",
            "Let the hook `policy_suite` return one `Suite`.",
        ),
        "P906": Code(
            "suite name that does not fit",
            "Name the entry point like the suite, and give each suite to one plugin only.",
        ),
        "P907": Code(
            "declared twice",
            "Rename the function or the check; what several suites use belongs into one of them.",
        ),
        "P908": Code(
            "declaration that the language cannot take",
            "Use names in lower case and the types of the rule language.",
        ),
        "P909": Code(
            "clause of somebody else",
            "Cite a clause for each check, and only ids that begin with the suite's prefixes.",
        ),
        "P910": Code(
            "field added to an entity that is not there",
            "Name an entity of the data model in the schema extension.",
        ),
        "P911": Code(
            "field added twice",
            "Choose a name that the entity does not have yet.",
        ),
        "P913": Code(
            "function named like one of the language",
            "Give the plugin's function another name.",
        ),
        "P912": Code(
            "field added with a type it cannot have",
            "Give the property one type, and an entity that exists if it is a reference.",
        ),
    }
)
