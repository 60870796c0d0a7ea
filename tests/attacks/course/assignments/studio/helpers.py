"""What the course gives along with studio."""

import numpy as np


def load(name="points.csv"):
    """The points of a file."""
    return np.loadtxt(name, delimiter=",")
