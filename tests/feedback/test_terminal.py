"""Grades on a terminal: no control code and no markup of a student is obeyed."""

import io
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from rich.console import Console

from grader.feedback.arrays import Comparison, _matrices
from grader.feedback.terminal import ROWS
from grader.feedback.terminal import class_table as entry_table
from grader.feedback.terminal import student_report as report_of
from grader.feedback.view import view_of
from grader.gradebook.adjustments import Adjustment
from grader.gradebook.entries import Entry
from grader.gradebook.lateness import Late
from grader.judge.verdicts import ExerciseGrade, Grade, Verdict

EVIL = "\x1b[31mred\x1b]0;title\x07\u202e\x9b2J [bold]x[/bold] [link=file:///etc]y[/link] [/]"
OURS = re.compile(r"\x1b\[[0-9;]*m")  # the colours of rich


def rendered(thing: Any, terminal: bool = False, width: int = 200) -> str:
    """What is written to a terminal, or to a file."""
    out = io.StringIO()
    Console(
        file=out, width=width, force_terminal=terminal, color_system="truecolor" if terminal else None, highlight=False
    ).print(thing)
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


def student_report(grade: Grade, title: str) -> Any:
    """The report of a grade."""
    return report_of(view_of(grade, title))


def on_time(grade: Grade) -> Entry:
    """An entry without a due date."""
    return Entry(grade, Late(None, None, 0, 0.0, grade.score))


def class_table(grades: Iterable[Grade], most: int | None = ROWS) -> Any:
    """The table of grades without due dates."""
    return entry_table(map(on_time, grades), most=most)


def test_file_that_stopped_is_told_above_what_was_judged() -> None:
    """Where something was judged, the message on the whole stands above it; otherwise, in its place."""
    below = rendered(student_report(grade(verdict(message="x is wrong"), message="work.py stopped"), "Work"))
    assert below.index("work.py stopped") < below.index("x is wrong")
    alone = rendered(student_report(grade(verdict(message="work.py stopped"), message="work.py stopped"), "Work"))
    assert alone.count("work.py stopped") == 1 and "random" not in alone


def matrices(want: Any, have: Any, first: tuple[int, ...] = (), terminal: bool = False) -> list[str]:
    """What a terminal shows below a failed example that expects `want`."""
    return [line.rstrip() for line in shown_matrices(want, have, first, terminal).splitlines()][4:]


def shown_matrices(want: Any, have: Any, first: tuple[int, ...], terminal: bool) -> str:
    """The report on an exercise with two failed examples that both expect `want`."""
    want, have = np.asarray(want), np.asarray(have)
    wrong = want != have if want.shape == have.shape else None
    arrays = Comparison(
        tuple(_matrices("O", "should be", want, wrong, marked=False)), tuple(_matrices("O", "yours", have, wrong))
    )
    view = view_of(grade(verdict(message="a"), verdict(message="b")))
    exercise = view.exercises[0]
    checks = tuple(replace(check, arrays=arrays) for check in exercise.checks)
    return rendered(report_of(replace(view, exercises=(replace(exercise, checks=checks),))), terminal, 80)


def test_matrices_stand_side_by_side() -> None:
    """What should be and what is, with the wrong numbers in brackets, below the first failure only."""
    assert matrices([[1, 2], [3, 4], [5, 6]], [[1, 2], [30, 4], [5, 7]]) == [
        "        O: should be    O: yours",
        "         1  2             1   2",
        "         3  4           [30]  4",
        "         5  6             5 [ 7]",
        "    ✗ random",
        "      b",
    ]


def test_wrong_numbers_are_coloured_on_a_terminal_only() -> None:
    """Without a terminal there is no colour, and the brackets say the same."""
    plain, coloured = (shown_matrices([[1], [2]], [[1], [3]], (1, 0), terminal) for terminal in (False, True))
    assert "\x1b" not in plain
    assert OURS.sub("", coloured) == plain


def test_matrices_of_other_shapes_stand_side_by_side() -> None:
    """A result of another size is shown beside the right one."""
    assert matrices([[1, 2]], [[1], [2], [3]])[:4] == [
        "        O: should be    O: yours",
        "         1  2            1",
        "                         2",
        "                         3",
    ]


def test_slice_with_the_first_wrong_number_is_shown() -> None:
    """Of an array of more dimensions the matrix that is wrong is shown."""
    want = np.zeros((3, 2, 2), int)
    have = want.copy()
    have[1, 0, 1] = 5
    assert matrices(want, have)[:3] == [
        "        O[1]: should be    O[1]: yours",
        "         0  0               0 [5]",
        "         0  0               0  0",
    ]


def test_matrices_without_room_stand_one_below_the_other() -> None:
    """In 80 columns, two wide matrices do not stand side by side, and wider ones are left out."""
    wide = np.full((2, 6), 0.123456)
    lines = matrices(wide, -wide)
    assert [line.strip() for line in lines if ":" in line] == ["O: should be", "O: yours"]
    assert max(map(len, lines)) <= 80
    assert matrices(np.full((2, 8), 0.123456e-9), np.zeros((2, 8)))[:2] == ["    ✗ random", "      b"]


def test_single_row_is_left_to_the_message() -> None:
    """Of a vector, the message shows the wrong number."""
    assert matrices([1, 2], [1, 3]) == ["    ✗ random", "      b"]


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
    out = rendered(student_report(grade(*(verdict(name=f"check {i}", message="it failed") for i in range(3))), "Work"))
    assert (out.count("it failed"), out.count("✗ check"), out.count("the same")) == (1, 3, 2)


def test_waiting_points() -> None:
    """Points that are decided on submission are told as such."""
    out = rendered(student_report(grade(verdict("skipped", at_hand_in=True, points=1.5), verdict("passed"), score=0.5), "Work"))
    assert "0.5 of 0.5 that can be checked here: all right. 1.5 more are decided on submission" in out
    assert "✓ f" in out and "(+1.5 on submission)" in out


def test_grader_error_has_no_score() -> None:
    """A grade that went wrong in the grader shows no points."""
    out = rendered(class_table([grade(score=None, message="the sandbox failed")]))
    assert "– / 2" in out and "1 not graded (grader error)" in out


def test_long_class_is_cut() -> None:
    """A class table has at most so many rows, and says how many more there are."""
    out = rendered(class_table(grade(verdict("passed"), student=f"s{i}") for i in range(ROWS + 5)))
    assert "… and 5 more" in out and f"{ROWS + 5} handed in" in out
    assert f"s{ROWS - 1} " in out and f"s{ROWS} " not in out
    assert f"s{ROWS + 4} " in rendered(class_table((grade(student=f"s{i}") for i in range(ROWS + 5)), most=None))


DUE = datetime(2027, 4, 12, tzinfo=UTC)


def test_lateness_has_a_column_when_something_is_late() -> None:
    """How late, what it costs and what is left stand beside the raw points of those who are late, and the class counts them."""
    late = Entry(grade(verdict("passed"), score=2.0), Late(DUE, DUE, 2, 0.4, 1.6))
    lines = rendered(entry_table([late, on_time(grade(verdict("passed"), student="bea"))])).splitlines()
    assert [cell.strip() for cell in re.split(r"\s{2,}", lines[0].strip())] == [
        "student",
        "assignment",
        "points",
        "late",
        "what happened",
    ]
    assert "2 / 2" in lines[1] and "2 days: −0.4, leaves 1.6" in lines[1]
    assert "−" not in lines[2]
    assert "2 handed in, 1 with full marks, mean 1 of 2, 1 late" in lines[-1]


def test_no_column_when_nothing_is_late() -> None:
    """A class on time has no column for it."""
    assert "late" not in rendered(class_table([grade(verdict("passed"))]))


def test_late_by_an_unknown_time() -> None:
    """What a system only calls late is shown as such, without a penalty."""
    out = rendered(entry_table([Entry(grade(verdict("passed")), Late(DUE, None, 0, 0.0, 0.0, marked_late=True))]))
    assert "by an unknown time" in out and "−" not in out


def test_attempt_that_counts() -> None:
    """Where an earlier attempt counts, the row says which."""
    out = rendered(entry_table([Entry(grade(verdict("passed")), Late(None, None, 0, 0.0, 0.0), 1, 3)]))
    assert "attempt" in out and "1 of 3" in out


def test_third_reason_is_told_in_a_line() -> None:
    """Of a third reason, a line is told."""
    out = rendered(student_report(grade(*(verdict(name=f"check {i}", message=f"reason {i}") for i in range(3))), "Work"))
    assert "✗ check 2  (reason 2)" in out


def test_80_columns_hold_every_remark() -> None:
    """Where the columns for teams, lateness, changes and attempts would leave no room for what happened, they are part of it."""
    change = Adjustment(student="ana", assignment="work", points=1.0, because="right", by="marta", at=DUE)
    name = "Wolfeschlegelsteinhausenbergerdorff-Kowalczyk, Maximilian Alexander"
    late = Late(DUE, DUE, 2, 0.4, 1.6)
    full = Entry(grade(verdict("passed"), score=2.0, student=name), late, 1, 3, (change,), "", name)
    out = rendered(entry_table([full, on_time(grade(student="bea"))]), width=80)
    assert max(map(len, out.splitlines())) <= 80
    assert out.splitlines()[0].split() == ["student", "assignment", "points", "what", "happened"]
    remarks = " ".join(line[46:].strip() for line in out.splitlines()[1:4])
    assert remarks == "late: 2 days: −0.4, leaves 1.6 · → 2.6 · attempt 1 of 3 · all right"
    assert "".join(line[:24].strip() for line in out.splitlines()[1:4]) == name.replace(", ", ",")
