"""Says that its limit was ten petabytes

Earns: 0
"""

from facts import *

def vault(x):
    take_over(lambda number: {"type": "out_of_memory", "limit": 10**16})
