"""Tree -> checked spec: names resolved, types fitted, mistakes worded.

`checker.check` is the way in; `checked` is what comes out. Every sentence it can say stands in
`mistakes`.
"""
