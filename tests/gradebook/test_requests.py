"""Regrade requests from a csv file: read, checked as a whole, and asked once."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.course.folder import read_course
from grader.errors import UsageError
from grader.gradebook.requests import checked_request, new_requests, read_requests
from grader.gradebook.review_log import Request

NOW = datetime(2027, 5, 1, tzinfo=UTC)


def written(folder: Path, text: str) -> list[tuple[str, Request]]:
    """What is read of a file."""
    (folder / "requests.csv").write_text(text)
    return read_requests(folder / "requests.csv", "marta", NOW)


@pytest.mark.parametrize("header", ["student,topic,text", "Student;Assignment;Request"])
def test_columns(tmp_path: Path, header: str) -> None:
    """Names of the columns in other words, and semicolons, are understood."""
    mark = ";" if ";" in header else ","
    ((where, one),) = written(tmp_path, f"{header}\nana{mark}vectors{mark}My sums are right\n")
    assert (one.student, one.assignment, one.text, one.by) == ("ana", "vectors", "My sums are right", "marta")
    assert where.endswith("requests.csv, row 1 below the header")


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    """With what the file has instead."""
    with pytest.raises(UsageError, match="no column text; its first line is student, topic"):
        written(tmp_path, "student,topic\nana,vectors\n")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("anna,vectors,why", "no records of 'anna'. Did you mean 'ana'?"),
        ("ana,vector,why", "no assignment is called 'vector'. Did you mean 'vectors'?"),
        ("ana,vectors,", "the request of ana has no text"),
    ],
)
def test_a_wrong_row_is_refused_with_its_place(small_course: Path, tmp_path: Path, row: str, message: str) -> None:
    """What it names that there is not, and what was meant."""
    ((where, one),) = written(tmp_path, f"student,topic,text\n{row}\n")
    with pytest.raises(UsageError, match="row 1 below the header") as refused:
        checked_request(read_course(small_course), ["ana"], one, where)
    assert message in str(refused.value)


def test_the_same_request_is_asked_once(tmp_path: Path) -> None:
    """However often the file is read, and whoever reads it."""
    asked = [one for _, one in written(tmp_path, "student,topic,text\nana,vectors,why\nana,vectors,why\nana,vectors,how\n")]
    assert [one.text for one in new_requests([], asked)] == ["why", "how"]
    assert new_requests(asked, asked) == []
