"""Text -> tree: the grammar, the tree, how one becomes the other, and what is said when it cannot.

`parser.parse` is the way in; `ast` is what comes out. Knows nothing of the data model.
"""
