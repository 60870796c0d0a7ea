"""Files are written whole, or not at all."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from classroom import environment

from grader.text import atomic


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file that is there already, the only one in its folder."""
    path = tmp_path / "file"
    path.write_text("before")
    return path


def mode(path: Path) -> int:
    """The permissions of a file."""
    return path.stat().st_mode & 0o777


@pytest.mark.parametrize("content", ["ñ\n", "ñ\n".encode()], ids=["text", "bytes"])
def test_new_content_alone_is_there(file: Path, content: str | bytes) -> None:
    """What was written is there, text as UTF-8 without another newline, and no draft beside it."""
    atomic.write(file, content)
    assert file.read_bytes() == "ñ\n".encode()
    assert list(file.parent.iterdir()) == [file]


def test_folders_are_made(tmp_path: Path) -> None:
    """A file in a folder that is not there yet is written all the same."""
    atomic.write(tmp_path / "a" / "b" / "file", "x")
    assert (tmp_path / "a" / "b" / "file").read_text() == "x"


@pytest.mark.parametrize("umask", [0o022, 0o077])
def test_new_file_has_the_usual_permissions(tmp_path: Path, umask: int) -> None:
    """Without a mode, the process's mask decides."""
    code = f"import os, pathlib, grader.text.atomic; os.umask({umask}); grader.text.atomic.write(pathlib.Path('file'), 'x')"
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment(), check=True)
    assert mode(tmp_path / "file") == 0o666 & ~umask


def test_permissions_stay(file: Path) -> None:
    """A file that takes the place of another one has the permissions of that."""
    file.chmod(0o640)
    atomic.write(file, "after")
    assert (mode(file), file.read_text()) == (0o640, "after")


def test_mode_is_taken(file: Path) -> None:
    """A mode that is given counts, whatever was there before."""
    file.chmod(0o644)
    atomic.write(file, "after", mode=0o600)
    assert mode(file) == 0o600


def test_link_is_followed(file: Path) -> None:
    """A link stays one, and what it leads to is written."""
    link = file.with_name("link")
    link.symlink_to(file)
    atomic.write(link, "after")
    assert link.is_symlink() and file.read_text() == "after"


def test_pipe_is_written_to(tmp_path: Path) -> None:
    """What is not a file gets the content, and stays what it is."""
    reading, writing = os.pipe()
    atomic.write(Path(f"/dev/fd/{writing}"), "through")
    os.close(writing)
    with os.fdopen(reading) as file:
        assert file.read() == "through"


def test_name_as_long_as_can_be(tmp_path: Path) -> None:
    """The draft's name is no reason to refuse a file's."""
    atomic.write(tmp_path / ("x" * 255), "x")
    assert [path.name for path in tmp_path.iterdir()] == ["x" * 255]


def test_full_disk_is_named() -> None:
    """The error names the file, which an open file has not: a person reads where there is no room."""
    with pytest.raises(OSError, match="No space left on device") as failed:
        atomic.write(Path("/dev/full"), "x")
    assert failed.value.filename == "/dev/full"


@pytest.mark.parametrize("exclusive", [False, True])
def test_full_disk_leaves_what_was_there(file: Path, exclusive: bool) -> None:
    """When there is no room, the file is as it was, and nothing is left beside it."""
    name = "new" if exclusive else "file"
    code = f"import pathlib, grader.text.atomic as a; a.write(pathlib.Path('{name}'), 'x' * 100_000, exclusive={exclusive})"
    done = subprocess.run(
        [sys.executable, "-B", "-c", code],
        cwd=file.parent,
        env=environment(),
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000)),
    )
    assert done.returncode == 1 and "File too large" in done.stderr
    assert (file.read_text(), list(file.parent.iterdir())) == ("before", [file])


@pytest.mark.parametrize("dangling", [False, True], ids=["file", "link to nothing"])
def test_exclusive_replaces_nothing(file: Path, dangling: bool) -> None:
    """Where something is, nothing is written, and nothing is left beside it."""
    place = file.with_name("link") if dangling else file
    if dangling:
        place.symlink_to(file.with_name("nothing"))
    before = sorted(file.parent.iterdir())
    with pytest.raises(FileExistsError):
        atomic.write(place, "after", exclusive=True)
    assert (file.read_text(), sorted(file.parent.iterdir())) == ("before", before)


def test_exclusive_has_its_mode(tmp_path: Path) -> None:
    """A new file has the mode that was asked for."""
    atomic.write(tmp_path / "secret", "s", mode=0o600, exclusive=True)
    assert (mode(tmp_path / "secret"), (tmp_path / "secret").read_text()) == (0o600, "s")
