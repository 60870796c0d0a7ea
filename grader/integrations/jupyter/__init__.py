"""Self-check in a notebook: `%load_ext grader`, then `grader.check("conv2d")`.

cells.py ──► check.py ──► page.py
what ran     sandbox,     what is
so far       judge        shown
"""
