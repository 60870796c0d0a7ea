"""`grader review`: the class in a browser on this machine, for assistants who look at submissions and change marks."""

import getpass
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli.options import CourseOption, JsonOption, LangOption, OutOption
from grader.course.folder import find_course
from grader.errors import UsageError
from grader.feedback.terminal import say
from grader.text.escape import json_line

if TYPE_CHECKING:
    from grader.report.review.desk import Desk


def command(
    out: OutOption = Path("results"),
    submissions: Annotated[
        Path | None, typer.Option("--submissions", metavar="CLASS", help="The class: shows its code, and what looks copied.")
    ] = None,
    requests: Annotated[
        Path | None, typer.Option("--requests", metavar="FILE", help="Regrade requests: a csv with student, topic, text.")
    ] = None,
    port: Annotated[
        int, typer.Option("--port", metavar="N", min=0, max=65535, help="Default: one that is free.", show_default=False)
    ] = 0,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who reviews (default: you).")] = "",
    blind: Annotated[bool, typer.Option("--blind", help="Numbers in place of students' names.")] = False,
    course: CourseOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    """Look at what needs a person, and change marks, in a browser.

    The link that is printed works once. Changes are those of `grader adjust`. Ctrl-C ends it.

    Example: grader review --submissions submissions --requests requests.csv
    """
    try:
        from grader.report.review.serve import serve
    except ModuleNotFoundError as error:
        raise UsageError(f"grader review needs {error.name}: pip install 'dl-grader[review]'.") from None
    from grader.gradebook.requests import read_requests
    from grader.report.review.code import read_code
    from grader.report.review.desk import Desk

    found, person = find_course(Path.cwd(), course), by or getpass.getuser()
    asked = read_requests(requests, person, datetime.now(UTC)) if requests else []
    desk = Desk(found, out, blind=blind)
    try:
        if asked:
            new = desk.ask(asked)
            known = f"; {len(asked) - new} of {len(asked)} were there already" if new < len(asked) else ""
            say(f"{new} {'request is' if new == 1 else 'requests are'} new{known}")
        desk.code = read_code(found, submissions) if submissions else None
        say("Ctrl-C ends it; what was changed is in the records")
        serve(desk, person, port, lambda link: print(_result(desk, link) if json else link, flush=True))
    finally:
        desk.close()
    return 0


def _result(desk: "Desk", link: str) -> str:
    """The link, and how much of the queue is open, by reason."""
    with desk.reading() as store:
        waiting = Counter(task.item.reason for task in desk.queue(store) if task.settled is None)
    return json_line({"link": link, "open": waiting.total(), "reasons": dict(waiting)})
