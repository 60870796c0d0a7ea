"""A hash of a submission's files: it changes with whatever reading them depends on, and an unchanged class is not read again."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from classroom import copy_course, honest, submitted_at
from msgspec.structs import replace

from grader.cli import grade
from grader.engine.reader import LockedReader
from grader.submissions.files import File, MachineFault, Unreadable
from grader.submissions.files_hash import files_hash
from grader.submissions.find_class import read_class
from grader.submissions.notebook.scaffold import Scaffold
from grader.submissions.read import SubmittedFiles
from grader.submissions.submission import Reading
from grader.text.language import speaking

pytestmark = pytest.mark.slow

GIVEN = Scaffold("import numpy as np\n", ("scale",))


def submission(folder: Path) -> SubmittedFiles:
    """The only submission of a class."""
    (found,), _notes = read_class(folder, ["vectors"], {"vectors": GIVEN})
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A class of one, who hands in a module and a helper."""
    (submitted_at(tmp_path, "ana", text="x = 1\n").parent / "helper.py").write_text("y = 2\n")
    return tmp_path


CHANGES: dict[str, Callable[[Path], object]] = {
    "a byte of the module": lambda ana: (ana / "vectors" / "vectors.py").write_text("x = 3\n"),
    "a byte of a helper": lambda ana: (ana / "vectors" / "helper.py").write_text("y = 3\n"),
    "another name": lambda ana: (ana / "vectors" / "helper.py").rename(ana / "vectors" / "helpers.py"),
    "one file less": lambda ana: (ana / "vectors" / "helper.py").unlink(),
    "a notebook beside it": lambda ana: (ana / "vectors" / "vectors.ipynb").write_text("{}"),
    "too large to be read": lambda ana: (ana / "vectors" / "helper.py").write_bytes(b"#" * (1 << 21)),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_files(folder: Path, change: Callable[[Path], object]) -> None:
    """The same files have the same hash, others another one."""
    before = files_hash(submission(folder))
    assert files_hash(submission(folder)) == before
    change(folder / "ana")
    assert files_hash(submission(folder)) != before


def test_what_the_course_gives(folder: Path) -> None:
    """Another scaffold reads a notebook otherwise."""
    item = submission(folder)
    assert files_hash(replace(item, scaffold=replace(GIVEN, names=("shift",)))) != files_hash(item)


def test_who_reads_it(folder: Path) -> None:
    """Whether a person reads what was written changes nothing of the text."""
    item = submission(folder)
    assert files_hash(replace(item, scaffold=replace(GIVEN, is_read=False))) == files_hash(item)


def test_language(folder: Path) -> None:
    """The problems that are found are in a language."""
    item = submission(folder)
    before = files_hash(item)
    with speaking("es"):
        assert files_hash(item) != before


def test_archive(tmp_path: Path) -> None:
    """A member has the hash of its archive's bytes, whatever is in them."""
    found = []
    for text in ("x = 1\n", "x = 1\n", "x = 2\n"):
        (tmp_path / "ana").mkdir(exist_ok=True)
        with zipfile.ZipFile(tmp_path / "ana" / "vectors.zip", "w") as archive:
            archive.writestr(zipfile.ZipInfo("vectors.py"), text)
        found.append(files_hash(submission(tmp_path)))
    assert found[0] == found[1] != found[2]


def test_archive_of_a_class_is_hashed_once(tmp_path: Path) -> None:
    """Its hash is taken from what is known, whoever of the class is asked about."""
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        for student in ("ana", "bea"):
            archive.writestr(f"{student}/vectors/vectors.py", "x = 1\n")
    submitted, _notes = read_class(tmp_path / "class.zip", ["vectors"], {"vectors": GIVEN})
    known: dict[str, str] = {}
    ana, bea = (files_hash(item, known) for item in submitted)
    assert [*known] == [str(tmp_path / "class.zip")]
    (tmp_path / "class.zip").unlink()
    assert [files_hash(item, known) for item in submitted] == [ana, bea]
    assert ana != bea


def test_what_cannot_be_opened(folder: Path) -> None:
    """A student's own doing is a part of the hash; a failure of the machine has none."""
    item = submission(folder)
    hashes = {files_hash(replace(item, files=(File((), Unreadable(why)),))) for why in ("a link", "a device")}
    assert len(hashes) == 2
    with pytest.raises(OSError, match="no descriptors"):
        files_hash(replace(item, files=(File((), MachineFault(24, "no descriptors")),)))


def test_a_class_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A second run with nothing to do reads nobody, and one after a change reads the one who changed."""
    course, class_, out = copy_course(tmp_path / "course"), honest(tmp_path / "class", "ana", "bea", "caro"), tmp_path / "out"
    read: list[str] = []
    original = LockedReader.read

    def reading(reader: LockedReader, item: SubmittedFiles, *, cells: bool = False) -> Reading:
        read.append(f"{item.student} {item.assignment}")
        return original(reader, item, cells=cells)

    monkeypatch.setattr(LockedReader, "read", reading)

    def graded() -> set[str]:
        read.clear()
        grade.command(class_, course=course, out=out)
        return set(read)

    assert len(graded()) == 6
    assert graded() == set()
    assert grade.command(class_, course=course, out=out, cluster="tcp://127.0.0.1:9") == 0  # nobody is there, and nobody is asked
    submitted_at(class_, "bea", text="def scale(x, factor=1):\n    return x\n")
    assert graded() == {"bea vectors"}
    assert graded() == set()
    capsys.readouterr()
