"""`grader adjust`: a mark changed by a person."""

import getpass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from grader.cli.options import CourseOption, JsonOption, LangOption, OutOption, TopicOption, topic_asked
from grader.course.folder import find_course
from grader.errors import UsageError
from grader.feedback.summary import final_text, open_text
from grader.feedback.summary import points as shown
from grader.feedback.terminal import say
from grader.gradebook.adjustments import Adjustment, standing
from grader.gradebook.decide import Asked, decision_asked
from grader.gradebook.lateness import LatePolicy, course_policy
from grader.gradebook.open_store import open_to_change
from grader.gradebook.regrades import checked, read_regrades, undone
from grader.gradebook.store import GRADEBOOK, Store
from grader.gradebook.term import Term
from grader.text.escape import json_line, one_line


def command(
    student: Annotated[str | None, typer.Argument(metavar="[STUDENT]", help="Whose mark.")] = None,
    topic: Annotated[str | None, typer.Argument(metavar="[TOPIC]", help="In which assignment.")] = None,
    of: TopicOption = None,
    points: Annotated[float, typer.Option("--points", "-p", metavar="±X", help="Added to the score; 0 for a remark only.")] = 0.0,
    exercise: Annotated[str, typer.Option("--exercise", "-e", metavar="NAME", help="About this exercise.")] = "",
    item: Annotated[
        list[str] | None,
        typer.Option(
            "--item", "-i", metavar="ITEM", help="Decide a manual part: an item that applies, or its number; none for none."
        ),
    ] = None,
    part: Annotated[str, typer.Option("--part", metavar="NAME", help="Which manual part, if the exercise has several.")] = "",
    excuse: Annotated[bool, typer.Option("--excuse", help="The student need not do it: no score (EX).")] = False,
    because: Annotated[str, typer.Option("--because", "-m", metavar="TEXT", help="Why. The student may read it.")] = "",
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who decided (default: you).")] = "",
    undo: Annotated[int | None, typer.Option("--undo", metavar="N", help="Take back number N of `grader history`.")] = None,
    from_: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="Many: a csv with student, assignment, points, because.")
    ] = None,
    out: OutOption = Path("results"),
    course: CourseOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    """Change a mark by hand, add a remark, or excuse a student.

    The change is kept beside the computed score, with who, when and why. It outlives grading and judging again, and is in every export.
    With --item it decides a part of an exercise that a person reads.

    Example: grader adjust ana conv --points +1 --because "the second stride is right"
    """
    topic = topic_asked(topic, of)
    found = find_course(Path.cwd(), course)
    now, person = datetime.now(UTC), by or getpass.getuser()
    with open_to_change(out) as store:
        policy = course_policy(found)
        if undo is not None:
            asked = [("", undone(store, undo, because, person, now))]
        elif from_ is not None:
            asked = read_regrades(from_, person, now)
        elif student is None or topic is None:
            raise UsageError('name the student and the assignment: grader adjust ana conv --points +1 --because "…".')
        elif item:
            if points or excuse:
                raise UsageError("--item decides a manual part by the points of its items; leave --points and --excuse out.")
            one = decision_asked(found, store, policy, Asked(student, topic, exercise, part, tuple(item)), because, person, now)
            asked = [("", one)]
        elif part:
            raise UsageError("--part says which manual part --item is about: give an --item that applies, or --item none.")
        else:
            one = Adjustment(
                student=student,
                assignment=topic,
                exercise=exercise,
                points=points,
                excused=excuse,
                because=because,
                by=person,
                at=now,
            )
            asked = [("", one)]
        wanted = [one if one.part else checked(found, store, policy, one, where) for where, one in asked]
        known = standing(store.adjustments()) if from_ else []
        new = [one for one in wanted if not any(one.is_like(old) for old in known)]
        with store.together():  # a file of regrades is applied as a whole
            for one in new:
                _add(store, policy, one, json)
        elsewhere = store.notes().get(GRADEBOOK) if new else None
    if len(new) < len(wanted):
        say(f"{len(wanted) - len(new)} of {len(wanted)} were there already, and are not added twice")
    if elsewhere:
        say(f"to update nbgrader's gradebook: {elsewhere}")
    return 0


def _add(store: Store, policy: LatePolicy, one: Adjustment, json: bool) -> None:
    before = Term(store, policy).entry(one.student, one.assignment)
    number = store.adjust(one)
    after = Term(store, policy).entry(one.student, one.assignment)
    if json:
        scores = {"before": before and before.final, "after": after and after.final}
        scores |= {"open": after.grade.open} if after and after.grade.undecided else {}
        line = {"number": number, "student": one.student, "assignment": one.assignment, **scores}
        print(json_line(line))
        return
    left = f", {open_text(after.grade)}" if after and after.grade.undecided else ""
    print(f"{number}: {one_line(one.student, 60)} {one.assignment}: {final_text(before)} → {final_text(after)}{left}")
    if after is not None and after.final is not None and after.final > after.grade.max_score + after.grade.bonus:
        say(f"{one_line(one.student, 60)} now has more than the maximum of {shown(after.grade.max_score)} in {one.assignment}")
