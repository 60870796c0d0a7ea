"""The capstone: what is true of its network, and of copies of a student's layers."""

import numpy as np
import pytest
from topics import load, single, slopes, topic

capstone = topic("capstone")
DIGITS = np.load(capstone.assignment.folder / "digits.npz")


def network(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """A small network for images of 5 × 5 with two filters of 2 × 2 and three classes."""
    shapes = {"w": (2, 1, 2, 2), "b": (2,), "gamma": (2,), "beta": (2,), "wd": (8, 3), "bd": (3,)}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


@capstone.both
def test_gradients_are_slopes(module: object) -> None:
    """Each of the six is the slope of the mean cross-entropy of `forward`'s logits."""
    rng = np.random.default_rng(0)
    p, images, draws = network(rng), rng.normal(size=(4, 1, 5, 5)), rng.uniform(size=(4, 8))
    target = np.eye(3)[[0, 1, 2, 1]]

    def loss(name: str, value: np.ndarray) -> float:
        logits = module.forward({**p, name: value}, images, draws, 0.3)  # type: ignore[attr-defined]
        return float(np.mean(np.log(np.exp(logits).sum(axis=1)) - (logits * target).sum(axis=1)))

    found = module.gradients(p, images, target, draws, 0.3)  # type: ignore[attr-defined]
    for name, value in p.items():
        measured = slopes(lambda other, name=name: loss(name, other), value)
        np.testing.assert_allclose(found[name], measured, rtol=1e-4, atol=1e-6)


def test_solution_in_single_precision() -> None:
    """Parameters and images in float32 give nearly the same logits."""
    rng = np.random.default_rng(1)
    given = [network(rng), rng.normal(size=(3, 1, 5, 5)), rng.uniform(size=(3, 8)), 0.3]
    logits = capstone.solution.forward(*given)
    np.testing.assert_allclose(capstone.solution.forward(*single(given)), logits, rtol=1e-3, atol=1e-4)


@pytest.mark.slow
def test_layers_copied_from_their_topics_read_digits() -> None:
    """The layers of seven topics, as they were written there, read more unseen digits than the rubric asks for."""
    copied, asked = load("tests/submissions/capstone/accepted/copied_from_the_topics.py"), capstone.checks.ASKED
    images, labels, rng = DIGITS["images"][:, None] / 16, DIGITS["labels"].astype(np.int64), np.random.default_rng(2)
    p = {"w": rng.normal(size=(8, 1, 3, 3)) / 3, "b": np.zeros(8), "gamma": np.ones(8), "beta": np.zeros(8)}
    p |= {"wd": 0.1 * rng.normal(size=(72, 10)), "bd": np.zeros(10)}
    orders = np.array([rng.permutation(200) for _epoch in range(5)])
    trained = copied.train(p, images[:200], labels[:200], orders, rng.uniform(size=(5, 200, 72)), 20, 0.2, 0.02)
    read = copied.predict(*trained, images[200:400]).argmax(axis=1)
    assert 100 * np.mean(read == labels[200:400]) >= asked
