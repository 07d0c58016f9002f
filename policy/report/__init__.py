"""Layer 4: a report or diagnostics become text or JSON. Pure: values in, text out.

`text.render_report` and `json.render_report` take a `Report`; `diagnostics.render_diagnostics`
takes diagnostics. Nothing here opens a file, looks at the terminal or reads the environment: how
wide and how colourful the text is to be, and whether personal values are shown, arrives as a
`Style`.
"""
