"""Packs that were made ready in an earlier run, kept in a folder of the user's.

    request     what was asked for: names, files, settings, rules, and where      -> name of a file
    observing   files and folders that a pack was made of                         -> still so?
    sections    one file of parts, each with a checksum, each read when needed
    kept_code   generated modules and their constants       <-> plain values
    kept_schema entities and fields                         <-> plain values
    kept_plans  plans, for those who ask why                <-> pickles, one a rule
    keeping     a ready pack -> sections
    kept        sections -> a ready pack
    cache       all of it in two calls: `find` and `Begun.keep`

An entry is used only if everything it was made of is as it was; whatever is odd about it, it is as
if there were none. A pack with errors is not kept.
"""
