"""Grades on a terminal, with rich. Everything from a student is shown as text, never read as markup."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.feedback.summary import ClassTally, lacking, late_text, points, scored, told, what_happened
from grader.judge.verdicts import ExerciseGrade, Grade, Verdict
from grader.text.escape import one_line, plain
from grader.text.language import gettext as _

if TYPE_CHECKING:
    from grader.gradebook.entries import Entry

PIPED_WIDTH = 140  # where there is no terminal to ask
MISTAKES = 8  # of a class that are listed, the commonest first
PRINTED = 10  # lines of what the submission printed
ROWS = 100  # of a class table; the rest is in the records and in --json
_MARKS = {"passed": ("✓", "green"), "failed": ("✗", "red"), "skipped": ("–", "yellow"), "grader_error": ("!", "magenta")}


def class_table(entries: Iterable["Entry"]) -> Group:
    """A row for each submission, and what the class as a whole shows. Reads the entries once and keeps none.

    Lateness and attempts have columns of their own, where there is something to tell.
    """
    tally = ClassTally()
    rows: list[list[str | Text]] = []
    for entry in entries:
        grade = entry.grade
        tally.add(grade, entry.late.late)
        if tally.count <= ROWS:
            style = "magenta" if grade.score is None else "green" if grade.full_marks else "red" if grade.score == 0 else "yellow"
            score = f"{points(grade.score)} / {points(grade.max_score)}"
            attempt = _("{n} of {count}").format(n=entry.attempt, count=entry.attempts) if entry.attempt != entry.attempts else ""
            student = Text(one_line(grade.student, 30))
            rows.append(
                [student, grade.assignment, Text(score, style), late_text(entry.late), attempt, Text(what_happened(grade))]
            )
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    heads = (_("student"), _("assignment"), _("points"), _("late"), _("attempt"), _("what happened"))
    shown = [place for place in range(len(heads)) if place not in (3, 4) or any(row[place] for row in rows)]
    for place in shown:
        table.add_column(heads[place], justify="right" if place == 2 else "left", no_wrap=place < len(heads) - 1)
    for row in rows:
        table.add_row(*(row[place] for place in shown))
    parts: list[Table | Text] = [table]
    if tally.count > ROWS:
        parts.append(Text(_("… and {n} more; --json prints them all").format(n=tally.count - ROWS), "dim"))
    return Group(*parts, Text(), *_class_lines(tally))


def _class_lines(tally: ClassTally) -> list[Text | Padding]:
    lines: list[Text | Padding] = []
    for name, item in tally.assignments.items():
        text = _("{assignment}: {n} handed in, {full} with full marks, mean {mean} of {most}").format(
            assignment=name, n=item.count, full=item.full, mean=points(item.mean), most=points(item.max_score)
        )
        late = _(", {n} late").format(n=item.late) if item.late else ""
        errors = _(", {n} not graded (grader error)").format(n=item.errors) if item.errors else ""
        lines.append(Text(text + late + errors))
        named = ", ".join(f"{mistake}{f' ×{count}' if count > 1 else ''}" for mistake, count in item.commonest(MISTAKES))
        if named:
            lines.append(_indented(Text(_("mistakes recognised: {names}").format(names=named), "dim"), 2))
    return lines


def student_report(grade: Grade, title: str) -> Group:
    """One submission as its student sees it."""
    waiting = sum(check.points for exercise in grade.exercises for check in exercise.checks if check.at_hand_in)
    head = Text(title, "bold")
    if grade.max_score:
        score, more = scored(grade.score, grade.max_score, waiting)
        head = Text.assemble(head, "   ", score, (more, "dim"))
    parts: list[Text | Padding] = [head]
    if grade.message:
        parts.append(Text(plain(grade.message), "red"))
    else:
        for exercise in grade.exercises:
            parts += _exercise_lines(exercise)
    if grade.printed:
        parts += [Text(_("it printed:"), "dim"), _indented(Text(_first_lines(plain(grade.printed, 500)), "dim"), 2)]
    return Group(*parts)


def _first_lines(text: str) -> str:
    lines = text.rstrip().splitlines()
    more = len(lines) - PRINTED
    return "\n".join(lines if more <= 0 else [*lines[:PRINTED], _("… and {n} more lines").format(n=more)])


def _exercise_lines(exercise: ExerciseGrade) -> list[Text | Padding]:
    failed = lacking(exercise)
    waits = not failed and any(check.at_hand_in for check in exercise.checks)
    untouched = bool(failed) and all(check.verdict == "skipped" for check in failed)
    mark, style = _MARKS["skipped" if untouched else "failed" if failed else "passed"]
    score = _("{score} of {most}").format(score=points(exercise.score), most=points(exercise.max_score))
    head = Text.assemble(
        (f"{mark} {exercise.name}", style),
        f"  {score}  ",
        (exercise.title, "dim"),
        (" " + _("(so far)") if waits else "", "dim"),
    )
    if untouched:
        return [Text.assemble(head, f"  {one_line(failed[0].message)}")]
    lines: list[Text | Padding] = [head]
    beside = told(exercise)
    for check in failed:
        lines += _check_lines(check, beside[check.name])
    return lines


def _check_lines(check: Verdict, beside: str) -> list[Text | Padding]:
    mark, style = _MARKS[check.verdict]
    head = Text(f"{mark} {_(check.name)}", style)
    lines: list[Text | Padding] = [_indented(head, 4)]
    if beside:
        head.append(f"  ({beside})", "dim")
    else:
        if check.call:
            lines.append(_indented(Text(plain(check.call, 400), "cyan"), 6))
        lines.append(_indented(Text(plain(check.message)), 6))
        if check.hint:
            lines.append(_indented(Text(f"→ {check.hint}", "bold"), 6))
    return lines


def _indented(text: Text, columns: int) -> Padding:
    return Padding(text, (0, 0, 0, columns), expand=False)


def console(stderr: bool = False) -> Console:
    """A console; no colour where it is no terminal."""
    found = Console(stderr=stderr, highlight=False)
    return found if found.is_terminal else Console(stderr=stderr, highlight=False, width=PIPED_WIDTH)
