"""Matches a regular expression that backtracks for ever"""

from facts import *

import re


def vault(x):
    return re.match(r"(a+)+$", "a" * 60 + "b")
