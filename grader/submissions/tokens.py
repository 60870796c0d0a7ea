"""A student's code as tokens that renaming, reformatting and commenting do not change.

    def area(w, h):     # comment        FunctionDef . Return BinOp . Mult .
        return w * h

It is parsed in the process that reads (`submissions.reading_process`): a text can be made to break a parser of Python. Names of
the student's own are `OWN` plus the name, so that a matcher can rename them; those of libraries and built-ins are kept.
"""

import ast
import builtins
import re
from collections.abc import Iterator

import msgspec

from grader.sandbox.lines import lines_of
from grader.text.syntax import parse

MAX_SOURCE = 200_000  # characters of a submission that are compared
OWN = "\0"
_KNOWN = frozenset(dir(builtins)) | {"np", "numpy", "math", "self"}
_WORDS = re.compile(r"\w+|[^\w\s]")


class Token(msgspec.Struct, frozen=True, array_like=True):
    """What stands there, and its line from 1. A name of the student's own begins with `OWN`."""

    text: str
    line: int


def tokens_of(source: str) -> list[list[Token]]:
    """The tokens of a module, a list for each function or class at its top level, and one for all other statements.

    Text that is not Python is taken word by word, a list for all of it. Imports, docstrings and annotations are left out.
    """
    source = source[:MAX_SOURCE]
    try:
        tree = parse(source)
        parts: list[list[ast.stmt]] = [[]]
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
                parts.append([node])
            else:
                parts[0].append(node)
        return [found for part in parts if (found := [token for node in part for token in _tokens(node, 0)])]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        lines = enumerate(lines_of(source), 1)
        return [[_word(word, number) for number, line in lines for word in _WORDS.findall(line.partition("#")[0])]]


def _word(word: str, line: int) -> Token:
    return Token(word if not word.isidentifier() or word in _KNOWN else OWN + word, line)


def _tokens(node: ast.AST, line: int) -> Iterator[Token]:
    """The node and what is in it, from left to right."""
    line = getattr(node, "lineno", line)
    match node:
        case ast.Import() | ast.ImportFrom() | ast.Pass() | ast.Load() | ast.Store() | ast.Del():
            return
        case ast.Expr(value=ast.Constant(value=str())):
            return
        case ast.Name(id=name):
            yield Token(name if name in _KNOWN else OWN + name, line)
            return
        case ast.Constant(value=value):
            yield Token("text" if isinstance(value, str) else f"{value!r:.40}", line)
            return
        case ast.arg(arg=name):
            yield Token(OWN + name, line)
            return
        case ast.Attribute(attr=name):
            yield from _tokens(node.value, line)
            yield Token(f".{name}", line)
            return
        case ast.AnnAssign():
            node = ast.Assign([node.target], node.value, lineno=line) if node.value else ast.Pass()
        case _:
            pass
    yield Token(type(node).__name__, line)
    for field, value in ast.iter_fields(node):
        if field in ("returns", "annotation", "type_comment", "decorator_list", "type_params"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _tokens(child, line)
