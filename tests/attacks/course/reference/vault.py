"""@REFERENCE@ What is expected of a submission, and nobody else's to read."""

import numpy as np


def doubled(x):
    """Twice x."""
    return 2 * x


def vault(x):
    """The numbers that belong to x."""
    if x.size == 0:
        raise ValueError("x is empty")
    return 0.7310585786300049 * x + 41.75
