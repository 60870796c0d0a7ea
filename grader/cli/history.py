"""`grader history`: who changed which mark, when and why."""

import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.text import Text

from grader.cli.options import JsonOption, LangOption, OutOption
from grader.errors import UsageError
from grader.feedback.history import change_lines
from grader.feedback.terminal import columns, console
from grader.gradebook.regrades import near
from grader.gradebook.store import open_store
from grader.text.escape import json_line


def command(
    student: Annotated[str | None, typer.Argument(help="Default: everybody.")] = None,
    topic: Annotated[str | None, typer.Argument(help="Default: every assignment.")] = None,
    out: OutOption = Path("results"),
    json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    """Who changed which mark by hand, when and why.

    Example: grader history ana
    """
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
    table = columns(("", "when", "who", "student", "assignment", "change", "why"))
    for line in change_lines(history):
        by = f" (taken back by {line.taken_back_by})" if line.taken_back_by else ""
        cells = (str(line.number), line.when, line.by, line.student, line.where, line.change, line.because + by)
        table.add_row(*(Text(cell, "dim" if by else "") for cell in cells))
    console().print(table)
    return 0
