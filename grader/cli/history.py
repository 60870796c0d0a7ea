"""`grader history`: who changed which mark, when and why."""

from pathlib import Path
from typing import Annotated

import typer

from grader.cli.options import JsonOption, LangOption, OutOption, Topic, TopicOption, topic_asked
from grader.errors import UsageError
from grader.feedback.terminal import console, history_table
from grader.gradebook.open_store import open_store
from grader.text.escape import json_line
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
            print(json_line(one))
        return 0
    if not history:
        print("no mark was changed by hand")
        return 0
    console().print(history_table(history))
    return 0
