"""Answers the load and every question itself, and never finishes to load

Earns: 0
"""

from facts import *

take_over(lambda number: returned(["array", "<f8", [3], bytes(24)] if number < 1 << 20 else None))
