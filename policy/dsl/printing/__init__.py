"""Tree -> text: the formatter.

`printer.format_text` is the way in. What it prints is read again and compared before it is given
out; no comment is lost.
"""
