"""Puts its own modules and bytes in the place of what the course gives

Topic: studio
"""

from facts import *

import sys
import types

import numpy as np

inside("given_files")._child.update({"points.csv": b"1,2\n3,4\n", "helpers.py": b"load = None"})
fake = types.ModuleType("helpers")
fake.load = lambda name="": np.ones((2, 2))
sys.modules["helpers"] = fake


def weighted(x):
    from helpers import load

    return load().sum() * x
