"""What attacks leave behind is nothing: the second time is like the first. `soak.py` looks at a class of 10,000."""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from crowd import HOSTILE, make_course, make_every_kind
from determinism import Class
from processes import descriptors, students, zygotes

from grader.course.folder import find_course
from grader.engine.grade_one import grade_one
from grader.sandbox.backend import Limits
from grader.sandbox.linux.backend import LinuxBackend

pytestmark = pytest.mark.slow

Left = tuple[int, list[int], list[int]]


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> tuple[Left, Left]:
    """Every attack, and all of them once more in the same sandbox: what there is each time after them.

    Descriptors of this process and of each zygote, and processes with students' code.
    """
    folder = tmp_path_factory.mktemp("soak")
    class_ = Class(find_course(make_course(folder / "course")), make_every_kind(folder / "class", HOSTILE))
    here = os.getpid()

    def all_attacks() -> Left:
        for item in class_.submitted:
            assert grade_one(item.read(), class_.prepared[item.assignment], backend, Limits()).grade.status == "graded"
        return descriptors(here), [descriptors(zygote) for zygote in zygotes(here)], students(here)

    with LinuxBackend() as backend:
        return all_attacks(), all_attacks()


def test_descriptors_are_the_same(left: tuple[Left, Left]) -> None:
    """Neither the supervisor nor the zygote has a descriptor more."""
    assert left[0][:2] == left[1][:2]


def test_no_process_of_a_student_is_left(left: tuple[Left, Left]) -> None:
    """Every child has ended, and was reaped by its zygote."""
    assert [found for _, _, found in left] == [[], []]
