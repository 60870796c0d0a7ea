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
import zipfile
from collections.abc import Iterator
from datetime import datetime
from errno import EACCES, EINVAL, EISDIR, ELOOP, ENAMETOOLONG, ENOENT, ENXIO, EPERM
from pathlib import Path
from typing import BinaryIO, Literal, assert_never

import msgspec

from grader.sandbox.values import size_text
from grader.submissions.archives import (
    ArchiveError,
    ArchiveMember,
    Place,
    StreamPlace,
    ZipPlace,
    format_of,
    is_archive,
    is_noise,
    not_read,
)
from grader.submissions.seven_zip import read_seven_zipped, seven_zip_members
from grader.submissions.tar_members import read_tarred, tar_members
from grader.submissions.zip_members import read_zipped, zip_members
from grader.text.language import gettext as _

MAX_FILE = 1 << 20
NOTEBOOK = ".ipynb"
MAX_NOTEBOOK = 100_000_000  # with its outputs; nbgrader collects no larger one
MAX_FILES = 30
MAX_ZIP = 20 << 20
MAX_MEMBERS = 100 * MAX_FILES
MAX_LISTING = 1 << 20  # bytes of a zip file's own list of members
MAX_CLASS_MEMBERS, MAX_CLASS_LISTING = 100_000, 64 << 20  # the same for an archive of a whole class


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
                with _opened(origin) as file:
                    return file.read()
            case Packed():
                with _opened(origin.archive) as archive:
                    return _read_member(archive, origin)
            case _:
                assert_never(origin)


class Archive(msgspec.Struct, frozen=True):
    """An archive to be listed: where its members belong, and the `folder` that may be around all of them.

    Attributes:
        kind: of its members.
    """

    origin: Readable
    prefix: tuple[str, ...]
    folder: tuple[str, ...] = ()
    kind: Literal["member", "packed"] = "packed"


# What a student can do to a file's own name: links, devices, no permission. Anything else is the machine's fault.
_STUDENTS_OWN = (ELOOP, ENXIO, EACCES, EPERM, ENOENT, EISDIR, ENAMETOOLONG, EINVAL)

_OUT_OF_PLACE = (None, EINVAL)  # errors of reading where a file says that something is, and nothing is


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


def open_plain(path: Path, limit: int | None = None) -> int:
    """A descriptor of a regular file of at most `limit` bytes (by default that of its name).

    Raises:
        UnreadableError: it is something else.
        OSError: the machine's fault.
    """
    limit = size_limit(path.name) if limit is None else limit
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        if error.errno not in _STUDENTS_OWN:
            raise
        raise UnreadableError(_("{name} cannot be opened: {reason}"), name=path.name, reason=error.strerror) from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableError(_("{name} is not a regular file"), name=path.name)
        if status.st_size > limit:
            text = _("{name} is {size}; at most {most} are read")
            raise UnreadableError(text, name=path.name, size=size_text(status.st_size), most=size_text(limit))
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def too_many(student: str, most: int) -> Unreadable:
    """What stands for the files of a student who handed in more than are looked at."""
    text = _("{student} has more than {most} files; hand in only what belongs to the assignment")
    return Unreadable(text.format(student=f"{student:.100}", most=most))


def listed(archive: Archive) -> list[File]:
    """The members of an archive, with their places in the class. A bad archive is one unreadable file."""
    try:
        with _opened(archive.origin) as file:
            return list(_unwrapped(_members(file, archive), archive.folder))
    except UnreadableError as error:
        return [File(archive.prefix, Unreadable(str(error)))]
    except OSError as error:
        return [File(archive.prefix, MachineFault(error.errno or 0, error.strerror or str(error)))]


def _opened(origin: Readable) -> BinaryIO:
    match origin:
        case OnDisk():
            return os.fdopen(open_plain(Path(origin.path), origin.limit), "rb")
        case Given():
            file = os.fdopen(origin.fd, "rb", closefd=False)
            file.seek(0)  # it may have been read before
            return file
        case Held():
            return io.BytesIO(origin.data)
        case Packed():
            with _opened(origin.archive) as archive:
                return io.BytesIO(_read_member(archive, origin, MAX_ZIP))
        case _:
            assert_never(origin)


def _members(file: BinaryIO, archive: Archive) -> Iterator[File]:
    try:
        members = _listed(file, archive)
    except ArchiveError as error:
        raise UnreadableError(str(error)) from None
    except OSError as error:
        if error.errno not in _OUT_OF_PLACE:
            raise
        raise UnreadableError(_("the archive cannot be read: {error}"), error=error) from None
    seen: set[tuple[str, ...]] = set()
    for member in members:
        place = (*archive.prefix, *member.parts)
        if is_noise(member.parts) and not member.flaw:
            continue
        match member.flaw:
            case "outside":
                # a whole class's archive has one folder for each student: what leads out of one is that student's
                whose = member.parts[:1] if archive.kind == "member" and not member.name.startswith(("/", "..", "\\")) else ()
                text = _("the archive has a member outside of it: {name}")
                yield File((*archive.prefix, *whose), Unreadable(text.format(name=f"{member.name!r:.100}")))
            case "link":
                text = _("{name} is a link or a device in the archive; hand in the file itself")
                yield File(place, Unreadable(text.format(name=member.parts[-1])))
            case "crowded":
                yield File(place, too_many(member.parts[-1] if member.parts else "?", MAX_MEMBERS))
            case "" | "encrypted":  # reading it reports the latter
                if place in seen:
                    text = _("the archive has {name} twice")
                    yield File(place, Unreadable(text.format(name=f"{member.name!r:.100}")))
                else:
                    seen.add(place)
                    yield File(place, Packed(archive.origin, member.name, member.place), member.time, archive.kind)
            case _:
                assert_never(member.flaw)


def _listed(file: BinaryIO, archive: Archive) -> list[ArchiveMember]:
    format_, of_class = format_of(file), archive.kind == "member"
    most, each = (MAX_CLASS_MEMBERS, MAX_MEMBERS) if of_class else (MAX_MEMBERS, None)
    match format_:
        case "zip":
            return zip_members(file, most, MAX_CLASS_LISTING if of_class else MAX_LISTING, each)
        case "tar":
            return tar_members(file, most, each)
        case "7z":
            return seven_zip_members(file, most, each)
        case "unread":
            raise ArchiveError(not_read())
        case _:
            assert_never(format_)


def _read_at(archive: BinaryIO, place: Place, most: int) -> bytes:
    match place:
        case ZipPlace():
            return read_zipped(archive, place, most)
        case StreamPlace():
            return (read_tarred if place.format == "tar" else read_seven_zipped)(archive, place, most)
        case _:
            assert_never(place)


def _unwrapped(files: Iterator[File], folder: tuple[str, ...]) -> Iterator[File]:
    """The files of an archive; if it holds `folder` itself, as if it held only its content."""
    for file in files:
        wrapped = folder and file.parts[: len(folder)] == folder and len(file.parts) > len(folder)
        yield msgspec.structs.replace(file, parts=(*folder[:-1], *file.parts[len(folder) :])) if wrapped else file


def _read_member(archive: BinaryIO, member: Packed, limit: int | None = None) -> bytes:
    name, most = f"{member.name!r:.100}", size_limit(member.name) if limit is None else limit
    try:
        data = _read_at(archive, member.place, most + 1)
    except MemoryError:
        raise
    except (ArchiveError, zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError) as error:
        if isinstance(error, OSError) and error.errno not in _OUT_OF_PLACE:
            raise
        raise UnreadableError(_("{name} in the archive cannot be read: {error}"), name=name, error=error) from None
    except Exception as error:  # zlib.error has no common base
        raise UnreadableError(_("{name} in the archive is damaged: {error}"), name=name, error=error) from None
    if len(data) > most:
        raise UnreadableError(_("{name} unpacks to more than {most}"), name=name, most=size_text(most))
    return data
