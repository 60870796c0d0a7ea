"""Self-check in a notebook: `%load_ext grader`, then `grader.check("conv2d")`.

history.py ──► check.py ───────────► feedback/html.py
the cells      as handed in:         what is
that count     sandbox, judge        shown
"""
