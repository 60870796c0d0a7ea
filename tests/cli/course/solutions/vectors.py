"""Vectors: fill in the two functions below."""

import numpy as np

Array = np.ndarray


def scale(x: Array, factor: float) -> Array:
    """A vector times a number."""
    # BEGIN SOLUTION
    return x * factor
    # END SOLUTION


def running_total(x: Array) -> Array:
    """The sums of the first number, of the first two, and so on; an empty vector is refused with ValueError."""
    # BEGIN SOLUTION
    if len(x) == 0:
        raise ValueError("an empty vector has no first number")
    return np.cumsum(x)
    # END SOLUTION
