"""Layer 1, sibling of `policy.dsl`: from files to linked documents.

In: paths (or standard input) and the schema of a centre's document. Out: `Document` values of
`policy.model.records`, and diagnostics for everything that cannot be read, is not valid or leads
nowhere. The arrows, in the order of use:

    schema      JSON Schema, with what suites add  -> entities, fields, references as types
    discovery   files and folders                  -> files
    readers/    bytes                              -> raw documents
    validation  raw document, JSON Schema          -> yes, or worded diagnostics
    linking     valid document, types, a day       -> rows with parents, children and references
    loader      all of it in one call              -> `Loaded`, one per document
    positions   text                               -> the place of each value, when somebody asks
    reference   schema                             -> the page docs/reference/data-model.md

It knows no spec and no rule, and it never prints the value of a field marked personal.
"""
