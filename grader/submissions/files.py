"""The files of submissions, on disk or in a zip file: regular ones, of limited size, read when they are wanted, never unpacked.

What a student can do to a file (a link, a device, a zip bomb) raises `UnreadableError`, in words for the student. What the machine does
(no descriptors left, a broken disk) stays an `OSError`: it is no student's fault.
"""

import errno
import io
import os
import stat
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Literal

import msgspec

from grader.sandbox.values import size_text
from grader.text.language import gettext as _

MAX_FILE = 1 << 20
NOTEBOOK = ".ipynb"
MAX_NOTEBOOK = 100_000_000  # a notebook has its outputs in it; what nbgrader collects at most
MAX_FILES = 30
MAX_ZIP = 20 << 20
MAX_LISTING = 1 << 20  # bytes of a zip file's own list of members


class UnreadableError(Exception):
    """A file of a submission that is not read; the message is for the student."""


class File(msgspec.Struct, frozen=True):
    """A file of a submission by its place in the class, read only when it is wanted.

    Attributes:
        time: when it was written, as far as that is known; without an offset where a zip file holds clock time.
        kind: a loose file, a member of the class's archive, or of one that the student packed.
    """

    parts: tuple[str, ...]
    read: Callable[[], bytes]
    time: datetime | None = None
    kind: Literal["loose", "member", "packed"] = "loose"


# What a student can do to a file's own name: links, devices, no permission. Anything else is the machine's fault.
_STUDENTS_OWN = (
    errno.ELOOP,
    errno.ENXIO,
    errno.EACCES,
    errno.EPERM,
    errno.ENOENT,
    errno.EISDIR,
    errno.ENAMETOOLONG,
    errno.EINVAL,
)


def size_limit(name: str) -> int:
    """How many bytes of a file of this name are read."""
    return MAX_NOTEBOOK if name.lower().endswith(NOTEBOOK) else MAX_FILE


def read_plain(path: Path, limit: int | None = None) -> bytes:
    """The bytes of a regular file, without following a link in its last part, at most `limit` (by default that of its name)."""
    limit = size_limit(path.name) if limit is None else limit
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        if error.errno not in _STUDENTS_OWN:
            raise  # the machine's fault, not the student's
        raise UnreadableError(_("{name} cannot be opened: {reason}").format(name=path.name, reason=error.strerror)) from None
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableError(_("{name} is no regular file").format(name=path.name))
        if status.st_size > limit:
            text = _("{name} is {size}; at most {most} are read")
            raise UnreadableError(text.format(name=path.name, size=size_text(status.st_size), most=size_text(limit)))
        return file.read(limit + 1)


def unreadable(parts: tuple[str, ...], problem: str) -> File:
    """A file that says, when it is read, why it cannot be."""
    return _failing(parts, UnreadableError(problem))


def _failing(parts: tuple[str, ...], error: Exception) -> File:
    def read() -> bytes:
        raise error

    return File(parts, read)


def zipped(read: Callable[[], bytes], prefix: tuple[str, ...], kind: Literal["member", "packed"] = "packed") -> Iterator[File]:
    """The members of a zip file, in memory: nothing is unpacked to disk. A bad archive is one unreadable file."""
    try:
        data = read()
    except (UnreadableError, OSError) as error:
        yield _failing(prefix, error)  # said, or raised again, when it is this submission's turn
        return
    if (listing := _listing_size(data)) > MAX_LISTING:
        text = _("the zip file's list of members is {size}; at most {most} are read")
        yield unreadable(prefix, text.format(size=size_text(listing), most=size_text(MAX_LISTING)))
        return
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        yield unreadable(prefix, _("the zip file cannot be read: {error}").format(error=error))
        return
    if len(members) > 100 * MAX_FILES:
        text = _("the zip file has {n} members; at most {most} are read")
        yield unreadable(prefix, text.format(n=len(members), most=100 * MAX_FILES))
        return
    seen: set[tuple[str, ...]] = set()
    for member in members:
        parts = PurePosixPath(member.filename.replace("\\", "/")).parts
        if member.is_dir() or any(part.startswith(("__MACOSX", "__pycache__", ".DS_Store")) for part in parts):
            continue
        place = (*prefix, *parts)
        if not parts or parts[0].startswith("/") or ".." in parts or ":" in parts[0]:
            text = _("the zip file has a member outside of it: {name}")
            yield unreadable(prefix, text.format(name=f"{member.filename!r:.100}"))
        elif stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG):
            text = _("{name} is a link or a device in the zip file; hand in the file itself")
            yield unreadable(place, text.format(name=parts[-1]))
        elif place in seen:
            yield unreadable(place, _("the zip file has {name} twice").format(name=f"{member.filename!r:.100}"))
        else:
            seen.add(place)
            yield File(place, lambda member=member: _read_member(archive, member), member_time(member), kind)  # type: ignore[misc]


def _listing_size(data: bytes) -> int:
    """Bytes of the list of members, the largest that any of the places says where `zipfile` may look for it.

    Reading it takes time that grows with the square of what a member holds beside its name, so it is limited before it is read.
    """
    tail = data[-(1 << 16) - 200 :]
    sizes = [0]
    for mark, place, width in ((b"PK\x05\x06", 12, 4), (b"PK\x06\x06", 40, 8)):
        start = tail.find(mark)
        while start >= 0:
            size = int.from_bytes(tail[start + place : start + place + width], "little")
            sizes.append(0 if size == 0xFFFFFFFF else size)  # it stands in the other place
            start = tail.find(mark, start + 1)
    return max(sizes)


def member_time(member: zipfile.ZipInfo) -> datetime | None:
    """When a member was written: in UTC where the archive says that (Info-ZIP's extra field), else by somebody's clock."""
    extra = member.extra
    while len(extra) >= 4:
        name, size = int.from_bytes(extra[:2], "little"), int.from_bytes(extra[2:4], "little")
        if name == 0x5455 and size >= 5 and extra[4] & 1 and len(extra) >= 9:
            return datetime.fromtimestamp(int.from_bytes(extra[5:9], "little"), UTC)
        extra = extra[4 + size :]
    try:
        return datetime(*member.date_time) if member.date_time[0] > 1980 else None  # the format's beginning stands for no time
    except ValueError:
        return None


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    name = f"{member.filename!r:.100}"
    try:
        with archive.open(member) as file:
            data = file.read(size_limit(member.filename) + 1)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError) as error:
        raise UnreadableError(_("{name} in the zip file cannot be read: {error}").format(name=name, error=error)) from None
    except Exception as error:  # zlib.error has no common base
        raise UnreadableError(_("{name} in the zip file is damaged: {error}").format(name=name, error=error)) from None
    most = size_limit(member.filename)
    if len(data) > most:
        raise UnreadableError(_("{name} unpacks to more than {most}").format(name=name, most=size_text(most)))
    return data
