"""What `grader validate` proves of parts that a person decides, and of exercises that are bonus or optional."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from classroom import edit
from parts_class import SOLUTION, STUB, copied, grade

from grader.course.folder import PUBLIC_SEED, read_course
from grader.engine.prepare import prepare
from grader.prove.counting import counting_problems, read_problems
from grader.prove.validate import validate
from grader.sandbox.backend import Backend
from grader.sandbox.choose import best_backend


@pytest.fixture(scope="module")
def backend() -> Iterator[Backend]:
    """The sandbox that the proof runs in."""
    with best_backend() as found:
        yield found


def problems(tmp_path: Path, old: str, new: str) -> list[str]:
    """What is wrong with the rubric after an edit."""
    course = copied(tmp_path / "course")
    edit(course / "assignments" / "affine" / "checks.py", old, new)
    return list(counting_problems(prepare(read_course(course).assignment("affine"), PUBLIC_SEED)))


def test_a_rubric_with_one_of_each_holds(tmp_path: Path, backend: Backend) -> None:
    """Checks, a text and code that a person reads, a bonus exercise and an optional one."""
    proof = validate(read_course(copied(tmp_path / "course")).assignment("affine"), backend, mutants=False)
    assert proof.problems == () and proof.points == 3.5 and proof.trivial.points == 0


def test_bonus_is_no_more_than_the_assignment(tmp_path: Path) -> None:
    """Else most of what a student can earn is above the maximum."""
    (problem,) = problems(tmp_path, "points=1, bonus=True", "points=4, bonus=True")
    assert "worth 4, more than the 3.5 of the assignment" in problem


def test_an_optional_exercise_has_a_check(tmp_path: Path) -> None:
    """Nobody should have to read what counts nothing."""
    checks = '''"""A vector without its mean."""
    yield agrees("random vectors", cases=vectors)'''
    text = '"""A vector without its mean."""\n    yield manual("why", points=1, items={"a": 1})'
    (problem,) = problems(tmp_path, checks, text)
    assert "centred is optional and has no check" in problem


def test_a_stub_that_asks_a_person_is_named() -> None:
    """Something stands where nothing should be written."""
    half = grade(SOLUTION.replace("    return x @ w + b", "    raise NotImplementedError"))
    (problem,) = read_problems(half, path=Path("affine.py"), written=False)
    assert problem == "affine.py: why_bias «the argument» waits for a person, and nothing is written there"


def test_a_solution_without_an_answer_is_named() -> None:
    """There is nothing to read in it, as in the stub."""
    found = list(read_problems(grade(STUB), path=Path("affine.py"), written=True))
    assert found == [
        "affine.py: affine «how it is written» leaves a person nothing to read: nothing is written here yet",
        "affine.py: why_bias «the argument» leaves a person nothing to read: nothing is written here yet",
    ]
