"""Layer 0: the values every other layer speaks in.

Standard library only. Nothing here opens a file, parses text or knows a suite; every class is a
value (frozen, compared by content) except `Record`, which is one row of a centre's document and
is compared by identity.
"""
