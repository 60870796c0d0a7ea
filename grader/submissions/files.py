"""The files of submissions, on disk or in a zip file: regular files of limited size, read on demand, never unpacked to disk.

What a student can do to a file (a link, a device, a zip bomb) raises `UnreadableError`, in words for the student. A failure of the machine
(no descriptors left, a broken disk) stays an `OSError`: it is not the student's fault.
"""

import io
import os
import stat
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from errno import EACCES, EINVAL, EISDIR, ELOOP, ENAMETOOLONG, ENOENT, ENXIO, EPERM
from functools import partial
from pathlib import Path
from typing import Literal, assert_never

import msgspec

from grader.sandbox.values import size_text
from grader.submissions.zip_members import ArchiveError, ZipMember, zip_members
from grader.text.language import gettext as _

MAX_FILE = 1 << 20
NOTEBOOK = ".ipynb"
MAX_NOTEBOOK = 100_000_000  # with its outputs; nbgrader collects no larger one
MAX_FILES = 30
MAX_ZIP = 20 << 20
MAX_MEMBERS = 100 * MAX_FILES
MAX_LISTING = 1 << 20  # bytes of a zip file's own list of members
_NOISE = ("__MACOSX", "__pycache__", ".DS_Store")


class UnreadableError(Exception):
    """A file of a submission cannot be read; the message (`text`, with `values` in its placeholders) is for the student."""

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text.format(**values) if values else text)


class File(msgspec.Struct, frozen=True):
    """A file of a submission by its place in the class, read on demand.

    Attributes:
        time: when it was written, if known; without an offset if a zip file holds clock time.
        kind: a loose file, a member of the class's archive, or of one that the student packed.
    """

    parts: tuple[str, ...]
    read: Callable[[], bytes]
    time: datetime | None = None
    kind: Literal["loose", "member", "packed"] = "loose"


# What a student can do to a file's own name: links, devices, no permission. Anything else is the machine's fault.
_STUDENTS_OWN = (ELOOP, ENXIO, EACCES, EPERM, ENOENT, EISDIR, ENAMETOOLONG, EINVAL)


def size_limit(name: str) -> int:
    """The largest size of a file of this name, in bytes."""
    return MAX_NOTEBOOK if name.lower().endswith(NOTEBOOK) else MAX_FILE


def read_plain(path: Path, limit: int | None = None) -> bytes:
    """The bytes of a regular file, at most `limit` (by default that of its name); a link in the last part of `path` is not followed."""
    limit = size_limit(path.name) if limit is None else limit
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        if error.errno not in _STUDENTS_OWN:
            raise
        raise UnreadableError(_("{name} cannot be opened: {reason}"), name=path.name, reason=error.strerror) from None
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableError(_("{name} is not a regular file"), name=path.name)
        if status.st_size > limit:
            text = _("{name} is {size}; at most {most} are read")
            raise UnreadableError(text, name=path.name, size=size_text(status.st_size), most=size_text(limit))
        return file.read(limit + 1)


def unreadable(parts: tuple[str, ...], problem: str | Exception) -> File:
    """A file that raises `problem` when it is read: text as an `UnreadableError`."""

    def read() -> bytes:
        raise UnreadableError(problem) if isinstance(problem, str) else problem

    return File(parts, read)


def zipped(read: Callable[[], bytes], prefix: tuple[str, ...], kind: Literal["member", "packed"] = "packed") -> Iterator[File]:
    """The members of a zip file, in memory. A bad archive is one unreadable file."""
    try:
        data = read()
    except (UnreadableError, OSError) as error:
        yield unreadable(prefix, error)  # raised again when it is this submission's turn
        return
    try:
        members = zip_members(io.BytesIO(data), MAX_MEMBERS, MAX_LISTING)
    except ArchiveError as error:
        yield unreadable(prefix, str(error))
        return
    except OSError as error:  # an offset outside of the bytes in memory
        yield unreadable(prefix, _("the zip file cannot be read: {error}").format(error=error))
        return
    seen: set[tuple[str, ...]] = set()
    for member in members:
        place = (*prefix, *member.parts)
        if any(part.startswith(_NOISE) for part in member.parts):
            continue
        match member.flaw:
            case "outside":
                text = _("the zip file has a member outside of it: {name}")
                yield unreadable(prefix, text.format(name=f"{member.name!r:.100}"))
            case "link":
                text = _("{name} is a link or a device in the zip file; hand in the file itself")
                yield unreadable(place, text.format(name=member.parts[-1]))
            case "" | "encrypted":  # reading it reports the latter
                if place in seen:
                    yield unreadable(place, _("the zip file has {name} twice").format(name=f"{member.name!r:.100}"))
                else:
                    seen.add(place)
                    yield File(place, partial(_read_member, member), member.time, kind)
            case _:
                assert_never(member.flaw)


def _read_member(member: ZipMember) -> bytes:
    name, most = f"{member.name!r:.100}", size_limit(member.name)
    try:
        data = member.read(most + 1)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError) as error:
        raise UnreadableError(_("{name} in the zip file cannot be read: {error}"), name=name, error=error) from None
    except Exception as error:  # zlib.error has no common base
        raise UnreadableError(_("{name} in the zip file is damaged: {error}"), name=name, error=error) from None
    if len(data) > most:
        raise UnreadableError(_("{name} unpacks to more than {most}"), name=name, most=size_text(most))
    return data
