"""Returns a million small lists, which cost a reader more than a writer"""

from facts import *

def vault(x):
    return [[] for _ in range(2_000_000)]
