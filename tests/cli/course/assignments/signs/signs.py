"""Signs: fill in the function below."""

import numpy as np

Array = np.ndarray


def relu(x: Array) -> Array:
    """Negative numbers become 0."""
    raise NotImplementedError("relu: Negative numbers become 0.")
