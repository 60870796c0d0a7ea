"""The cells of a submitted notebook, within limits. It is data: nothing is executed, and what is not needed is never decoded.

    bytes ─► outputs and unknown metadata skipped ─► cells: valid text, plain names, short text cells ─► Notebook
              │
              └ what a strict reader refuses (format 3, NaN, half characters): Python's own parser, then the same

All that a notebook holds afterwards is as short as its code, plain, and valid in format 4: what is shown of it later (nbgrader's feedback
takes time that grows with the square of some texts, and stops at odd names) can neither fail nor take long.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from grader.sandbox.limits import size_text
from grader.submissions.files import MAX_FILE, UnreadableError
from grader.text.language import gettext as _

MAX_CELLS = 2000
MAX_TEXT, MAX_TEXTS = 20_000, 400_000  # characters of a cell that is not code, and of all of them
_CUT_NOTE = 200  # characters that the note on what was cut off may have
MAX_MARKS = 4000  # bytes of nbgrader's metadata of a cell
MAX_TAGS, MAX_NAME = 20, 64
MAX_PICTURES = 2 << 20  # bytes of all attachments
FORMAT, MINOR = 4, 5
OLD_FORMAT = 3  # until 2015; some programs still write it, and nbgrader reads it
_CODE, _TEXT = "code", ("markdown", "raw")
_PLAIN = re.compile(r"[A-Za-z0-9_.()-]+")
_KERNEL = ("display_name", "language", "name")
_PICTURES = ("image/png", "image/jpeg", "image/gif")


class Cell(msgspec.Struct, omit_defaults=True):
    """One cell, without its outputs."""

    cell_type: str
    source: str = ""
    metadata: dict[str, Any] = {}
    id: str | None = None
    attachments: dict[str, dict[str, str]] | None = None

    @property
    def text(self) -> str:
        """Its source."""
        return self.source

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
    nbformat: int = FORMAT
    nbformat_minor: int = MINOR
    metadata: dict[str, Any] = {}


class _Marks(msgspec.Struct):
    """The metadata of a cell that is kept; all else is skipped."""

    nbgrader: msgspec.Raw = msgspec.Raw()
    tags: msgspec.Raw = msgspec.Raw()
    deletable: msgspec.Raw = msgspec.Raw()
    editable: msgspec.Raw = msgspec.Raw()


class _StoredCell(msgspec.Struct):
    """A cell as it stands in the file."""

    cell_type: str
    source: str | list[str] = ""
    metadata: _Marks = msgspec.field(default_factory=_Marks)
    id: msgspec.Raw = msgspec.Raw()
    attachments: msgspec.Raw = msgspec.Raw()


class _NotebookMarks(msgspec.Struct):
    """The metadata of a notebook that is kept; all else is skipped."""

    kernelspec: msgspec.Raw = msgspec.Raw()


class _Stored(msgspec.Struct):
    """A file of a notebook."""

    nbformat: int
    cells: list[_StoredCell]
    metadata: _NotebookMarks = msgspec.field(default_factory=_NotebookMarks)


_decoder = msgspec.json.Decoder(_Stored)


def read_notebook(name: str, data: bytes) -> Notebook:
    """The notebook in `data`, the content of the file `name`.

    Raises:
        UnreadableError: it is not a notebook; the message is for the student.
    """
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        stored = _decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        stored = _read_slowly(name, data)
    if stored.nbformat != FORMAT:
        raise _wrong_version(name, stored.nbformat)
    if len(stored.cells) > MAX_CELLS:
        text = _("{name} has {n} cells; at most {most} are read")
        raise UnreadableError(text, name=name, n=len(stored.cells), most=MAX_CELLS)
    notebook = Notebook(list(_cells(stored.cells)))
    if isinstance(kernel := _json(stored.metadata.kernelspec, MAX_MARKS), dict):
        notebook.metadata["kernelspec"] = {
            key: kernel[key] for key in _KERNEL if _is_plain(str(kernel.get(key, "")).replace(" ", ""))
        }
    size = sum(len(cell.source) for cell in notebook.cells if cell.is_code)
    if size > MAX_FILE:
        text = _("the code of {name} is {size}; at most {most} are read")
        raise UnreadableError(text, name=name, size=size_text(size), most=size_text(MAX_FILE))
    return notebook


def _cells(stored: list[_StoredCell]) -> Iterator[Cell]:
    """The cells: plain, of limited size, each with an id of its own."""
    ids: set[str] = set()
    texts, pictures = MAX_TEXTS, MAX_PICTURES
    for place, found in enumerate(stored, start=1):
        own = _json(found.id, MAX_NAME + 2)
        unique = own if isinstance(own, str) and _is_plain(own) and own not in ids else f"cell-{place}"
        while unique in ids:
            unique += "-"
        ids.add(unique)
        cell = Cell(
            found.cell_type if found.cell_type in (_CODE, *_TEXT) else "raw", _joined(found.source), _kept(found.metadata), unique
        )
        if not cell.is_code:
            cell.source = _short(cell.source, min(MAX_TEXT, texts))
            texts = max(0, texts - len(cell.source))
            cell.attachments = _pictures(_json(found.attachments, pictures))
            pictures -= sum(len(data) for kinds in (cell.attachments or {}).values() for data in kinds.values())
        yield cell


def _kept(marks: _Marks) -> dict[str, Any]:
    """The metadata of a cell that later steps read."""
    kept: dict[str, Any] = {}
    if isinstance(found := _json(marks.nbgrader, MAX_MARKS), dict):
        kept["nbgrader"] = found
    if isinstance(tags := _json(marks.tags, 2 * MAX_TAGS * MAX_NAME), list):
        kept["tags"] = list(dict.fromkeys(filter(_is_plain, tags)))[:MAX_TAGS]
    for flag in ("deletable", "editable"):
        if isinstance(value := _json(getattr(marks, flag), MAX_NAME), bool):
            kept[flag] = value
    return kept


def _is_plain(name: object) -> bool:
    return isinstance(name, str) and len(name) <= MAX_NAME and _PLAIN.fullmatch(name) is not None


def _json(raw: msgspec.Raw, most: int) -> Any:
    """The value; None if there is none, or it takes more than `most` bytes."""
    if not 0 < memoryview(raw).nbytes <= most:
        return None
    try:
        return msgspec.json.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _joined(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def _short(text: str, most: int) -> str:
    """A text that is shown only; its beginning, if it is too long. What was cut once is not cut again."""
    if len(text) <= max(most, _CUT_NOTE):
        return text
    most = max(0, most - _CUT_NOTE)
    return text[:most] + "\n\n" + _("[{n} more characters are in the notebook that was handed in]").format(n=len(text) - most)


def _pictures(found: Any) -> dict[str, dict[str, str]] | None:
    """Attachments that are pictures with plain names."""
    kept: dict[str, dict[str, str]] = {}
    for name, kinds in found.items() if isinstance(found, dict) else ():
        if _is_plain(name) and isinstance(kinds, dict):
            kept[name] = {kind: data for kind, data in kinds.items() if kind in _PICTURES and isinstance(data, str)}
    return kept or None


def _read_slowly(name: str, data: bytes) -> _Stored:
    """The same by Python's own parser, which accepts NaN and half characters, and says what is wrong."""
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
    if isinstance(found, dict) and isinstance(found.get("cells"), list):
        if isinstance(metadata := found.get("metadata"), dict):
            found["metadata"] = {key: metadata[key] for key in _NotebookMarks.__struct_fields__ if key in metadata}
        found["cells"] = [_needed(cell) if isinstance(cell, dict) else cell for cell in found["cells"]]
    try:
        return _decoder.decode(msgspec.json.encode(_whole(found)))
    except (msgspec.MsgspecError, RecursionError) as error:
        problem = str(error)
        if "source" in problem:
            text = _("{name} is not a notebook: the text of a cell is not text; save it again in Jupyter")
            raise UnreadableError(text, name=name) from None
        text = _("{name} is not a notebook: {problem}; save it again in Jupyter")
        raise UnreadableError(text, name=name, problem=problem) from None


def _needed(cell: dict[str, Any]) -> dict[str, Any]:
    """A cell without its outputs and other metadata, its lines joined, so that halves of one character meet."""
    needed = {key: cell[key] for key in _StoredCell.__struct_fields__ if key in cell}
    if isinstance(lines := needed.get("source"), list) and all(isinstance(line, str) for line in lines):
        needed["source"] = "".join(lines)
    if isinstance(metadata := needed.get("metadata"), dict):
        needed["metadata"] = {key: metadata[key] for key in _Marks.__struct_fields__ if key in metadata}
    return needed


def _whole(value: Any) -> Any:
    """`value` with the replacement character for each half of a character."""
    match value:
        case str():
            return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        case list():
            return [_whole(item) for item in value]
        case dict():
            return {_whole(key): _whole(item) for key, item in value.items()}
        case _:
            return value


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
    return {"cells": cells, "nbformat": FORMAT}


def _wrong_version(name: str, version: int) -> UnreadableError:
    text = _("{name} is of notebook format {version}, and format {known} is read; open it in a current Jupyter and save it")
    return UnreadableError(text, name=name, version=version, known=FORMAT)
