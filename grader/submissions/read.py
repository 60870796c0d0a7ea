"""Reading submissions from a class folder or zip files. Nothing here is executed.

    SUBMISSIONS/<student>/<topic>/<topic>.py       nbgrader's layout; other .py files of the folder can be imported by it
    SUBMISSIONS/<student>/<topic>/<topic>.ipynb    a notebook; it takes precedence over a .py file, as in nbgrader
    SUBMISSIONS/<student>/<topic>.zip              the same, zipped: one topic, one student, or SUBMISSIONS itself
    SUBMISSIONS/<student>.zip
    SUBMISSIONS.zip

A file that cannot be read as Python text (not UTF-8, too large, a link that leaves the class, a zip bomb) becomes a submission with a
`problem` in words: it is recorded, and the student reads why.
"""

import codecs
import hashlib
import io
import os
import sys
import tokenize
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec
from msgspec.structs import replace

from grader.errors import UsageError
from grader.sandbox.backend import Source
from grader.sandbox.values import size_text
from grader.submissions.files import (
    MAX_FILES,
    MAX_MEMBERS,
    MAX_ZIP,
    NOTEBOOK,
    Archive,
    File,
    MachineFault,
    OnDisk,
    Unreadable,
    UnreadableError,
    listed,
)
from grader.submissions.submitted_at import SubmittedAt, submitted_at
from grader.text.language import gettext as _

if TYPE_CHECKING:
    from grader.submissions.notebook.ipynb import Notebook
    from grader.submissions.notebook.scaffold import Scaffold
    from grader.submissions.notebook.source import Note

MAX_SOURCE = 4 << 20  # characters of all modules of one submission
MAX_NOTES, MAX_REMOVED = 200, 300  # notes on a notebook, and characters of a line that was removed from it
_ENCODINGS = (
    "utf-8",
    "ascii",
    "iso8859-",
    "cp125",
    "mac-",
    "koi8-",
)  # other encodings of Python can be slow, or give invalid text


class Submission(msgspec.Struct, frozen=True):
    """What one student handed in for one assignment: its `source`, or the `problem` in reading it.

    Attributes:
        is_notebook: whether its modules are the cells of a notebook; `notes` lists what was removed from them.
    """

    student: str
    assignment: str
    source: Source | None
    problem: str = ""
    is_notebook: bool = False
    notes: "tuple[Note, ...]" = ()

    @property
    def hash(self) -> str:
        """A hash of the text (or of the problem); grading the same again is unnecessary."""
        digest = hashlib.sha256(self.problem.encode("utf-8", "surrogatepass"))
        for name, text in sorted(self.source.modules.items()) if self.source else ():
            digest.update(f"\0{name}\0{len(text)}\0{text}".encode("utf-8", "surrogatepass"))
        return digest.hexdigest()


class Reading(msgspec.Struct, frozen=True):
    """A submission that was read, and the cells of its notebook if there is one: as they were handed in, within limits."""

    submission: Submission
    notebook: "Notebook | None" = None


class Reader(Protocol):
    """Where submissions are read: in this process, or in one that is locked down (`engine.reader`)."""

    def read(self, item: "SubmittedFiles", *, cells: bool = False) -> Reading:
        """What was handed in (with the `cells` of its notebook); if it cannot be read, a submission with a `problem`."""
        ...

    def listed(self, archives: Sequence[Archive]) -> list[list[File]]:
        """The members of each archive; a bad one is an unreadable file."""
        ...

    def contents(self, file: File) -> bytes:
        """The bytes of one file.

        Raises:
            UnreadableError: it cannot be read.
        """
        ...

    def close(self) -> None:
        """End what was started for it."""
        ...


class Here:
    """Reads in this process: a student's own work, or where there is nothing better."""

    def read(self, item: "SubmittedFiles", *, cells: bool = False) -> Reading:
        """See `Reader`."""
        return read_here(item)

    def listed(self, archives: Sequence[Archive]) -> list[list[File]]:
        """See `Reader`."""
        return [listed(archive) for archive in archives]

    def contents(self, file: File) -> bytes:
        """See `Reader`."""
        return file.read()

    def close(self) -> None:
        """See `Reader`."""


HERE = Here()


class SubmittedFiles(msgspec.Struct, frozen=True):
    """What one student handed in for one assignment, before it is read: the submissions of a class are read one by one, as they are graded.

    Attributes:
        scaffold: what the course gives, if a notebook can be handed in.
        reader: reads it.
    """

    student: str
    assignment: str
    files: tuple[File, ...]
    scaffold: "Scaffold | None" = None
    reader: Reader = HERE

    def read(self) -> Submission:
        """The submission; if it cannot be read, with a `problem`."""
        return self.reader.read(self).submission

    @property
    def notebook(self) -> File | None:
        """The notebook among the files."""
        place = (self.assignment, f"{self.assignment}{NOTEBOOK}")
        return next((file for file in self.files if file.parts == place), None)

    @property
    def needed(self) -> tuple[File, ...]:
        """The files that have to be opened to read it."""
        main = f"{self.assignment}{NOTEBOOK}"
        return tuple(file for file in self.files if len(file.parts) < 2 or file.parts[1:] == (main,) or _is_module(file.parts))

    def beside(self) -> dict[str, str]:
        """The modules handed in with a notebook, by name.

        Raises:
            UnreadableError: one of them cannot be read.
        """
        modules = _modules(self.assignment, self.files, main="")
        modules.pop(self.assignment, None)
        return modules

    @property
    def submitted_at(self) -> SubmittedAt:
        """When it was handed in, if known."""
        return submitted_at(self.files)


def read_here(item: SubmittedFiles) -> Reading:
    """What was handed in; if it cannot be read, a submission with a `problem`."""
    notebook = item.notebook
    try:
        if notebook is not None and item.scaffold is not None:
            return _read_notebook(item, notebook, item.scaffold)
        source = Source(item.assignment, _modules(item.assignment, item.files))
        return Reading(Submission(item.student, item.assignment, source))
    except UnreadableError as error:
        return Reading(Submission(item.student, item.assignment, None, str(error), notebook is not None))


def _read_notebook(item: SubmittedFiles, file: File, scaffold: "Scaffold") -> Reading:
    from grader.submissions.notebook.ipynb import read_notebook
    from grader.submissions.notebook.source import notebook_source

    notebook = read_notebook(file.parts[-1], file.read())
    source, notes = notebook_source(item.assignment, notebook, scaffold, item.beside())
    notes = tuple(replace(note, removed=note.removed[:MAX_REMOVED]) for note in notes[:MAX_NOTES])
    return Reading(Submission(item.student, item.assignment, source, "", True, notes), notebook)


def read_class(
    path: Path, topics: Sequence[str], scaffold: "Mapping[str, Scaffold] | None" = None, reader: Reader = HERE
) -> tuple[list[SubmittedFiles], list[str]]:
    """The submissions for `topics` under `path`, by student and topic, and notes on what was left aside.

    Args:
        scaffold: what the course gives for each topic; without it, only `.py` files count.
        reader: lists archives now, and reads each submission when its turn comes.

    Raises:
        UsageError: there is no such folder, or nothing in it looks like a submission.
    """
    layout = "<student>/<topic>/<topic>.py"
    if not path.exists():
        raise UsageError(f"{path} is not there. Give the folder that holds {layout}, or a zip of it.")
    notes: list[str] = []
    students: dict[str, list[File]] = {}
    packed: list[tuple[str, Archive]] = []
    if path.is_dir():
        for entry in sorted(path.iterdir()):
            if not entry.name.startswith((".", "__")) and (entry.is_symlink() or entry.is_dir() or _is_zip(entry)):
                students.setdefault(_student(entry), []).extend(_entry_files(entry, packed))
        for (student, _archive), files in zip(packed, reader.listed([archive for _, archive in packed]), strict=True):
            students[student] += files
    elif _is_zip(path):
        (members,) = reader.listed([Archive(OnDisk(str(path), sys.maxsize), (), (), "member")])
        students, notes = _by_student(members, topics)
        if not students and notes:
            raise UsageError(f"{path}: {notes[0]}. Give a folder with {layout}, or a zip of it.")
    else:
        raise UsageError(f"{path} is a file. Give a folder with {layout}, or a zip of it; `grader check` takes one file.")
    found: list[SubmittedFiles] = []
    for student, files in sorted(students.items()):
        count = len(found)
        for topic in topics:
            # (): a link or an archive that could not be looked into
            if mine := tuple(file for file in files if file.parts[:1] in ((topic,), ())):
                found.append(SubmittedFiles(student, topic, mine, (scaffold or {}).get(topic), reader))
        if len(found) == count:
            held = ", ".join(sorted("/".join(file.parts) for file in files)[:3]) or "no file"
            expected = f"{student}/{topics[0]}/{topics[0]}.py"
            notes.append(f"{student}: nothing in the place of {expected} or the like; it holds {held}")
    if not found:
        seen = f"seen: {', '.join(sorted(students)[:5])}" if students else "it is empty"
        raise UsageError(f"{path} holds no submission for {', '.join(topics)}. The layout is {layout}; {seen}.")
    return found, notes


def read_file(path: Path, topic: str, *, alone: bool = False) -> Submission:
    """A student's own file, with the other modules of its folder that it could import (unless it is read `alone`)."""
    if not path.is_file():
        raise UsageError(_("{path} is not there. Give a .py file or the name of a topic.").format(path=path))
    beside = [] if alone else sorted(path.parent.glob("*.py"))
    names = [entry for entry in beside if entry != path and entry.stem not in ("checks", topic)]
    files = [File((topic, f"{topic}.py"), OnDisk(str(path)))]
    files += [File((topic, _name(entry.name)), OnDisk(str(entry))) for entry in names]
    return SubmittedFiles("you", topic, tuple(files)).read()


def _is_zip(path: Path) -> bool:
    return path.suffix.lower() == ".zip"


def _student(entry: Path) -> str:
    return _name(entry.stem if _is_zip(entry) else entry.name)


def _name(name: str) -> str:
    """A file's name as text: bytes that are not UTF-8 are escaped."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _entry_files(entry: Path, packed: list[tuple[str, Archive]]) -> Iterator[File]:
    """The files of one student's folder, without the student's name; archives go to `packed`."""
    if entry.is_symlink():
        yield File((), Unreadable(_("{name} is a link; a submission is a folder of its own").format(name=entry.name)))
    elif _is_zip(entry):
        packed.append((_student(entry), Archive(OnDisk(str(entry), MAX_ZIP), (), (_student(entry),))))
    else:
        yield from _walk(entry, (), _student(entry), packed)


def _walk(folder: Path, parts: tuple[str, ...], student: str, packed: list[tuple[str, Archive]]) -> Iterator[File]:
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        text = _("{name} cannot be opened: {reason}")
        yield File(parts, Unreadable(text.format(name=folder.name, reason=error.strerror)))
        return
    for entry in entries:
        place = (*parts, _name(entry.name))
        if entry.name.startswith((".", "__pycache__")):
            continue
        if entry.is_symlink():
            yield File(place, Unreadable(_("{name} is a link; hand in the file itself").format(name=entry.name)))
        elif entry.is_dir() and len(place) < 3:
            yield from _walk(entry, place, student, packed)
        elif _is_zip(entry) and len(place) == 1:
            topic = _student(entry)
            packed.append((student, Archive(OnDisk(str(entry), MAX_ZIP), (topic,), (topic, topic))))
        else:
            yield File(place, OnDisk(str(entry)), _time(entry))


def _time(entry: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(entry.lstat().st_mtime, UTC)
    except (OSError, OverflowError, ValueError):
        return None


def _by_student(files: Sequence[File], topics: Sequence[str]) -> tuple[dict[str, list[File]], list[str]]:
    """The members of a zip of the whole class, by student, and problems of those that belong to no student.

    A single folder around all students is ignored.
    """
    inside = [file for file in files if file.parts]
    second = {file.parts[1] for file in inside if len(file.parts) > 1}
    around = len({file.parts[0] for file in inside}) == 1 and second.isdisjoint(topics)
    students: dict[str, list[File]] = {}
    notes: list[str] = []
    for file in files:
        if not file.parts:
            if isinstance(file.origin, MachineFault):
                file.read()
            elif isinstance(file.origin, Unreadable):
                notes.append(file.origin.problem)
    for file in inside:
        parts = file.parts[1:] if around else file.parts
        if len(parts) > 1:
            students.setdefault(parts[0], []).append(replace(file, parts=parts[1:]))
        elif parts and _is_zip(Path(parts[0])):
            notes.append(f"{parts[0]} is a zip in the zip; unpack the outer one and give the folder")
    for student, mine in students.items():
        if len(mine) > MAX_MEMBERS:
            text = _("the zip file has {n} members; at most {most} are read")
            students[student] = [File((), Unreadable(text.format(n=len(mine), most=MAX_MEMBERS)))]
    return students, notes


def _modules(topic: str, files: Sequence[File], main: str | None = None) -> dict[str, str]:
    """The text of every module among the files of one submission.

    Args:
        main: the required file, `<topic>.py` by default ("" for none).

    Raises:
        UnreadableError: one of them cannot be read, or `main` is missing.
    """
    main = f"{topic}.py" if main is None else main
    for file in files:
        if len(file.parts) < 2:
            file.read()  # raises why it cannot be read
    named: dict[str, File] = {}
    for file in files:
        if named.setdefault("/".join(file.parts[1:]), file) is not file:
            file.read()  # if both are in one zip file, this raises
            text = _("{name} was handed in twice (in a folder and in a zip file?); leave one")
            raise UnreadableError(text, name="/".join(file.parts))
    if main and main not in named:
        others = ", ".join(sorted(named))[:200] or _("nothing")
        if any(name.lower().endswith(NOTEBOOK) for name in named):
            raise UnreadableError(_("{topic}.ipynb is missing; {topic}/ holds {others}"), topic=topic, others=others)
        raise UnreadableError(_("{topic}.py is missing; {topic}/ holds {others}"), topic=topic, others=others)
    sources = {name: file for name, file in named.items() if _is_module(file.parts)}
    if len(sources) > MAX_FILES:
        raise UnreadableError(_("{n} Python files; at most {most} are read"), n=len(sources), most=MAX_FILES)
    texts = {name.removesuffix(".py"): _text(name, file.read()) for name, file in sources.items()}
    if (size := sum(map(len, texts.values()))) > MAX_SOURCE:
        text = _("the Python files are {size} together; at most {most} are read")
        raise UnreadableError(text, size=size_text(size), most=size_text(MAX_SOURCE))
    return texts


def _is_module(parts: tuple[str, ...]) -> bool:
    return len(parts) == 2 and parts[1].endswith(".py")


def _text(name: str, data: bytes) -> str:
    """Python source as text, by its coding line (PEP 263); UTF-8 without one."""
    if b"\0" in data:
        raise UnreadableError(_("{name} has NUL bytes; is it really a Python file?"), name=name)
    try:
        encoding = tokenize.detect_encoding(io.BytesIO(data).readline)[0]
        if not codecs.lookup(encoding).name.startswith(_ENCODINGS):
            text = _("{name} is written in {encoding}, which is not read; save it as UTF-8")
            raise UnreadableError(text, name=name, encoding=encoding)
        return io.TextIOWrapper(io.BytesIO(data), encoding).read()
    except (SyntaxError, UnicodeError, LookupError) as error:
        at_byte = _("{name} is not UTF-8 text at byte {place}; save it as UTF-8")
        text = at_byte if isinstance(error, UnicodeDecodeError) else _("{name} is not UTF-8 text; save it as UTF-8")
        raise UnreadableError(text.format(name=name, place=getattr(error, "start", 0))) from None
