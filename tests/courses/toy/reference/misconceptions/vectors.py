"""Mistakes of the toy course."""

import numpy as np

from grader.course.authoring import misconception


@misconception(of="scale", hint="Is the factor added or multiplied?")
def added(v, factor):
    """The factor is added."""
    return np.asarray(v) + factor


@misconception(of="loss", hint="How many errors are there?")
def summed(y, t):
    """The sum instead of the mean."""
    return float(np.square(y - t).sum())


@misconception(of="extent", hint="What is left of the signs?")
def signs_lost(v):
    """The extent of the absolute values."""
    return {"low": np.abs(v).min(), "high": np.abs(v).max()}


@misconception(of="loss_backward", hint="How many errors are there?", name="summed")
def summed_backward(y, t):
    """The gradient of the sum."""
    return 2 * (y - t)


@misconception(of="squash_backward", hint="Which function is derived here?")
def slope_of_sigmoid(dout, cache):
    """The slope of the logistic function."""
    return dout * cache["out"] * (1 - cache["out"])


@misconception(of="RunningMean", hint="What does the object remember?", name="forgetful")
class Forgetful:
    """The old mean is forgotten."""

    def __init__(self, momentum):
        self.momentum = momentum
        self.value = None

    def update(self, v):
        """Only the new vector counts."""
        self.value = (1 - self.momentum) * v
        return self.value
