"""A fully connected layer, and a question about it."""

import numpy as np

Array = np.ndarray


def affine(x: Array, w: Array, b: Array) -> Array:
    """The forward pass: y = x w + b."""
    raise NotImplementedError("affine: The forward pass: y = x w + b.")


def why_bias():
    """Why does a layer need a bias? Two or three sentences."""
    # Write your answer between the quotes, and put them in place of the line below: return """…"""
    raise NotImplementedError("why_bias: Why does a layer need a bias? Two or three sentences.")


def leaky(x):
    """x where it is positive, a hundredth of it elsewhere."""
    raise NotImplementedError("leaky: x where it is positive, a hundredth of it elsewhere.")


def centred(x):
    """x minus its mean."""
    raise NotImplementedError("centred: x minus its mean.")
