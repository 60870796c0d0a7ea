"""A sum instead of a product."""

import numpy as np


def scale(x, factor):
    """Adds."""
    return x + factor


def running_total(x):
    """Right."""
    if len(x) == 0:
        raise ValueError("empty")
    return np.cumsum(x)
