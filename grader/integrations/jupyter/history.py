"""The cells that count for a self-check: what would be submitted now, as far as that is known.

    the notebook's file    if it is found and up to date: its cells in their order, as grading reads them
    else, the session      the cells that were run; one that was run again keeps its place, with its latest text

    In [1]  import numpy as np
    In [2]  def conv2d(image, kernel): …            an older version
    In [3]  plt.imshow(conv2d(digit, edges))
    In [4]  def conv2d(image, kernel): …            replaces In [2]

A file is out of date if a name in it got its value from a cell that is not in it: it has not been saved, or not run, since. Nothing is
executed here.
"""

import contextlib
import dis
import functools
import os
import re
import sys
import warnings
from collections.abc import Sequence, Set
from pathlib import Path
from typing import Any

import msgspec

from grader.errors import UsageError
from grader.submissions.files import UnreadableError, read_plain
from grader.submissions.notebook.ipynb import Cell, read_notebook
from grader.submissions.notebook.magics import plain
from grader.submissions.notebook.source import label
from grader.text.language import gettext as _

_DEFINED = re.compile(r"^(?:def|class)[ \t]+(\w+)", re.MULTILINE)
_BINDS = ("STORE_NAME", "STORE_GLOBAL")
_NEEDS = ("LOAD_NAME", "DELETE_NAME")


class Ran(msgspec.Struct, frozen=True):
    """A cell that was run, or is in the notebook's file; `label` is its name in messages."""

    label: str
    text: str
    metadata: dict[str, Any] = {}

    @property
    def cell(self) -> Cell:
        """The cell as part of a notebook."""
        return Cell("code", self.text, self.metadata)


class _Names(msgspec.Struct, frozen=True):
    """The names that a cell binds, and those that it needs before binding them."""

    binds: Set[str]
    needs: Set[str]


def cells_run() -> list[Ran]:
    """Every cell of this session as it was typed, in the order of execution; in a script, its text; elsewhere a UsageError."""
    shell = _shell()
    if shell is not None:
        typed = shell.history_manager.input_hist_raw
        return [Ran(f"In [{place}]", str(text)) for place, text in enumerate(typed) if text]
    file = getattr(sys.modules["__main__"], "__file__", None)
    if file is None:
        raise UsageError(_("grader.check looks at the cells of a notebook; elsewhere, `grader check FILE` looks at a file."))
    return [Ran(Path(file).name, Path(file).read_text(encoding="utf-8"))]


def cells_saved() -> list[Ran]:
    """The code cells of this notebook's file; none if it is unknown or unreadable."""
    shell = _shell()
    named = shell.user_ns.get("__vsc_ipynb_file__") or os.environ.get("JPY_SESSION_NAME") if shell is not None else None
    if not isinstance(named, str):
        return []
    try:
        cells = read_notebook(Path(named).name, read_plain(Path(named))).cells
    except (UnreadableError, OSError, ValueError):
        return []
    return [Ran(label(place), cell.text, cell.metadata) for place, cell in enumerate(cells, start=1) if cell.is_code]


def cells_that_count(ran: Sequence[Ran], saved: Sequence[Ran], wanted: str) -> list[Ran]:
    """The cells of the file, if it contains what was run, including `wanted`; else those of the session."""
    last = {name: cell.text.strip() for cell in ran for name in _names(cell.text).binds}
    texts = {cell.text.strip(): cell.metadata for cell in saved}
    words = {wanted, *re.findall(r"\w+", "\n".join(texts))}
    was_run = wanted in last or wanted not in defined(saved)
    if was_run and all(text in texts for name, text in last.items() if name in words):
        return list(saved)
    return [msgspec.structs.replace(cell, metadata=texts.get(cell.text.strip(), {})) for cell in as_last_run(ran)]


def as_last_run(ran: Sequence[Ran]) -> list[Ran]:
    """Each cell once, in the place of its first run, with the text of its last."""
    kept: list[Ran] = []
    for cell in ran:
        if not _says_anything(cell):
            continue
        place = next((place for place in reversed(range(len(kept))) if _is_newer(cell, kept, place)), len(kept))
        kept[place : place + 1] = [cell]
    return kept


def defined(cells: Sequence[Ran]) -> set[str]:
    """The names that the cells bind."""
    return {name for cell in cells for name in _names(cell.text).binds}


def _is_newer(cell: Ran, kept: Sequence[Ran], place: int) -> bool:
    """Whether a cell is a newer version of the one at `place` and can run there: it needs no names bound later."""
    older = kept[place]
    if cell.text.strip() == older.text.strip():
        return True
    new, old = _names(cell.text), _names(older.text)
    return bool(old.binds) and old.binds <= new.binds and not new.needs & (defined(kept[place:]) - defined(kept[:place]))


def _says_anything(cell: Ran) -> bool:
    """Whether the cell has more than the grader's own lines."""
    found = plain(cell.text)
    return bool(found.removed) or re.search(r"^[ \t]*+(?!pass\b|#)\S", found.text, re.MULTILINE) is not None


@functools.lru_cache(maxsize=1000)
def _names(text: str) -> _Names:
    """The names in a cell's compiled code; definitions are found even if it is not Python, or below an endless loop."""
    text = plain(text).text
    binds: set[str] = set()
    needs: set[str] = set()
    with warnings.catch_warnings(), contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        warnings.simplefilter("ignore")  # they were shown when the cell was run
        for step in dis.get_instructions(compile(text, "cell", "exec", dont_inherit=True)):
            if step.opname in _BINDS:
                binds.add(step.argval)
            elif step.opname in _NEEDS and step.argval not in binds:
                needs.add(step.argval)
    return _Names(binds.union(_DEFINED.findall(text)), needs)


def _shell() -> Any:
    """The running IPython, or None."""
    return sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
