"""Which mutants a rubric accepts: those that it should not are named, the others are explained."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from classroom import edit

from grader.course.folder import PUBLIC_SEED, Assignment, read_course
from grader.engine.prepare import prepare
from grader.errors import RubricError
from grader.prove.mutation import MutationResult, run_mutants
from grader.sandbox.backend import Backend
from grader.sandbox.choose import best_backend


@pytest.fixture(scope="module")
def backend() -> Iterator[Backend]:
    """The sandbox that the mutants run in."""
    with best_backend() as found:
        yield found


def topic(course: Path, name: str) -> Assignment:
    """An assignment of the small course."""
    return read_course(course).assignment(name)


def mutated(course: Path, name: str, backend: Backend) -> MutationResult:
    """The result of its mutants."""
    found = topic(course, name)
    return run_mutants(found, prepare(found, PUBLIC_SEED), backend)


def test_good_rubric_kills_them_all(small_course: Path, backend: Backend) -> None:
    """Every mutant of `vectors` is rejected."""
    found = mutated(small_course, "vectors", backend)
    assert (found.made, found.killed, found.surviving, found.problems) == (3, 3, (), ())


def test_explained_mutant_is_not_surviving(small_course: Path, backend: Backend) -> None:
    """A mutant that changes no result is counted apart when it is explained."""
    found = mutated(small_course, "signs", backend)
    assert (found.made, found.killed, found.equivalent, found.surviving) == (5, 4, 1, ())


def test_surviving_mutant_is_named(own_course: Path, backend: Backend) -> None:
    """Without the check of bad input, the refusal may be left out or be another."""
    refusal = 'yield raises(ValueError, "an empty vector is refused", args={"x": np.zeros(0)}, share=0.25)'
    edit(topic(own_course, "vectors").rubric, refusal, "")
    assert mutated(own_course, "vectors", backend).surviving == (
        "running_total: `if not len(x):` → `if False:`",
        "running_total: `raise ValueError('empty')` → `raise RuntimeError('empty')`",
    )


def test_what_explains_a_mutant_can_be_pasted(own_course: Path, backend: Backend) -> None:
    """Each mutant that survives comes with its table of the file that explains mutants: pasted there, it is explained."""
    refusal = 'yield raises(ValueError, "an empty vector is refused", args={"x": np.zeros(0)}, share=0.25)'
    found = topic(own_course, "vectors")
    edit(found.rubric, refusal, "")
    found.mutants.parent.mkdir(exist_ok=True)
    found.mutants.write_text("\n\n".join(mutated(own_course, "vectors", backend).blocks))
    again = mutated(own_course, "vectors", backend)
    assert (again.equivalent, again.surviving, again.problems) == (2, (), ())


@pytest.mark.slow
def test_mutant_that_never_ends_is_killed(own_course: Path, backend: Backend) -> None:
    """A mutant may run forever."""
    edit(
        topic(own_course, "signs").reference,
        "    return np.where",
        "    while len(x) + 1 < 1:\n        pass\n    return np.where",
    )
    assert not any("while" in text and ">=" in text for text in mutated(own_course, "signs", backend).surviving)


def test_stale_explanation_is_a_problem(own_course: Path, backend: Backend) -> None:
    """An explanation of a mutant that is killed, or that does not exist, is named."""
    edit(topic(own_course, "signs").mutants, "x >= 0", "x <= 0")
    found = mutated(own_course, "signs", backend)
    assert len(found.surviving) == 1
    assert "signs.toml explains a mutant that does not survive: relu: `return np.where(x > 0" in found.problems[0]


def test_several_mutants_are_explained_together(own_course: Path, backend: Backend) -> None:
    """One explanation may be of several mutants of a statement."""
    edit(topic(own_course, "signs").mutants, 'relu = "return', 'relu = ["return')
    edit(topic(own_course, "signs").mutants, 'x, 0.0)"', 'x, 0.0)"]')
    assert mutated(own_course, "signs", backend).equivalent == 1


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('why = "Only', 'because = "Only', "it has no why"),
        ('why = "Only x = 0 takes the other branch, and both give 0 there."', 'why = ""', "it has no why"),
        ("[zero_either_way]", "[zero_either_way", "not valid TOML"),
        (" → ", " to ", "has no arrow"),
    ],
)
def test_explanations_that_cannot_be_read(own_course: Path, backend: Backend, old: str, new: str, problem: str) -> None:
    """A file of explanations that is wrong is named with what to correct."""
    edit(topic(own_course, "signs").mutants, old, new)
    with pytest.raises(RubricError, match=problem):
        mutated(own_course, "signs", backend)


def test_reference_that_uses_another(own_course: Path, backend: Backend) -> None:
    """A reference may use that of another topic; its mutants do, too."""
    edit(
        topic(own_course, "signs").reference,
        "import numpy as np\n",
        "import numpy as np\n\nfrom reference.vectors import scale\n",
    )
    edit(topic(own_course, "signs").reference, "return np.where(x > 0, x, 0.0)", "return np.where(x > 0, scale(x, 1), 0.0)")
    found = mutated(own_course, "signs", backend)
    assert "relu: `return np.where(x > 0, scale(x, 1), 0.0)` → `return np.where(x >= 0, scale(x, 1), 0.0)`" in found.surviving
    assert len(found.surviving) == 1


def test_law_that_raises_on_a_mutant_rejects_it(own_course: Path, backend: Backend) -> None:
    """What a law cannot look at is not right: a law that raises on what a mutant returns has rejected it."""
    edit(topic(own_course, "vectors").reference, "np.multiply(x, factor)", "-np.multiply(-x, factor)")
    rubric = topic(own_course, "vectors").rubric
    law = 'return None if np.array_equal(np.sign(results[0]), np.sign(case["x"])) else "a positive factor changes no sign"'
    edit(rubric, law, 'return {1.0: None}[np.sign(results[0] * case["x"]).min()]')
    edit(
        rubric,
        '    yield from examples()\n    yield agrees("random vectors", cases=vectors, n=3)\n',
        "",
    )
    examples = topic(own_course, "vectors").examples
    examples.write_text(examples.read_text()[examples.read_text().index("[sums]") :])
    found = mutated(own_course, "vectors", backend)
    assert not any("-np.multiply(-x, factor)` → `np.multiply" in text for text in found.surviving)
    assert found.problems == ()
