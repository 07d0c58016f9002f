"""Layer 1, the language: from the text of a spec to the outcome of a demand.

    text --syntax--> tree --checking--> checked spec --planning--> plan --evaluation--> outcome
                                                                                  explaining: words

One room for each arrow, `meaning` for what they share, `printing` for the way back to text. Nothing
here opens a file or knows a suite; files a spec names (tables) are handed in as text.
"""
