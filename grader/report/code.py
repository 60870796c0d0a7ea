"""A student's code as numbered lines, with a remark where a check failed in one. It is text: nothing here runs or parses it."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from grader.feedback.summary import PLACE, lacking
from grader.judge.verdicts import Grade
from grader.run import Run
from grader.sandbox.backend import Source
from grader.sandbox.lines import lines_of
from grader.sandbox.outcome import Outcome, Raised, TimedOut
from grader.text.escape import one_line, plain
from grader.text.language import gettext as _

LINE = 300  # characters of a line that are shown
LINES = 3000  # of a module
SAID = 160  # characters of a remark

Remarks = dict[tuple[str, int], dict[str, None]]  # by file and line, each remark once


class CodeLine(msgspec.Struct, frozen=True):
    """One line, and what failed in it."""

    number: int
    text: str
    remarks: tuple[str, ...] = ()


class Module(msgspec.Struct, frozen=True):
    """One file, or one cell of a notebook.

    Attributes:
        more: how many lines are not shown.
    """

    name: str
    lines: tuple[CodeLine, ...]
    more: int = 0

    @property
    def rest(self) -> str:
        """How many lines are not shown, in words ("" for none)."""
        return _("… and {n} more lines").format(n=self.more) if self.more else ""

    @property
    def marked(self) -> tuple[CodeLine, ...]:
        """The lines in which something failed."""
        return tuple(line for line in self.lines if line.remarks)


def modules_of(source: Source, is_notebook: bool, run: Run, grade: Grade) -> tuple[Module, ...]:
    """The student's own text, with what failed in each line by the outcomes of `run`; the main module of a notebook is the grader's."""
    remarks = _remarks(run, grade)
    found = []
    for name, text in source.modules.items():
        if is_notebook and name == source.main:
            continue
        file = name if is_notebook else f"{name}.py"
        lines = lines_of(text)
        shown = [
            CodeLine(number, plain(line.expandtabs(4), LINE), tuple(remarks.get((file, number), ())))
            for number, line in enumerate(lines[:LINES], 1)
        ]
        found.append(Module(one_line(file, 100), tuple(shown), max(0, len(lines) - LINES)))
    return tuple(found)


def part_of(modules: Iterable[Module], exercise: str) -> Module | None:
    """The lines of an exercise's function, method or class, by their indentation; None if it is not found. The text is not parsed."""
    for module in modules:
        lines: Sequence[CodeLine] = module.lines
        for name in exercise.split("."):
            lines = _block(lines, name)
        if lines:
            return Module(module.name, tuple(lines))
    return None


def _block(lines: Sequence[CodeLine], name: str) -> Sequence[CodeLine]:
    """From the line that begins to define `name` to the last one that is indented further."""
    for start, line in enumerate(lines):
        text = line.text.strip()
        if text.startswith((f"def {name}(", f"class {name}(", f"class {name}:")):
            end = last = start + 1
            while end < len(lines) and (not lines[end].text.strip() or _indent(lines[end]) > _indent(line)):
                end += 1
                last = end if lines[end - 1].text.strip() else last
            return lines[start:last]
    return ()


def _indent(line: CodeLine) -> int:
    return len(line.text) - len(line.text.lstrip())


def _remarks(run: Run, grade: Grade) -> Remarks:
    """What failed in each line: the reason, by exercise."""
    found: Remarks = {}
    for place, said in _failures(run, grade):
        found.setdefault(place, {})[one_line(PLACE.sub("", said), SAID)] = None
    return found


def _failures(run: Run, grade: Grade) -> Iterator[tuple[tuple[str, int], str]]:
    """The file and line of each failure, and its message."""
    if place := _place(run.loaded):
        yield place, grade.message or _("stopped here")
    for exercise in grade.exercises:
        for check in lacking(exercise):
            told = [(check.steps, check.message), *((result.steps, result.message) for result in check.results)]
            for seq, said in ((seq, said) for steps, said in told for seq in steps if seq < len(run.outcomes)):
                if place := _place(run.outcomes[seq]):
                    yield place, f"{exercise.name}: {said or check.message}"


def _place(outcome: Outcome) -> tuple[str, int] | None:
    """Where the student's code was when it was stopped."""
    return (outcome.file, outcome.line) if isinstance(outcome, Raised | TimedOut) and outcome.line else None
