"""Takes memory through bytes, lists and strings"""

from facts import *

def vault(x):
    kept = []
    while True:
        kept.append(bytearray(1 << 28))
        kept.append("x" * (1 << 24))
