"""Scores as CSV: one value a cell, nothing that a spreadsheet executes."""

import csv
import io

from books import entry, excused, roster, scores

from grader.gradebook.entries import Entry
from grader.integrations.spreadsheet.csv_file import csv_text
from grader.integrations.spreadsheet.table import MORE, NBGRADER, long_table, wide_table

LIST = 'student_id,last_name,first_name,email\nana,"Pérez, de",Ana,ana@uni.edu\nbo,O\'Brien,"=cmd|\' /C calc\'!A0",\n'


def cells(text: str) -> list[dict[str, str]]:
    """The rows of a CSV file by their headers."""
    return list(csv.DictReader(io.StringIO(text)))


def long(*entries: Entry, total: bool = False, listed: bool = False) -> str:
    """The table with a row for each submission, as CSV."""
    return csv_text(long_table(scores(*entries, listed=roster(LIST) if listed else None), total))


def test_columns() -> None:
    """nbgrader's columns come first, in nbgrader's order."""
    assert tuple(next(csv.reader(io.StringIO(long(entry()))))) == (*NBGRADER, *MORE)


def test_raw_score_penalty_and_rest_stand_apart() -> None:
    """Lateness has columns of its own beside the raw score."""
    (row,) = cells(long(entry(penalty=0.5)))
    assert [row[name] for name in ("raw_score", "late_submission_penalty", "score", "max_score", "days_late", "time_from")] == [
        "2", "0.5", "1.5", "3", "1", "timestamp.txt"
    ]  # fmt: skip
    assert (row["duedate"], row["timestamp"]) == ("2027-04-24 02:59:00+00:00", "2027-04-25 01:00:00+00:00")


def test_names_with_commas_and_formulas() -> None:
    """Commas are quoted; a name that is a formula is shown as text."""
    ana, bo = cells(long(entry("ana"), entry("bo"), listed=True))
    assert (ana["last_name"], ana["email"]) == ("Pérez, de", "ana@uni.edu")
    assert (bo["last_name"], bo["first_name"]) == ("O'Brien", "'=cmd|' /C calc'!A0")


def test_what_happened_is_no_formula() -> None:
    """What the student's code said is text: no formula, no control code, one line."""
    (row,) = cells(long(entry(message='=HYPERLINK("http://x")\n\x1b[31m')))
    assert row["what_happened"] == '\'=HYPERLINK("http://x") \\x1b[31m'


def test_student_called_like_a_formula() -> None:
    """A student's own name for the folder is text, too."""
    (row,) = cells(long(entry("@SUM(A1)")))
    assert row["student_id"] == "'@SUM(A1)"


def test_nothing_handed_in() -> None:
    """Who of the class list has no record has a row without a score, which is not 0."""
    _, bo = cells(long(entry("ana"), listed=True))
    assert (bo["student_id"], bo["raw_score"], bo["score"], bo["max_score"], bo["status"]) == (
        "bo",
        "",
        "",
        "3",
        "nothing handed in",
    )


def test_grader_error_is_no_zero() -> None:
    """A fault of the grader leaves the score empty, and is said."""
    (row,) = cells(long(entry(score=None)))
    assert (row["raw_score"], row["late_submission_penalty"], row["score"], row["status"]) == ("", "", "", "grader_error")


def test_wide() -> None:
    """A row a student, with raw score, penalty, rest and maximum of each assignment; empty where there is no record."""
    text = csv_text(wide_table(scores(entry("ana"), entry("ana", "pooling", penalty=1.0), entry("zoe"), listed=roster(LIST))))
    assert text.splitlines() == [
        "student_id,last_name,first_name,email,conv raw_score,conv late_submission_penalty,conv score,conv max_score,"
        "pooling raw_score,pooling late_submission_penalty,pooling score,pooling max_score",
        'ana,"Pérez, de",Ana,ana@uni.edu,2,0,2,3,2,1,1,3',
        "zoe,,,,2,0,2,3,,,,",
        "bo,O'Brien,'=cmd|' /C calc'!A0,,,,,,,,,",
    ]


def test_total_behind_each_row() -> None:
    """With --total, each row ends in its student's course total; who handed in nothing has one too."""
    rows = cells(long(entry("ana"), entry("ana", "pooling"), total=True, listed=True))
    assert [(row["student_id"], row["course_total"]) for row in rows] == [("ana", "2"), ("bo", "0"), ("ana", "2"), ("bo", "0")]


def test_total_of_a_wide_row() -> None:
    """It is the last column, once for each student."""
    text = csv_text(wide_table(scores(entry("ana"), entry("ana", "pooling"), listed=roster(LIST)), total=True))
    assert [(row["student_id"], row["course_total"]) for row in cells(text)] == [("ana", "2"), ("bo", "0")]
    assert text.splitlines()[0].endswith(",course_total")


def test_excused_without_a_submission() -> None:
    """EX stands in place of the score, and the assignment keeps its points, for everybody."""
    rows = cells(long(entry("ana"), excused("bo"), listed=True))
    assert [(row["raw_score"], row["score"], row["max_score"]) for row in rows] == [("2", "2", "3"), ("", "EX", "3")]
