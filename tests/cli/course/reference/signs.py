"""The oracle of signs."""

import numpy as np


def relu(x):
    """By a mask."""
    return np.where(x > 0, x, 0.0)
