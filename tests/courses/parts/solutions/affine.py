"""A fully connected layer, and a question about it."""

import numpy as np

Array = np.ndarray


def affine(x: Array, w: Array, b: Array) -> Array:
    """The forward pass: y = x w + b."""
    # BEGIN SOLUTION
    return x @ w + b
    # END SOLUTION


def why_bias():
    """Why does a layer need a bias? Two or three sentences."""
    # BEGIN SOLUTION
    return """
    Without it, every output is 0 at the origin, whatever the weights.
    A layer that should answer 1 for x = 0 can't.
    """
    # END SOLUTION


def leaky(x):
    """x where it is positive, a hundredth of it elsewhere."""
    # BEGIN SOLUTION
    return np.where(x > 0, x, x / 100)
    # END SOLUTION


def centred(x):
    """x minus its mean."""
    # BEGIN SOLUTION
    return x - x.mean()
    # END SOLUTION
