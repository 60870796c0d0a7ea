"""Opens its own file and lists the folder around it"""

from facts import *

import os


def vault(x):
    attempt(lambda: open(__file__).read())
    attempt(lambda: os.listdir(os.path.dirname(os.path.abspath(__file__))))
    attempt(lambda: os.listdir(os.path.dirname(os.path.dirname(NEIGHBOUR))))
    return x
