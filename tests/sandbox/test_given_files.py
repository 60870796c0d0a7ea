"""Files that a course gives can be read by their names in every kind of child, in all the usual ways, and cannot be written."""

import builtins
import io
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from students import LIMITS, call, value

from grader.sandbox.backend import Backend, Session, Source
from grader.sandbox.given_files import present
from grader.sandbox.linux.backend import LinuxBackend
from grader.sandbox.outcome import Outcome, Raised
from grader.sandbox.subprocess.backend import SubprocessBackend

pytestmark = pytest.mark.slow

PACKED = io.BytesIO()
np.savez(PACKED, w=np.arange(3.0))
ONE = io.BytesIO()
np.save(ONE, np.arange(4.0))
FILES = {
    "points.csv": b"1,2\n3,4\n",
    "w.npz": PACKED.getvalue(),
    "one.npy": ONE.getvalue(),
    "raw.bin": np.arange(5.0).tobytes(),
    "texts/a.txt": "größer\n".encode(),
    "texts/b.txt": b"b\n",
}
HEAD = "import csv, glob, json, os\nimport numpy as np\nfrom pathlib import Path\n\n"


@pytest.fixture(scope="module", params=["landlock", "closed-fs", "subprocess"])
def backend(request: pytest.FixtureRequest) -> Iterator[Backend]:
    """Every kind of child."""
    with SubprocessBackend() if request.param == "subprocess" else LinuxBackend(request.param) as found:
        yield found


def outcome(backend: Backend, body: str, data: dict[str, bytes] = FILES) -> Outcome:
    """What comes of a function of this body."""
    session = backend.open(Source("work", {"work": f"{HEAD}def f():\n    {body}\n"}, data=data), LIMITS)
    try:
        return call(session, "f")
    finally:
        session.close()


WAYS = {
    "open": ("return open('points.csv').read()", "1,2\n3,4\n"),
    "with open": ("with open('points.csv', encoding='utf-8') as file: return [line.strip() for line in file]", ["1,2", "3,4"]),
    "bytes": ("return len(open('points.csv', 'rb').read())", 8),
    "csv": ("return list(csv.reader(open('points.csv', newline='')))", [["1", "2"], ["3", "4"]]),
    "loadtxt": ("return np.loadtxt('points.csv', delimiter=',').tolist()", [[1.0, 2.0], [3.0, 4.0]]),
    "genfromtxt": ("return np.genfromtxt('points.csv', delimiter=',').tolist()", [[1.0, 2.0], [3.0, 4.0]]),
    "load npz": ("return np.load('w.npz')['w'].tolist()", [0.0, 1.0, 2.0]),
    "load npy": ("return np.load('one.npy').tolist()", [0.0, 1.0, 2.0, 3.0]),
    "fromfile": ("return np.fromfile('raw.bin', count=2).tolist()", [0.0, 1.0]),
    "pathlib": ("return Path('texts/a.txt').read_text(encoding='utf-8')", "größer\n"),
    "pathlib bytes": ("return len(Path('texts', 'b.txt').read_bytes())", 2),
    "pathlib open": ("return Path('texts/b.txt').open().readline()", "b\n"),
    "beside the file": ("return (Path(__file__).parent / 'points.csv').read_text()[:3]", "1,2"),
    "by the folder's name": (
        "return open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'points.csv')).read()[:3]",
        "1,2",
    ),
    "dots": ("return open('./texts/../points.csv').read()[:3]", "1,2"),
    "exists": ("return os.path.exists('points.csv'), Path('texts').is_dir(), os.path.isfile('texts')", (True, True, False)),
    "size": ("return os.path.getsize('points.csv')", 8),
    "listdir": ("return os.listdir('texts')", ["a.txt", "b.txt"]),
    "glob": ("return sorted(glob.glob('texts/*.txt'))", ["texts/a.txt", "texts/b.txt"]),
    "path glob": ("return sorted(map(str, Path('texts').glob('*.txt')))", ["texts/a.txt", "texts/b.txt"]),
    "walk": ("return [names for _, _, names in os.walk('texts')]", [["a.txt", "b.txt"]]),
}

WRITING = (
    "open('points.csv', 'w')",
    "open('points.csv', 'a')",
    "open('points.csv', 'r+')",
    "Path('points.csv').write_text('x')",
    "np.savetxt('points.csv', np.ones(2))",
)


@pytest.fixture(scope="module")
def reader(backend: Backend) -> Iterator[Session]:
    """A child that reads and tries to write in all of these ways, one after the other."""
    functions = "".join(f"def way_{number}():\n    {body}\n" for number, (body, _) in enumerate(WAYS.values()))
    functions += "".join(f"def write_{number}():\n    {body}\n" for number, body in enumerate(WRITING))
    opened = backend.open(Source("work", {"work": HEAD + functions}, data=FILES), LIMITS)
    yield opened
    opened.close()


@pytest.mark.parametrize("way", WAYS)
def test_a_given_file_can_be_read(reader: Session, way: str) -> None:
    """Everything that reads a file by its name reads it."""
    number = [*WAYS].index(way)
    assert value(call(reader, f"way_{number}", seq=number)) == WAYS[way][1]


@pytest.mark.parametrize("number", range(len(WRITING)), ids=WRITING)
def test_a_given_file_cannot_be_written(reader: Session, number: int) -> None:
    """Writing to it is refused, with a reason."""
    found = call(reader, f"write_{number}", seq=len(WAYS) + number)
    assert isinstance(found, Raised) and found.name == "PermissionError"
    assert "it is given by the course, and cannot be written" in found.message


def test_each_child_has_them_anew(backend: Backend) -> None:
    """What a child's code does to its own copy is not seen by the next."""
    outcome(backend, "from grader.sandbox import given_files; given_files._child.clear()")
    assert value(outcome(backend, WAYS["open"][0])) == "1,2\n3,4\n"


@pytest.mark.parametrize("mode", ["landlock", "closed-fs"])
def test_other_files_stay_closed(mode: str) -> None:
    """No file of the machine can be read because some are given."""
    with LinuxBackend(mode) as backend:
        for path in ("/etc/passwd", "../etc/passwd", "texts/../../etc/passwd"):
            found = outcome(backend, f"open({path!r})")
            assert isinstance(found, Raised) and "OSError" in found.bases


def test_without_given_files_nothing_is_replaced(backend: Backend) -> None:
    """A course that gives nothing leaves Python's functions alone."""
    assert value(outcome(backend, "return open.__module__", data={})) in ("io", "_io")


def test_present_for_one_thread_and_time() -> None:
    """In the trusted process they are there as long as the course's own code runs."""
    with present(FILES):
        assert Path("texts/b.txt").read_text() == "b\n"
        with present({"points.csv": b"other"}):
            assert Path("points.csv").read_text() == "other"
        assert Path("points.csv").read_text() == "1,2\n3,4\n"
    assert not Path("points.csv").exists()


def test_pythons_own_functions_are_back_afterwards(tmp_path: Path) -> None:
    """In the trusted process: links of submissions are links again, and while a course's file is present, too."""
    usual = (builtins.open, os.stat, os.lstat, os.listdir, os.scandir, np.fromfile)
    (tmp_path / "link").symlink_to(tmp_path)
    with present({"points.csv": b"1,2"}):
        assert (tmp_path / "link").is_symlink()
        with present({"points.csv": b"3,4"}):
            assert np.loadtxt("points.csv", delimiter=",").tolist() == [3, 4]
        assert np.loadtxt("points.csv", delimiter=",").tolist() == [1, 2]
    assert (builtins.open, os.stat, os.lstat, os.listdir, os.scandir, np.fromfile) == usual
    with pytest.raises(FileNotFoundError):
        np.loadtxt("points.csv")
