"""A view as HTML: for a notebook, and what pages are made with."""

import functools
import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from grader.feedback.view_types import View
from grader.judge.verdicts import VerdictWord
from grader.text import language

TEMPLATES = Path(__file__).parent / "templates"
_TICKED = re.compile("`([^`]*)`")
_VERDICTS: dict[VerdictWord, str] = {
    "passed": language.marked("passed"),
    "partly": language.marked("in part"),
    "failed": language.marked("failed"),
    "skipped": language.marked("not begun"),
    "waits": language.marked("waits"),
    "grader_error": language.marked("fault of the grader"),
}


def page(view: View) -> str:
    """The HTML of a view; the templates escape its text."""
    return render("check.html.j2", view=view)


def render(template: str, **values: object) -> str:
    """A template with its values, which it escapes."""
    return templates().get_template(template).render(values)


@functools.cache
def templates(*folders: Path) -> Environment:
    """The templates in `folders` and those here, which may include each other; what they are given is escaped."""
    found = Environment(loader=FileSystemLoader([*folders, TEMPLATES]), autoescape=True, undefined=StrictUndefined)
    found.globals |= {"_": language.gettext, "ngettext": language.ngettext, "word": verdict_word}
    found.globals |= {"spoken": language.spoken, "direction": language.direction, "tag": language.tag}
    found.filters["ticks"] = ticks
    return found


def ticks(text: str, element: str = "code") -> Markup:
    """A text, escaped, in which what stands in backticks is code (or `element`)."""
    return Markup(_TICKED.sub(rf"<{element}>\1</{element}>", str(escape(text))))


def verdict_word(word: VerdictWord) -> str:
    """A verdict in words, for who cannot see its sign."""
    return language.gettext(_VERDICTS[word])
