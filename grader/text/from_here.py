"""Messages as they are read in a terminal: files by their place from here, lines that end between words."""

import os
import textwrap
from pathlib import Path


def from_here(text: str) -> str:
    """A text in which files below the working directory are named from there."""
    try:
        here = Path.cwd()
    except OSError:  # it was removed meanwhile
        return text
    return text.replace(f"{here}{os.sep}", "") if here.name else text


def folded(text: str, width: int) -> str:
    """A text whose lines have at most `width` columns, where words allow it; what a long line goes on with is indented by two."""
    return "\n".join(_fold(line, width) for line in text.split("\n"))


def _fold(line: str, width: int) -> str:
    if len(line) <= width:
        return line
    indent = line[: len(line) - len(line.lstrip())] + "  "
    return "\n".join(textwrap.wrap(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False))
