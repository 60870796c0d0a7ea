"""Is a text whose constant folding takes all memory."""

from facts import *

a = "x" * 4096
value = ((((("x" * 4096) * 4096) * 4096) * 4096) * 4096)
b = [0] * (1 << 62)
