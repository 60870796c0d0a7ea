"""Whose a file is, and for which assignment."""

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.submissions import files, listing
from grader.submissions.find_class import read_class

pytestmark = pytest.mark.slow

TOPICS = ["conv", "mlp"]


def found(folder: Path, *names: str, topics: list[str] = TOPICS, others: tuple[str, ...] = ()) -> tuple[set[str], list[str]]:
    """The places of what is found in a class of these files, and the notes."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x = 1\n")
    submitted, notes = read_class(folder, topics, others=others)
    return {f"{item.student}: {'/'.join(file.parts)}" for item in submitted for file in item.files}, notes


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("ana/conv/conv.py", "ana: conv/conv.py"),
        ("ana/Conv/Conv.py", "ana: conv/conv.py"),
        ("ana/conv (1)/conv (1).py", "ana: conv/conv.py"),
        ("ana/homework/conv/work/conv.py", "ana: conv/conv.py"),
        ("ana/conv.py", "ana: conv/conv.py"),
        ("ana/ana/conv-2.ipynb", "ana: conv/conv.ipynb"),
    ],
)
def test_clear(tmp_path: Path, name: str, place: str) -> None:
    """A place or a name that says it needs no word."""
    assert found(tmp_path, name) == ({place}, [])


@pytest.mark.parametrize("name", ["ana_conv.py", "conv-ana.py", "ana_conv (2).py"])
def test_beside_the_folders(tmp_path: Path, name: str) -> None:
    """A file beside the folders is the student's in its name, which is told."""
    assert found(tmp_path, name) == ({"ana: conv/conv.py"}, [f"{name} is taken for ana's conv"])


@pytest.mark.parametrize("name", ["eva.ipynb", "conv.py", "anaconv.py"])
def test_nobodys(tmp_path: Path, name: str) -> None:
    """What does not say whose it is, or for what, is named."""
    places, notes = found(tmp_path, name, "zoe/conv/conv.py")
    assert places == {"zoe: conv/conv.py"}
    assert notes == [f"{name}: whose it is, and for which assignment, is unknown; put it into <student>/<topic>/"]


def test_other_file_beside_the_folders(tmp_path: Path) -> None:
    """A file that is not code is named."""
    assert found(tmp_path, "notes.txt", "zoe/conv/conv.py")[1] == ["notes.txt is not a submission; left aside"]


def test_one_assignment(tmp_path: Path) -> None:
    """Where one assignment is graded, a lone file is for it, unless it is for another."""
    places, notes = found(tmp_path, "eva.py", "ana/work.py", "zoe/mlp.py", topics=["conv"], others=("mlp",))
    assert places == {"eva: conv/conv.py", "ana: conv/conv.py"}
    assert notes == ["eva.py is taken for eva's conv", "ana: work.py is taken for conv.py"]


def test_helpers_of_two_assignments(tmp_path: Path) -> None:
    """In a flat folder, what is beside the files of two assignments is both's."""
    assert found(tmp_path, "ana/conv.py", "ana/mlp.py", "ana/helper.py")[0] == {
        "ana: conv/conv.py",
        "ana: conv/helper.py",
        "ana: mlp/mlp.py",
        "ana: mlp/helper.py",
    }


def test_too_many_files(tmp_path: Path) -> None:
    """A student with more than 3,000 files is one row; the others are read."""
    (tmp_path / "eve" / "conv").mkdir(parents=True)
    for number in range(3001):
        (tmp_path / "eve" / "conv" / f"{number}.txt").touch()
    (tmp_path / "zoe" / "conv").mkdir(parents=True)
    (tmp_path / "zoe" / "conv" / "conv.py").write_text("x = 1\n")
    eve, zoe = read_class(tmp_path, ["conv"])[0]
    assert eve.read().problem == "eve has more than 3000 files; hand in only what belongs to the assignment"
    assert zoe.read().source is not None


def packed(path: Path, *names: str) -> Path:
    """An archive whose members are small modules of these names."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as file:
            for name in names:
                file.writestr(name, "x = 1\n")
        return path
    with tarfile.open(path, "w:gz") as tar:
        for name in names:
            info = tarfile.TarInfo(name)
            info.size = 6
            tar.addfile(info, io.BytesIO(b"x = 1\n"))
    return path


@pytest.mark.parametrize("around", ["", "class/"])
@pytest.mark.parametrize("name", ["class.zip", "class.tar.gz"])
def test_too_many_files_for_a_class(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, around: str, name: str) -> None:
    """Where one student's files are too many for an archive of the class, that student is one row; the others are read."""
    monkeypatch.setattr(listing, "MAX_CLASS_MEMBERS", 20)
    monkeypatch.setattr(listing, "MAX_MEMBERS", 10)
    places = ("ana.paz/conv/conv.py", "eve.b/conv/conv.py", "zoe/conv.py", *(f"eve.b/venv/{n}.py" for n in range(30)))
    archive = packed(tmp_path / name, *(around + place for place in places))
    ana, eve, zoe = read_class(archive, TOPICS[:1])[0]
    assert (eve.student, eve.read().problem) == (
        "eve.b",
        "eve.b has more than 10 files; hand in only what belongs to the assignment",
    )
    assert (ana.student, zoe.student) == ("ana.paz", "zoe") and ana.read().source and zoe.read().source


@pytest.mark.parametrize("name", ["class.zip", "class.tar.gz"])
def test_a_class_of_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A class has more files than one student may have, in every format."""
    monkeypatch.setattr(listing, "MAX_MEMBERS", 100)
    places = [f"s{student}/conv/{file}" for student in range(10) for file in ("conv.py", *(f"n{n}.txt" for n in range(14)))]
    assert listing.MAX_MEMBERS < len(places) < files.MAX_MEMBERS < listing.MAX_CLASS_MEMBERS
    found = read_class(packed(tmp_path / name, *places), TOPICS[:1])[0]
    assert len(found) == 10 and all(item.read().source for item in found)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("class.zip", "the zip file has 21 members; at most 20 are read"),
        ("class.tar.gz", "the archive has more than 20 members"),
    ],
)
def test_too_many_files_of_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, said: str) -> None:
    """Where nobody alone has too many, the archive is refused, and why is said."""
    monkeypatch.setattr(listing, "MAX_CLASS_MEMBERS", 20)
    archive = packed(tmp_path / name, *(f"student{number}/conv/conv.py" for number in range(21)))
    with pytest.raises(UsageError, match=said):
        read_class(archive, TOPICS)


def test_many_with_nothing_are_one_line(tmp_path: Path) -> None:
    """Where many hold nothing for any assignment, they are told together, and few one by one."""
    names = [f"s{number:03}/notes.txt" for number in range(700)]
    assert len(found(tmp_path / "few", "zoe/conv/conv.py", *names[:5])[1]) == 5
    assert found(tmp_path / "many", "zoe/conv/conv.py", *names)[1] == [
        "nothing for conv, mlp from 700 students: s000, s001, s002, s003, s004 and 695 more"
    ]


def test_who_handed_in_another_assignment_is_not_told(tmp_path: Path) -> None:
    """A class that is graded for one assignment says nothing of those who handed in only another."""
    names = [f"s{number}/mlp/mlp.py" for number in range(20)]
    assert found(tmp_path, "zoe/conv/conv.py", *names, topics=["conv"], others=("mlp",)) == ({"zoe: conv/conv.py"}, [])
