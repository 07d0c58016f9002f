"""What authors use to work on specs: run examples, explain rules.

Layer above the engine: everything here is about specs, with small made-up data.
"""
