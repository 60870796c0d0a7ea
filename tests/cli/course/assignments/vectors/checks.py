"""The rubric of vectors: few checks, whose points are counted in tests."""

import numpy as np

from grader.course.authoring import agrees, examples, exercise, has_property, raises


def vectors(rng):
    """Vectors of several lengths with a factor."""
    for length in (1, 3, 4):
        yield {"x": rng.normal(size=length), "factor": float(rng.uniform(2, 3))}


def lonely_vectors(rng):
    """The same vectors alone."""
    for case in vectors(rng):
        yield {"x": case["x"]}


def keeps_the_direction(case, results):
    """A positive factor changes no sign."""
    return None if np.array_equal(np.sign(results[0]), np.sign(case["x"])) else "a positive factor changes no sign"


@exercise(points=3, returns=("y",), unchanged=False)
def scale():
    """A vector times a number."""
    yield from examples()
    yield agrees("random vectors", cases=vectors, n=3)
    yield has_property("the direction stays", cases=vectors, law=keeps_the_direction, n=2)


@exercise(points=2, returns=("sums",), unchanged=False)
def running_total():
    """The sums up to each number."""
    yield from examples()
    yield agrees("random vectors", cases=lonely_vectors, n=3)
    yield raises(ValueError, "an empty vector is refused", args={"x": np.zeros(0)}, share=0.25)
