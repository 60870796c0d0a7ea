"""Warns with control codes, HTML and a megabyte"""

from facts import *

import warnings


def vault(x):
    for _ in range(1000):
        warnings.warn("\x1b[2J<script>" + "w" * 100_000)
    return x
