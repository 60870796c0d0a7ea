"""Removing from a cell what only IPython understands: magics, `!commands`, help. It does not run, and is reported.

    %matplotlib inline          pass
    files = !ls            →    pass              every other line keeps its number
    np.dot?                     pass
    %time x = f()               x = f()
    %%time                      pass              the cell below it runs
    %%bash                      (the cell does not run)
    %%writefile helpers.py      a module of the submission: the text below it

A `%` or `!` counts only where a statement can begin: not in a string, inside brackets, or on a continued line. Nothing is parsed or
compiled here, in the trusted process: a small scanner keeps track of strings and brackets.
"""

import re
from collections.abc import Iterator

import msgspec

_TOKEN = re.compile(r"""\"{3}|'{3}|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?|\#[^\n]*|[][(){}]|\\\n|\n""", re.DOTALL)
_ENDS = {quotes: re.compile(rf"(?:\\.|[^\\])*?{quotes}", re.DOTALL) for quotes in ('"""', "'''")}
_DEEPER = dict.fromkeys("([{", 1) | dict.fromkeys(")]}", -1)
_ESCAPED = re.compile(r"(%|!|\?|/\S|,\S|;\S)")  # /f x, ,f x and ;f x call f
_HELP = re.compile(r"[%\w.*]+\?{1,2}")
_ASSIGNED = re.compile(r"[A-Za-z_][\w\s,.*]*=\s*(%\s*[A-Za-z]|!)")
_CELL = re.compile(r"%%(\S*)")
_WRITTEN = re.compile(r"\s*%%writefile +(-a +)?(?:\./)?([A-Za-z_]\w{0,99})\.py[ \t]*\n")
_BODY_RUNS = {"time", "capture", "prun"}  # the body of a cell with these magics is Python
_TIMED = re.compile(r"%time[ \t]+(?=[^\s?])")  # a statement that runs, as in IPython
# Possessive (`*+`), so that no line is read twice.
_CHECK = re.compile(r"grader\.check\(")  # up to the bracket that closes this one, and behind that:
_CHECKED = re.compile(r"(?:\.points)?\s*+;?\s*+(?:\#.*)?")
_OWN_MAGIC = re.compile(r"(?:%(?:re)?load_ext[ \t]++grader|%grader_\w++[^\#]*+)\s*+;?\s*+(?:\#.*)?")
_SIGN = re.compile(r"^[ \t]*+[%!]|^[ \t]*+grader\.check\(", re.MULTILINE)  # that a file was a notebook: no Python begins so


class Plain(msgspec.Struct, frozen=True):
    """A cell as plain Python, and the number and text of each removed line."""

    text: str
    removed: tuple[tuple[int, str], ...] = ()


class Written(msgspec.Struct, frozen=True):
    """The text that a cell writes into the file of a module, or `adds` to its end."""

    module: str
    text: str
    adds: bool


def written(text: str) -> Written | None:
    """The module that a cell with `%%writefile NAME.py` writes; None for any other cell."""
    text = _unix(text)
    found = _WRITTEN.match(text)
    return Written(found[2], text[found.end() :], found[1] is not None) if found else None


def plain(text: str) -> Plain:
    """`text` without what only IPython understands; the other lines keep their numbers."""
    lines = _unix(text).split("\n")
    removed: list[tuple[int, str]] = []
    first = next((place for place, line in enumerate(lines) if line.strip()), 0)
    magic = _CELL.match(lines[first].lstrip())
    if magic:
        removed.append((first + 1, lines[first].strip()))
        if magic.group(1) not in _BODY_RUNS:
            return Plain("", tuple(removed))
        lines[first] = ""
    lines = _dedented(lines)
    for place, last in _statements("\n".join(lines)):
        stripped = lines[place].strip()
        if timed := _TIMED.match(stripped):
            lines[place] = f"{_indent(lines[place])}{stripped[timed.end() :]}"
            continue
        is_self_check = place == last and _is_self_check(stripped)
        if is_self_check or _ESCAPED.match(stripped) or _HELP.fullmatch(stripped) or _ASSIGNED.match(stripped):
            lines[place] = f"{_indent(lines[place])}pass"
            if not is_self_check:
                removed.append((place + 1, stripped))
    return Plain("\n".join(lines), tuple(removed))


def as_python(text: str) -> str:
    """A file that was exported from a notebook with its magics still in it, as plain Python; any other file as it is."""
    return plain(text).text if _SIGN.search(text) else text


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _dedented(lines: list[str]) -> list[str]:
    """As in IPython: the indent of the first line is removed from every line that has it."""
    indent = _indent(next((line for line in lines if line.strip()), ""))
    return [line.removeprefix(indent) for line in lines]


def _is_self_check(line: str) -> bool:
    """Whether a statement of one line is the grader's own: a self-check, or one of its magics."""
    if not _CHECK.match(line):
        return _OWN_MAGIC.fullmatch(line) is not None
    depth = 0
    for token, end in _tokens(line):
        depth += _DEEPER.get(token, 0)
        if token in _DEEPER and depth == 0:
            return _CHECKED.fullmatch(line, end) is not None
    return False


def _statements(text: str) -> Iterator[tuple[int, int]]:
    """The first and the last line (from 0) of each logical line, which strings, brackets and backslashes continue."""
    depth = place = start = 0
    for token, _end in _tokens(text):
        place += token.count("\n")  # also after a backslash, and in a string
        depth += _DEEPER.get(token, 0)
        if token == "\n" and depth <= 0:
            yield start, place - 1
            start, depth = place, 0
    yield start, place


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    """Each string, bracket, comment and end of a line, and where it ends."""
    at = 0
    while found := _TOKEN.search(text, at):
        token, at = found.group(), found.end()
        if token in _ENDS:
            end = _ENDS[token].match(text, at)
            at = end.end() if end else len(text)
            token = text[found.start() : at]
        yield token, at
