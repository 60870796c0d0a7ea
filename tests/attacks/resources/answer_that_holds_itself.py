"""Returns a list that holds itself, and one shared a billion times"""

from facts import *

def vault(x):
    shared = [1.0]
    for _ in range(15):
        shared = [shared] * 4
    loop = []
    loop.append(loop)
    return loop if len(x) == 0 else shared
