"""Reading a submission: the text of its modules, or of its notebook's cells. Nothing here is executed.

A file that cannot be read as Python text (not UTF-8, too large, a link that leaves the class, a zip bomb) becomes a submission with a
`problem` in words: it is recorded, and the student reads why.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

import msgspec
from msgspec.structs import replace

from grader.sandbox.backend import Source
from grader.submissions.arrange import most_of
from grader.submissions.files import NOTEBOOK, File, Held, UnreadableError
from grader.submissions.listing import Archive, listed
from grader.submissions.main_file import Chosen, choose, compared, looks_like_notebook, said
from grader.submissions.module_texts import is_module, modules_in
from grader.submissions.pieces import Piece, pieces
from grader.submissions.submission import Reading, Submission
from grader.submissions.submitted_at import MARK, NOT_IMPORTED, TIMESTAMP, SubmittedAt, submitted_at
from grader.submissions.tokens import Token, tokens_of
from grader.text.language import gettext as _

if TYPE_CHECKING:
    from grader.submissions.notebook.ipynb import Notebook
    from grader.submissions.notebook.scaffold import Scaffold

MAX_NOTES, MAX_REMOVED = 200, 300  # notes on a notebook, and characters of a line that was removed from it
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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

    def tokens(self, source: str) -> list[list[Token]]:
        """See `tokens.tokens_of`.

        Raises:
            UnreadableError: it breaks the parser.
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

    def tokens(self, source: str) -> list[list[Token]]:
        """See `Reader`."""
        return tokens_of(source)

    def close(self) -> None:
        """See `Reader`."""


HERE = Here()


class SubmittedFiles(msgspec.Struct, frozen=True):
    """What one student handed in for one assignment, before it is read: the submissions of a class are read one by one, as they are graded.

    Attributes:
        scaffold: what the course gives, if a notebook can be handed in.
        reader: reads it.
        time: when it was handed in, by the instructor's word.
        sure: whether the file in the assignment's place is the one to grade, whatever there is beside it.
    """

    student: str
    assignment: str
    files: tuple[File, ...]
    scaffold: "Scaffold | None" = None
    reader: Reader = HERE
    time: datetime | None = None
    sure: bool = False

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
        known = set(map(id, compared(self.assignment, self.files)))
        return tuple(
            file
            for file in self.files
            if id(file) in known
            or _given_data(self, file)
            or (self.scaffold is not None and file.parts[-1:] and file.parts[-1] in self.scaffold.files)
            or len(file.parts) < 2
            or file.parts[1:] == (NOT_IMPORTED,)
            or is_module(file.parts)
        )

    def trimmed(self, others: int) -> tuple[File, ...]:
        """The files that are read, the latest one, and some `others` for a message: a class of large submissions takes little memory."""
        needed = set(map(id, self.needed))
        kept: list[File] = []
        rest: list[File] = []
        for file in self.files:
            wanted = id(file) in needed or file.parts[-1:] in ((TIMESTAMP,), (MARK,), (NOT_IMPORTED,))
            (kept if wanted else rest).append(file)
        timed = [file for file in rest if file.time]
        if timed:
            kept.append(max(timed, key=lambda file: (file.time or _EPOCH).replace(tzinfo=UTC)))
        return (*kept, *[file for file in rest if file is not kept[-1]][:others]) if kept else tuple(rest[:others])

    def beside(self) -> dict[str, str]:
        """The modules handed in with a notebook, by name.

        Raises:
            UnreadableError: one of them cannot be read.
        """
        modules = modules_in(self.assignment, self.files, main="")
        modules.pop(self.assignment, None)
        return modules

    @property
    def submitted_at(self) -> SubmittedAt:
        """When it was handed in, if known."""
        found = submitted_at(self.files)
        return msgspec.structs.replace(found, time=self.time, source="times") if self.time else found


def read_here(item: SubmittedFiles) -> Reading:
    """What was handed in; if it cannot be read, a submission with a `problem`. What the file holds says whether it is a notebook."""
    reading = _read_here(item)
    changed = tuple(_changed_data(item)) if item.scaffold is not None and item.scaffold.data else ()
    return replace(reading, submission=replace(reading.submission, changed=changed)) if changed else reading


def _changed_data(item: SubmittedFiles) -> Iterator[str]:
    """The given data files of which another version was handed in, as far as that can be read."""
    from grader.submissions.notebook.scaffold import digest

    for file in item.files:
        if (name := _given_data(item, file)) and item.scaffold is not None:
            with suppress(UnreadableError):
                if digest(file.read()) != item.scaffold.data[name]:
                    yield name


def _given_data(item: SubmittedFiles, file: File) -> str:
    """The name of the given data file in whose place a file was handed in; "" for none."""
    name = "/".join(file.parts[1:])
    return name if item.scaffold is not None and name in item.scaffold.data else ""


def _read_here(item: SubmittedFiles) -> Reading:
    is_notebook = item.notebook is not None
    chosen: Chosen | None = None
    try:
        if item.scaffold is not None and (submission := _of_several(item, item.scaffold.files)):
            return Reading(submission)
        chosen, scaffold = _chosen(item), item.scaffold
        if chosen is None or scaffold is None:
            source = Source(item.assignment, modules_in(item.assignment, item.files))
            return _named(Reading(_of_module(item, source)), chosen)
        main, item = chosen.file, _around(item, chosen.file)
        is_notebook = main.parts[-1].lower().endswith(NOTEBOOK)
        data = main.read()
        is_notebook = looks_like_notebook(data) or (is_notebook and not _looks_like_module(data))
        if is_notebook:
            return _named(_read_notebook(item, said(main).rpartition("/")[2], data, scaffold), chosen)
        named = replace(main, parts=(item.assignment, f"{item.assignment}.py"), origin=Held(data))
        others = [file for file in item.files if file is not main and (main.parts == named.parts or file.parts != named.parts)]
        modules = modules_in(item.assignment, [named, *others])
        return _named(Reading(_of_module(item, Source(item.assignment, modules))), chosen)
    except UnreadableError as error:
        return _named(Reading(Submission(item.student, item.assignment, None, str(error), is_notebook)), chosen)


def _of_several(item: SubmittedFiles, names: tuple[str, ...]) -> Submission | None:
    """The submission where students fill the modules `names`; None if none of these is there, as in a notebook."""
    places = [file.parts for file in item.files if len(file.parts) > 1 and file.parts[-1] in names]
    if not places:
        return None
    folder = most_of(names, places)
    modules = modules_in(item.assignment, _around(item, File((*folder, names[0]), Held(b""))).files, main="")
    there = [name for name in names if name.removesuffix(".py") in modules]
    if not there:
        return None
    missing = [name for name in names if name not in there]
    said_of = _("{files} was not handed in; the exercises in it are missing").format(files=", ".join(missing)) if missing else ""
    parts = tuple(name.removesuffix(".py") for name in there)
    source = Source(item.assignment, modules, parts=parts)
    written = _pieces([modules[part] for part in parts], item.scaffold)
    return Submission(item.student, item.assignment, source, file=", ".join(there), choice=said_of, pieces=written)


def _of_module(item: SubmittedFiles, source: Source) -> Submission:
    written = _pieces([source.modules.get(item.assignment, "")], item.scaffold)
    return Submission(item.student, item.assignment, source, pieces=written)


def pieces_of_cells(notebook: "Notebook", scaffold: "Scaffold") -> dict[str, Piece]:
    """See `pieces`: those of a notebook's cells."""
    return _pieces((cell.text for cell in notebook.cells if cell.is_code), scaffold)


def _pieces(texts: Iterable[str], scaffold: "Scaffold | None") -> dict[str, Piece]:
    """What was written for each exercise, where a person may read it."""
    if scaffold is None:
        return pieces(texts)
    return pieces(texts, scaffold.names) if scaffold.is_read else {}


def _looks_like_module(data: bytes) -> bool:
    return b"\0" not in data and any(f"\n{word} ".encode() in b"\n" + data for word in ("def", "import", "from", "class"))


def _chosen(item: SubmittedFiles) -> Chosen | None:
    """The file to grade."""
    if not item.sure:
        return choose(item.assignment, item.files, item.scaffold)
    place = (item.assignment, f"{item.assignment}.py")
    main = item.notebook or next((file for file in item.files if file.parts == place), None)
    return Chosen(main) if main else None


def _named(reading: Reading, chosen: Chosen | None) -> Reading:
    """The same, saying which file it is of."""
    if chosen is None:
        return reading
    return replace(reading, submission=replace(reading.submission, file=said(chosen.file), choice=chosen.why))


def _around(item: SubmittedFiles, main: File) -> SubmittedFiles:
    """The submission as if the folder of its main file were the assignment's."""
    folder = main.parts[:-1]
    if folder == (item.assignment,):
        return item
    inside = [replace(file, parts=(item.assignment, *file.parts[len(folder) :])) for file in item.files if _below(file, folder)]
    taken = {file.parts for file in inside}
    outside = [file for file in item.files if not _below(file, folder) and file.parts not in taken]
    return replace(item, files=(*outside, *inside))


def _below(file: File, folder: tuple[str, ...]) -> bool:
    return file.parts[: len(folder)] == folder and len(file.parts) > len(folder)


def _read_notebook(item: SubmittedFiles, name: str, data: bytes, scaffold: "Scaffold") -> Reading:
    from grader.submissions.notebook.ipynb import read_notebook
    from grader.submissions.notebook.source import Note, notebook_source

    notebook = read_notebook(name, data)
    source, notes = notebook_source(item.assignment, notebook, scaffold, item.beside())
    notes = tuple(replace(note, removed=note.removed[:MAX_REMOVED]) for note in notes[:MAX_NOTES])
    if not name.lower().endswith(NOTEBOOK):
        notes = (Note(0, 0, _("{name}, which is a notebook").format(name=name)), *notes)
    found = pieces_of_cells(notebook, scaffold)
    return Reading(Submission(item.student, item.assignment, source, "", True, notes, pieces=found), notebook)
