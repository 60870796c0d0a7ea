"""A page of a report as HTML. Everything that it is given is escaped; its content security policy lets nothing else run or load."""

import base64
import functools
import hashlib
from pathlib import Path

from markupsafe import Markup

from grader.feedback.html import templates

TEMPLATES = Path(__file__).parent / "templates"


def page(template: str, *, scripted: bool = False, **values: object) -> bytes:
    """A page made with a template that extends `frame.html.j2`.

    Args:
        scripted: whether its tables can be sorted and filtered.
        values: for the template.
    """
    style = own("report.css")
    script = own("report.js") if scripted else Markup()
    policy = f"default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; style-src {source(style)}"
    policy += f"; script-src {source(script)}" if script else ""
    shown = templates(TEMPLATES).get_template(template).render(values, style=style, script=script, policy=Markup(policy))
    return shown.encode("utf-8", "backslashreplace")


@functools.cache
def own(name: str) -> Markup:
    """A style sheet or script of the report's own, to stand in a page as it is."""
    return Markup(templates(TEMPLATES).get_template(name).render().strip())


def source(text: str) -> str:
    """A text as a source in a content security policy: this one, and no other that stands in the page."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
