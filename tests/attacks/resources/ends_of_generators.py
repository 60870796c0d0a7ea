"""Raises GeneratorExit and StopIteration where nobody iterates"""

from facts import *

def vault(x):
    raise GeneratorExit if len(x) else StopIteration
