"""`grader import-course`: an assignment written for another grader becomes a topic of a course."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Literal

import typer

from grader.cli.options import JsonOption
from grader.errors import UsageError
from grader.integrations.from_notebooks.parts import Source
from grader.integrations.from_notebooks.topic import topic_of
from grader.integrations.from_notebooks.write import NOTES, left_lines, write_topic
from grader.integrations.nbgrader.source import read_source as read_nbgrader
from grader.integrations.otter.source import read_source as read_otter
from grader.text.escape import json_line

System = Literal["otter", "nbgrader"]
READERS: Mapping[System, Callable[[Path], Source]] = {"otter": read_otter, "nbgrader": read_nbgrader}
SHOWN = 12  # things that are left, on the screen; the file has all of them


def command(
    source: Annotated[Path, typer.Argument(metavar="NOTEBOOK", help="The author's notebook, with its solutions and tests.")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The course that the topic goes to; it may be new.")],
    system: Annotated[System, typer.Option("--from", metavar="SYSTEM", help="otter or nbgrader: what it was written for.")],
    topic: Annotated[str, typer.Option("--topic", "-t", metavar="NAME", help="The topic's name (default: the notebook's).")] = "",
    json: JsonOption = False,
) -> int:
    """Make a topic out of a notebook of otter or nbgrader, as far as it can be read. Nothing in it is executed.

    Tests that compare a call with a value become worked examples, hidden ones calls that the reference decides, expected errors refusals.
    What is left to do is listed, with its cell and line, and kept in DIR/imported.

    Example: grader import-course source/ps1/problem1.ipynb my_course --from nbgrader
    """
    name = topic or re.sub(r"\W+", "_", source.stem).strip("_").lower()
    if not name.isidentifier():
        raise UsageError(f"{name!r} cannot be a module's name. Give one with --topic, like --topic week_1.")
    made = topic_of(READERS[system](source), source)
    if not made.exercises:
        raise UsageError(
            f"{source} has no function or class that could be read as a solution for {system}. "
            f"Is it the author's notebook, with solutions and tests, and was it written for {system}?"
        )
    files = write_topic(folder, name, made, source)
    left = list(left_lines(made))
    if json:
        parts = [{"cell": item.cell, "line": item.line, "what": item.what} for item in made.left]
        print(json_line({"topic": name, "files": [str(path) for path in files], "left": parts}))
        return 0
    for exercise in made.exercises:
        if not exercise.is_checked:
            print(
                f"{exercise.name}: {exercise.points or 1:g} point{'s' * (exercise.points not in (0, 1))}, decided by a person so far"
            )
            continue
        counts = {
            "worked example": len(exercise.examples),
            "call of the tests": sum(not item.hidden for item in exercise.asked),
            "hidden call": sum(item.hidden for item in exercise.asked),
            "refusal": len(exercise.refusals),
        }
        found = ", ".join(
            f"{count} {what}{'s' * (count > 1)}".replace("call of the testss", "calls of the tests")
            for what, count in counts.items()
            if count
        )
        print(f"{exercise.name}: {exercise.points or 1:g} point{'s' * (exercise.points != 1)}, {found}")
    print(f"\nLeft to do (all of it in {folder / NOTES / f'{name}.md'}):")
    for line in left[:SHOWN]:
        print(f"- {line}")
    if len(left) > SHOWN:
        print(f"… and {len(left) - SHOWN} more")
    print(f"\nNext: cd {folder} && grader validate --no-mutants {name}")
    return 0
