"""`grader drop`: students who left the class."""

import getpass
from datetime import UTC, datetime
from pathlib import Path
from shlex import quote
from typing import Annotated

import typer
from rich.text import Text

from grader.cli.options import JsonOption, LangOption, OutOption
from grader.errors import UsageError
from grader.feedback.terminal import columns, console
from grader.gradebook.open_store import open_store, open_to_change
from grader.gradebook.same_class import Dropped, students_of, who_left
from grader.gradebook.store import Store
from grader.text.escape import json_line, one_line
from grader.text.near import near


def command(
    students: Annotated[
        list[str] | None, typer.Argument(metavar="[STUDENT]...", help="Default: list those who were dropped.")
    ] = None,
    absent: Annotated[
        bool, typer.Option("--absent", help="All who have records but are no longer in the class's folder.")
    ] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Take these students back.")] = False,
    because: Annotated[str, typer.Option("--because", "-m", metavar="TEXT", help="Why.")] = "",
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who decided (default: you).")] = "",
    out: OutOption = Path("results"),
    json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    """Leave out students who left the class. They are in no table, export, feedback or statistic then.

    Their records are kept, and --undo brings all of it back.

    Example: grader drop zed --because "left the course"
    """
    if undo and absent:
        raise UsageError("--undo takes back the students that you name; leave out --absent.")
    if students and absent:
        raise UsageError(
            "--absent finds those who left by itself; leave out the names, or leave out --absent to drop these students."
        )
    if not students and not absent:
        if undo:
            raise UsageError("name the students who are taken back: grader drop --undo STUDENT. `grader drop` lists them.")
        with open_store(out, write=False) as store:
            _list(store.dropped(), json)
        return 0
    with open_to_change(out) as store, store.together():
        dropped = [one.student for one in store.dropped()]
        if undo:
            changed = [_of(name, dropped, f"nobody called {name!r} was dropped from {out}") for name in students or ()]
            for student in changed:
                store.take_back(student)
        else:
            recorded = students_of(store.keys()) | {one.student for one in store.adjustments()}
            here = sorted(recorded.difference(dropped))
            changed = [_of(name, here, f"{out} has no records of {name!r}") for name in students or ()]
            if absent and not store.folders():
                raise UsageError(
                    f"{out} does not know yet from which folder the class is graded. Grade it first, or name the students."
                )
            changed = list(who_left(store.folders(), here) if absent else dict.fromkeys(changed))
            person, now = by or getpass.getuser(), datetime.now(UTC)
            for student in changed:
                store.drop(Dropped(student, person, now, because or ("not in the class's folder" if absent else "")))
        for student in changed:
            _tell(student, store, undo, json)
    if not changed:
        print("nobody left: all who have records are in the class's folder")
    return 0


def _of(name: str, known: list[str], problem: str) -> str:
    """The name, if it is one of the `known`."""
    if name not in known:
        raise UsageError(f"{problem}. {near(name, known) if known else '`grader drop` lists who was dropped.'}")
    return name


def _tell(student: str, store: Store, undo: bool, json: bool) -> None:
    keys = store.keys()
    records = [topic for name, topic in keys if name == student]
    if json:
        print(json_line({"student": student, "dropped": not undo, "assignments": records}))
        return
    name = one_line(student, 60)
    if undo:
        print(f"{name} is back: {', '.join(records) or 'no records'}")
    else:
        print(f"{name} is dropped: {', '.join(records) or 'no records'}. To undo: grader drop --undo {quote(name)}")


def _list(dropped: list[Dropped], json: bool) -> None:
    if json:
        for one in dropped:
            print(json_line(one))
        return
    if not dropped:
        print("nobody was dropped")
        return
    table = columns(("student", "when", "who", "why"))
    for one in dropped:
        table.add_row(
            *map(Text, (one_line(one.student, 30), f"{one.at:%Y-%m-%d %H:%M}", one_line(one.by, 20), one_line(one.because, 200)))
        )
    console().print(table)
