"""The guides as text: pages of the documentation, with what a site would draw from the code written out."""

import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import grader
from grader.errors import UsageError

PACKAGE = Path(grader.__file__).parent
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
