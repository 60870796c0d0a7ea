"""Files of a course may be executed by several threads: the topics of a class are prepared, and judged, side by side."""

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from toys import write_course

from grader.course.folder import Assignment
from grader.course.given import helper_modules
from grader.course.rubric import load_course_file

CHECKS = """
from grader.course.authoring import agrees, exercise

def cases(rng):
    yield dict(x=rng.normal(size=2))

@exercise(points=1)
def f():
    yield agrees("random numbers", cases=cases)
"""
STUB = "def f(x):\n    '''Twice x.'''\n    raise NotImplementedError('f: Twice x.')\n"
ROUNDS = 40


@pytest.fixture
def _restless() -> Iterator[None]:
    """Threads take turns all the time."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def course(folder: Path) -> Assignment:
    """One whose solution imports from its reference."""
    assignment = write_course(folder, CHECKS, stub=STUB, reference="def f(x):\n    return 2 * x\n")
    (folder / "reference" / "shared.py").write_text(f"FOLDER = {str(folder)!r}\n")
    return assignment


@pytest.mark.usefixtures("_restless")
def test_each_imports_its_own_reference(tmp_path: Path) -> None:
    """Two courses at once: neither takes the other's, nor takes it away."""
    found: list[tuple[str, str]] = []

    def load(assignment: Assignment) -> None:
        root = str(assignment.root)
        for _ in range(ROUNDS):
            module = load_course_file(assignment.solution, "solution", assignment, "from reference.shared import FOLDER")
            found.append((root, module.FOLDER))

    threads = [threading.Thread(target=load, args=[course(tmp_path / name)]) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2 * ROUNDS
    assert [pair for pair in found if pair[0] != pair[1]] == []


@pytest.mark.usefixtures("_restless")
def test_each_imports_its_own_modules() -> None:
    """Two that have the same name, as given modules of two topics may."""
    found: list[int] = []

    def execute(number: int) -> None:
        for place in range(ROUNDS):
            texts = (("base", f"for _ in range(2000): pass\nNUMBER = {number}"), ("above", f"from base import NUMBER  # {place}"))
            found.append(helper_modules(texts)["above"].NUMBER - number)

    threads = [threading.Thread(target=execute, args=[number]) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [0] * 2 * ROUNDS
