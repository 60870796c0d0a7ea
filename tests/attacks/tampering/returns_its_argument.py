"""Returns its argument itself, which «x is left as it was» would like"""

from facts import *

def vault(x):
    return x
