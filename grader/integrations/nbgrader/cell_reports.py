"""What the notebook of a graded submission shows: the points of each exercise, a report beside them, a comment on the answer.

nbgrader's feedback reads comments as Markdown, its formgrader as text. They are indented code, so that nothing in them, and nothing that
a student wrote, is read as markup.
"""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import msgspec

from grader.feedback.markdown import check_lines
from grader.feedback.students import for_students, shown_later
from grader.feedback.view import view_of
from grader.feedback.view_types import ExerciseView
from grader.integrations.nbgrader.cell_points import checked_points
from grader.judge.verdicts import ExerciseGrade, Grade
from grader.submissions.notebook.source import Note
from grader.text.escape import plain
from grader.text.language import spoken

WIDTH = 100  # columns of a report and of a comment
MOST = 8000  # characters of a comment
KEPT = 256  # grades whose reports are known again


class CellReport(msgspec.Struct, frozen=True):
    """The `points` that checks give of one exercise, out of `most` (None: a person reads all of it).

    The `report` goes under its test, the `comment` ("" for none) under the answer.
    """

    points: float
    most: float | None
    report: str
    comment: str

    @property
    def written(self) -> str:
        """The points as a cell's output, from which nbgrader reads them."""
        return repr(float(self.points))


def cell_reports(grade: Grade, notes: Mapping[str, Sequence[Note]], published: bool) -> Mapping[str, CellReport]:
    """The report of each exercise of a submission that has a score.

    Args:
        notes: on the answer's cell, by exercise.
        published: whether the grades of the assignment are published.

    Returns:
        What is not to be changed: it may be that of others, too.
    """
    if notes:
        return _reports(grade, notes, published)
    of_many = msgspec.structs.replace(grade, student="", printed="", file="", choice="", notes=())  # these are not in it
    return _reports_of_many(of_many, published, spoken())


@lru_cache(KEPT)
def _reports_of_many(grade: Grade, published: bool, _language: str) -> Mapping[str, CellReport]:
    """The reports of all whose checks ended the same: most of a class are right, or made the same mistake."""
    return _reports(grade, {}, published)


def _reports(grade: Grade, notes: Mapping[str, Sequence[Note]], published: bool) -> Mapping[str, CellReport]:
    view = view_of(for_students(grade, published))
    return {
        exercise.name: _cell_report(
            exercise,
            seen,
            "" if view.judged else view.message,
            notes.get(exercise.name, ()),
            shown_later([exercise], published) if view.judged else "",
        )
        for exercise, seen in zip(grade.exercises, view.exercises, strict=True)
    }


def _cell_report(exercise: ExerciseGrade, seen: ExerciseView, message: str, notes: Sequence[Note], later: str) -> CellReport:
    """The report of one exercise; a `message` on the whole submission replaces the checks, `later` stands below them."""
    head = f"{seen.name}: {seen.score.text}"
    below = [later] if later else []
    every, lacking = ([message] if message else [*check_lines(checks), *below] for checks in (seen.checks, seen.lacking))
    said = [plain(str(note)) for note in notes]
    if seen.lacking:
        said += [head, *lacking]
    report = "\n".join(_wrapped("\n".join([head, *every]))) + "\n"
    score, most = checked_points(exercise) or (0.0, None)
    return CellReport(score, most, report, as_comment(said))


def as_comment(lines: Sequence[str]) -> str:
    """Lines as a block of code in Markdown, wrapped."""
    text = "\n".join(lines)
    text = text if len(text) <= MOST else text[:MOST] + "…"
    return "\n".join(f"    {line}".rstrip() for line in _wrapped(text))


def _wrapped(text: str) -> Iterator[str]:
    """The lines of a text, wrapped to `WIDTH`: feedback wraps neither comments nor outputs."""
    for line in text.splitlines():
        indent = line[: len(line) - len(line.lstrip())]
        yield from textwrap.wrap(line, WIDTH, subsequent_indent=f"{indent}  ", break_on_hyphens=False) or [""]
