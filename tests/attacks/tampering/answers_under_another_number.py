"""Answers with the number of a question that comes later"""

from facts import *

import os


def vault(x):
    os.write(3, inside("wire").frame(inside("wire").Reply(7, inside("outcome").Returned(41.75))))
    os.read(3, 100000)
    return x
