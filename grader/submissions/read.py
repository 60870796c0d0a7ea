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
import tokenize
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from grader.errors import UsageError
from grader.sandbox.backend import Source
from grader.submissions.files import MAX_FILES, MAX_ZIP, NOTEBOOK, File, UnreadableError, read_plain, unreadable, zipped
from grader.submissions.notebook.magics import as_python
from grader.submissions.submitted_at import SubmittedAt, submitted_at
from grader.text.language import gettext as _

if TYPE_CHECKING:
    from grader.submissions.notebook.scaffold import Scaffold
    from grader.submissions.notebook.source import Note

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


class SubmittedFiles(msgspec.Struct, frozen=True):
    """What one student handed in for one assignment, before it is read: the submissions of a class are read one by one, as they are graded.

    Attributes:
        scaffold: what the course gives, if a notebook can be handed in.
    """

    student: str
    assignment: str
    files: tuple[File, ...]
    scaffold: "Scaffold | None" = None

    def read(self) -> Submission:
        """The submission; if it cannot be read, with a `problem`."""
        try:
            if self.notebook is not None and self.scaffold is not None:
                return self._read_notebook(self.notebook, self.scaffold)
            return Submission(self.student, self.assignment, Source(self.assignment, _modules(self.assignment, self.files)))
        except UnreadableError as error:
            return Submission(self.student, self.assignment, None, str(error), self.notebook is not None)

    @property
    def notebook(self) -> File | None:
        """The notebook among the files."""
        place = (self.assignment, f"{self.assignment}{NOTEBOOK}")
        return next((file for file in self.files if file.parts == place), None)

    def _read_notebook(self, file: File, scaffold: "Scaffold") -> Submission:
        from grader.submissions.notebook.ipynb import read_notebook
        from grader.submissions.notebook.source import notebook_source

        notebook = read_notebook(file.parts[-1], file.read())
        source, notes = notebook_source(self.assignment, notebook, scaffold, self.beside())
        return Submission(self.student, self.assignment, source, "", True, notes)

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


def read_class(
    path: Path, topics: Sequence[str], scaffold: "Mapping[str, Scaffold] | None" = None
) -> tuple[list[SubmittedFiles], list[str]]:
    """The submissions for `topics` under `path`, by student and topic, and notes on what was left aside.

    Args:
        scaffold: what the course gives for each topic; without it, only `.py` files count.

    Raises:
        UsageError: there is no such folder, or nothing in it looks like a submission.
    """
    layout = "<student>/<topic>/<topic>.py"
    if not path.exists():
        raise UsageError(f"{path} is not there. Give the folder that holds {layout}, or a zip of it.")
    notes: list[str] = []
    students: dict[str, list[File]] = {}
    if path.is_dir():
        for entry in sorted(path.iterdir()):
            if not entry.name.startswith((".", "__")) and (entry.is_symlink() or entry.is_dir() or _is_zip(entry)):
                students.setdefault(_student(entry), []).extend(_entry_files(entry))
    elif _is_zip(path):
        students, notes = _by_student(list(zipped(path.read_bytes, (), "member")), topics)
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
                found.append(SubmittedFiles(student, topic, mine, (scaffold or {}).get(topic)))
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
    files = [File((topic, f"{topic}.py"), partial(read_plain, path))]
    files += [File((topic, _name(entry.name)), partial(read_plain, entry)) for entry in names]
    return SubmittedFiles("you", topic, tuple(files)).read()


def _is_zip(path: Path) -> bool:
    return path.suffix.lower() == ".zip"


def _student(entry: Path) -> str:
    return _name(entry.stem if _is_zip(entry) else entry.name)


def _name(name: str) -> str:
    """A file's name as text: bytes that are not UTF-8 are escaped."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _entry_files(entry: Path) -> Iterator[File]:
    """The files of one student's folder or zip, without the student's name."""
    if entry.is_symlink():
        yield unreadable((), _("{name} is a link; a submission is a folder of its own").format(name=entry.name))
    elif _is_zip(entry):
        yield from _unwrapped(zipped(partial(read_plain, entry, MAX_ZIP), ()), (_student(entry),))
    else:
        yield from _walk(entry, ())


def _unwrapped(files: Iterable[File], folder: tuple[str, ...]) -> Iterator[File]:
    """The files of a zip; if it holds `folder` itself, as if it held only its content."""
    for file in files:
        wrapped = file.parts[: len(folder)] == folder and len(file.parts) > len(folder)
        yield replace(file, parts=(*folder[:-1], *file.parts[len(folder) :])) if wrapped else file


def _walk(folder: Path, parts: tuple[str, ...]) -> Iterator[File]:
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        yield unreadable(parts, _("{name} cannot be opened: {reason}").format(name=folder.name, reason=error.strerror))
        return
    for entry in entries:
        place = (*parts, _name(entry.name))
        if entry.name.startswith((".", "__pycache__")):
            continue
        if entry.is_symlink():
            yield unreadable(place, _("{name} is a link; hand in the file itself").format(name=entry.name))
        elif entry.is_dir() and len(place) < 3:
            yield from _walk(entry, place)
        elif _is_zip(entry) and len(place) == 1:
            topic = _student(entry)
            yield from _unwrapped(zipped(partial(read_plain, entry, MAX_ZIP), (topic,)), (topic, topic))
        else:
            yield File(place, partial(read_plain, entry), _time(entry))


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
            try:
                file.read()
            except UnreadableError as error:
                notes.append(str(error))
    for file in inside:
        parts = file.parts[1:] if around else file.parts
        if len(parts) > 1:
            students.setdefault(parts[0], []).append(replace(file, parts=parts[1:]))
        elif parts and _is_zip(Path(parts[0])):
            notes.append(f"{parts[0]} is a zip in the zip; unpack the outer one and give the folder")
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
    sources = {name: file for name, file in named.items() if name.endswith(".py") and "/" not in name}
    if len(sources) > MAX_FILES:
        raise UnreadableError(_("{n} Python files; at most {most} are read"), n=len(sources), most=MAX_FILES)
    return {name.removesuffix(".py"): _text(name, file.read()) for name, file in sources.items()}


def _text(name: str, data: bytes) -> str:
    """Python source as text, by its coding line (PEP 263); UTF-8 without one."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UnreadableError(_("{name} is UTF-16 text, as Notepad's «Unicode» writes it; save it as UTF-8"), name=name)
    if b"\0" in data:
        raise UnreadableError(_("{name} has NUL bytes; is it really a Python file?"), name=name)
    try:
        encoding = tokenize.detect_encoding(io.BytesIO(data).readline)[0]
        if not codecs.lookup(encoding).name.startswith(_ENCODINGS):
            text = _("{name} is written in {encoding}, which is not read; save it as UTF-8")
            raise UnreadableError(text, name=name, encoding=encoding)
        return as_python(io.TextIOWrapper(io.BytesIO(data), encoding).read())
    except (SyntaxError, UnicodeError, LookupError) as error:
        at_byte = _("{name} is not UTF-8 text at byte {place}; save it as UTF-8")
        text = at_byte if isinstance(error, UnicodeDecodeError) else _("{name} is not UTF-8 text; save it as UTF-8")
        raise UnreadableError(text.format(name=name, place=getattr(error, "start", 0))) from None
