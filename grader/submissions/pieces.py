"""What stands in a submission for each function, as text: for a person to read. Nothing of it is executed.

def why_bias():                          code   the lines of the function
    \"\"\"The question.\"\"\"
    return \"\"\"Without it, …\"\"\"          text   the text that it returns, where it is written in quotes
"""

import ast
import hashlib
import inspect
import re
from collections.abc import Iterable, Mapping

import msgspec

from grader.sandbox.lines import lines_of
from grader.submissions.functions import OPEN, lines_of_functions
from grader.text.syntax import parse

MOST = 20_000  # characters of one piece
MOST_PIECES, ROOM = 200, 400_000  # pieces of one submission, and characters of all
_RETURNS_TEXT = re.compile(r"^[ \t]+return\b[ \t]*[(\"'a-zA-Z]", re.MULTILINE)
_CLEANED = ("dedent", "cleandoc", "strip")


class Piece(msgspec.Struct, frozen=True):
    """What a student wrote for one function.

    Attributes:
        code: its lines. text: that it returns; None where that is not written in quotes.
        digest: of the answer, so that the same one is known again.
    """

    code: str
    text: str | None = None
    digest: str = ""

    @property
    def is_written(self) -> bool:
        """Whether something was written in place of the hole."""
        return bool(self.text.strip()) if self.text is not None else OPEN not in self.code

    @property
    def has_text(self) -> bool:
        """Whether it returns a text that is written in quotes."""
        return self.text is not None

    def answer(self, form: str) -> str:
        """What a person reads: the text if there is one and it is asked for, else the code."""
        return self.text if form == "text" and self.text is not None else self.code


def pieces(texts: Iterable[str], first: Iterable[str] = ()) -> dict[str, Piece]:
    """The functions and classes at the top level of some texts, in which the last definition of a name counts.

    Args:
        first: names that have their place whatever else there is.
    """
    lines: dict[str, list[str]] = {}
    for source in texts:
        for name, begins, line in lines_of_functions(source):
            if begins:
                lines[name] = []
            lines[name].append(line)
    wanted = [name for name in dict.fromkeys((*first, *lines)) if name in lines][:MOST_PIECES]
    found_pieces: dict[str, Piece] = {}
    room = ROOM
    for name in wanted:
        whole = _whole("\n".join(lines[name])).rstrip()
        while whole.rpartition("\n")[2].startswith("#"):  # a comment of what follows
            whole = whole.rpartition("\n")[0].rstrip()
        text = literal(whole, name)
        text = text and _whole(text)
        digest = hashlib.sha256((text if text is not None else whole).encode("utf-8", "surrogatepass")).hexdigest()[:16]
        piece = Piece(whole[:MOST], None if text is None else text[:MOST], digest)
        room -= len(piece.code) + len(piece.text or "")
        if room < 0:
            break
        found_pieces[name] = piece
    return found_pieces


def piece_of(found: Mapping[str, Piece], name: str) -> Piece | None:
    """The piece of a function, a class or a method; a method's lines are among those of its class."""
    owner, _dot, method = name.partition(".")
    if not method:
        return found.get(name)
    code = lines_of(found[owner].code) if owner in found else []
    indents = [line[: len(line) - len(line.lstrip())] for line in code[1:] if line.strip()]
    if not indents or not indents[0]:
        return None
    inside = [line.removeprefix(indents[0]) for line in code[1:]]  # as if the methods were functions
    return pieces(["\n".join(inside)], [method]).get(method)


def _whole(text: str) -> str:
    """A text without half letters, which no file can hold."""
    return text.encode("utf-8", "backslashreplace").decode()


def literal(code: str, name: str) -> str | None:
    """The text that a function returns, without its indentation; None unless it is written in quotes."""
    if len(code) > 4 * MOST or not _RETURNS_TEXT.search(code):
        return None
    try:
        return _returned(parse(code), name)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _returned(tree: ast.Module, name: str) -> str | None:
    function = next((node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name), None)
    if function is None:
        return None
    named: dict[str, str] = {}
    found = None
    for node in function.body:
        if isinstance(node, ast.Assign) and isinstance(target := node.targets[0], ast.Name):
            if (text := _text(node.value, named)) is not None:
                named[target.id] = text
        elif isinstance(node, ast.Return) and node.value is not None:
            found = _text(node.value, named)
    return None if found is None else inspect.cleandoc(found).strip()


def _text(node: ast.expr, named: Mapping[str, str]) -> str | None:
    """The text of an expression of texts in quotes."""
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.Name(id=name):
            return named.get(name)
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            first, second = _text(left, named), _text(right, named)
            return None if first is None or second is None else first + second
        case ast.Call(func=ast.Attribute(attr=called, value=value), args=given) if called in _CLEANED:
            return _text(given[0] if given else value, named)
        case ast.Call(func=ast.Name(id=called), args=[first, *_]) if called in _CLEANED:
            return _text(first, named)
        case _:
            return None
