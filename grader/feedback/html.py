"""A view as HTML for a notebook."""

import functools
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from grader.feedback.view import View

TEMPLATES = Path(__file__).parent / "templates"


def page(view: View) -> str:
    """The HTML of a view; the templates escape its text."""
    return _templates().get_template("check.html.j2").render(view=view)


@functools.cache
def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
