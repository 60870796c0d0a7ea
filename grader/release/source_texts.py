"""What students read in a Python file of the course, to be translated: the paragraphs of its docstrings, and its comments.

    \"\"\"Convolution of one image.          one paragraph: "Convolution of one image."

    Args:                                the next: "Args:\\n    image: shape (H, W)."
        image: shape (H, W).
    \"\"\"
    # Try it here.                       a comment, which may have several lines

A paragraph is translated as it stands, with its line breaks, and is put back at its own indentation. One without words is a formula.
Code is never touched: what a translated file does is what the file does.
"""

import ast
import io
import re
import textwrap
import tokenize
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from grader.course.folder import Assignment
from grader.text.syntax import literal, parse
from grader.text.translations import translation

_WORDS = re.compile(r"[^\W\d_]{2,},? [^\W\d_]{2,}|\A\s*[A-Z][a-z]{3,}[ :]")  # two in a row, or a heading
_BETWEEN = re.compile(r"(\n[ \t]*\n\s*?(?=[ \t]*\S))")  # paragraphs; what stands between them is kept
_QUOTES = re.compile(r"(?P<prefix>[a-zA-Z]*)(?P<quote>\"\"\"|'''|\"|')")
_SHOWN = "# "


def domain(assignment: Assignment) -> str:
    """The catalog of what students read in the topic's Python files: `conv.stub`; what `grader check` says is in `conv`."""
    return f"{assignment.name}.stub"


def scripts(assignment: Assignment) -> list[Path]:
    """The Python files besides the stub that students get to read."""
    own = {*assignment.stubs, assignment.rubric.name, assignment.plots.name}
    return [path for path in sorted(assignment.folder.glob("*.py")) if path.name not in own]


def in_language(source: str, assignment: Assignment, language: str) -> str:
    """A Python file of the topic in `language`, as far as it is translated."""
    return translated(source, translation(domain(assignment), assignment.catalogs, language).gettext)


class _Place(msgspec.Struct, frozen=True):
    """A text of the file: what stands from one (line, column) to another, lines from 1."""

    start: tuple[int, int]
    end: tuple[int, int]
    written: str  # as it stands there


def texts(source: str) -> Iterator[str]:
    """The paragraphs and comments of a file, in its order."""
    for place in _places(source):
        for part in _paragraphs(_said(place)):
            if _WORDS.search(part):
                yield textwrap.dedent(part)


def translated(source: str, say: Callable[[str], str]) -> str:
    """The file with each of its `texts` replaced by what `say` makes of it."""
    lines = source.split("\n")
    for place in reversed(_places(source)):
        said = _said(place)
        told = "".join(_told(part, say) for part in _BETWEEN.split(said))
        if told != said:
            written = _comment(told, place) if place.written.startswith("#") else _docstring(told, place)
            (first, left), (last, right) = place.start, place.end
            lines[first - 1 : last] = [lines[first - 1][:left] + written + lines[last - 1][right:]]
    return "\n".join(lines)


def _told(part: str, say: Callable[[str], str]) -> str:
    """A paragraph in other words, at its own indentation."""
    if not _WORDS.search(part):
        return part
    plain = textwrap.dedent(part)
    told = say(plain)
    return part if told == plain else textwrap.indent(told, re.match(r"[ \t]*", part)[0] if part[:1] in " \t" else "")  # type: ignore[index]


def _paragraphs(text: str) -> Sequence[str]:
    return [part for part in _BETWEEN.split(text) if part.strip()]


def _said(place: _Place) -> str:
    """The text of a docstring, without the indentation of its function, or of a comment."""
    if place.written.startswith("#"):
        return "\n".join(line.strip().removeprefix("#").removeprefix(" ") for line in place.written.split("\n"))
    value = literal(place.written)
    first, newline, rest = str(value).expandtabs().partition("\n")
    return first.strip() + newline + textwrap.dedent(rest).rstrip()


def _comment(text: str, place: _Place) -> str:
    margin = "\n" + " " * place.start[1] + _SHOWN
    return _SHOWN + margin.join(text.split("\n"))


def _docstring(text: str, place: _Place) -> str:
    """A docstring as Python writes it, in the quotes that it had; several lines end with the quotes in a line of their own."""
    found = _QUOTES.match(place.written)
    assert found is not None
    quote = found["quote"] if "\n" not in text else '"""'
    is_raw = "r" in found["prefix"].lower() and not text.endswith("\\") and quote not in text
    if not is_raw:
        text = text.replace("\\", "\\\\").replace(quote, "".join("\\" + mark for mark in quote))
        text = text[:-1] + '\\"' if text.endswith('"') and not text.endswith('\\"') else text
    margin = " " * place.start[1]
    lines = [
        f"{margin}{line}" if line.strip() and n else line.strip() if not n else "" for n, line in enumerate(text.split("\n"))
    ]
    ending = "\n" + margin if len(lines) > 1 else ""
    return ("r" if is_raw else "") + quote + "\n".join(lines) + ending + quote


def _places(source: str) -> list[_Place]:
    """The docstrings and comments of a file, in its order; lines of comments below each other are one."""
    starts = {
        (node.body[0].lineno, node.body[0].col_offset)
        for node in ast.walk(parse(source))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and ast.get_docstring(node, clean=False)
    }
    found: list[_Place] = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.STRING and token.start in starts:
            found.append(_Place(token.start, token.end, token.string))
        elif token.type == tokenize.COMMENT:
            above = found[-1] if found else None
            alone = token.line[: token.start[1]].strip() == ""
            follows = above is not None and (above.end[0] + 1, above.start[1]) == token.start and above.written.startswith("#")
            if above is not None and alone and follows and _alone(above, source):
                found[-1] = _Place(above.start, token.end, f"{above.written}\n{token.string}")
            else:
                found.append(_Place(token.start, token.end, token.string))
    return found


def _alone(place: _Place, source: str) -> bool:
    """Whether nothing stands before it in its line."""
    return not source.split("\n")[place.start[0] - 1][: place.start[1]].strip()
