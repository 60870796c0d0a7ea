"""From a graded submission to what its notebook shows: the points of each exercise, a report beside them, a comment on the answer.

Comments are read as Markdown by nbgrader's feedback and as text by its formgrader. They are indented code in Markdown, so that nothing in
them, and nothing that a student wrote, is read as markup.
"""

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from grader.feedback.summary import points, told
from grader.judge.verdicts import ExerciseGrade, Grade, Verdict
from grader.submissions.notebook.source import Note
from grader.text.escape import plain
from grader.text.language import gettext as _

WIDTH = 100  # columns of a report and of a comment
MOST = 8000  # characters of a comment
_MARKS = {"passed": "✓", "failed": "✗", "skipped": "–", "grader_error": "!"}


class Mark(msgspec.Struct, frozen=True):
    """What one exercise earned, of how much; the `report` is shown under its test, the `comment` ("" for none) under the answer."""

    points: float
    most: float
    report: str
    comment: str

    @property
    def written(self) -> str:
        """The points as a cell's output, from which nbgrader reads them."""
        return repr(float(self.points))


def marks(grade: Grade, notes: Mapping[str, Sequence[Note]]) -> dict[str, Mark]:
    """The mark of each exercise of a submission that has a score.

    Args:
        notes: on the cell that an exercise is answered in, by exercise.
    """
    return {exercise.name: _mark(exercise, grade, notes.get(exercise.name, ())) for exercise in grade.exercises}


def notes_text(notes: Iterable[Note]) -> str:
    """Notes as text, a line each."""
    return "\n".join(plain(str(note)) for note in notes)


def _mark(exercise: ExerciseGrade, grade: Grade, notes: Sequence[Note]) -> Mark:
    head = _("{name}: {score} of {most} points").format(
        name=exercise.name, score=points(exercise.score), most=points(exercise.max_score)
    )
    report = "\n".join(_wrapped("\n".join([head, *_lines(exercise, exercise.checks, grade.message)]))) + "\n"
    lacking = [check for check in exercise.checks if check.verdict != "passed"]
    said = [plain(str(note)) for note in notes]
    if lacking:
        said += [head, *_lines(exercise, lacking, grade.message)]
    return Mark(exercise.score, exercise.max_score, report, _comment(said))


def _lines(exercise: ExerciseGrade, checks: Iterable[Verdict], message: str) -> Iterator[str]:
    """What is told of checks: of those that failed for the same reason only the first in full."""
    if message:  # of the submission as a whole
        yield plain(message)
        return
    beside = told(exercise)
    for check in checks:
        note = beside.get(check.name)
        yield f"{_MARKS[check.verdict]} {_(check.name)}" + (f"  ({plain(note)})" if note else "")
        if note != "":
            continue
        full = [plain(check.call, 400), plain(check.message), f"→ {check.hint}" if check.hint else ""]
        yield from (f"    {line}" for text in full if text for line in text.splitlines())


def _comment(lines: Sequence[str]) -> str:
    """Lines as a block of code in Markdown, wrapped."""
    text = "\n".join(lines)
    if len(text) > MOST:
        text = text[:MOST] + "…"
    return "\n".join(f"    {line}".rstrip() for line in _wrapped(text))


def _wrapped(text: str) -> Iterator[str]:
    """The lines of a text, none of them wider than feedback shows it: there, neither comments nor outputs are wrapped."""
    for line in text.splitlines():
        indent = line[: len(line) - len(line.lstrip())]
        yield from textwrap.wrap(line, WIDTH, subsequent_indent=f"{indent}  ", break_on_hyphens=False) or [""]
