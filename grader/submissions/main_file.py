"""Which file of a submission is graded where several could be: the one in which most is written. Nothing is executed.

conv.ipynb, conv.py      and copies (`conv (1).py`, `old/conv.py`); where as much is written in two, in this order
mine.py, final.ipynb     any other, where nothing is written in those
"""

import codecs
import re
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from grader.submissions.archives import bare
from grader.submissions.arrange import copy_number, is_code
from grader.submissions.files import MAX_NOTEBOOK, NOTEBOOK, File, UnreadableError
from grader.submissions.functions import OPEN, lines_of_functions
from grader.text.language import gettext as _

if TYPE_CHECKING:
    from grader.submissions.notebook.scaffold import Scaffold

MOST = 8  # files that are compared
MOST_BYTES = MAX_NOTEBOOK  # of all of them together; what is behind that has nothing written in it
_START = 4096  # bytes in which a notebook has begun
_METHOD = re.compile(r"[ \t]*(?:async +)?def ")


class Chosen(msgspec.Struct, frozen=True):
    """The file that is graded, and `why` that one, if others could be meant."""

    file: File
    why: str = ""


class _Candidate(msgspec.Struct, frozen=True):
    file: File
    share: float  # of the functions, that is written
    whole: int  # functions that are written as a whole


def possible(topic: str, files: Sequence[File]) -> tuple[list[File], list[File]]:
    """The files called like the assignment's, in the order in which they count, and other code."""
    code = [file for file in files if len(file.parts) > 1 and is_code(file.parts[-1])]
    named = [file for file in code if copy_number(topic, bare(file.parts[-1])) is not None]
    if len(named) > 1:  # most hand in one, and its rank is worth no time
        named.sort(key=lambda file: _rank(topic, file))
    return named[:MOST], [file for file in code if file not in named][:MOST]


def compared(topic: str, files: Sequence[File]) -> list[File]:
    """Those of `possible`, in no order, which takes no time where there are few."""
    code = [file for file in files if len(file.parts) > 1 and is_code(file.parts[-1])]
    return code if len(code) <= MOST else [file for some in possible(topic, files) for file in some]


def choose(topic: str, files: Sequence[File], scaffold: "Scaffold | None") -> Chosen | None:
    """The file to grade; None if there is none by its name, and what is written does not tell either."""
    named, others = possible(topic, files)
    exact = [file for file in named if _is_exact(topic, file)]
    if scaffold is None:
        return Chosen(exact[0]) if exact else None
    if exact and len(named) + len(others) == 1:
        return Chosen(exact[0])
    found = list(_read(named, scaffold.names))
    best = max(found, key=lambda one: one.share, default=None)
    if exact and scaffold.known is not None and exact[0].parts[-1].endswith(NOTEBOOK):
        best = found[0]  # in a gradebook of nbgrader, which grades no other
    elif best is None or not best.share:
        elsewhere = [one for one in _read(others, scaffold.names) if one.share]
        elsewhere.sort(key=lambda one: -one.share)
        if elsewhere and (len(elsewhere) == 1 or elsewhere[0].share > elsewhere[1].share):
            best, found = elsewhere[0], [*found, *elsewhere]
    if best is None or (best.file in named and not best.share and not exact):
        return None
    rest = [one for one in found if one is not best and (one.share or not _is_given(topic, one.file))]
    return Chosen(best.file, _why(best, rest, len(scaffold.names)) if rest or best.file not in named else "")


def written(text: str, names: Collection[str]) -> tuple[float, int]:
    """How many of the functions and classes `names` are written in a text: with the methods of a class counted, and as a whole."""
    shares = [max(1 - left / max(methods, 1), 0.0) for methods, left in _found(text, names).values()]
    return sum(shares), sum(share == 1 for share in shares)


def defined(file: File, names: Collection[str]) -> int:
    """How many of the functions and classes `names` a file defines, written or not; 0 if it cannot be read."""
    try:
        return len(_found(_text(file.parts[-1], file.read()), names))
    except UnreadableError:
        return 0


def _found(text: str, names: Collection[str]) -> dict[str, tuple[int, int]]:
    """For each of the functions and classes `names` that a text defines: how many functions that are, and how many are not written."""
    methods: dict[str, int] = {}
    left: dict[str, int] = {}
    for name, begins, line in lines_of_functions(text):
        if name in names:
            if begins:
                methods[name] = left[name] = 0
            methods[name] += bool(_METHOD.match(line))
            left[name] += OPEN in line
    return {name: (methods[name], count) for name, count in left.items()}


def looks_like_notebook(data: bytes) -> bool:
    """Whether a file holds a notebook, whatever its name: JSON with cells."""
    start = data[:_START].removeprefix(codecs.BOM_UTF8).lstrip()
    return start.startswith(b"{") and any(key in data for key in (b'"cells"', b'"worksheets"', b'"nbformat"'))


def said(file: File) -> str:
    """What a file is called in messages: as it was handed in."""
    return file.name or "/".join(file.parts[1:])


def _why(best: _Candidate, rest: Sequence[_Candidate], count: int) -> str:
    text = _("{file} was graded, with {n} of {count} exercises written").format(file=said(best.file), n=best.whole, count=count)
    others = ", ".join(f"{said(one.file)} ({one.whole})" for one in rest)
    return _("{graded}; also handed in: {others}").format(graded=text, others=others) if others else text


def _rank(topic: str, file: File) -> tuple[bool, int, bool, int, tuple[str, ...]]:
    name = file.parts[-1]
    return (
        not _is_exact(topic, file),
        len(file.parts),
        not name.lower().endswith(NOTEBOOK),
        -(copy_number(topic, bare(name)) or 0),
        file.parts,
    )


def _is_exact(topic: str, file: File) -> bool:
    return file.parts in ((topic, f"{topic}{NOTEBOOK}"), (topic, f"{topic}.py"))


def _is_given(topic: str, file: File) -> bool:
    """Whether a file is the stub of the small course that is released beside a notebook, and comes back with every submission."""
    return file.parts[1:-1] == ("assignments", topic)


def _read(files: Sequence[File], names: Collection[str]) -> Iterator[_Candidate]:
    """The files with what is written in each; one that cannot be read is there, with nothing."""
    left = MOST_BYTES
    for file in files:
        share, whole = 0.0, 0
        if left > 0:
            try:
                data = file.read()
                left -= len(data)
                share, whole = written(_text(file.parts[-1], data), names)
            except UnreadableError:
                pass
        yield _Candidate(file, share, whole)


def damage(file: File) -> str:
    """Why nothing can be read of a file that should be a notebook ("" where something can, and for a module)."""
    from grader.submissions.notebook.ipynb import read_notebook

    if not file.parts[-1].lower().endswith(NOTEBOOK):
        return ""
    try:
        data = file.read()
        if looks_like_notebook(data) or b"\ndef " not in b"\n" + data:  # a script may be called like a notebook
            read_notebook(file.parts[-1], data)
    except UnreadableError as error:
        return str(error)
    return ""


def _text(name: str, data: bytes) -> str:
    if looks_like_notebook(data):
        from grader.submissions.notebook.ipynb import read_notebook

        return "\n".join(cell.text for cell in read_notebook(name, data).cells if cell.is_code)
    return data.decode("utf-8", "replace")
