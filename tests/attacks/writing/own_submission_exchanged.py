"""Exchanges its own file after it was read"""

from facts import *

import os


def vault(x):
    own = NEIGHBOUR.replace("aaa-honest", "writing-own_submission_exchanged")
    attempt(lambda: open(own, "w").write("x"))
    attempt(lambda: os.replace(NEIGHBOUR, own))
    return x
