"""Says that it is not implemented, in a megabyte of control codes"""

from facts import *

class NotYet(NotImplementedError):
    pass


def vault(x):
    raise NotYet("\x1b[2J" + "x" * 10**6)
