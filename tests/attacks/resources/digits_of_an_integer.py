"""Writes an integer of a hundred million bits as text"""

from facts import *

import sys


def vault(x):
    sys.set_int_max_str_digits(0)
    return str(7 ** 30_000_000)
