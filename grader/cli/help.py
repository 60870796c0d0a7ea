"""`grader help`: the guides that are long enough to be read, without a network."""

import os
import sys
from typing import Annotated, Literal

import typer

from grader.cli.guides import page
from grader.feedback.terminal import console

Guide = Literal[
    "authoring",
    "authoring/checks",
    "authoring/mistakes",
    "authoring/texts",
    "authoring/pictures",
    "authoring/reference",
    "authoring/importing",
    "authoring/api",
]
ABOUT: dict[Guide, str] = {
    "authoring": "a first course in ten minutes",
    "authoring/checks": "which check when; cases, points, policies",
    "authoring/mistakes": "known mistakes as edits, hints, prices, proofs",
    "authoring/texts": "statements and languages",
    "authoring/pictures": "what grader plot draws, and statements show",
    "authoring/reference": "examples.toml and course.toml, key by key",
    "authoring/importing": "topics out of notebooks of otter and nbgrader",
    "authoring/api": "what rubrics import, with every argument",
}


def file(guide: Guide) -> str:
    """The page of a guide."""
    return guide.replace("authoring", "authors", 1) + ".md"


def command(
    guide: Annotated[
        Guide | None, typer.Argument(metavar="[GUIDE]", help="authoring, or one of its parts (default: the list of guides).")
    ] = None,
) -> int:
    """Show a guide. For the options of a command: grader COMMAND --help.

    Example: grader help authoring/checks
    """
    out = console()
    if guide is None:
        width = max(map(len, ABOUT))
        for name, about in ABOUT.items():
            out.print(f"grader help {name:{width}}   {about}", highlight=False)
        out.print("grader COMMAND --help   what a command takes, with an example")
        return 0
    text = page(file(guide))
    if not sys.stdout.isatty():  # to be kept, or searched
        sys.stdout.write(text)
        return 0
    from rich.markdown import Markdown

    os.environ.setdefault("LESS", "-R")  # else less shows the codes of the colours
    with out.pager(styles=True):
        out.print(Markdown(text))
    return 0
