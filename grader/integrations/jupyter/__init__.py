"""Self-check in a notebook: `%load_ext grader`, then `grader.check("conv2d")`.

history.py ──► check.py ───────────► checked.py
the cells      as submitted:         what is shown,
that count     sandbox, judge        points for nbgrader
"""
