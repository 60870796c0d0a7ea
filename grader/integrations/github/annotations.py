"""What failed as workflow commands, which GitHub Actions shows beside the lines that they are about.

    ::error file=assignments/conv/conv.py,line=12,title=conv2d%3A a padding of 1::y[0] = 3 (should be 2)

A step shows ten of them: the first failure of each exercise comes first. Nothing else is printed: a line of a student's own output that
begins with `::` would be a command.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from grader.feedback.places import Place, Places
from grader.feedback.view_types import CheckView, ExerciseView, View
from grader.judge.verdicts import Grade
from grader.text.language import gettext as _


def annotations(grade: Grade, view: View, places: Places) -> Iterator[str]:
    """A line for each failure that is reported in full, and one for the result; paths are those in the repository."""
    if not view.judged or not view.exercises:
        yield command("error", view.message, _located(places.whole) | {"title": view.title})
        return
    told = [
        (number, _error(exercise, check, places.checks.get((given.name, verdict.name))))
        for exercise, given in zip(view.exercises, grade.exercises, strict=True)
        for number, (check, verdict) in enumerate(
            (seen, found)
            for seen, found in zip(exercise.checks, given.checks, strict=True)
            if seen in exercise.lacking and not seen.note
        )
    ]
    yield from (line for _number, line in sorted(told, key=lambda item: item[0]))
    if view.message:
        yield command("warning", view.message, _located(places.whole) | {"title": view.title})
    if view.score:
        yield command("notice", f"{view.score.text}{view.score.open}", {"title": view.title})


def command(level: str, message: str, properties: Mapping[str, str]) -> str:
    """A workflow command; `message` and `properties` are escaped as GitHub unescapes them."""
    given = ",".join(f"{name}={_escaped(value, property=True)}" for name, value in properties.items() if value)
    return f"::{level} {given}::{_escaped(message)}" if given else f"::{level}::{_escaped(message)}"


def _error(exercise: ExerciseView, check: CheckView, place: Place | None) -> str:
    hint = f"→ {check.hint}" if check.hint else ""
    if check.word == "skipped":
        message = check.message
    else:
        message = "\n".join(filter(None, (check.call, check.message, hint, _("{score} points").format(score=check.score))))
    level = "warning" if check.word in ("skipped", "waits") else "error"
    return command(level, message, _located(place) | {"title": f"{exercise.name}: {check.name}"})


def _located(place: Place | None) -> dict[str, str]:
    if place is None:
        return {}
    path, root = Path(place.path).resolve(), Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd()).resolve()
    shown = path.relative_to(root).as_posix() if path.is_relative_to(root) else place.path
    return {"file": shown, "line": str(place.line or 1)}


def _escaped(text: str, property: bool = False) -> str:
    found = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return found.replace(":", "%3A").replace(",", "%2C") if property else found
