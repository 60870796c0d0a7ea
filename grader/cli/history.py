"""`grader history`: who changed which mark, when and why."""

import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.text import Text

from grader.cli.options import JsonOption, LangOption, OutOption, Topic, TopicOption, topic_asked
from grader.errors import UsageError
from grader.feedback.summary import change_text
from grader.feedback.terminal import columns, console
from grader.gradebook.adjustments import undoing
from grader.gradebook.store import open_store
from grader.text.escape import json_line, one_line
from grader.text.near import near


def command(
    student: Annotated[str | None, typer.Argument(metavar="[STUDENT]", help="Default: everybody.")] = None,
    topic: Topic = None,
    of: TopicOption = None,
    out: OutOption = Path("results"),
    json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    """Who changed which mark by hand, when and why.

    Example: grader history ana
    """
    topic = topic_asked(topic, of)
    with open_store(out, write=False) as store:
        history = store.adjustments(student or "", topic or "")
        keys = store.keys()
    students = sorted({name for name, _ in keys})
    if student and not history and student not in students:
        raise UsageError(f"{out} has no records of {student!r}. {near(student, students)}")
    if json:
        for one in history:
            sys.stdout.write(json_line(msgspec.to_builtins(one)) + "\n")
        return 0
    if not history:
        print("no mark was changed by hand")
        return 0
    taken_back = undoing(history)
    table = columns(("", "when", "who", "student", "assignment", "change", "why"))
    for one in history:
        by = f" (taken back by {taken_back[one.number]})" if one.number in taken_back else ""
        what = f"{one.assignment}, {one.exercise}" if one.exercise else one.assignment
        cells = (str(one.number), f"{one.at:%Y-%m-%d %H:%M}", one_line(one.by, 20), one_line(one.student, 30), what)
        style = "dim" if by else ""
        table.add_row(*(Text(cell, style) for cell in (*cells, change_text(one), one_line(one.because, 300) + by)))
    console().print(table)
    return 0
