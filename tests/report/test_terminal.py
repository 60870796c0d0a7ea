"""Grades on a terminal: no control code and no markup of a student is obeyed."""

import io
import re
from typing import Any

import pytest
from rich.console import Console

from grader.judge.verdicts import ExerciseGrade, Grade, Verdict
from grader.report.terminal import ROWS, class_table, student_report

EVIL = "\x1b[31mred\x1b]0;title\x07\u202e\x9b2J [bold]x[/bold] [link=file:///etc]y[/link] [/]"
OURS = re.compile(r"\x1b\[[0-9;]*m")  # the colours of rich


def rendered(thing: Any, terminal: bool = False) -> str:
    """What is written to a terminal, or to a file."""
    out = io.StringIO()
    Console(file=out, width=200, force_terminal=terminal, color_system="truecolor" if terminal else None, highlight=False).print(
        thing
    )
    return out.getvalue()


def verdict(word: Any = "failed", **fields: Any) -> Verdict:
    """A verdict."""
    return Verdict(fields.pop("name", "random"), "agrees", word, fields.pop("outcome", "raised"), **fields)


def grade(*checks: Verdict, score: float | None = 0.0, **fields: Any) -> Grade:
    """A grade of one exercise."""
    given: dict[str, Any] = dict(
        student="ana", assignment="work", max_score=2.0, status="graded" if score is not None else "grader_error"
    )
    return Grade(**given | dict(score=score, exercises=(ExerciseGrade("f", "Doubles.", score or 0.0, 2.0, checks),)) | fields)


PLACES = [
    pytest.param(lambda: student_report(grade(verdict(message=EVIL)), "Work"), id="message"),
    pytest.param(lambda: student_report(grade(verdict("skipped", message=EVIL)), "Work"), id="skipped-message"),
    pytest.param(lambda: student_report(grade(verdict(message="m", call=f"f(x={EVIL})")), "Work"), id="call"),
    pytest.param(lambda: student_report(grade(verdict("passed"), printed=EVIL), "Work"), id="printed"),
    pytest.param(lambda: student_report(grade(message=EVIL), "Work"), id="load-message"),
    pytest.param(lambda: class_table([grade(message=EVIL)]), id="table-message"),
    pytest.param(lambda: class_table([grade(verdict(message=f"raised {EVIL}"))]), id="table-exception"),
]


@pytest.mark.parametrize("terminal", [True, False], ids=["terminal", "file"])
@pytest.mark.parametrize("thing", PLACES)
def test_nothing_is_obeyed(thing: Any, terminal: bool) -> None:
    """Wherever a student's text stands, its control codes are escaped and its markup is shown as it is."""
    out = OURS.sub("", rendered(thing(), terminal))
    assert not set(out) & {"\x1b", "\x07", "\x9b", "\u202e"}
    assert "[bold]x[/bold]" in out
    assert "\\x1b[31mred" in out


@pytest.mark.parametrize("student", ["\x1b[2Jana", "[bold]ana[/bold]", "[/]", "ana\nbob", "\u202eana", "\ud800"], ids=ascii)
def test_names(student: str) -> None:
    """A student's name is text on one line."""
    lines = rendered(class_table([grade(verdict("passed"), student=student)])).splitlines()
    assert len(lines) == 4  # head, row, empty, class
    assert "\x1b" not in lines[1] and "\u202e" not in lines[1]
    assert student.replace("\n", " ").encode("unicode_escape").decode() in lines[1]


def test_name_of_a_megabyte() -> None:
    """A name of a megabyte takes no more than its column."""
    assert len(rendered(class_table([grade(verdict("passed"), student="x" * 1_000_000)]))) < 2000


def test_student_reads_why() -> None:
    """A failure is told with its call, its message and its hint."""
    found = verdict(message="O[0] = 1 (should be 2)", call="f(x=1)", hint="Look at the factor.", outcome="returned")
    lines = [line.strip() for line in rendered(student_report(grade(found), "Work")).splitlines()]
    assert lines == [
        "Work   0 of 2 points",
        "✗ f  0 of 2  Doubles.",
        "✗ random",
        "f(x=1)",
        "O[0] = 1 (should be 2)",
        "→ Look at the factor.",
    ]


def test_same_reason_is_told_once() -> None:
    """Checks that failed for the same reason are listed, and the reason told once."""
    out = rendered(student_report(grade(*(verdict(name=f"check {i}", message="the same") for i in range(3))), "Work"))
    assert (out.count("the same"), out.count("✗ check")) == (1, 3)


def test_waiting_points() -> None:
    """Points that are decided at hand-in are told as such."""
    out = rendered(student_report(grade(verdict("skipped", at_hand_in=True, points=1.5), verdict("passed"), score=0.5), "Work"))
    assert "0.5 of 2 points (decided when you hand in: 1.5)" in out
    assert "✓ f" in out and "(so far)" in out


def test_grader_error_has_no_score() -> None:
    """A grade that went wrong in the grader shows no points."""
    out = rendered(class_table([grade(score=None, message="the sandbox failed")]))
    assert "– / 2" in out and "1 not graded (grader error)" in out


def test_long_class_is_cut() -> None:
    """A class table has at most so many rows, and says how many more there are."""
    out = rendered(class_table(grade(verdict("passed"), student=f"s{i}") for i in range(ROWS + 5)))
    assert "… and 5 more" in out and f"{ROWS + 5} handed in" in out
    assert f"s{ROWS - 1} " in out and f"s{ROWS} " not in out
