"""Drawing the cases of checks: what rubrics share, whatever their topic.

    batches = of_sizes(layer, (2, 5, 3), (1, 2, 4), in_single=(4, 6, 2))       # layer(rng, 2, 5, 3), …
    batches_backward = with_upstream(batches, lambda case: (len(case["x"]), len(case["b"])))
    at_two_rates = changed(steps, lambda case: [case, dict(case, rate=2 * case["rate"])])

Each of these is a generator function of cases, as a check takes it. Numbers are drawn in the order in which they are written, case by case.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.checks.base import Arguments, Cases

Floats = NDArray[np.float64]
Shape = int | tuple[int, ...]


def single(value: Any) -> Any:
    """The same arguments in single precision: every array of floats, in lists and dicts too."""
    if isinstance(value, dict):
        return {name: single(item) for name, item in value.items()}
    if isinstance(value, list):
        return [single(item) for item in value]
    return value.astype(np.float32) if isinstance(value, np.ndarray) and value.dtype == np.float64 else value


def normal(rng: np.random.Generator, scale: float = 1.0, **shapes: Shape) -> dict[str, Floats]:
    """Arguments of these shapes, of normally distributed numbers."""
    return {name: rng.normal(scale=scale, size=shape) for name, shape in shapes.items()}


def ones(**shapes: Shape) -> dict[str, Floats]:
    """Arguments of these shapes, for calls of which only the shapes matter."""
    return {name: np.ones(shape) for name, shape in shapes.items()}


def one_hot(rng: np.random.Generator, count: int, classes: int) -> Floats:
    """A row with a single 1 for each of `count` examples, its class drawn."""
    return np.eye(classes)[rng.integers(classes, size=count)]


def orders(rng: np.random.Generator, epochs: int, count: int) -> NDArray[np.int64]:
    """An order of `count` examples for each epoch."""
    return np.array([rng.permutation(count) for _epoch in range(epochs)], dtype=np.int64).reshape(epochs, count)


def given(*known: Any) -> Cases:
    """These cases: nothing of them is drawn."""

    def cases(rng: np.random.Generator) -> Iterator[Any]:
        yield from known

    return cases


def of_sizes(draw: Callable[..., Any], *sizes: tuple[Any, ...], in_single: tuple[Any, ...] | None = None) -> Cases:
    """Cases `draw(rng, *size)` of all these sizes, and in the end one in single precision."""

    def cases(rng: np.random.Generator) -> Iterator[Any]:
        for size in sizes:
            yield draw(rng, *size)
        if in_single is not None:
            yield single(draw(rng, *in_single))

    return cases


def of_shapes(*shapes: dict[str, Shape], scale: float = 1.0, in_single: dict[str, Shape] | None = None) -> Cases:
    """Cases of normally distributed numbers of all these shapes, and in the end one in single precision."""

    def cases(rng: np.random.Generator) -> Iterator[Any]:
        for shape in shapes:
            yield normal(rng, scale, **shape)
        if in_single is not None:
            yield single(normal(rng, scale, **in_single))

    return cases


def changed(cases: Cases, change: Callable[[Any], Any]) -> Cases:
    """What `change` makes of each case."""

    def changes(rng: np.random.Generator) -> Iterator[Any]:
        for case in cases(rng):
            yield change(case)

    return changes


def with_upstream(cases: Cases, shape: Callable[[Arguments], tuple[int, ...]], name: str = "dout") -> Cases:
    """The cases of a backward pass: those of the forward pass, with the gradient of its result in front.

    Args:
        shape: of the result of a case; the gradient has the precision of the case's first array.
        name: of the argument that holds the gradient.
    """

    def backward(rng: np.random.Generator) -> Iterator[Arguments]:
        for case in cases(rng):
            first = next(value for value in case.values() if isinstance(value, np.ndarray))
            yield {name: rng.normal(size=shape(case)).astype(first.dtype), **case}

    return backward
