"""Vectors: fill in the two functions below."""

import numpy as np

Array = np.ndarray


def scale(x: Array, factor: float) -> Array:
    """A vector times a number."""
    raise NotImplementedError("scale: A vector times a number.")


def running_total(x: Array) -> Array:
    """The sums of the first number, of the first two, and so on; an empty vector is refused with ValueError."""
    raise NotImplementedError(
        "running_total: The sums of the first number, of the first two, and so on; an empty vector is refused with ValueError."
    )
