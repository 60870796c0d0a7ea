"""Remembers earlier calls to answer later ones"""

from facts import *

memory = []


def vault(x):
    memory.append(x)
    return memory[0] if len(memory) % 2 else memory[-1]
