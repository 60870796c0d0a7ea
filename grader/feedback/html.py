"""A view as HTML: for a notebook, and what pages are made with."""

import functools
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from grader.feedback.view_types import View
from grader.text import language

TEMPLATES = Path(__file__).parent / "templates"


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
    found.globals |= {"spoken": language.spoken, "direction": language.direction, "tag": language.tag}
    return found
