"""Views and class tables on a terminal, with rich. Everything from a student is text, never markup."""

import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.feedback.class_rows import ClassRows
from grader.feedback.summary import ClassTally, final_text, late_days_text, late_text, points, score_text, what_happened
from grader.feedback.view_types import CheckView, ExerciseView, View
from grader.text.escape import one_line
from grader.text.language import gettext as _
from grader.text.language import ngettext

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.feedback.arrays import Cell, Comparison, Matrix
    from grader.gradebook.adjustments import Adjustment
    from grader.gradebook.entries import Entry

PIPED_WIDTH = 140  # columns, without a terminal
MISTAKES = 8  # listed for a class, the most common first
ARRAYS, BETWEEN = 72, "    "  # columns of two matrices, and between them
ROWS = 100  # of the table of a class that was graded; `grader show` has them all
NOTES = 20  # on a class, on a screen
ANSWER = {False: 6, True: 200}  # lines of what a person reads: for its student, and with every check
_COLOURS = {
    "passed": "green",
    "partly": "yellow",
    "failed": "red",
    "skipped": "yellow",
    "waits": "cyan",
    "grader_error": "magenta",
}


def class_table(entries: Iterable["Entry"], names: "Mapping[str, str] | None" = None, most: int | None = ROWS) -> Group:
    """A row for each submission, for the first `most` of them, and totals for the class. Reads the entries once and keeps none.

    The columns for teams, lateness, adjustments and attempts are left out if they are empty.

    Args:
        names: of students, by the class list.
    """
    tally = ClassTally()
    rows: list[list[str | Text]] = []
    late_days: dict[str, str] = {}
    for entry in entries:
        grade = entry.grade
        tally.add(grade, entry.late.late)
        if most is None or tally.count <= most:
            style = "magenta" if grade.score is None else "green" if grade.full_marks else "red" if grade.score == 0 else "yellow"
            score = score_text(grade)
            attempt = (
                _("{n} of {count}").format(n=entry.attempt, count=entry.attempts)
                if entry.attempt != entry.attempts and not entry.team
                else ""
            )
            name = (names or {}).get(grade.student, "")
            student = Text(one_line(grade.student)).append(f" ({one_line(name)})" if name else "")
            by = entry.team and entry.by != grade.student
            team = _("{team}, by {student}").format(team=entry.team, student=entry.by) if by else entry.team
            adjusted = f"→ {final_text(entry)}" if entry.adjustments else ""
            who = (student, grade.assignment, Text(score, style), one_line(team))
            rows.append([*who, late_text(entry.late), adjusted, attempt, Text(what_happened(grade))])
            if entry.late_days and entry.late_days.used:
                late_days[grade.student] = f"{one_line(grade.student, 30)}: {late_days_text(entry.late_days)}"
    parts: list[ClassRows | Text] = [ClassRows(rows)]
    if tally.count > len(rows):
        parts.append(Text(_("… and {n} more; `grader show` prints them all").format(n=tally.count - len(rows)), "dim"))
    return Group(*parts, Text(), *_class_lines(tally), *map(Text, late_days.values()))


def _class_lines(tally: ClassTally) -> list[Text | Padding]:
    lines: list[Text | Padding] = []
    for name, item in tally.assignments.items():
        text = _("{assignment}: {n} handed in, {full} with full marks, mean {mean} of {most}").format(
            assignment=name, n=item.count, full=item.full, mean=points(item.mean), most=points(item.max_score)
        )
        late = _(", {n} late").format(n=item.late) if item.late else ""
        errors = _(", {n} not graded (grader error)").format(n=item.errors) if item.errors else ""
        waiting = (
            ngettext(", {n} waits for a person", ", {n} wait for a person", item.undecided).format(n=item.undecided)
            if item.undecided
            else ""
        )
        lines.append(Text(text + late + errors + waiting))
        named = ", ".join(f"{mistake}{f' ×{count}' if count > 1 else ''}" for mistake, count in item.commonest(MISTAKES))
        if named:
            lines.append(_indented(Text(_("mistakes recognised: {names}").format(names=named), "dim"), 2))
    return lines


def student_report(view: View, every_check: bool = False) -> Group:
    """One submission as its student sees it.

    Args:
        every_check: also those that passed, and what each earns: their points add up to the exercise's.
    """
    head = Text(view.title, "bold")
    if view.score:
        head = Text.assemble(head, "   ", view.score.text, (view.score.open, "dim"))
    parts: list[Text | Padding] = [head]
    if view.file:
        parts.append(Text(view.choice or view.file, "yellow" if view.choice else "dim"))
    if view.message:
        parts.append(Text(view.message, "red"))
        if view.place:
            parts.append(_indented(Text(view.place, "dim"), 4))
    if view.judged:
        for exercise in view.exercises:
            parts += _exercise_lines(exercise, every_check)
    if view.printed:
        parts += [Text(view.printed.head, "dim"), _indented(Text(view.printed.lines, "dim"), 2)]
    parts += [Text(note, "dim") for note in view.notes]
    if view.since:
        parts.append(Text(view.since, "bold"))
    return Group(*parts)


def _exercise_lines(exercise: ExerciseView, every_check: bool) -> list[Text | Padding]:
    head = Text.assemble(
        (f"{exercise.symbol} {exercise.name}", _COLOURS[exercise.word]),
        f"  {exercise.score.brief}  ",
        (exercise.title, "dim"),
        (f" {exercise.score.later}" if exercise.score.later and exercise.word != "skipped" else "", "dim"),
        (f" {exercise.note}" if exercise.note else "", "dim"),
    )
    if exercise.message and not every_check:
        return [Text.assemble(head, f"  {exercise.message}")]
    lines: list[Text | Padding] = [head]
    arrays = next((check for check in exercise.lacking if check.full), None)  # the first failure's are enough
    for check in exercise.checks if every_check else exercise.lacking:
        lines += _check_lines(check, check is arrays, every_check)
    return lines


def _check_lines(check: CheckView, with_arrays: bool, with_score: bool) -> Iterator[Padding]:
    head = Text(f"{check.symbol} {check.name}", _COLOURS[check.word])
    if with_score:
        head.append(f"  {check.score}", "dim")
    if check.note:
        head.append(f"  ({check.note})", "dim")
    if check.place:
        yield _indented(Text(check.place, "dim"), 4)
    yield _indented(head, 4)
    if check.full:
        if check.call:
            yield _indented(Text(check.call, "cyan"), 6)
        if check.answer:
            yield _indented(_quoted(check.answer, ANSWER[with_score]), 6)
        yield _indented(Text(check.message), 6)
        if with_arrays and check.arrays:
            yield from (_indented(line, 8) for line in _matrices(check.arrays))
        if check.hint:
            yield _indented(Text(f"→ {check.hint}", "bold"), 6)


def _quoted(answer: str, most: int) -> Text:
    """What a person reads, behind a line: its first `most` lines."""
    lines = answer.splitlines()
    more = [_("… and {n} more lines").format(n=len(lines) - most)] if len(lines) > most else []
    return Text("\n".join(f"│ {line}" for line in [*lines[:most], *more]), "cyan")


def _matrices(arrays: "Comparison") -> list[Text]:
    """What should be and what is, side by side (one below the other if there is no room): the first matrix with a wrong number."""
    place = next((place for place, matrix in enumerate(arrays.got) if any(cell.wrong for row in matrix.rows for cell in row)), 0)
    left, right = (_matrix(side[place if place < len(side) else 0]) for side in (arrays.expected, arrays.got))
    if max(len(left), len(right)) <= 2:  # a caption and one row: the message says it all
        return []
    width = max(line.cell_len for line in left)
    if width + len(BETWEEN) + max(line.cell_len for line in right) > ARRAYS:
        lines = [*left, *right]
    else:
        for line in left:
            line.pad_right(width - line.cell_len)
        blank = Text(" " * width)
        lines = [Text.assemble(want, BETWEEN, have) for want, have in zip_longest(left, right, fillvalue=blank)]
    for line in lines:
        line.rstrip()
    return lines if max(line.cell_len for line in lines) <= ARRAYS else []


def _matrix(matrix: "Matrix") -> list[Text]:
    """Its caption and its rows, with wrong numbers in brackets."""
    width = max((len(cell.text) for row in matrix.rows for cell in row), default=0)
    dots = [Text("⋮", "dim")]
    rows = [
        Text.assemble("⋯ " if matrix.left else "", *(_cell(cell, width) for cell in row), " ⋯" if matrix.right else "")
        for row in matrix.rows
    ]
    return [Text(matrix.caption, "dim"), *(dots if matrix.above else []), *rows, *(dots if matrix.below else [])]


def _cell(cell: "Cell", width: int) -> Text:
    text = f"{cell.text:>{width}}"
    return Text(f"[{text}]", "bold red") if cell.wrong else Text(f" {text} ")


def _indented(text: Text, columns: int) -> Padding:
    return Padding(text, (0, 0, 0, columns), expand=False)


def few(notes: Iterable[str], most: int = NOTES) -> list[str]:
    """The first of many notes, and how many more there are."""
    found = list(notes)
    return found if len(found) <= most else [*found[: most - 1], f"… and {len(found) - most + 1} more notes"]


def say(text: str) -> None:
    """Print one message on stderr, as it is."""
    console(stderr=True).print(text, markup=False, soft_wrap=True)


def columns(left: Iterable[str] = (), right: Iterable[str] = ()) -> Table:
    """A table without lines; its columns are the `left`-aligned ones, then the `right`-aligned ones, in the language in force."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in left:
        table.add_column(_(name))
    for name in right:
        table.add_column(_(name), justify="right")
    return table


def history_table(history: "Sequence[Adjustment]") -> Table:
    """Changes by hand: who, when, what and why; those that were taken back are dim."""
    from grader.feedback.history import change_lines  # of the gradebook, which is not there where work is checked

    table = columns(("", "when", "who", "student", "assignment", "change", "why"))
    for line in change_lines(history):
        by = f" ({_('taken back by {number}').format(number=line.taken_back_by)})" if line.taken_back_by else ""
        cells = (str(line.number), line.when, line.by, line.student, line.where, line.change, line.because + by)
        table.add_row(*(Text(cell, "dim" if by else "") for cell in cells))
    return table


def console(stderr: bool = False) -> Console:
    """A console; without colour and with a fixed width if it is not a terminal."""
    found = Console(stderr=stderr, highlight=False)
    if found.is_terminal:
        return found
    asked = os.environ.get("COLUMNS", "")
    return Console(stderr=stderr, highlight=False, width=int(asked) if asked.isdecimal() and asked != "0" else PIPED_WIDTH)
