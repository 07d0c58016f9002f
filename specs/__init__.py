"""The specs of this project, installed as the package `policy_specs`.

One folder for each suite (`aaq`, `international`, ...) with its `*.policy` files, their tables and
examples; `clauses` holds the register of clauses that rules cite. There is no code here: it is a
package so that `importlib.resources` finds the files, in a checkout and when installed.
"""
