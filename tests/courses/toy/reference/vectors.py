"""The reference of the toy course."""

import numpy as np


def scale(v, factor):
    """See the stub."""
    return np.asarray(v) * factor


def extent(v):
    """See the stub."""
    return {"low": np.min(v), "high": np.max(v)}


def loss(y, t):
    """See the stub."""
    return float(np.square(y - t).mean())


def loss_backward(y, t):
    """See the stub."""
    return (y - t) * 2 / y.size


def squash(x):
    """See the stub."""
    out = np.tanh(x)
    return out, {"out": out}


def squash_backward(dout, cache):
    """See the stub."""
    return dout - dout * cache["out"] ** 2


class RunningMean:
    """See the stub."""

    def __init__(self, momentum):
        self.momentum = momentum
        self.value = None

    def update(self, v):
        """See the stub."""
        self.value = v if self.value is None else self.momentum * self.value + (1 - self.momentum) * v
        return self.value
