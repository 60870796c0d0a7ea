"""A submission as `nbgrader autograde` leaves it for formgrader and feedback: the graded notebook and the files beside it."""

import json
import os
import re
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from grader.engine.record import Record
from grader.integrations.nbgrader.fill import Filled, fill
from grader.sandbox.outcome import Returned
from grader.submissions.files import NOTEBOOK, Packed, UnreadableError
from grader.submissions.notebook.ipynb import Cell, Notebook, read_notebook
from grader.submissions.notebook.scaffold import Scaffold
from grader.submissions.read import SubmittedFiles
from grader.text.escape import one_line
from grader.text.language import gettext as _

_READ_ONLY = 0o444  # as nbgrader leaves them
MAX_BESIDE = 50 << 20  # bytes of all files beside a notebook
MAX_NAME = 255  # bytes of a file's name, almost everywhere
MAX_COLOURED, MAX_RUN = 50_000, 500  # characters of a cell, and of a run of blanks or of a name, that feedback shows in colours
_SLOW_RUN = re.compile(rf"\s{{{MAX_RUN + 1}}}|[\w.]{{{MAX_RUN + 1}}}")
_IGNORED = ("__pycache__", ".ipynb_checkpoints", "feedback")


def graded_notebook(
    item: SubmittedFiles, scaffold: Scaffold, record: Record, released: bytes, *, published: bool
) -> tuple[Any, Filled]:
    """The notebook of a submission with its points (an nbformat node), and what was put into it.

    Args:
        record: of this submission; it has a score.
        released: the notebook that students get, for those who hand in a `.py` file.
        published: whether the grades of the assignment are published.

    Raises:
        UnreadableError: the submission cannot be read.
    """
    reading = item.reader.read(item, cells=True)
    submission, notebook = reading.submission, reading.notebook
    source, notes = submission.source, submission.notes
    if source is None:
        raise UnreadableError(submission.problem)
    if notebook is None:
        name = item.assignment
        text = "\n\n\n".join(source.modules[part] for part in source.parts or (source.main,))
        notebook = _around(text, f"{name}.py", read_notebook(f"{name}{NOTEBOOK}", released))
        record = msgspec.structs.replace(record, run=msgspec.structs.replace(record.run, loaded=Returned()))  # notes are on cells
    node = notebook_node(notebook)
    lost = {name: cell.source for name, cell in scaffold.known.cells.items()} if scaffold.known else {}
    return node, fill(node, record, scaffold, notes, lost, published=published)


class Beside:
    """The instructor's files beside a notebook, by their place in the folder: the same for everybody.

    To make thirty files for each student can take longer than all else that is written. So the first student's are read-only copies, and
    the others' are links to those.
    """

    def __init__(self, paths: Mapping[str, Path]) -> None:
        self.paths = paths
        self._read: dict[str, bytes] = {}
        self._room = MAX_BESIDE
        self._copies: dict[str, Path] = {}

    def content(self, place: str) -> bytes:
        """What is in the file at a place; it is read once while there is room."""
        found = self._read.get(place)
        if found is None:
            found = self.paths[place].read_bytes()
            if len(found) <= self._room:
                self._room -= len(found)
                self._read[place] = found
        return found

    def linked(self, place: str, to: str) -> bool:
        """Whether the file is at `to` now, as a link to a copy that was made before."""
        try:
            os.link(self._copies[place], to)
        except (KeyError, OSError):  # there is none yet, it was removed, it has too many, or these file systems have no links
            self._copies.pop(place, None)
            return False
        return True

    def copied(self, place: str, to: Path) -> None:
        """A copy that others may link to was made."""
        self._copies.setdefault(place, to)


def write(folder: Path, name: str, node: Any, item: SubmittedFiles, beside: Beside, *, shared: bool) -> None:
    """Replace the folder of one autograded submission: whole, or not at all.

    Args:
        name: of the notebook's file.
        beside: the instructor's files; they replace the student's.
        shared: whether those may be links to another student's: not where code runs that could change them.
    """
    draft = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    files, left, copies = _Files(draft), MAX_BESIDE, list[str]()
    for place in beside.paths:
        if not (shared and beside.linked(place, files.at(place))):
            files.write(place, beside.content(place))
            copies.append(place)
    for file in item.files:
        place = "/".join(file.parts[1:])
        if not _is_plain(file.parts[1:]) or place.endswith(NOTEBOOK) or place in beside.paths:
            continue
        try:
            content = item.reader.contents(file) if isinstance(file.origin, Packed) else file.read()
        except UnreadableError:
            continue  # not read for grading either
        if (left := left - len(content)) < 0:
            break
        with suppress(FileExistsError, NotADirectoryError):  # a folder, or a file, of the instructor's is there
            files.write(place, content)
    files.write(name, as_written(node) + b"\n")
    if folder.exists():
        shutil.rmtree(folder)
    draft.rename(folder)
    for place in copies if shared else ():
        beside.copied(place, folder / place)


def as_written(node: Any) -> bytes:
    """The text that nbformat writes of a notebook, byte for byte: it encodes in Python alone what is to be indented, which takes most of
    the time that a notebook takes here."""
    from nbformat import NotebookNode
    from nbformat.v4 import nbjson, rwbase, writes

    own = NotebookNode({**node, "metadata": NotebookNode(node.metadata), "cells": [_own(cell) for cell in node.cells]})
    own = rwbase.strip_transient(rwbase.split_lines(own))
    text = json.dumps(own, cls=nbjson.BytesEncoder, sort_keys=True, ensure_ascii=False)
    try:
        return msgspec.json.format(text.encode(), indent=1)
    except (UnicodeEncodeError, msgspec.DecodeError):  # half characters, and numbers that JSON has not
        return str(writes(node)).encode("utf-8", "surrogatepass")


def _own(cell: Any) -> Any:
    """A cell of which what is changed for writing is its own; the rest is shared."""
    from nbformat import NotebookNode

    found = NotebookNode(cell)
    found.metadata = NotebookNode(cell.metadata)
    if "attachments" in cell:
        found.attachments = {name: dict(bundle) for name, bundle in cell.attachments.items()}
    if "outputs" in cell:
        found.outputs = [NotebookNode(output) for output in cell.outputs]
        for output in found.outputs:
            if "data" in output:
                output.data = dict(output.data)
    return found


def notebook_node(notebook: Notebook) -> Any:
    """The notebook as an nbformat node, without outputs: valid, and quick to show."""
    from nbformat import from_dict

    found = msgspec.to_builtins(notebook)
    slow = any(_is_slow_to_colour(cell.source) for cell in notebook.cells if cell.cell_type == "code")
    lexer = "text" if slow else "python3"
    found["metadata"].setdefault("language_info", {"name": "python", "file_extension": ".py", "pygments_lexer": lexer})
    for cell in found["cells"]:
        cell |= {"metadata": cell.get("metadata", {}), "source": cell.get("source", "")}
        if cell["cell_type"] == "code":
            cell.pop("attachments", None)
            cell |= {"outputs": [], "execution_count": None}
    return from_dict(found)


def _is_slow_to_colour(text: str) -> bool:
    """Whether colouring this code might take long: the time grows with the square of its size, of some patterns."""
    return len(text) > MAX_RUN and (len(text) > MAX_COLOURED or _SLOW_RUN.search(text) is not None)


def _around(text: str, name: str, notebook: Notebook) -> Notebook:
    """The released notebook with a submitted module, in a cell of its own before the first answer."""
    first = next((place for place, cell in enumerate(notebook.cells) if cell.is_solution), len(notebook.cells))
    for cell in notebook.cells:
        if cell.is_solution and cell.is_code:
            cell.source = "# " + _("handed in as {name}, which stands above").format(name=one_line(name))
    notebook.cells.insert(first, Cell("code", f"# {one_line(name)}\n\n{text}", {}, "handed-in"))
    return notebook


def _is_plain(parts: tuple[str, ...]) -> bool:
    """Whether a place may be written to: it stays inside its folder, and a file can have that name."""
    return bool(parts) and all(
        part not in ("", ".", "..", *_IGNORED)
        and not part.startswith(".")
        and not any(char in part for char in "/\\\0")
        and _fits(part)
        for part in parts
    )


def _fits(name: str) -> bool:
    try:
        return len(os.fsencode(name)) <= MAX_NAME
    except UnicodeEncodeError:  # half a character
        return False


class _Files:
    """Writes files below a folder that it was the first to write to: there are many for each student, so that each folder is made once."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._made = folder, {""}

    def at(self, place: str) -> str:
        """Where a file is to be; the folders above it are there."""
        above = place.rpartition("/")[0]
        if above not in self._made:
            (self._folder / above).mkdir(parents=True, exist_ok=True)
            self._made.add(above)
        return f"{self._folder}/{place}"

    def write(self, place: str, content: bytes) -> None:
        """Write one, read-only, where there is none: what is there may be a link."""
        with Path(self.at(place)).open("xb", buffering=0) as file:
            os.fchmod(file.fileno(), _READ_ONLY)
            rest = memoryview(content)
            while rest:
                rest = rest[file.write(rest) :]
