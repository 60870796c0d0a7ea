"""Where in a student's files a failed check can be looked at: the line that raised, or where the exercise is defined."""

import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from grader.judge.verdicts import Grade, Verdict
from grader.run import Run
from grader.sandbox.outcome import Outcome, Raised, TimedOut
from grader.text.escape import one_line

_DEFINED = re.compile(r"^([ \t]*)(?:async[ \t]+)?(def|class)[ \t]+(\w+)", re.MULTILINE)


class Place(msgspec.Struct, frozen=True):
    """A line of a file; 0 for the file as a whole."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{one_line(self.path)}:{self.line}" if self.line else one_line(self.path)


class Places(msgspec.Struct, frozen=True):
    """The places of one submission.

    Attributes:
        whole: of what stopped the file before anything could be called, if something did.
        exercises: where each is defined; `checks`: the place of each check that did not pass, by the names of exercise and check.
    """

    whole: Place | None = None
    exercises: Mapping[str, Place] = {}
    checks: Mapping[tuple[str, str], Place] = {}


NOWHERE = Places()


def places(grade: Grade, run: Run, modules: Mapping[str, Path]) -> Places:
    """The places of a grade in the files on disk.

    Args:
        modules: the path of each Python file, by the name that outcomes give it.
    """
    if not modules:
        return NOWHERE
    usual = f"{grade.assignment}.py"
    paths = [modules[name] for name in sorted(modules, key=lambda name: name != usual)]
    defined = [(path, lines_of(path)) for path in paths]
    found = {
        name: next((Place(str(path), lines[name]) for path, lines in defined if name in lines), Place(str(paths[0]), 0))
        for name in (exercise.name for exercise in grade.exercises)
    }
    checks = {
        (exercise.name, check.name): _raised(run, check, modules) or found[exercise.name]
        for exercise in grade.exercises
        for check in exercise.checks
        if check.verdict != "passed" and not check.at_hand_in
    }
    return Places(_stopped(run.loaded, modules), found, checks)


def lines_of(path: Path) -> dict[str, int]:
    """The line where each function, class and method (`Class.method`) is defined, the last one of a name; nothing if it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return {}
    found, line, seen, owner, inner = dict[str, int](), 1, 0, "", ""
    for match in _DEFINED.finditer(text):
        line += text.count("\n", seen, match.start())
        seen = match.start()
        indent, kind, name = match.groups()
        if not indent:
            owner, inner = name if kind == "class" else "", ""
            found[name] = line
        elif owner and indent == (inner := inner or indent):
            found[f"{owner}.{name}"] = line
    return found


def _raised(run: Run, check: Verdict, modules: Mapping[str, Path]) -> Place | None:
    seqs = (*check.steps, *(seq for result in check.results for seq in result.steps))
    outcomes = (run.outcomes[seq] for seq in seqs if seq < len(run.outcomes))
    return next(filter(None, (_stopped(outcome, modules) for outcome in outcomes)), None)


def _stopped(outcome: Outcome, modules: Mapping[str, Path]) -> Place | None:
    match outcome:
        case Raised() | TimedOut() if outcome.line and outcome.file in modules:
            return Place(str(modules[outcome.file]), outcome.line)
    return None
