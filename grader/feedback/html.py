"""A view as HTML for a notebook: what passed, what did not, and for arrays what came beside what should have come."""

import functools
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from grader.feedback.view import View

TEMPLATES = Path(__file__).parent / "templates"


def page(view: View) -> str:
    """The HTML of a view; text is escaped here."""
    return _templates().get_template("check.html.j2").render(view=view)


@functools.cache
def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
