"""The guides as text: pages of the documentation, with what a site would draw from the code written out."""

import inspect
import re
import textwrap
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from grader.errors import UsageError
from grader.text.language import SOURCE, marked, spoken
from grader.text.language import gettext as _

IN_ENGLISH = marked("The text below is in English, as are the names, keys and messages that a course is written with.")
PACKAGE = Path(__file__).resolve().parents[1]
_CODE = re.compile(r"^(?P<fence>```.*\n)(?P<code>(?:.*\n)*?)^```$", re.M)
_HEADING = re.compile(r"^```.*\n(?:.*\n)*?```$|^(?P<level>#+) (?P<title>.+)$", re.M)  # or code, where none is looked for
_DRAWN = re.compile(r"^::: (\S+)\n(?: {4}.*\n)*", re.M)


def page(name: str) -> str:
    """The text of a page of the documentation: from the package, where `build_catalogs.py` put it, else from the checkout."""
    for folder in (PACKAGE / "docs", PACKAGE.parent / "docs"):
        if (folder / name).is_file():
            text = (folder / name).read_text(encoding="utf-8")
            return _DRAWN.sub(lambda found: "\n".join(_documented(import_module(found[1]))), text)
    raise UsageError(
        f"this installation came without {name}, as those that a course hands out do. It is in docs/ of the grader's source, and in "
        "what `pip install dl-grader` installs."
    )


def for_terminal(text: str, width: int) -> str:
    """A page in which no line of code is wider than a terminal: what a line goes on with is indented, or stands below its last column."""
    return _CODE.sub(lambda found: found["fence"] + "".join(_lines(found["code"], width)) + "```", text)


def _lines(code: str, width: int) -> Iterator[str]:
    for line in code.splitlines():
        own = len(line) - len(line.lstrip())
        column = line.rfind("  ") + 2 if "  " in line.lstrip() else 0  # of a comment, or of what a file is for
        if len(line) <= width:
            yield f"{line}\n"
        elif column > width // 2 + 2:  # too little room is left beside it: it stands below
            yield from (f"{part}\n" for part in _wrapped(line[:column].rstrip(), width, " " * own + "    "))
            yield from _lines(f"    {line[column:]}\n", width)
        else:
            start = max(column, own)
            more = "# " if line[start : start + 2] == "# " else "" if column else "    "
            yield from (f"{part}\n" for part in _wrapped(line, width, " " * start + more))


def _wrapped(line: str, width: int, indent: str) -> list[str]:
    return textwrap.wrap(line, width, subsequent_indent=indent, break_on_hyphens=False, replace_whitespace=False)


def headings(text: str) -> list[str]:
    """The headings of a page that are words, and not a name in code."""
    found = (heading["title"] for heading in _HEADING.finditer(text))
    return [title for title in found if title and not re.fullmatch("`[^`]*`", title)]


def headed(text: str) -> str:
    """A page with its headings in the language in force, and a line on why the rest is in English."""
    if spoken() == SOURCE:
        return text
    first, rest = _HEADING.sub(lambda found: f"{found['level']} {_(found['title'])}" if found["title"] else found[0], text).split(
        "\n", 1
    )
    return f"{first}\n\n*{_(IN_ENGLISH)}*\n{rest}"


def _documented(module: Any) -> Iterator[str]:
    """What is public in a module, in the order of its source: signature and docstring."""
    yield from (f"From `{module.__name__}`:", "")
    own = [name for name, found in vars(module).items() if getattr(found, "__module__", "") == module.__name__]
    names = [name for name in getattr(module, "__all__", own) if not name.startswith("_")]
    for name in names:
        found = getattr(module, name)
        if _is_called(found):
            yield from (
                f"### `{name}`",
                "",
                "```python",
                _signature(name, found),
                "```",
                "",
                _laid_out(inspect.getdoc(found) or ""),
                "",
            )


def _is_called(found: Any) -> bool:
    """Whether authors call it: a function, or a class that needs nothing to be made; others are what functions return."""
    needed = inspect.signature(found).parameters.values() if inspect.isclass(found) else ()
    return inspect.isfunction(found) or (inspect.isclass(found) and all(one.default is not one.empty for one in needed))


def _signature(name: str, found: Any) -> str:
    """The call as it is written, an argument a line where one line is too long for a terminal."""
    parameters = list(inspect.signature(found).parameters.values())
    short = [str(parameter.replace(annotation=inspect.Parameter.empty)) for parameter in parameters]
    first = next((place for place, parameter in enumerate(parameters) if parameter.kind is parameter.KEYWORD_ONLY), None)
    if first is not None:
        short.insert(first, "*")
    line = f"{name}({', '.join(short)})"
    return line if len(line) <= 76 else f"{name}(\n" + "".join(f"    {argument},\n" for argument in short) + ")"


def _laid_out(text: str) -> str:
    """A docstring as Markdown: its sections are lists."""
    lines, section = [], False
    for line in text.splitlines():
        if re.fullmatch(r"(Args|Returns|Raises|Attributes):", line):
            section = True
            lines += [f"*{line}*", ""]
        elif section and re.match(r" {4}\S", line):
            name, colon, rest = line.strip().partition(": ")
            lines.append(f"- `{name}`: {rest}" if colon else f"- {line.strip()}")
        else:
            lines.append(line)
    return "\n".join(lines)
