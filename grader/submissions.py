"""What was handed in: a class folder (or zip files) becomes a list of submissions. Nothing here is executed.

    SUBMISSIONS/<student>/<topic>/<topic>.py       nbgrader's layout; other .py files of the folder can be imported by it
    SUBMISSIONS/<student>/<topic>.zip              the same, zipped: one topic, one student, or SUBMISSIONS itself
    SUBMISSIONS/<student>.zip
    SUBMISSIONS.zip

A file that cannot be read as Python text (not UTF-8, too large, a link that leaves the class, a zip bomb) becomes a submission with a
`problem` in words: it is recorded, the student reads why, and nothing is lost.
"""

import codecs
import errno
import hashlib
import io
import os
import stat
import tokenize
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath

import msgspec

from grader.errors import UsageError
from grader.sandbox.backend import Source
from grader.sandbox.values import size_text

MAX_FILE = 1 << 20
MAX_FILES = 30
MAX_ZIP = 20 << 20
_ENCODINGS = ("utf-8", "ascii", "iso8859-", "cp125", "mac-", "koi8-")  # others of Python's can be slow, or give no valid text


class Submission(msgspec.Struct, frozen=True):
    """What one student handed in for one assignment: `source`, or the `problem` that kept it from being read."""

    student: str
    assignment: str
    source: Source | None
    problem: str = ""

    @property
    def hash(self) -> str:
        """Of the text (or of the problem): the same hash need not be graded again."""
        digest = hashlib.sha256(self.problem.encode("utf-8", "surrogatepass"))
        for name, text in sorted(self.source.modules.items()) if self.source else ():
            digest.update(f"\0{name}\0{len(text)}\0{text}".encode("utf-8", "surrogatepass"))
        return digest.hexdigest()


class _UnreadableError(Exception):
    """A file of a submission that is not read; the message is for the student."""


class _File(msgspec.Struct, frozen=True):
    """A file of a submission by its place in the class, read only when it is wanted."""

    parts: tuple[str, ...]
    read: Callable[[], bytes]


class Handed(msgspec.Struct, frozen=True):
    """What one student handed in for one assignment, not read yet: a class is read one by one, as it is graded."""

    student: str
    assignment: str
    files: tuple[_File, ...]

    def read(self) -> Submission:
        """The submission; what cannot be read is its `problem`."""
        try:
            return Submission(self.student, self.assignment, Source(self.assignment, _modules(self.assignment, self.files)))
        except _UnreadableError as error:
            return Submission(self.student, self.assignment, None, str(error))


def read_class(path: Path, topics: Sequence[str]) -> tuple[list[Handed], list[str]]:
    """What was handed in for `topics` under `path`, by student and topic, and notes on what was left aside.

    Raises:
        UsageError: there is no such folder, or nothing in it looks like a submission.
    """
    if not path.exists():
        raise UsageError(f"{path} is not there. Give the folder that holds <student>/<topic>/<topic>.py, or a zip of it.")
    notes: list[str] = []
    if not path.is_dir():
        if not _is_zip(path):
            raise UsageError(
                f"{path} is a file. Give a folder with <student>/<topic>/<topic>.py, or a zip of it; `grader check` takes one file."
            )
        students, notes = _by_student(list(_zipped(path.read_bytes, ())), topics)
        if not students and notes:
            raise UsageError(f"{path}: {notes[0]}. Give a folder with <student>/<topic>/<topic>.py, or a zip of it.")
    else:
        students = {}
        for entry in sorted(path.iterdir()):
            if _is_student(entry):
                students.setdefault(_student(entry), []).extend(_entry_files(entry))
    found: list[Handed] = []
    for student, files in sorted(students.items()):
        mine = [handed for topic in topics if (handed := _handed(student, topic, files)) is not None]
        if not mine:
            held = ", ".join(sorted("/".join(file.parts) for file in files)[:3])
            notes.append(
                f"{student}: nothing in the place of {student}/{topics[0]}/{topics[0]}.py or the like; it holds {held or 'no file'}"
            )
        found += mine
    if not found:
        seen = f"seen: {', '.join(sorted(students)[:5])}" if students else "it is empty"
        raise UsageError(
            f"{path} holds no submission for {', '.join(topics)}. The layout is <student>/<topic>/<topic>.py; {seen}."
        )
    return found, notes


def read_file(path: Path, topic: str, *, alone: bool = False) -> Submission:
    """One file of one's own, with the other modules of its folder that it could import (unless it is read `alone`)."""
    if not path.is_file():
        raise UsageError(f"{path} is not there. Give a .py file or the name of a topic.")
    beside = [] if alone else sorted(path.parent.glob("*.py"))
    names = [entry for entry in beside if entry != path and entry.stem not in ("checks", topic)]
    files = [_File((topic, f"{topic}.py"), lambda: _read_plain(path))]
    files += [_File((topic, _name(entry.name)), lambda entry=entry: _read_plain(entry)) for entry in names]  # type: ignore[misc]
    return Handed("you", topic, tuple(files)).read()


def _is_student(entry: Path) -> bool:
    return not entry.name.startswith((".", "__")) and (entry.is_symlink() or entry.is_dir() or _is_zip(entry))


def _is_zip(path: Path) -> bool:
    return path.suffix.lower() == ".zip"


def _student(entry: Path) -> str:
    return _name(entry.stem if _is_zip(entry) else entry.name)


def _name(name: str) -> str:
    """A file's name as text: bytes that are not UTF-8 are written out."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _entry_files(entry: Path) -> Iterator[_File]:
    """The files of one student's folder or zip, without the student's name."""
    if entry.is_symlink():
        yield _unreadable((), f"{entry.name} is a link; a submission is a folder of its own")
    elif _is_zip(entry):
        yield from _unwrapped(_zipped(lambda: _read_plain(entry, MAX_ZIP), ()), (_student(entry),))
    else:
        yield from _walk(entry, ())


def _unwrapped(files: Iterable[_File], folder: tuple[str, ...]) -> Iterator[_File]:
    """The files of a zip; where it holds `folder` itself and not only what is in it, as if it held that."""
    for file in files:
        wrapped = file.parts[: len(folder)] == folder and len(file.parts) > len(folder)
        yield _File((*folder[:-1], *file.parts[len(folder) :]), file.read) if wrapped else file


def _walk(folder: Path, parts: tuple[str, ...]) -> Iterator[_File]:
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        yield _unreadable(parts, f"{folder.name} cannot be opened: {error.strerror}")
        return
    for entry in entries:
        place = (*parts, _name(entry.name))
        if entry.name.startswith((".", "__pycache__")):
            continue
        if entry.is_symlink():
            yield _unreadable(place, f"{entry.name} is a link; hand in the file itself")
        elif entry.is_dir() and len(place) < 3:
            yield from _walk(entry, place)
        elif _is_zip(entry) and len(place) == 1:
            topic = _student(entry)
            members = _zipped(lambda entry=entry: _read_plain(entry, MAX_ZIP), (topic,))  # type: ignore[misc]
            yield from _unwrapped(members, (topic, topic))
        else:
            yield _File(place, lambda entry=entry: _read_plain(entry))  # type: ignore[misc]


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


def _read_plain(path: Path, limit: int = MAX_FILE) -> bytes:
    """The bytes of a regular file, without following a link in its last part, at most `limit`."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        if error.errno not in _STUDENTS_OWN:
            raise  # the machine's fault, not the student's
        raise _UnreadableError(f"{path.name} cannot be opened: {error.strerror}") from None
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise _UnreadableError(f"{path.name} is no regular file")
        if status.st_size > limit:
            raise _UnreadableError(f"{path.name} is {size_text(status.st_size)}; at most {size_text(limit)} are read")
        return file.read(limit + 1)


def _unreadable(parts: tuple[str, ...], problem: str) -> _File:
    def read() -> bytes:
        raise _UnreadableError(problem)

    return _File(parts, read)


def _zipped(read: Callable[[], bytes], prefix: tuple[str, ...]) -> Iterator[_File]:
    """The members of a zip file, in memory: nothing is unpacked to disk. A bad archive is one unreadable file."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(read()))
        members = archive.infolist()
    except _UnreadableError as error:
        yield _unreadable(prefix, str(error))
        return
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        yield _unreadable(prefix, f"the zip file cannot be read: {error}")
        return
    if len(members) > 100 * MAX_FILES:
        yield _unreadable(prefix, f"the zip file has {len(members)} members; at most {100 * MAX_FILES} are read")
        return
    seen: set[tuple[str, ...]] = set()
    for member in members:
        parts = PurePosixPath(member.filename.replace("\\", "/")).parts
        if member.is_dir() or any(part.startswith(("__MACOSX", "__pycache__", ".DS_Store")) for part in parts):
            continue
        place = (*prefix, *parts)
        if not parts or parts[0].startswith("/") or ".." in parts or ":" in parts[0]:
            yield _unreadable(prefix, f"the zip file has a member outside of it: {member.filename!r:.100}")
        elif stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG):
            yield _unreadable(place, f"{parts[-1]} is a link or a device in the zip file; hand in the file itself")
        elif place in seen:
            yield _unreadable(place, f"the zip file has {member.filename!r:.100} twice")
        else:
            seen.add(place)
            yield _File(place, lambda member=member: _read_member(archive, member))  # type: ignore[misc]


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(member) as file:
            data = file.read(MAX_FILE + 1)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError) as error:
        raise _UnreadableError(f"{member.filename!r:.100} in the zip file cannot be read: {error}") from None
    except Exception as error:  # zlib.error has no common base
        raise _UnreadableError(f"{member.filename!r:.100} in the zip file is damaged: {error}") from None
    if len(data) > MAX_FILE:
        raise _UnreadableError(f"{member.filename!r:.100} unpacks to more than {size_text(MAX_FILE)}")
    return data


def _by_student(files: Sequence[_File], topics: Sequence[str]) -> tuple[dict[str, list[_File]], list[str]]:
    """Members of a zip of the whole class, by student, and what is wrong with those that belong to none.

    One folder around all of the students is looked through.
    """
    inside = [file for file in files if file.parts]
    second = {file.parts[1] for file in inside if len(file.parts) > 1}
    around = len({file.parts[0] for file in inside}) == 1 and second.isdisjoint(topics)
    students: dict[str, list[_File]] = {}
    notes = [problem for file in files if not file.parts and (problem := _problem(file))]
    for file in inside:
        parts = file.parts[1:] if around else file.parts
        if len(parts) > 1:
            students.setdefault(parts[0], []).append(_File(parts[1:], file.read))
        elif parts and _is_zip(Path(parts[0])):
            notes.append(f"{parts[0]} is a zip in the zip; unpack the outer one and give the folder")
    return students, notes


def _problem(file: _File) -> str:
    """Why a file cannot be read ("" when it can)."""
    try:
        file.read()
    except _UnreadableError as error:
        return str(error)
    return ""


def _handed(student: str, topic: str, files: Sequence[_File]) -> Handed | None:
    """What a student's files hold for `topic`; None when there is nothing."""
    mine = tuple(
        file for file in files if file.parts[:1] in ((topic,), ())
    )  # (): a link or an archive that could not be looked into
    return Handed(student, topic, mine) if mine else None


def _modules(topic: str, files: Sequence[_File]) -> dict[str, str]:
    """The text of every module among the files of one submission.

    Raises:
        _UnreadableError: one of them cannot be read, or `<topic>.py` is not among them.
    """
    for file in files:
        if len(file.parts) < 2:  # says itself why it cannot be read
            file.read()
    named: dict[str, _File] = {}
    for file in files:
        if named.setdefault("/".join(file.parts[1:]), file) is not file:
            file.read()  # the second of one zip file says so itself
            raise _UnreadableError(f"{'/'.join(file.parts)} was handed in twice (in a folder and in a zip file?); leave one")
    if f"{topic}.py" not in named:
        others = ", ".join(sorted(named)) or "nothing"
        raise _UnreadableError(f"{topic}.py is missing; {topic}/ holds {others:.200}")
    sources = {name: file for name, file in named.items() if name.endswith(".py") and "/" not in name}
    if len(sources) > MAX_FILES:
        raise _UnreadableError(f"{len(sources)} Python files; at most {MAX_FILES} are read")
    return {name.removesuffix(".py"): _text(name, file.read()) for name, file in sources.items()}


def _text(name: str, data: bytes) -> str:
    """Python source as text, by its own coding line (PEP 263), UTF-8 without one."""
    if b"\0" in data:
        raise _UnreadableError(f"{name} has NUL bytes; is it really a Python file?")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        if not codecs.lookup(encoding).name.startswith(_ENCODINGS):
            raise _UnreadableError(f"{name} is written in {encoding}, which is not read; save it as UTF-8")
        return io.TextIOWrapper(io.BytesIO(data), encoding).read()
    except (SyntaxError, UnicodeError, LookupError) as error:
        place = f" at byte {error.start}" if isinstance(error, UnicodeDecodeError) else ""
        raise _UnreadableError(f"{name} is not UTF-8 text{place}; save it as UTF-8") from None
