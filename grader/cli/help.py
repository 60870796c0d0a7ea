"""`grader help`: the guides that are long enough to be read, without a network."""

import os
import sys
from typing import Annotated, Any, Literal

import typer

from grader.cli.guides import for_terminal, headed, headings, page
from grader.feedback.terminal import console
from grader.text.language import gettext as _
from grader.text.language import marked

Guide = Literal[
    "authoring",
    "authoring/checks",
    "authoring/mistakes",
    "authoring/recipes",
    "authoring/texts",
    "authoring/values",
    "authoring/pictures",
    "authoring/reference",
    "authoring/importing",
    "authoring/api",
]
ABOUT: dict[Guide, str] = {
    "authoring": marked("a first course in ten minutes"),
    "authoring/checks": marked("which check when; cases, points, policies"),
    "authoring/mistakes": marked("known mistakes as edits, hints, prices, proofs"),
    "authoring/recipes": marked("random numbers, ties, caches, classes, speed"),
    "authoring/texts": marked("statements and languages"),
    "authoring/values": marked("text, dates, functions, tables, figures"),
    "authoring/pictures": marked("what grader plot draws, and statements show"),
    "authoring/reference": marked("examples.toml and course.toml, key by key"),
    "authoring/importing": marked("topics out of notebooks of otter and nbgrader"),
    "authoring/api": marked("what rubrics import, with every argument"),
}
BESIDE = 2  # columns that stand beside a block of code


def file(guide: Guide) -> str:
    """The page of a guide."""
    return guide.replace("authoring", "authors", 1) + ".md"


def guide_headings() -> list[str]:
    """The headings of all guides, for the catalogs."""
    return [title for guide in ABOUT for title in headings(page(file(guide)))]


def laid_out(text: str, width: int) -> Any:
    """A guide for a terminal, to be printed with rich."""
    from rich.markdown import Markdown

    return Markdown(for_terminal(text, width - BESIDE))


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
            out.print(f"grader help {name:{width}}   {_(about)}", highlight=False)
        out.print("grader COMMAND --help   " + _("what a command takes, with an example"))
        return 0
    text = headed(page(file(guide)))
    if not sys.stdout.isatty():  # to be kept, or searched
        sys.stdout.write(text)
        return 0
    os.environ.setdefault("LESS", "-R")  # else less shows the codes of the colours
    with out.pager(styles=True):
        out.print(laid_out(text, out.width))
    return 0
