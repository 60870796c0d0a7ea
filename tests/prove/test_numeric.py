"""Backward passes that only measure slopes are written by the proof itself, and what they earn is reported."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from toys import HERE, ROOT

from grader.course.folder import PUBLIC_SEED, read_course
from grader.engine.prepare import prepare
from grader.prove.numeric import numeric_advice, numeric_problems
from grader.sandbox.backend import Backend
from grader.sandbox.choose import best_backend

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def backend() -> Iterator[Backend]:
    """The sandbox of the proofs."""
    with best_backend(weak=True) as found:
        yield found


def problems(course: Path, topic: str, backend: Backend) -> list[str]:
    """What the proof reports."""
    assignment = read_course(course).assignment(topic)
    return list(numeric_problems(assignment, prepare(assignment, PUBLIC_SEED), backend))


@pytest.mark.parametrize("name", ["loss_backward", "squash_backward"])
def test_a_rubric_without_large_calls_is_advised(name: str, backend: Backend) -> None:
    """Differences of the forward pass earn what the formula does there: the author is told, and may want it so."""
    ready = prepare(read_course(HERE / "toy").assignment("vectors"), PUBLIC_SEED)
    assert any(text.startswith(f"{name} can be had by central differences of its forward pass") for text in numeric_advice(ready))
    assert problems(HERE / "toy", "vectors", backend) == []


@pytest.mark.parametrize("topic", ["softmax_ce", "activations", "mlp", "dropout"])
def test_differences_earn_nothing(topic: str, backend: Backend) -> None:
    """Of losses, element by element, of lists of matrices, and where the forward pass takes more than the backward pass."""
    assert problems(ROOT, topic, backend) == []
