"""Writing imported submissions: all of them or none, and no existing file is lost."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.submissions.archive import DamagedError, Member
from grader.submissions.class_folder import ImportedFiles, write

TIME = datetime(2027, 4, 23, 20, 15, 30, tzinfo=UTC)


def imported(
    student: str = "ana", text: str = "x = 1\n", time: datetime | None = TIME, late: bool = False, **more: str
) -> ImportedFiles:
    """A submission for conv: `conv.py`, and others."""
    texts = {"conv.py": text, **{f"{name}.py": other for name, other in more.items()}}
    files = {("conv", name): Member((name,), len(content), content.encode) for name, content in texts.items()}
    return ImportedFiles(student, "conv", files, time, late)


def held(folder: Path) -> dict[str, str]:
    """Every file below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_new(tmp_path: Path) -> None:
    """The files and the time stand in the class's layout; nothing else is left behind."""
    assert write(tmp_path / "class", [imported()], replace=False) == (["new"], [()])
    assert held(tmp_path) == {
        "class/ana/conv/conv.py": "x = 1\n",
        "class/ana/conv/timestamp.txt": "2027-04-23 20:15:30.000000 UTC\n",
    }
    assert [path.name for path in (tmp_path / "class").iterdir()] == ["ana"]


def test_late_without_a_time(tmp_path: Path) -> None:
    """What is only called late gets a mark and no time."""
    write(tmp_path, [imported(time=None, late=True)], replace=False)
    assert set(held(tmp_path)) == {"ana/conv/conv.py", "ana/conv/late.txt"}


def test_late_with_a_time(tmp_path: Path) -> None:
    """Where the time is known, that is enough."""
    write(tmp_path, [imported(late=True)], replace=False)
    assert set(held(tmp_path)) == {"ana/conv/conv.py", "ana/conv/timestamp.txt"}


def test_again(tmp_path: Path) -> None:
    """The same download once more changes nothing."""
    write(tmp_path, [imported()], replace=False)
    before = held(tmp_path)
    assert write(tmp_path, [imported()], replace=False)[0] == ["unchanged"]
    assert held(tmp_path) == before


def test_own_timestamp_stays(tmp_path: Path) -> None:
    """A timestamp that the instructor wrote, where the system says nothing, is not a difference and stays."""
    write(tmp_path, [imported(time=None)], replace=False)
    (tmp_path / "ana" / "conv" / "timestamp.txt").write_text("2027-04-23 10:00:00 UTC")
    assert write(tmp_path, [imported(time=None)], replace=False)[0] == ["unchanged"]
    assert "ana/conv/timestamp.txt" in held(tmp_path)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(imported(text="x = 2\n"), id="another text"),
        pytest.param(imported(help="y = 1\n"), id="a file more"),
        pytest.param(imported(time=TIME.replace(day=24)), id="another time"),
    ],
)
def test_what_is_there_is_not_overwritten(tmp_path: Path, other: ImportedFiles) -> None:
    """Where something else stands, nothing at all is written, and the message says what helps."""
    write(tmp_path, [imported("bea")], replace=False)
    write(tmp_path, [imported()], replace=False)
    before = held(tmp_path)
    with pytest.raises(UsageError, match=r"holds something else for ana/conv\. Nothing was changed\. --replace"):
        write(tmp_path, [other, imported("caro")], replace=False)
    assert held(tmp_path) == before


def test_replaced(tmp_path: Path) -> None:
    """With `replace`, the newer files stand there alone, and the others are kept where no class looks."""
    write(tmp_path, [imported(help="y = 1\n")], replace=False)
    assert write(tmp_path, [imported(text="x = 2\n"), imported("bea")], replace=True)[0] == ["replaced", "new"]
    found = held(tmp_path)
    assert found["ana/conv/conv.py"] == "x = 2\n" and "ana/conv/help.py" not in found
    (aside,) = (tmp_path / ".replaced").iterdir()
    assert held(aside) == {
        "ana/conv/conv.py": "x = 1\n",
        "ana/conv/help.py": "y = 1\n",
        "ana/conv/timestamp.txt": "2027-04-23 20:15:30.000000 UTC\n",
    }


def test_archive_of_the_student(tmp_path: Path) -> None:
    """An archive stands beside the topic's folder, and gives way to files with `replace`."""
    packed = ImportedFiles("ana", "conv", {("conv.zip",): Member(("w.zip",), 2, lambda: b"PK")}, TIME, False)
    write(tmp_path, [packed], replace=False)
    assert set(held(tmp_path)) == {"ana/conv.zip", "ana/conv/timestamp.txt"}
    with pytest.raises(UsageError, match="something else for ana/conv"):
        write(tmp_path, [imported()], replace=False)
    write(tmp_path, [imported()], replace=True)
    assert not (tmp_path / "ana" / "conv.zip").exists() and (tmp_path / "ana" / "conv" / "conv.py").is_file()


@pytest.mark.parametrize("link", ["ana", "ana/conv"])
def test_link_in_the_way(tmp_path: Path, link: str) -> None:
    """Nothing is written through a link that stands in the class's folder."""
    (tmp_path / "elsewhere").mkdir()
    place = tmp_path / "class" / link
    place.parent.mkdir(parents=True)
    place.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="is a link; nothing is written through it"):
        write(tmp_path / "class", [imported()], replace=True)
    assert held(tmp_path / "elsewhere") == {}


def damaged() -> bytes:
    """What reading a damaged member does."""
    raise DamagedError("conv.py is damaged")


def test_damaged_member(tmp_path: Path) -> None:
    """Where one file cannot be read, the reason stands in its place, and everything else is written."""
    bad = ImportedFiles("bea", "conv", {("conv", "conv.py"): Member(("conv.py",), 1, damaged)}, None, False, ("x is a link",))
    assert write(tmp_path, [imported(), bad], replace=False) == (["new", "new"], [(), ("x is a link", "conv.py is damaged")])
    found = held(tmp_path)
    assert found["bea/conv/not_imported.txt"] == "x is a link\nconv.py is damaged\n"
    assert "ana/conv/conv.py" in found


def test_folder_that_is_a_file(tmp_path: Path) -> None:
    """A file in the place of the class's folder is an error in words."""
    (tmp_path / "class").write_text("")
    with pytest.raises(UsageError, match="class cannot be written"):
        write(tmp_path / "class", [imported()], replace=False)


def test_modes_are_ordinary(tmp_path: Path) -> None:
    """What is written can be read as what is written by hand."""
    write(tmp_path, [imported()], replace=False)
    mask = os.umask(0)
    os.umask(mask)
    assert (tmp_path / "ana" / "conv" / "conv.py").stat().st_mode & 0o777 == 0o666 & ~mask
    assert (tmp_path / "ana" / "conv").stat().st_mode & 0o777 == 0o777 & ~mask
