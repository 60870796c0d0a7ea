"""Vectors: small functions, a layer with a cache and a class with a state."""

import numpy as np


def scale(v, factor):
    """Every number of v times factor, as a list."""
    raise NotImplementedError("scale: Every number of v times factor, as a list.")


def extent(v):
    """The smallest and the largest number of v, by name."""
    raise NotImplementedError("extent: The smallest and the largest number of v, by name.")


def loss(y, t):
    """Mean squared error."""
    raise NotImplementedError("loss: Mean squared error.")


def loss_backward(y, t):
    """Gradient of the loss with respect to y."""
    raise NotImplementedError("loss_backward: Gradient of the loss with respect to y.")


def squash(x):
    """The hyperbolic tangent, and what its backward pass needs."""
    raise NotImplementedError("squash: The hyperbolic tangent, and what its backward pass needs.")


def squash_backward(dout, cache):
    """Gradient of squash."""
    raise NotImplementedError("squash_backward: Gradient of squash.")


class RunningMean:
    """An exponential running mean that starts with the first vector."""

    def __init__(self, momentum):
        self.momentum = np.float64(momentum)
        self.value = None

    def update(self, v):
        """The mean after v."""
        raise NotImplementedError("RunningMean.update: The mean after v.")
