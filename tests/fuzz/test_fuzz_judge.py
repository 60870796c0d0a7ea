"""Whatever is returned in place of a right result, judging it is a grade: a small part of the search of `fuzz_judge.py`."""

import random
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from fuzz_judge import ROOT, benches, fuzz, kinds

from grader.course.folder import find_course

pytestmark = pytest.mark.slow
COURSE = find_course(ROOT)


@pytest.mark.parametrize("name", [assignment.name for assignment in COURSE.assignments])
def test_odd_values_are_no_fault_of_the_grader(name: str) -> None:
    """With the reference and in a student's copy, odd values fail and no check fails itself."""
    for bench in benches(COURSE.assignment(name)):
        assert list(fuzz(bench, 150, random.Random(name))) == []


def test_odd_values_among_dates_tables_texts_and_figures() -> None:
    """So it is where no topic has such results."""
    for bench in kinds():
        assert list(fuzz(bench, 2000, random.Random(1))) == []
