"""Mistakes in vectors."""

import numpy as np

from grader.course.authoring import misconception


@misconception(of="scale", hint="Is it a sum or a product?")
def factor_added(x, factor):
    """A sum instead of a product."""
    return x + factor


@misconception(of="scale", hint="How often is the factor applied?")
def factor_twice(x, factor):
    """The factor is applied twice."""
    return x * factor * factor


@misconception(of="running_total", hint="Does a number count in its own sum?")
def one_short(x):
    """Without the number itself."""
    if not len(x):
        raise ValueError("empty")
    return np.cumsum(x) - x
