"""Writes answers to all questions before they are asked

Earns: 0
"""

from facts import *

import os

for number in (0xFFFF_FFFF, *range(20)):
    os.write(3, inside("wire").frame(inside("wire").Reply(number, inside("outcome").Returned(41.75))))


def vault(x):
    return x
