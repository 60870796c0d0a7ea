"""A rubric with one of each: checks, a text and code that a person reads, a bonus exercise and an optional one."""

from grader.course.authoring import agrees, exercise, manual


def layers(rng):
    """Three sizes of layers."""
    for n in (2, 3, 5):
        yield dict(x=rng.normal(size=(n, 3)), w=rng.normal(size=(3, n)), b=rng.normal(size=n))


def vectors(rng):
    """Vectors of both signs."""
    for n in (3, 5, 8):
        yield dict(x=rng.normal(size=n) * 10)


@exercise(points=2)
def affine():
    """The forward pass of a layer."""
    yield agrees("random layers", cases=layers)
    yield manual("how it is written", points=0.5, items={"one expression": 0.5, "names that mislead": -0.25}, answer="code")


@exercise(points=1.5)
def why_bias():
    """Why a layer needs a bias."""
    yield manual(
        "the argument",
        points=1.5,
        items={"names the origin": 1, "gives an example": 0.5, "copied from somewhere": -1},
    )


@exercise(points=1, bonus=True)
def leaky():
    """The leaky relu."""
    yield agrees("random vectors", cases=vectors)


@exercise(points=1, optional=True)
def centred():
    """A vector without its mean."""
    yield agrees("random vectors", cases=vectors)
