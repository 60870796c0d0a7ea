"""The rubric of the toy course."""

import numpy as np

from grader.course.authoring import agrees, call, examples, exercise, get, gradient, has_property, new, raises, ref, unchanged


def vectors(rng):
    """Vectors and factors."""
    for n in (1, 2, 4):
        yield dict(v=rng.normal(size=n), factor=rng.normal())


def doubled(case, results):
    """Twice the factor gives twice the result."""
    return None if np.allclose(results[1], results[0] * 2) else "twice the factor should give twice the result"


def pairs_of_calls(rng):
    """The same vector with a factor and twice the factor."""
    yield [dict(v=np.array([1.0, -2.0]), factor=factor) for factor in (3.0, 6.0)]


@exercise(points=2, array_like=True, returns=("scaled",))
def scale():
    """A vector times a number."""
    yield from examples()
    yield agrees("random vectors", cases=vectors)
    yield has_property("it is proportional", cases=pairs_of_calls, law=doubled)
    yield unchanged("v is left as it was", cases=vectors, share=0.5)


def only_vectors(rng):
    """Vectors of both signs."""
    for n in (3, 5):
        yield dict(v=rng.normal(size=n) * 10)


# unchanged=False, here and below: a function that does nothing but return its argument is to earn nothing
@exercise(points=1, unchanged=False)
def extent():
    """Smallest and largest number."""
    yield agrees("random vectors", cases=only_vectors)
    yield raises(ValueError, "an empty vector is refused", args=dict(v=np.zeros(0)), share=0.5)


def targets(rng):
    """Results and targets."""
    for n in (2, 3):
        yield dict(y=rng.normal(size=(n, 2)), t=rng.normal(size=(n, 2)))


@exercise(points=1, unchanged=False)
def loss():
    """Mean squared error."""
    yield agrees("random targets", cases=targets)


@exercise(points=1, returns=("dy",))
def loss_backward():
    """Gradient of the mean squared error."""
    yield gradient(of="loss", wrt=("y",), cases=targets, upstream=None)


def inputs(rng):
    """One matrix."""
    yield dict(x=rng.normal(size=(2, 3)))


@exercise(points=1, unchanged=False)
def squash():
    """Forward pass with a cache."""
    yield agrees("random matrices", cases=inputs)


def with_upstream(rng):
    """A matrix and an upstream gradient."""
    yield dict(dout=rng.normal(size=(2, 3)), x=rng.normal(size=(2, 3)))


def scripts(rng):
    """The backward pass takes the cache of the forward pass."""
    yield [
        call("squash", rng.normal(size=(2, 2)), save="forward"),
        call("squash_backward", rng.normal(size=(2, 2)), ref("forward", 1)),
    ]


@exercise(points=1, returns=("dx",))
def squash_backward():
    """Backward pass with a cache."""
    yield agrees("with the cache of the forward pass", cases=scripts)
    yield gradient(of="squash", wrt=("x",), cases=with_upstream, cache=True)


def histories(rng):
    """Two updates of one object."""
    yield [
        new("RunningMean", 0.75, save="mean"),
        call("mean.update", rng.normal(size=3)),
        call("mean.update", rng.normal(size=3)),
        get("mean.value"),
    ]


@exercise(points=2)
def RunningMean():  # noqa: N802 - the class's name
    """A running mean."""
    yield agrees("two updates", cases=histories)
