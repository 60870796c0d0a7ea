"""The rubric of signs: few checks, whose points are counted in tests."""

import numpy as np

from grader.course.authoring import agrees, exercise, has_property


def vectors(rng):
    """Vectors with numbers of both signs."""
    for length in (4, 5):
        yield {"x": rng.normal(size=length) + np.arange(length) - 1.5}


def nothing_is_negative(case, results):
    """No number of the result is negative."""
    return "a number is negative" if np.min(results[0]) < 0 else None


@exercise(points=1, returns=("y",), unchanged=False)
def relu():
    """Negative numbers become 0."""
    yield agrees("random vectors", cases=vectors, n=2)
    yield has_property("nothing is negative", cases=vectors, law=nothing_is_negative, n=2)
