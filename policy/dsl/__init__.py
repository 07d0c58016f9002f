"""Layer 1, the language: from the text of a spec to the outcome of a demand.

    text --parser--> ast --checker--> checked --planner--> plan --evaluator--> outcome

Each file is named after its arrow or after what it holds. Nothing here opens a file or knows a
suite; files a spec names (tables) are handed in as text.
"""
