"""The course itself: its rubrics have what proves them, and the sample class gets what each of its submissions is meant to get."""

import re
import runpy
import shutil
from pathlib import Path

import pytest

from grader.course.folder import read_course
from grader.course.rubric import read_misconceptions
from grader.engine.grade_all import grade_all
from grader.engine.prepare import prepare
from grader.judge.verdicts import Grade
from grader.sandbox.choose import best_backend
from grader.submissions.find_class import read_class

pytestmark = pytest.mark.slow

COURSE = read_course(Path(__file__).resolve().parents[1])
CLASS = COURSE.root / "examples" / "class"

FULL, ZERO = "full marks", "no points"
MEANT: dict[str, dict[str, str | set[str]]] = {  # the mistakes by name, or the outcome where there is no result
    "ana": {"delta_rule": FULL, "conv": FULL, "pooling": FULL},
    "bruno": {"delta_rule": {"sigma_prime_missing"}, "conv": {"flipped_kernel"}, "pooling": FULL},
    "camila": {"delta_rule": FULL, "conv": FULL, "pooling": {"sum_instead_of_mean", "mean_gradient_not_divided"}},
    "diego": {
        "delta_rule": {"wrong_sign"},  # and it is subtracted twice, which is right again
        "conv": {"padding_zero_empties_gradient"},
        "pooling": {"gradient_to_all_ties"},
    },
    "elena": {"delta_rule": set(), "conv": set(), "pooling": FULL},  # in float32: slips, no mistakes
    "fatima": {
        "delta_rule": {"shapes_not_compared", "updated_before_hidden_delta"},
        "conv": {"not_implemented"},
        "pooling": {"not_implemented"},
    },
    "gonzalo": {"delta_rule": ZERO, "conv": {"timed_out"}},
    "hiroshi": {"delta_rule": FULL, "conv": FULL, "pooling": FULL},
    "ines": {"delta_rule": ZERO, "conv": {"one_row_short"}},
    "joaquin": {"delta_rule": {"not_implemented"}, "conv": {"stride_ignored"}, "pooling": {"assigned_not_accumulated"}},
    "kofi": {"delta_rule": {"tanh_not_squared"}, "conv": {"out_of_memory"}, "pooling": FULL},
    "lucia": {
        "delta_rule": {"factor_two_missing", "sigmoid_prime_overflows"},
        "conv": {"raised"},
        "pooling": {"adaptive_height_and_width_mixed", "adaptive_height_and_width_mixed_area"},
    },
    "mateo": {
        "delta_rule": ZERO,
        "conv": {"raised"},  # a padding of 1 is hard-coded only where there is one at all
        "pooling": {"remainder_kept", "adaptive_exact_division_only", "raised"},
    },
    "nadia": {"delta_rule": ZERO},
    "pedro": {"conv": {"raised"}},
    "sofia": {"pooling": ZERO},
}
ALL_MEANT = {(student, topic): meant for student, topics in MEANT.items() for topic, meant in topics.items()}


@pytest.mark.parametrize("topic", [assignment.name for assignment in COURSE.assignments])
def test_rubric_has_what_proves_it(topic: str) -> None:
    """There are mistakes with names, and submissions to be accepted and to be rejected: `make validate` has something to prove."""
    assignment = COURSE.assignment(topic)
    assert read_misconceptions(assignment)
    assert all(any(assignment.submissions.glob(pattern)) for pattern in ("accepted/*.py", "wrong.toml"))


@pytest.mark.parametrize("topic", [assignment.name for assignment in COURSE.assignments])
def test_trial_call_prints_what_it_says(topic: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A solution that is run in the stub's place prints first what the comment on its trial call says, but for line ends and spaces."""
    assignment = COURSE.assignment(topic)
    work = shutil.copytree(assignment.folder, tmp_path / topic, ignore=shutil.ignore_patterns("pictures", "*.md"))
    runpy.run_path(shutil.copy(assignment.solution, work / assignment.stub.name), run_name="__main__")
    (said,) = re.findall(r"# should print (.*)", assignment.solution.read_text())
    assert re.sub(r"[\s,]", "", capsys.readouterr().out).startswith(re.sub(r"[\s,]", "", said))


def _said(grade: Grade) -> str | set[str | None]:
    """What a grade comes to, in the table's words."""
    assert grade.status == "graded" and grade.score is not None
    done = [exercise for exercise in grade.exercises if not (exercise.counts == "optional" and exercise.is_untouched)]
    lacking = [check for exercise in done for check in exercise.checks if check.verdict != "passed"]
    if not lacking:
        return FULL if grade.score == grade.max_score else "full marks without the points"
    if grade.score == 0:
        return ZERO
    return {check.misconception or check.outcome for check in lacking} - {"returned"}


def test_sample_class_gets_what_it_is_meant_to_get() -> None:
    """Every sample has full marks, nothing, or something in between with its mistakes named; the table has every sample."""
    submissions, notes = read_class(CLASS, [assignment.name for assignment in COURSE.assignments])
    handed_in = {item.assignment for item in submissions}
    ready = {name: prepare(COURSE.assignment(name), "a seed of the tests") for name in handed_in}
    records = grade_all(submissions, ready, best_backend)
    assert {(record.student, record.assignment): _said(record.grade) for record in records} == ALL_MEANT
    assert notes == []
