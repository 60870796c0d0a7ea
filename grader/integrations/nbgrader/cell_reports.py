"""From a graded submission to what its notebook shows: the points of each exercise, a report beside them, a comment on the answer.

Comments are read as Markdown by nbgrader's feedback and as text by its formgrader. They are indented code in Markdown, so that nothing in
them, and nothing that a student wrote, is read as markup.
"""

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from grader.feedback.markdown import check_lines
from grader.feedback.view import ExerciseView, view_of
from grader.judge.verdicts import ExerciseGrade, Grade
from grader.submissions.notebook.source import Note
from grader.text.escape import plain

WIDTH = 100  # columns of a report and of a comment
MOST = 8000  # characters of a comment


class CellReport(msgspec.Struct, frozen=True):
    """What one exercise earned, of how much; the `report` is shown under its test, the `comment` ("" for none) under the answer."""

    points: float
    most: float
    report: str
    comment: str

    @property
    def written(self) -> str:
        """The points as a cell's output, from which nbgrader reads them."""
        return repr(float(self.points))


def cell_reports(grade: Grade, notes: Mapping[str, Sequence[Note]]) -> dict[str, CellReport]:
    """What is reported of each exercise of a submission that has a score.

    Args:
        notes: on the cell that an exercise is answered in, by exercise.
    """
    view = view_of(grade)
    return {
        exercise.name: _cell_report(exercise, seen, view.message, notes.get(exercise.name, ()))
        for exercise, seen in zip(grade.exercises, view.exercises, strict=True)
    }


def notes_text(notes: Iterable[Note]) -> str:
    """Notes as text, a line each."""
    return "\n".join(plain(str(note)) for note in notes)


def _cell_report(exercise: ExerciseGrade, seen: ExerciseView, message: str, notes: Sequence[Note]) -> CellReport:
    """Where there is a message on the submission as a whole, it stands for the checks."""
    head = f"{seen.name}: {seen.score.text}"
    every, lacking = ([message] if message else list(check_lines(checks)) for checks in (seen.checks, seen.lacking))
    said = [plain(str(note)) for note in notes]
    if seen.lacking:
        said += [head, *lacking]
    report = "\n".join(_wrapped("\n".join([head, *every]))) + "\n"
    return CellReport(exercise.score, exercise.max_score, report, _comment(said))


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
