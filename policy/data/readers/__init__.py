"""From bytes to raw documents: JSON, YAML and NDJSON, plain or compressed.

In: the name of a file, or `-` for standard input. Out: `RawDocument` values, one after another.
Bad input is never an exception: a document that cannot be read has no data and says why. Nothing
is read faster than it is looked at: a file that unpacks without end, or nests without end, is
refused before it fills the memory.

`streams` unpacks, `nesting` watches the depth, `json_text` and `yaml_text` parse, `reading` puts
them together.
"""
