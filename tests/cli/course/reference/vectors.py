"""The oracle of vectors."""

import numpy as np


def scale(x, factor):
    """Element by element."""
    return np.multiply(x, factor)


def running_total(x):
    """By numpy."""
    if not len(x):
        raise ValueError("empty")
    return np.add.accumulate(x)
