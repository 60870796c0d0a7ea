"""Mistakes in signs."""

import numpy as np

from grader.course.authoring import misconception


@misconception(of="relu", hint="What becomes of a negative number?")
def absolute_value(x):
    """Negative numbers become positive."""
    return np.abs(x)
