"""Answers by itself and lets the worker answer too"""

from facts import *

import os


def vault(x):
    for number in range(20):
        os.write(3, inside("wire").frame(inside("wire").Reply(number, inside("outcome").Returned(41.75))))
    return x
