"""A grade in a few words, a class in a few numbers."""

from typing import Any

import pytest

from grader.feedback.summary import ClassTally, failed_checks, points, what_happened
from grader.judge.verdicts import ExerciseGrade, Grade, Verdict


def check(word: Any = "passed", name: str = "random", **fields: Any) -> Verdict:
    """A verdict."""
    return Verdict(name, fields.pop("kind", "agrees"), word, fields.pop("outcome", "returned"), **fields)


def exercise(name: str, *checks: Verdict, score: float = 0.0) -> ExerciseGrade:
    """An exercise's grade."""
    return ExerciseGrade(name, "Title.", score, 1.0, checks)


def grade(*exercises: ExerciseGrade, score: float | None = 0.0, message: str = "", student: str = "ana") -> Grade:
    """A grade."""
    status = "graded" if score is not None else "grader_error"
    return Grade(
        student=student, assignment="work", status=status, score=score, max_score=2.0, exercises=exercises, message=message
    )


GOOD = exercise("f", check(), score=1.0)
RAISED = "raised ValueError: no (work.py, line 3: `x[9]`)"


@pytest.mark.parametrize(
    ("given", "text"),
    [
        pytest.param(grade(GOOD), "all right", id="right"),
        pytest.param(grade(message="work.py cannot be run: SyntaxError"), "work.py cannot be run: SyntaxError", id="load"),
        pytest.param(grade(GOOD, exercise("g", check("failed"))), "g: every check failed", id="the-only-check"),
        pytest.param(
            grade(GOOD, exercise("g", check(), check("failed", "left alone"))), "g: failed «left alone»", id="one-check"
        ),
        pytest.param(
            grade(GOOD, exercise("g", check(), check("failed"), check("failed"))), "g: 2 checks failed", id="two-checks"
        ),
        pytest.param(
            grade(GOOD, exercise("g", check("failed", misconception="flipped_kernel"))), "g: flipped_kernel", id="named"
        ),
        pytest.param(
            grade(GOOD, exercise("g", *(check("failed", misconception=name) for name in ("a", "b", "a")))),
            "g: a, b",
            id="two-names",
        ),
        pytest.param(
            grade(GOOD, exercise("g", check("failed", outcome="raised", message=RAISED))), "g: raised ValueError: no", id="raised"
        ),
        pytest.param(grade(GOOD, exercise("g", check("failed", outcome="timed_out"))), "g: never ends", id="time"),
        pytest.param(grade(GOOD, exercise("g", check("failed", outcome="out_of_memory"))), "g: out of memory", id="memory"),
        pytest.param(grade(GOOD, exercise("g", check("failed", outcome="died"))), "g: ended the process", id="died"),
        pytest.param(
            grade(GOOD, exercise("g", check("failed", outcome="bad_return"))),
            "g: returns something that cannot be graded",
            id="bad-return",
        ),
        pytest.param(
            grade(GOOD, exercise("g", check("skipped", outcome="not_implemented", message="not implemented yet"))),
            "g: not implemented yet",
            id="hole",
        ),
        pytest.param(
            grade(GOOD, exercise("g", check("skipped", outcome="not_implemented", message="`g` is not defined in work.py"))),
            "g: `g` is not defined in work.py",
            id="missing",
        ),
        pytest.param(
            grade(*(exercise(name, check("skipped", outcome="not_implemented", message="not implemented yet")) for name in "fg")),
            "everything: not implemented yet",
            id="everything",
        ),
        pytest.param(
            grade(*(exercise(name, check("failed", outcome="timed_out")) for name in "fg"), GOOD),
            "f, g: never ends",
            id="same-reason-twice",
        ),
        pytest.param(
            grade(exercise("f", check("failed", outcome="died")), exercise("g", check("failed", outcome="timed_out"))),
            "f: ended the process; g: never ends",
            id="two-reasons",
        ),
        pytest.param(
            grade(exercise("f", check("skipped", outcome=None, at_hand_in=True))), "all right", id="waits-for-submission"
        ),
    ],
)
def test_what_happened(given: Grade, text: str) -> None:
    """One line says what a submission lacks, exercise by exercise."""
    assert what_happened(given) == text


@pytest.mark.parametrize("field", ["raised", "message"])
def test_students_text_is_escaped(field: str) -> None:
    """What a student wrote arrives in the line without control codes or line breaks, and short."""
    text = "\x1b[2J\u202e\n" + "x" * 1_000_000
    given = grade(message=text) if field == "message" else grade(exercise("f", check("failed", outcome="raised", message=text)))
    line = what_happened(given)
    assert "\x1b" not in line and "\n" not in line and "\u202e" not in line
    assert len(line) < 500


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (7.0, "7"), (7.5, "7.5"), (20 / 3, "6.67"), (0.0, "0"), (10.0, "10"), (100.0, "100")],
    ids=str,
)
def test_points(value: float | None, text: str) -> None:
    """Points are written without needless zeros."""
    assert points(value) == text


def test_class() -> None:
    """A class is counted: full marks, errors, the mean of those graded, and each mistake once a submission."""
    tally = ClassTally()
    mistake = exercise("f", check("failed", misconception="a"), check("failed", misconception="a"))
    for given in (grade(GOOD, score=2.0), grade(mistake, score=1.0), grade(mistake, score=0.0), grade(score=None)):
        tally.add(given)
    found = tally.assignments["work"]
    assert (tally.count, found.count, found.full, found.errors, found.mean) == (4, 4, 1, 1, 1.0)
    assert found.mistakes == {"a": 2}


def test_class_of_errors() -> None:
    """A class without a single grade has the mean 0."""
    tally = ClassTally()
    tally.add(grade(score=None))
    assert tally.assignments["work"].mean == 0.0


def test_failed_checks() -> None:
    """Only what failed has failed: what was skipped or went wrong in the grader has not."""
    given = grade(exercise("f", check(), check("failed", "wrong"), check("skipped"), check("grader_error")))
    assert [found.name for found in failed_checks(given)] == ["wrong"]
