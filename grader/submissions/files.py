"""The files of submissions: where each lies, as data, and its bytes when they are wanted. Nothing is unpacked to disk.

    OnDisk      a file by its path; a link in the last part is not followed
    Given       the same, already opened by the supervisor, in the process that reads (see `reading_process`)
    Packed      a member of an archive, which is one of the others or a member itself
    Held        bytes in memory
    Unreadable, MachineFault     none: why, in words for the student, or as the machine's error

What a student can do to a file (a link, a device, a zip bomb) raises `UnreadableError`, in words for the student. A failure of the machine
(no descriptors left, a broken disk) stays an `OSError`: it is not the student's fault.
"""

import io
import os
import stat
from datetime import datetime
from errno import EACCES, EINVAL, EISDIR, ELOOP, ENAMETOOLONG, ENOENT, ENXIO, EPERM
from pathlib import Path
from typing import BinaryIO, Literal, assert_never

import msgspec

from grader.sandbox.limits import size_text
from grader.submissions.archives import ArchiveError, Place, StreamPlace, ZipPlace, is_archive
from grader.text.language import gettext as _

MAX_FILE = 1 << 20
NOTEBOOK = ".ipynb"
MAX_NOTEBOOK = 100_000_000  # with its outputs; nbgrader collects no larger one
MAX_FILES = 30
MAX_ZIP = 20 << 20
MAX_MEMBERS = 100 * MAX_FILES


class UnreadableError(Exception):
    """A file of a submission cannot be read; the message (`text`, with `values` in its placeholders) is for the student."""

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text.format(**values) if values else text)


class OnDisk(msgspec.Struct, frozen=True, tag="on disk"):
    """A file by its path; at most `limit` bytes are read (by default, `size_limit` of its name)."""

    path: str
    limit: int | None = None


class Given(msgspec.Struct, frozen=True, tag="given"):
    """A file that is open already, as the descriptor `fd` of this process."""

    fd: int


class Packed(msgspec.Struct, frozen=True, tag="packed"):
    """A member of an archive, by its name there."""

    archive: "OnDisk | Given | Packed | Held"
    name: str
    place: Place


class Held(msgspec.Struct, frozen=True, tag="held"):
    """Bytes in memory."""

    data: bytes


class Unreadable(msgspec.Struct, frozen=True, tag="unreadable"):
    """What cannot be read, and why, in words for the student."""

    problem: str


class MachineFault(msgspec.Struct, frozen=True, tag="machine fault"):
    """What this machine failed to open: raised again when it is this submission's turn."""

    errno: int
    reason: str


Readable = OnDisk | Given | Packed | Held
Origin = Readable | Unreadable | MachineFault


class File(msgspec.Struct, frozen=True):
    """A file of a submission by its place in the class, read on demand.

    Attributes:
        time: when it was written, if known; without an offset if a zip file holds clock time.
        kind: a loose file, a member of the class's archive, or of one that the student packed.
        name: as it was handed in, if its place says otherwise.
    """

    parts: tuple[str, ...]
    origin: Origin
    time: datetime | None = None
    kind: Literal["loose", "member", "packed"] = "loose"
    name: str = ""

    def read(self) -> bytes:
        """Its bytes.

        Raises:
            UnreadableError: a student's own doing; the message says what.
            OSError: a failure of the machine.
        """
        origin = self.origin
        match origin:
            case Unreadable():
                raise UnreadableError(origin.problem)
            case MachineFault():
                raise OSError(origin.errno, origin.reason)
            case OnDisk():
                return read_plain(Path(origin.path), origin.limit)
            case Held():
                return origin.data
            case Given():
                with open_origin(origin) as file:
                    return file.read()
            case Packed():
                with open_origin(origin.archive) as archive:
                    return _read_member(archive, origin)
            case _:
                assert_never(origin)


# What a student can do to a file's own name: links, devices, no permission. Anything else is the machine's fault.
_STUDENTS_OWN = (ELOOP, ENXIO, EACCES, EPERM, ENOENT, EISDIR, ENAMETOOLONG, EINVAL)

OUT_OF_PLACE = (None, EINVAL)  # errors of reading where a file says that something is, and nothing is


def size_limit(name: str) -> int:
    """The largest size of a file of this name, in bytes."""
    if is_archive(name):
        return MAX_ZIP
    return MAX_NOTEBOOK if name.lower().endswith(NOTEBOOK) else MAX_FILE


def read_plain(path: Path, limit: int | None = None) -> bytes:
    """The bytes of a regular file, at most `limit` (by default that of its name); a link in the last part of `path` is not followed."""
    limit = size_limit(path.name) if limit is None else limit
    with os.fdopen(open_plain(path, limit), "rb") as file:
        return file.read(limit + 1)


def open_plain(path: str | os.PathLike[str], limit: int | None = None) -> int:
    """A descriptor of a regular file of at most `limit` bytes (by default that of its name).

    Raises:
        UnreadableError: it is something else.
        OSError: the machine's fault.
    """
    limit = size_limit(os.fspath(path)) if limit is None else limit
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        if error.errno not in _STUDENTS_OWN:
            raise
        raise UnreadableError(_("{name} cannot be opened: {reason}"), name=Path(path).name, reason=error.strerror) from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableError(_("{name} is not a regular file"), name=Path(path).name)
        if status.st_size > limit:
            text = _("{name} is {size}; at most {most} are read")
            raise UnreadableError(text, name=Path(path).name, size=size_text(status.st_size), most=size_text(limit))
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def too_many(student: str, most: int) -> Unreadable:
    """What stands for the files of a student who handed in more than are looked at."""
    text = _("{student} has more than {most} files; hand in only what belongs to the assignment")
    return Unreadable(text.format(student=f"{student:.100}", most=most))


def open_origin(origin: Readable) -> BinaryIO:
    """A file, open for reading.

    Raises:
        UnreadableError: a student's own doing; the message says what.
        OSError: a failure of the machine.
    """
    match origin:
        case OnDisk():
            return os.fdopen(open_plain(origin.path, origin.limit), "rb")
        case Given():
            file = os.fdopen(origin.fd, "rb", closefd=False)
            file.seek(0)  # it may have been read before
            return file
        case Held():
            return io.BytesIO(origin.data)
        case Packed():
            with open_origin(origin.archive) as archive:
                return io.BytesIO(_read_member(archive, origin, MAX_ZIP))
        case _:
            assert_never(origin)


def _read_at(archive: BinaryIO, place: Place, most: int) -> bytes:
    match place:
        case ZipPlace():
            from grader.submissions.zip_members import read_zipped

            return read_zipped(archive, place, most)
        case StreamPlace(format="tar"):
            from grader.submissions.tar_members import read_tarred

            return read_tarred(archive, place, most)
        case StreamPlace():
            from grader.submissions.seven_zip import read_seven_zipped

            return read_seven_zipped(archive, place, most)
        case _:
            assert_never(place)


def _read_member(archive: BinaryIO, member: Packed, limit: int | None = None) -> bytes:
    name, most = f"{member.name!r:.100}", size_limit(member.name) if limit is None else limit
    try:
        data = _read_at(archive, member.place, most + 1)
    except MemoryError:
        raise
    except (ArchiveError, RuntimeError, NotImplementedError, OSError, EOFError, ValueError) as error:
        if isinstance(error, OSError) and error.errno not in OUT_OF_PLACE:
            raise
        raise UnreadableError(_("{name} in the archive cannot be read: {error}"), name=name, error=error) from None
    except Exception as error:  # zlib.error has no common base
        raise UnreadableError(_("{name} in the archive is damaged: {error}"), name=name, error=error) from None
    if len(data) > most:
        raise UnreadableError(_("{name} unpacks to more than {most}"), name=name, most=size_text(most))
    return data
