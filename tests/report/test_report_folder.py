"""Where a report is written, and how its files are called."""

from pathlib import Path

import pytest
from written_class import HOSTILE

from grader.errors import UsageError
from grader.report.folder import ReportFolder
from grader.report.names import Names, file_name
from grader.report.page import page
from grader.report.student import Student

PAGE = page("student.html.j2", course="Course", student=Student("ana", ()))


def test_only_its_owner_can_read_a_report(tmp_path: Path) -> None:
    """The pages hold grades."""
    ReportFolder(tmp_path / "report").write("students/ana.html", PAGE)
    assert [(tmp_path / "report" / part).stat().st_mode & 0o777 for part in (".", "students", "students/ana.html")] == [
        0o700,
        0o700,
        0o600,
    ]


def test_a_later_report_removes_the_pages_of_an_earlier_one_and_nothing_else(tmp_path: Path) -> None:
    """A student who is gone has no page any more; a file of somebody else's stays."""
    first = ReportFolder(tmp_path)
    for name in ("index.html", "students/ana.html", "students/bea.html"):
        first.write(name, PAGE)
    (tmp_path / "students" / "notes.html").write_text("mine")
    second = ReportFolder(tmp_path)
    for name in ("index.html", "students/ana.html"):
        second.write(name, PAGE)
    second.finish()
    assert sorted(path.name for path in tmp_path.rglob("*.html")) == ["ana.html", "index.html", "notes.html"]


def test_a_folder_that_holds_something_else_is_refused(tmp_path: Path) -> None:
    """Nothing is written into it."""
    (tmp_path / "index.html").write_text("my own site")
    with pytest.raises(UsageError, match="holds other files, and is not a report of the grader"):
        ReportFolder(tmp_path)


def test_a_file_of_somebody_elses_is_never_overwritten(tmp_path: Path) -> None:
    """Not in the folder of a report either."""
    ReportFolder(tmp_path).write("index.html", PAGE)
    (tmp_path / "students").mkdir()
    (tmp_path / "students" / "ana.html").write_text("mine")
    with pytest.raises(UsageError, match="was not written by a report"):
        ReportFolder(tmp_path).write("students/ana.html", PAGE)
    assert (tmp_path / "students" / "ana.html").read_text() == "mine"


def test_every_name_has_a_file_of_its_own_that_every_system_can_hold() -> None:
    """Whatever students are called: no slashes, no dots, short, and different without regard to case and accents."""
    names = [file_name(one) for one in (*HOSTILE, "ana", "Ana", "ANA", "", ".", "..", "con", "ná", "na\u0301")]
    assert len({*names}) == len(names)
    assert all(len(name) < 60 and name.isascii() and name.replace("-", "").isalnum() and name == name.lower() for name in names)


def test_anonymous_students_are_numbers_that_say_nothing_of_their_names() -> None:
    """Neither the name nor the page holds a letter of it, and the numbers are not in the order of the names."""
    students = [f"student-{letter}" for letter in "abcdefghijkl"]
    names = Names(students, anonymous=True)
    assert sorted(map(names.shown, students)) == [f"student {n:02}" for n in range(1, 13)]
    assert names.student(students[0]) == f"students/{names.shown(students[0])[-2:]}.html"
    assert sorted(students, key=names.order) != students
