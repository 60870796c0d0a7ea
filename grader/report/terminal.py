"""Grades on a terminal, with rich. Everything from a student is shown as text, never read as markup."""

from collections.abc import Iterable

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.judge.verdicts import ExerciseGrade, Grade, Verdict
from grader.report.escape import one_line, plain
from grader.report.summary import ClassTally, points, what_happened

PIPED_WIDTH = 140  # where there is no terminal to ask
MISTAKES = 8  # of a class that are listed, the commonest first
DETAILED = 2  # failures of an exercise that are told in full
ROWS = 100  # of a class table; the rest is in the records and in --json
_MARKS = {"passed": ("✓", "green"), "failed": ("✗", "red"), "skipped": ("–", "yellow"), "grader_error": ("!", "magenta")}


def class_table(grades: Iterable[Grade]) -> Group:
    """A row for each submission, and what the class as a whole shows. Reads the grades once and keeps none."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("student", no_wrap=True)
    table.add_column("assignment", no_wrap=True)
    table.add_column("points", justify="right", no_wrap=True)
    table.add_column("what happened")
    tally = ClassTally()
    for grade in grades:
        tally.add(grade)
        if tally.count <= ROWS:
            style = "magenta" if grade.score is None else "green" if grade.full_marks else "red" if grade.score == 0 else "yellow"
            score = f"{points(grade.score)} / {points(grade.max_score)}"
            table.add_row(Text(one_line(grade.student, 30)), grade.assignment, Text(score, style), Text(what_happened(grade)))
    parts: list[Table | Text] = [table]
    if tally.count > ROWS:
        parts.append(Text(f"… and {tally.count - ROWS} more; --json prints them all", "dim"))
    return Group(*parts, Text(), *_class_lines(tally))


def _class_lines(tally: ClassTally) -> list[Text | Padding]:
    lines: list[Text | Padding] = []
    for name, item in tally.assignments.items():
        text = (
            f"{name}: {item.count} handed in, {item.full} with full marks, mean {points(item.mean)} of {points(item.max_score)}"
        )
        lines.append(Text(text + (f", {item.errors} not graded (grader error)" if item.errors else "")))
        named = ", ".join(f"{mistake}{f' ×{count}' if count > 1 else ''}" for mistake, count in item.commonest(MISTAKES))
        if named:
            lines.append(_indented(Text(f"mistakes recognised: {named}", "dim"), 2))
    return lines


def student_report(grade: Grade, title: str) -> Group:
    """One submission as its student sees it."""
    waiting = sum(check.points for exercise in grade.exercises for check in exercise.checks if check.at_hand_in)
    head = Text(title, "bold")
    if grade.max_score:
        head = Text.assemble(head, f"   {points(grade.score)} of {points(grade.max_score)} points")
    if waiting:
        head.append(f" (decided when you hand in: {points(waiting)})", "dim")
    parts: list[Text | Padding] = [head]
    if grade.message:
        parts.append(Text(plain(grade.message), "red"))
    else:
        for exercise in grade.exercises:
            parts += _exercise_lines(exercise)
    if grade.printed:
        parts += [Text("it printed:", "dim"), _indented(Text(plain(grade.printed, 500).rstrip(), "dim"), 2)]
    return Group(*parts)


def _exercise_lines(exercise: ExerciseGrade) -> list[Text | Padding]:
    lacking = [check for check in exercise.checks if check.verdict != "passed" and not check.at_hand_in]
    waits = not lacking and any(check.at_hand_in for check in exercise.checks)
    untouched = bool(lacking) and all(check.verdict == "skipped" for check in lacking)
    mark, style = _MARKS["skipped" if untouched else "failed" if lacking else "passed"]
    head = Text.assemble(
        (f"{mark} {exercise.name}", style),
        f"  {points(exercise.score)} of {points(exercise.max_score)}  ",
        (exercise.title, "dim"),
        (" (so far)" if waits else "", "dim"),
    )
    if untouched:
        return [Text.assemble(head, f"  {one_line(lacking[0].message)}")]
    lines: list[Text | Padding] = [head]
    said: set[str] = set()
    for check in lacking:
        reason = check.misconception or check.message
        lines += _check_lines(check, detailed=reason not in said and len(said) < DETAILED)
        said.add(reason)
    return lines


def _check_lines(check: Verdict, detailed: bool) -> list[Text | Padding]:
    mark, style = _MARKS[check.verdict]
    lines: list[Text | Padding] = [_indented(Text(f"{mark} {check.name}", style), 4)]
    if detailed:
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
