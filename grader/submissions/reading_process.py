"""The process that reads what students handed in: it can do nothing else, and its memory holds nothing but one submission.

    supervisor (`engine.reader`)                    a locked-down fork of a zygote that imported only the readers
        │ ◄─────────────── an empty frame ── │      it is locked down
        │ ── Read | List | Fetch | Cut ────► │      the files are open descriptors, from `FIRST_GIVEN` on
        │ ◄────── one answer, or several ─── │      typed, and of limited size

A parser that crashes, loops or eats memory ends this process, and the submission becomes one that cannot be read.

The zygote's modules are all that there is, and to import what every submission might need takes longer than to read most of them. So there
are two: one has what Python files and notebooks need, and answers `More` where a submission needs an archive's reader or another encoding;
the other has everything.
"""

import contextlib
import encodings
import importlib
import os
import pkgutil
import sys
import unicodedata  # noqa: F401 - the compiler would import it, and hide that it could not
from collections.abc import Iterator, Sequence
from errno import EIO
from typing import Any

import msgspec

from grader.sandbox.backend import Source
from grader.sandbox.limits import HEADER
from grader.submissions import seven_zip
from grader.submissions.files import File, Held, UnreadableError
from grader.submissions.listing import Archive, listed
from grader.submissions.notebook.ipynb import Notebook
from grader.submissions.notebook.scaffold import Scaffold
from grader.submissions.notebook.source import Note
from grader.submissions.pieces import Piece
from grader.submissions.read import SubmittedFiles, read_here
from grader.submissions.tokens import Token, tokens_of
from grader.text.language import ask
from grader.text.language import gettext as _

_CHUNK = 1 << 20
_SMALL = b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": ["x = 1"], "metadata": {}, "outputs": [], "execution_count": null}]}'
EVERYTHING = "everything"  # as an argument of `prepare`
_OFTEN = ("ascii", "latin_1", "cp1252", "utf_8_sig", "utf_16", "utf_16_le", "utf_16_be")  # encodings
_LATER = (  # else imported on first use
    "json zipfile tarfile gzip bz2 lzma zlib "
    "grader.submissions.tar_members grader.submissions.written_time grader.submissions.zip_members"
)


class Read(msgspec.Struct, frozen=True, tag="read"):
    """Read a submission. `cells`: whether the cells of its notebook are wanted too."""

    assignment: str
    files: tuple[File, ...]
    scaffold: Scaffold | None
    cells: bool


class List(msgspec.Struct, frozen=True, tag="list"):
    """List the members of archives: an answer for each."""

    archives: tuple[Archive, ...]


class Fetch(msgspec.Struct, frozen=True, tag="fetch"):
    """The bytes of a file."""

    file: File


class Cut(msgspec.Struct, frozen=True, tag="cut"):
    """Cut a text into tokens."""

    source: str


class WasRead(msgspec.Struct, frozen=True, tag="read"):
    """The answer to `Read`: see `read.Submission` and `read.Reading`."""

    source: Source | None
    problem: str
    is_notebook: bool
    notes: tuple[Note, ...]
    notebook: Notebook | None
    file: str
    choice: str
    pieces: dict[str, Piece]
    changed: tuple[str, ...] = ()


class Listed(msgspec.Struct, frozen=True, tag="listed"):
    """The answer to `List`, for one archive."""

    files: list[File]


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """In place of another answer: the machine's fault, or (without a number) what is wrong with the file."""

    reason: str
    errno: int = 0


class Fetched(msgspec.Struct, frozen=True, tag="fetched"):
    """The answer to `Fetch`."""

    data: bytes


class More(msgspec.Struct, frozen=True, tag="more"):
    """In place of an answer: a process with everything imported should be asked."""


class Tokens(msgspec.Struct, frozen=True, tag="tokens"):
    """The answer to `Cut`: see `tokens.tokens_of`."""

    parts: list[list[Token]]


Request = Read | List | Fetch | Cut
Answer = WasRead | Listed | Fetched | Tokens | Failed | More

encode = msgspec.msgpack.Encoder().encode
_decode_request = msgspec.msgpack.Decoder(Request).decode
_is_whole = True  # the zygote has imported everything


class _NotImportedError(BaseException):
    """A module is needed that the zygote has not imported; nothing on the way may take it for a missing one."""


class _Nowhere:
    """Finds no module, and says so, in front of those that look for files that cannot be read here."""

    def find_spec(self, _name: str, _path: object = None, _target: object = None) -> None:
        """Raise."""
        raise _NotImportedError


def prepare(_everything: bool, arguments: list[str]) -> None:
    """In the zygote: learn the language of messages, and import and read what the readers would on first use."""
    global _is_whole
    ask(arguments[0])
    _is_whole = EVERYTHING in arguments[1:]
    read_here(SubmittedFiles("", "x", (File(("x", "x.ipynb"), Held(_SMALL)),), Scaffold("", ())))
    for name in _OFTEN:
        importlib.import_module(f"encodings.{name}")
    if not _is_whole:
        return
    seven_zip.load()
    for name in _LATER.split():
        importlib.import_module(name)
    for module in pkgutil.iter_modules(encodings.__path__):
        with contextlib.suppress(ImportError):  # of another system
            importlib.import_module(f"encodings.{module.name}")


def serve(source: int, sink: int, _given: Sequence[int]) -> None:
    """Answer one request from descriptor `source` on descriptor `sink`; the request says which of the given files it means."""
    if not _is_whole:
        sys.meta_path.insert(0, _Nowhere())
    _write(sink, HEADER.pack(0))
    (size,) = HEADER.unpack(_read(source, HEADER.size))
    request: Request = _decode_request(_read(source, size))
    for body in _bodies(request):
        _write(sink, HEADER.pack(len(body)))
        _write(sink, body)


def _bodies(request: Request) -> Iterator[bytes]:
    try:
        for answer in _answers(request):
            yield encode(answer)
    except _NotImportedError:
        yield encode(More())
    except UnreadableError as error:
        yield encode(Failed(str(error)))
    except OSError as error:
        yield encode(Failed(error.strerror or str(error), error.errno or EIO))
    except MemoryError:
        yield encode(Failed(_("it takes too much memory to read; save it again without outputs")))
    except Exception as error:
        yield encode(Failed(_("it broke the program that reads it ({name})").format(name=type(error).__name__)))


def _answers(request: Request) -> Iterator[Answer]:
    match request:
        case Read():
            yield _was_read(request)
        case List():
            for archive in request.archives:
                yield Listed(listed(archive))
        case Fetch():
            yield Fetched(request.file.read())
        case Cut():
            yield Tokens(tokens_of(request.source))


def _was_read(request: Read) -> WasRead:
    reading = read_here(SubmittedFiles("", request.assignment, request.files, request.scaffold))
    found = reading.submission
    cells = reading.notebook if request.cells else None
    told = found.problem, found.is_notebook, found.notes, cells, found.file, found.choice, dict(found.pieces), found.changed
    return WasRead(found.source, *told)


def _read(descriptor: int, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        part = os.read(descriptor, min(size - len(data), _CHUNK))
        if not part:
            raise EOFError
        data += part
    return bytes(data)


def _write(descriptor: int, data: Any) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
