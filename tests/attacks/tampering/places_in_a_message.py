"""Says that its result cannot be sent, in words with places to fill in"""

from facts import *

def vault(x):
    take_over(lambda number: {"type": "bad_return", "reason": ("nested", "unknown", "x")[number % 3], "values": ["{1}{0}%s{0.__class__}\x1b[31m"] * 5})
