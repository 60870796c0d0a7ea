"""The distinct values of an array. `numpy.unique` loads `numpy.ma`, which takes as long as a check of a topic."""

from typing import Any

import numpy as np


def distinct(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The distinct values, sorted, as a vector; NaN is like no other."""
    flat = np.sort(array, axis=None)
    return flat[np.r_[True, flat[1:] != flat[:-1]]] if flat.size else flat
