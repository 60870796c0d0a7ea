"""`grader rejudge`: today's rubric on stored outcomes."""

from collections import Counter
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from grader.cli.of_records import no_records
from grader.cli.options import CourseOption, JsonOption, LangOption, OutOption, Topics, TopicsOption, topics_asked
from grader.course.folder import find_course
from grader.engine.engine import Engine
from grader.feedback.progress import counted
from grader.feedback.summary import late_days_text, score_text, what_happened
from grader.feedback.terminal import columns, console, say
from grader.gradebook.late_days import LateDays
from grader.gradebook.lateness import LatePolicy, course_policy
from grader.gradebook.open_store import open_store
from grader.gradebook.rejudge import Change, rejudge
from grader.gradebook.store import GRADEBOOK, Store
from grader.gradebook.term import Judged, Term
from grader.text.escape import json_line, one_line

ROWS = 100


def command(
    topics: Topics = None,
    topic: TopicsOption = None,
    apply: Annotated[bool, typer.Option("--apply", help="Keep the new scores.")] = False,
    out: OutOption = Path("results"),
    course: CourseOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    """Apply today's rubric to stored outcomes.

    No student code runs. The differences in scores are shown first and kept with --apply.

    Example: grader rejudge --apply
    """
    found = find_course(Path.cwd(), course)
    policy = course_policy(found)
    engine = Engine(found)  # no code runs, so no sandbox is opened
    with open_store(out, write=apply, alone=apply) as store:
        held = store.assignments()
        asked = [one.name for one in found.select(topics_asked(topics, topic))]
        chosen = [name for name in held if name in asked] if topics or topic else held
        if not chosen and (topics or topic):
            raise no_records(out, asked, held)
        ready = {name: engine.prepare(name) for name in chosen}
        moved: list[Change] = []
        count = errors = 0
        stay = Counter[str]()
        dropped = {one.student for one in store.dropped()}  # judged again as well, for their team and for when they are back
        with store.together() if apply else nullcontext():  # half a class judged by another rubric would be unfair
            total = sum(count for name, _plan, count in store.plans() if name in ready)
            judging = counted(console(stderr=True), rejudge(store, ready), total, "judging", lambda one: one.after.student)
            for change in judging:
                count += 1
                stay[change.stays] += 1
                errors += change.after.status == "grader_error"
                told = change.after.student not in dropped
                if told and change.moved and change.after.status == "graded":
                    moved.append(change)
                if told and json:
                    print(json_line(_line(change)))
                if apply and change.stays != "all" and change.after.status == "graded":  # a fault of the rubric changes no scores
                    store.regrade(change.after, ready[change.after.assignment].rubric_hash, change.attempt)
        late_days = _late_days(store, policy, moved)
        damaged = store.damage()
        elsewhere = store.notes().get(GRADEBOOK) if apply and moved else None
    if json:
        for student, before, after in late_days:
            print(json_line({"student": student, "late_days_before": before, "late_days": after}))
    else:
        _print(moved, count, apply)
        for student, before, after in late_days:
            print(f"{one_line(student, 30)}: {late_days_text(after)} (before: {late_days_text(before)})")
    for damage in damaged:
        say(one_line(damage.text, 500))
    if stay["some"]:
        say(f"{stay['some']} have right results that were too large to be kept: their old verdicts stay")
    if stay["all"]:
        again = "their whole grades stay; `grader grade --force` runs them again"
        say(f"{stay['all']} have wrong results that were too large to be kept: {again}")
    if elsewhere:
        say(f"nbgrader's gradebook gets the new scores with: {elsewhere}")
    if errors:
        kept = "their scores stay as they are; fix the rubric (grader validate) and judge again"
        say(f"{errors} could not be judged, because a check itself failed: {kept}")
    return 3 if errors else 0


def _line(change: Change) -> dict[str, object]:
    before, after = change.seen
    line: dict[str, object] = {
        "student": after.student,
        "assignment": after.assignment,
        "score_before": before.score,
        "score": after.score,
        "max_score": after.max_score,
    }
    line |= {"open": after.open} if after.undecided else {}
    return line | {"attempt": change.attempt} if change.attempt else line


def _late_days(store: Store, policy: LatePolicy, moved: list[Change]) -> list[tuple[str, LateDays, LateDays]]:
    """The students whose late days go elsewhere now that scores `moved`, with their late days before and after."""
    keys = [(change.after.student, change.after.assignment, change.attempt) for change in moved]
    before = Term(Judged(store, dict(zip(keys, (change.before for change in moved), strict=True))), policy)
    after = Term(Judged(store, dict(zip(keys, (change.after for change in moved), strict=True))), policy)
    students = sorted({student for student, _ in after.with_teams((student, assignment) for student, assignment, _ in keys)})
    found = ((student, before.late_days(student), after.late_days(student)) for student in students)
    return [(student, old, new) for student, old, new in found if old and new and old != new]


def _print(moved: list[Change], count: int, apply: bool) -> None:
    out = console()
    if not moved:
        out.print(f"records judged again: {count}; no score changes")
        return
    table = columns()
    for column in ("student", "assignment", "before", "after", "why"):
        table.add_column(column, justify="right" if column in ("before", "after") else "left")
    for change in moved[:ROWS]:
        before, after = map(score_text, change.seen)
        student = one_line(change.after.student, 30) + (f" (attempt {change.attempt})" if change.attempt else "")
        table.add_row(Text(student), change.after.assignment, before, after, Text(what_happened(change.seen[1])))
    out.print(table)
    if len(moved) > ROWS:
        out.print(f"… and {len(moved) - ROWS} more; --json prints them all")
    kept = "kept" if apply else "not kept yet; keep them with --apply"
    out.print(f"records judged again: {count}; scores that change: {len(moved)} ({kept})")
