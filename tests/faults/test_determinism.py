"""The same class gives the same records in every backend; `determinism.py` compares more runs, over a larger class."""

import random
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from crowd import make_course, make_every_kind
from determinism import BACKENDS, Class
from record_contents import Key

from grader.course.folder import find_course
from grader.sandbox.backend import Limits

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def class_(tmp_path_factory: pytest.TempPathFactory) -> Class:
    """A class with one submission of every kind."""
    folder = tmp_path_factory.mktemp("determinism")
    patient = Limits(wall_floor=300.0)  # the subprocess backend has no other clock, and nobody in this class waits for ever
    return Class(find_course(make_course(folder / "course")), make_every_kind(folder / "class"), limits=patient)


@pytest.fixture(scope="module")
def first(class_: Class) -> dict[Key, bytes]:
    """Its records when it is graded one at a time, as they come, in the best mode."""
    return class_.records(BACKENDS["landlock"], 1, class_.submitted)


@pytest.mark.parametrize("name", BACKENDS)
def test_same_records_however_it_is_graded(class_: Class, first: dict[Key, bytes], name: str) -> None:
    """Three at a time, in any order, in any backend: every record is the same to the byte, timings apart."""
    shuffled = random.Random().sample(class_.submitted, len(class_.submitted))
    assert class_.records(BACKENDS[name], 3, shuffled) == first
