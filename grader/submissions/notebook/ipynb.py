"""The cells of a submitted notebook. It is data: nothing is executed, and outputs, however large, are skipped and never decoded."""

import json
from typing import Any

import msgspec

from grader.sandbox.values import size_text
from grader.submissions.files import MAX_FILE, UnreadableError
from grader.text.language import gettext as _

MAX_CELLS = 2000
FORMAT = 4
OLD_FORMAT = 3  # until 2015; some programs still write it, and nbgrader reads it


class Cell(msgspec.Struct, omit_defaults=True):
    """One cell, without its outputs. `source` is text in the result of `read_notebook`."""

    cell_type: str
    source: Any = ""
    metadata: dict[str, Any] = {}
    id: str | None = None
    attachments: dict[str, Any] | None = None

    @property
    def text(self) -> str:
        """Its source."""
        return str(self.source)

    @property
    def nbgrader(self) -> dict[str, Any]:
        """nbgrader's metadata; empty if missing or malformed."""
        found = self.metadata.get("nbgrader")
        return found if isinstance(found, dict) else {}

    @property
    def grade_id(self) -> str:
        """nbgrader's name for it ("" for none)."""
        found = self.nbgrader.get("grade_id")
        return found if isinstance(found, str) else ""

    @property
    def is_grade(self) -> bool:
        """Whether it earns points."""
        return self.nbgrader.get("grade") is True

    @property
    def is_solution(self) -> bool:
        """Whether the student's answer goes there."""
        return self.nbgrader.get("solution") is True

    @property
    def is_code(self) -> bool:
        """Whether it is code, or was before the student changed its type."""
        return self.cell_type == "code" or (self.is_solution and self.nbgrader.get("cell_type") == "code")


class Notebook(msgspec.Struct):
    """A notebook of format 4 (format 3 is upgraded): its cells in order."""

    cells: list[Cell]
    nbformat: int
    nbformat_minor: int = 0
    metadata: dict[str, Any] = {}


_decoder = msgspec.json.Decoder(Notebook)


def read_notebook(name: str, data: bytes) -> Notebook:
    """The notebook in `data`, the content of the file `name`.

    Raises:
        UnreadableError: it is not a notebook; the message is for the student.
    """
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        notebook = _decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        notebook = _read_slowly(name, data)
    if notebook.nbformat != FORMAT:
        raise _wrong_version(name, notebook.nbformat)
    if len(notebook.cells) > MAX_CELLS:
        text = _("{name} has {n} cells; at most {most} are read")
        raise UnreadableError(text, name=name, n=len(notebook.cells), most=MAX_CELLS)
    size = 0
    for cell in notebook.cells:
        cell.source = _joined(name, cell.source)
        size += len(cell.source) if cell.is_code else 0
    if size > MAX_FILE:
        text = _("the code of {name} is {size}; at most {most} are read")
        raise UnreadableError(text, name=name, size=size_text(size), most=size_text(MAX_FILE))
    return notebook


def _read_slowly(name: str, data: bytes) -> Notebook:
    """The same by Python's own parser, which accepts NaN in outputs and says what is wrong."""
    try:
        found = json.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        text = _("{name} is not UTF-8 text at byte {place}; save it again in Jupyter")
        raise UnreadableError(text, name=name, place=error.start) from None
    except json.JSONDecodeError as error:
        text = _("{name} is not a notebook: it is not JSON at line {line} ({problem}); save it again in Jupyter")
        raise UnreadableError(text, name=name, line=error.lineno, problem=error.msg) from None
    except (ValueError, RecursionError):
        raise UnreadableError(_("{name} is not a notebook; save it again in Jupyter"), name=name) from None
    if isinstance(found, dict) and found.get("nbformat") == OLD_FORMAT:
        found = _upgraded(found)
    if isinstance(found, dict) and isinstance(version := found.get("nbformat"), int) and version != FORMAT:
        raise _wrong_version(name, version)
    try:
        return msgspec.convert(found, Notebook)
    except (msgspec.ValidationError, RecursionError) as error:
        text = _("{name} is not a notebook: {problem}; save it again in Jupyter")
        raise UnreadableError(text, name=name, problem=error) from None


def _upgraded(found: dict[str, Any]) -> dict[str, Any]:
    """A notebook of the old format in the current one. Malformed parts are left as they are, for the conversion to report."""
    sheets = found.get("worksheets")
    cells = []
    for sheet in sheets if isinstance(sheets, list) else ():
        for cell in sheet["cells"] if isinstance(sheet, dict) and isinstance(sheet.get("cells"), list) else ():
            match cell:
                case {"cell_type": "code"}:
                    cells.append({**cell, "source": cell.get("input", "")})
                case {"cell_type": "heading" | "html"}:
                    cells.append({**cell, "cell_type": "markdown"})
                case _:
                    cells.append(cell)
    return {"cells": cells, "nbformat": FORMAT, "nbformat_minor": 4, "metadata": found.get("metadata", {})}


def _wrong_version(name: str, version: int) -> UnreadableError:
    text = _("{name} is of notebook format {version}, and format {known} is read; open it in a current Jupyter and save it")
    return UnreadableError(text, name=name, version=version, known=FORMAT)


def _joined(name: str, source: Any) -> str:
    """A cell's text, which may be stored as a list of lines."""
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise UnreadableError(_("{name} is not a notebook: the text of a cell is not text; save it again in Jupyter"), name=name)
    try:
        source.encode()
    except UnicodeEncodeError:
        raise UnreadableError(_("{name} has characters that are not valid text; save it again in Jupyter"), name=name) from None
    return source
