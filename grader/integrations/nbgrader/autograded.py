"""A submission as `nbgrader autograde` leaves it for formgrader and feedback: the graded notebook and the files beside it."""

import os
import re
import shutil
from collections.abc import Mapping
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
MAX_COLOURED, MAX_RUN = 50_000, 500  # characters of a cell, and of a run of blanks or of a name, that feedback shows in colours
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


def write(folder: Path, name: str, node: Any, item: SubmittedFiles, beside: Mapping[str, Path]) -> None:
    """Replace the folder of one autograded submission: whole, or not at all.

    Args:
        name: of the notebook's file.
        beside: the instructor's files, by their place in the folder; they replace the student's.
    """
    import nbformat.v4

    draft = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    files, left = _Files(draft), MAX_BESIDE
    for file in item.files:
        place = "/".join(file.parts[1:])
        if not _is_plain(file.parts[1:]) or place.endswith(NOTEBOOK) or place in beside:
            continue
        try:
            content = item.reader.contents(file) if isinstance(file.origin, Packed) else file.read()
        except UnreadableError:
            continue  # not read for grading either
        if (left := left - len(content)) < 0:
            break
        files.write(place, content)
    for place, path in beside.items():
        files.write(place, path.read_bytes())
    files.write(name, (nbformat.v4.writes(node) + "\n").encode("utf-8", "surrogatepass"))
    if folder.exists():
        shutil.rmtree(folder)
    draft.rename(folder)


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
    return len(text) > MAX_COLOURED or any(len(run) > MAX_RUN for run in re.findall(r"\s+|[\w.]+", text))


def _around(text: str, name: str, notebook: Notebook) -> Notebook:
    """The released notebook with a submitted module, in a cell of its own before the first answer."""
    first = next((place for place, cell in enumerate(notebook.cells) if cell.is_solution), len(notebook.cells))
    for cell in notebook.cells:
        if cell.is_solution and cell.is_code:
            cell.source = "# " + _("handed in as {name}, which stands above").format(name=one_line(name))
    notebook.cells.insert(first, Cell("code", f"# {one_line(name)}\n\n{text}", {}, "handed-in"))
    return notebook


def _is_plain(parts: tuple[str, ...]) -> bool:
    """Whether a place may be written to: it stays inside its folder."""
    return bool(parts) and not any(
        part in ("", ".", "..", *_IGNORED) or part.startswith(".") or any(char in part for char in "/\\\0") for part in parts
    )


class _Files:
    """Writes files below a folder that it was the first to write to: there are many for each student, so that each folder is made once."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._made = folder, {""}

    def write(self, place: str, content: bytes) -> None:
        """Write one, read-only."""
        above = place.rpartition("/")[0]
        if above not in self._made:
            (self._folder / above).mkdir(parents=True, exist_ok=True)
            self._made.add(above)
        with (self._folder / place).open("wb", buffering=0) as file:
            os.fchmod(file.fileno(), _READ_ONLY)
            rest = memoryview(content)
            while rest:
                rest = rest[file.write(rest) :]
