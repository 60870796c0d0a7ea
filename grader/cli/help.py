"""`grader help`: the guides that are long enough to be read, without a network."""

import os
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

import grader
from grader.errors import UsageError
from grader.feedback.terminal import console

Guide = Literal["authoring"]
PAGES: dict[Guide, str] = {"authoring": "authors.md"}
ABOUT: dict[Guide, str] = {"authoring": "how to write a course: topics, rubrics, mistakes"}
PACKAGE = Path(grader.__file__).parent


def command(
    guide: Annotated[Guide | None, typer.Argument(metavar="[GUIDE]", help="authoring (default: the list of guides).")] = None,
) -> int:
    """Show a guide. For the options of a command: grader COMMAND --help.

    Example: grader help authoring
    """
    out = console()
    if guide is None:
        for name, about in ABOUT.items():
            out.print(f"grader help {name}   {about}")
        out.print("grader COMMAND --help   what a command takes, with an example")
        return 0
    text = page(PAGES[guide])
    if not sys.stdout.isatty():  # to be kept, or searched
        sys.stdout.write(text)
        return 0
    from rich.markdown import Markdown

    os.environ.setdefault("LESS", "-R")  # else less shows the codes of the colours
    with out.pager(styles=True):
        out.print(Markdown(text))
    return 0


def page(name: str) -> str:
    """The text of a page of the documentation: from the package, where `build_catalogs.py` put it, else from the checkout."""
    for folder in (PACKAGE / "docs", PACKAGE.parent / "docs"):
        if (folder / name).is_file():
            return (folder / name).read_text(encoding="utf-8")
    raise UsageError(
        f"this installation came without {name}, as those that a course hands out do. It is in docs/ of the grader's source, and in "
        "what `pip install dl-grader` installs."
    )
