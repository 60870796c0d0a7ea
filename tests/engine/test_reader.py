"""What a submission does to the process that reads it is that submission's: the others are read, and the supervisor stays small."""

import io
import signal
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.engine import reader as reader_module
from grader.engine import reading_forks
from grader.engine.opened_files import OpenedFiles
from grader.engine.reader import LockedReader
from grader.engine.reading_forks import ReadingProcess
from grader.errors import SandboxError
from grader.submissions.files import File, Held, MachineFault, OnDisk, Unreadable, UnreadableError
from grader.submissions.find_class import read_class
from grader.submissions.listing import Archive
from grader.submissions.notebook.scaffold import Scaffold
from grader.submissions.read import SubmittedFiles, read_here
from grader.submissions.submission import Reading

NOTEBOOK = b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "x = 1", "metadata": {"nbgrader": {"grade_id": "f"}}}]%s}'


@pytest.fixture(scope="module")
def reader() -> Iterator[LockedReader]:
    """A reader that serves all tests, so that one of them cannot spoil it for the next."""
    opened = LockedReader(weak=True)
    yield opened
    opened.close()


def handed(reader: LockedReader, data: bytes, name: str = "x.py", scaffold: Scaffold | None = None) -> SubmittedFiles:
    """A submission of one file."""
    return SubmittedFiles("ana", "x", (File(("x", name), Held(data)),), scaffold, reader)


def zip_of(**members: str) -> bytes:
    """A zip file."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return data.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.py", b"x = 1\n"),
        ("x.py", "# -*- coding: latin-1 -*-\nx = 'é'\n".encode("latin-1")),
        ("x.py", b"\xff\xfe"),
        ("x.py", b"a\0b"),
        ("y.py", b"x = 1\n"),
        ("x.ipynb", NOTEBOOK % b""),
        ("x.ipynb", NOTEBOOK % b', "more": NaN'),
        ("x.ipynb", b"[1"),
    ],
)
def test_same_as_read_here(reader: LockedReader, name: str, data: bytes) -> None:
    """Another process changes nothing of what is read."""
    item = handed(reader, data, name, Scaffold("", ("f",)))
    assert reader.read(item, cells=True) == read_here(item)


def test_zip_files_are_listed_and_read(reader: LockedReader, tmp_path: Path) -> None:
    """A class with zip files is the same from both readers, but for who reads it."""
    for number in range(70):  # more than one process lists
        (tmp_path / f"s{number}.zip").write_bytes(zip_of(**{"x/x.py": f"x = {number}", f"s{number}/notes.txt": "text"}))
    (tmp_path / "bad.zip").write_bytes(b"PK\3\4 no archive")
    here, _notes = read_class(tmp_path, ["x"])
    there, _notes = read_class(tmp_path, ["x"], None, reader)
    assert [item.files for item in here] == [item.files for item in there] and len(there) == 71
    assert [item.read() for item in here] == [item.read() for item in there]


def test_bytes_of_a_member(reader: LockedReader, tmp_path: Path) -> None:
    """Single files are unpacked there too."""
    (tmp_path / "a.zip").write_bytes(zip_of(data="1 2 3"))
    ((file,),) = reader.listed([Archive(OnDisk(str(tmp_path / "a.zip")), ())])
    assert reader.contents(file) == b"1 2 3"
    with pytest.raises(UnreadableError, match="no"):
        reader.contents(File((), Unreadable("no")))


def test_file_that_the_machine_cannot_open(reader: LockedReader) -> None:
    """A full table of open files is not a student's fault."""
    item = SubmittedFiles("ana", "x", (File(("x", "x.py"), MachineFault(24, "Too many open files")),), None, reader)
    with pytest.raises(OSError, match="Too many open files"):
        item.read()


def test_too_much_memory_is_the_submissions(reader: LockedReader, monkeypatch: pytest.MonkeyPatch) -> None:
    """A notebook that needs more memory than there is for reading gets a row with what to do."""
    monkeypatch.setattr(reading_forks, "MEMORY", 64 << 20)
    item = handed(reader, NOTEBOOK % (b', "a": NaN, "b": [' + b"[], " * 2_000_000 + b"0]"), "x.ipynb", Scaffold("", ()))
    assert item.read().problem == "x.ipynb cannot be read: it takes too much memory to read; save it again without outputs"
    assert handed(reader, b"x = 1").read().source


def test_too_much_time_is_the_submissions(reader: LockedReader, monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes long to read is ended by the kernel's clock of CPU time, and the next one is read."""
    monkeypatch.setattr(reading_forks, "SECONDS", 1)
    item = handed(reader, NOTEBOOK % (b', "a": NaN, "b": [' + b"[[],1.5]," * 9_000_000 + b"0]"), "x.ipynb", Scaffold("", ()))
    assert "it took more than 1 s to read; save it again without outputs" in item.read().problem
    assert handed(reader, b"x = 1").read().source


def test_answer_larger_than_any_source_is_refused(reader: LockedReader, monkeypatch: pytest.MonkeyPatch) -> None:
    """The supervisor reads no more than a submission's source takes."""
    monkeypatch.setitem(reader_module.LARGEST, "read", 1000)
    assert "it has too much in it" in handed(reader, b"x = 1\n" * 1000).read().problem


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT])
def test_crash_is_the_submissions(reader: LockedReader, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """A reader that crashes on a file makes it a file that cannot be read."""
    assert (
        _ended_by(reader, monkeypatch, [number]).submission.problem == "x.py cannot be read: it broke the program that reads it"
    )


def test_one_that_something_else_ended_is_read_again(reader: LockedReader, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the machine kills the process, a second one reads the file; a second kill is the grader's fault."""
    assert _ended_by(reader, monkeypatch, [signal.SIGKILL]).submission.source
    with pytest.raises(SandboxError, match="ended from outside"):
        _ended_by(reader, monkeypatch, [signal.SIGKILL] * 2)
    assert handed(reader, b"x = 1").read().source


def _ended_by(reader: LockedReader, monkeypatch: pytest.MonkeyPatch, numbers: list[int]) -> Reading:
    """A small submission, while the first processes that read it are ended by signals before they are asked."""
    with monkeypatch.context() as patch:
        left, sending = list(numbers), ReadingProcess.send

        def send(process: ReadingProcess, body: bytes) -> None:
            if left:
                assert not process.receive(0)
                process._locked = True
                signal.pidfd_send_signal(process._pidfd, left.pop(0))
                process.receive(0)
            sending(process, body)

        patch.setattr(ReadingProcess, "send", send)
        return reader.read(handed(reader, b"x = 1"))


def test_process_sees_no_other_file(reader: LockedReader, tmp_path: Path) -> None:
    """A path in a request leads nowhere: only descriptors do."""
    secret = tmp_path / "secret.py"
    secret.write_text("x = 1")
    file = File(("x", "x.py"), OnDisk(str(secret)))
    with OpenedFiles() as opened:
        from grader.submissions.reading_process import Failed, Read, WasRead

        (answer,), _ended = reader._ask(Read("x", (file,), None, False), opened, WasRead | Failed)
    assert "secret.py cannot be opened" in answer.problem


@pytest.mark.parametrize("coding", ["cp1250", "koi8-r", "utf-7"])
def test_another_encoding_is_read_where_everything_is_imported(reader: LockedReader, tmp_path: Path, coding: str) -> None:
    """The process that is asked first has none of them, and has read from the same open file."""
    (tmp_path / "x.py").write_bytes(f"# coding: {coding}\nx = 1\n".encode("ascii"))
    item = SubmittedFiles("ana", "x", (File(("x", "x.py"), OnDisk(str(tmp_path / "x.py"))),), None, reader)
    assert reader.read(item) == read_here(item)


def test_python_and_notebooks_need_no_second_zygote() -> None:
    """Names and escapes of Unicode included."""
    opened = LockedReader(weak=True)
    try:
        text = "π = '\\N{GREEK SMALL LETTER PI}'\nﬁ = f'{π!r:>10}'\n"
        items = [handed(opened, text.encode()), handed(opened, NOTEBOOK % b', "more": NaN', "x.ipynb", Scaffold("", ("f",)))]
        assert [item.read().problem for item in items] == ["", ""]
        opened.tokens(text)
        assert opened._whole is None
    finally:
        opened.close()
