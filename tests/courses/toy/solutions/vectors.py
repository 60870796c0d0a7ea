"""Vectors: small functions, a layer with a cache and a class with a state."""

import numpy as np


def scale(v, factor):
    """Every number of v times factor, as a list."""
    # BEGIN SOLUTION
    return [factor * number for number in v]
    # END SOLUTION


def extent(v):
    """The smallest and the largest number of v, by name."""
    # BEGIN SOLUTION
    if len(v) == 0:
        raise ValueError("an empty vector has no extent")
    return {"low": float(min(v)), "high": float(max(v))}
    # END SOLUTION


def loss(y, t):
    """Mean squared error."""
    # BEGIN SOLUTION
    return np.mean((y - t) ** 2)
    # END SOLUTION


def loss_backward(y, t):
    """Gradient of the loss with respect to y."""
    # BEGIN SOLUTION
    return 2 * (y - t) / y.size
    # END SOLUTION


def squash(x):
    """The hyperbolic tangent, and what its backward pass needs."""
    # BEGIN SOLUTION
    out = np.tanh(x)
    return out, {"out": out}
    # END SOLUTION


def squash_backward(dout, cache):
    """Gradient of squash."""
    # BEGIN SOLUTION
    return dout * (1 - cache["out"] ** 2)
    # END SOLUTION


class RunningMean:
    """An exponential running mean that starts with the first vector."""

    def __init__(self, momentum):
        self.momentum = np.float64(momentum)
        self.value = None

    def update(self, v):
        """The mean after v."""
        # BEGIN SOLUTION
        old = v if self.value is None else self.value
        self.value = self.momentum * old + (1 - self.momentum) * v
        return self.value
        # END SOLUTION
