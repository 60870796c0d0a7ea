"""When something was handed in, by what the files say."""

import os
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from classroom import submitted_at as write_hand_in
from msgspec.structs import replace

from grader.submissions.find_class import read_class
from grader.submissions.submitted_at import SubmittedAt

WHEN = datetime(2027, 4, 12, 23, 59, 30, tzinfo=UTC)


def when(folder: Path) -> SubmittedAt:
    """The only submission of a class."""
    ((submitted,), _) = read_class(folder, ["vectors"])
    return submitted.submitted_at


@pytest.fixture
def ana(tmp_path: Path) -> Path:
    """The file of the one student of a class."""
    return write_hand_in(tmp_path / "class", "ana")


def zipped(target: Path, time: tuple[int, int, int, int, int, int], members: dict[str, str], extra: bytes = b"") -> None:
    """A zip file whose members were all written at one time."""
    with zipfile.ZipFile(target, "w") as file:
        for name, text in members.items():
            info = zipfile.ZipInfo(name, time)
            info.extra = extra
            file.writestr(info, text)


def test_timestamp_beside_the_file(tmp_path: Path, ana: Path) -> None:
    """`timestamp.txt` in the assignment's folder says when it was handed in."""
    (ana.parent / "timestamp.txt").write_text("2027-04-12 23:59:30.000000 UTC")
    assert when(tmp_path / "class") == SubmittedAt(WHEN, "timestamp.txt")


def test_timestamp_of_a_class_in_a_zip(tmp_path: Path) -> None:
    """In a zip of the class, `timestamp.txt` is what it is in a folder."""
    zipped(
        tmp_path / "class.zip",
        (2027, 1, 1, 0, 0, 0),
        {"ana/vectors/vectors.py": "x = 1", "ana/vectors/timestamp.txt": "2027-04-12 23:59:30 UTC"},
    )
    assert when(tmp_path / "class.zip") == SubmittedAt(WHEN, "timestamp.txt")


def test_timestamp_in_a_students_own_zip_is_not_believed(tmp_path: Path) -> None:
    """A `timestamp.txt` that the student packed says nothing; the members' times are told apart from those of a class's archive."""
    (tmp_path / "class" / "ana").mkdir(parents=True)
    zipped(
        tmp_path / "class" / "ana" / "vectors.zip",
        (2027, 4, 12, 10, 30, 0),
        {"vectors.py": "x = 1", "timestamp.txt": "2020-01-01 00:00:00 UTC"},
    )
    assert when(tmp_path / "class") == SubmittedAt(datetime(2027, 4, 12, 10, 30), "own archive")


def test_archive_without_a_timestamp(tmp_path: Path) -> None:
    """Without `timestamp.txt`, the latest time of the members counts."""
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as file:
        file.writestr(zipfile.ZipInfo("ana/vectors/vectors.py", (2027, 4, 12, 10, 0, 0)), "x = 1")
        file.writestr(zipfile.ZipInfo("ana/vectors/helper.py", (2027, 4, 12, 11, 0, 0)), "x = 1")
        file.writestr(zipfile.ZipInfo("ana/signs/signs.py", (2027, 4, 12, 12, 0, 0)), "x = 1")
    assert when(tmp_path / "class.zip") == SubmittedAt(datetime(2027, 4, 12, 11, 0), "archive")


def test_archive_that_knows_the_instant(tmp_path: Path) -> None:
    """Where a zip file holds the time in UTC (Info-ZIP's extra field), that is taken, not the clock time beside it."""
    extra = b"UT" + (5).to_bytes(2, "little") + b"\x01" + int(WHEN.timestamp()).to_bytes(4, "little")
    zipped(tmp_path / "class.zip", (2027, 4, 12, 20, 59, 30), {"ana/vectors/vectors.py": "x = 1"}, extra)
    assert when(tmp_path / "class.zip") == SubmittedAt(WHEN, "archive")


def test_archive_without_times(tmp_path: Path) -> None:
    """The first second that a zip file can hold stands for no time."""
    zipped(tmp_path / "class.zip", (1980, 1, 1, 0, 0, 0), {"ana/vectors/vectors.py": "x = 1"})
    assert when(tmp_path / "class.zip") == SubmittedAt()


def test_loose_files(tmp_path: Path, ana: Path) -> None:
    """The time of a loose file is kept as what it is: whether it counts is the policy's to say."""
    os.utime(ana, (WHEN.timestamp(), WHEN.timestamp()))
    assert when(tmp_path / "class") == SubmittedAt(WHEN, "file")


def test_unreadable_timestamp_is_no_time(tmp_path: Path, ana: Path) -> None:
    """A `timestamp.txt` that tells no time does not make a submission late, or early, and is quoted."""
    (ana.parent / "timestamp.txt").write_text("soon")
    found = when(tmp_path / "class")
    assert (found.source, found.unread) == ("file", "soon")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_timestamp_that_windows_wrote(tmp_path: Path, ana: Path, encoding: str) -> None:
    """A `timestamp.txt` with a byte order mark, of PowerShell or the editor, is read."""
    (ana.parent / "timestamp.txt").write_bytes("2027-04-12 23:59:30 UTC\r\n".encode(encoding))
    assert when(tmp_path / "class") == SubmittedAt(WHEN, "timestamp.txt")


def test_timestamp_that_is_a_link_is_not_followed(tmp_path: Path, ana: Path) -> None:
    """A link named `timestamp.txt` is not read."""
    (tmp_path / "elsewhere").write_text("2020-01-01 00:00:00 UTC")
    (ana.parent / "timestamp.txt").symlink_to(tmp_path / "elsewhere")
    assert when(tmp_path / "class").source != "timestamp.txt"


def test_late_mark(tmp_path: Path, ana: Path) -> None:
    """`late.txt` says that another system called it late."""
    (ana.parent / "late.txt").write_text("LATE\n")
    assert when(tmp_path / "class") == SubmittedAt(marked_late=True)


def test_late_mark_and_a_time_of_the_students_own(tmp_path: Path) -> None:
    """The time in a student's zip does not undo what another system said: it is late, by an unknown time."""
    (tmp_path / "class" / "ana" / "vectors").mkdir(parents=True)
    zipped(tmp_path / "class" / "ana" / "vectors" / "work.zip", (2020, 1, 1, 0, 0, 2), {"vectors.py": "x = 1"})
    (tmp_path / "class" / "ana" / "vectors" / "late.txt").write_text("LATE\n")
    assert when(tmp_path / "class") == SubmittedAt(marked_late=True)


def test_time_and_late_mark_of_the_system(tmp_path: Path, ana: Path) -> None:
    """A `timestamp.txt` beside `late.txt` gives the time."""
    (ana.parent / "late.txt").write_text("LATE\n")
    (ana.parent / "timestamp.txt").write_text("2027-04-12 23:59:30.000000 UTC")
    assert when(tmp_path / "class") == SubmittedAt(WHEN, "timestamp.txt", True)


def test_time_by_the_instructor(tmp_path: Path, ana: Path) -> None:
    """A time that the instructor gives outranks `timestamp.txt`."""
    (ana.parent / "timestamp.txt").write_text("2020-01-01 00:00:00 UTC")
    ((submitted,), _) = read_class(tmp_path / "class", ["vectors"])
    assert replace(submitted, time=WHEN).submitted_at == SubmittedAt(WHEN, "times")
