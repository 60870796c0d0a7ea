"""Loops instead of numpy's own operations."""

import numpy as np


def scale(x, factor):
    """One number at a time."""
    return np.array([factor * number for number in x])


def running_total(x):
    """One number at a time."""
    if x.size < 1:
        raise ValueError("empty")
    sums = np.empty(len(x))
    for place in range(len(x)):
        sums[place] = sum(x[: place + 1])
    return sums
