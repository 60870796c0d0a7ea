"""The rubric of vault."""

import numpy as np

from grader.course.authoring import STANDARD_LIBRARY, agrees, exercise, has_property, policy, raises

rules = policy(imports=(STANDARD_LIBRARY,), forbidden=("np.convolve",), instead="add up the products yourself")


def vectors(rng):
    """Vectors of the same length."""
    for _ in range(3):
        yield {"x": rng.normal(size=3)}


def opens(case, results):
    """The numbers follow x by the secret factor."""
    moved = results[0] - 41.75
    return None if np.allclose(moved, 0.7310585786300049 * case["x"]) else "the numbers do not follow x as they should"


@exercise(points=1, returns=("y",), seconds=0.3, unchanged=False)
def doubled():
    """Twice x: what an honest part of a submission earns."""
    yield agrees("random vectors", cases=vectors, n=3)


@exercise(points=3, returns=("y",), seconds=0.3, unchanged=False)  # only what is right earns points
def vault():
    """What only the reference knows."""
    yield agrees("random vectors", cases=vectors, n=3)
    yield has_property("the numbers follow x", cases=vectors, law=opens, n=1)
    yield raises(ValueError, "an empty vector is refused", args={"x": np.zeros(0)}, share=1.0)
