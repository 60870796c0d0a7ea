"""`grader report`: a class as a folder of pages that open from disk."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from grader.cli.of_records import no_records, prepared, tell_damage
from grader.cli.options import (
    CourseOption,
    JsonOption,
    LangOption,
    OutOption,
    RosterOption,
    SectionOption,
    StudentOption,
    Topics,
    TopicsOption,
    topics_asked,
)
from grader.course.folder import Assignment, Course, find_course
from grader.engine.engine import Engine
from grader.engine.prepare import Prepared
from grader.errors import UsageError
from grader.feedback.progress import progress
from grader.feedback.terminal import console
from grader.gradebook.chosen import choose
from grader.gradebook.lateness import course_policy
from grader.gradebook.open_store import open_store
from grader.gradebook.roster import read_roster
from grader.report.charts import require_charts
from grader.report.class_code import open_class
from grader.report.folder import INDEX, ReportFolder
from grader.report.report import Material, facts_of, write_report
from grader.report.similar_page import Alike
from grader.submissions.similar import own_code, similar
from grader.submissions.submission import Submission
from grader.text.escape import json_line, one_line

Submissions = dict[tuple[str, str], Submission]


def command(
    topics: Topics = None,
    topic: TopicsOption = None,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="DIR", help="Where to (default: report/ beside the records).")
    ] = None,
    submissions: Annotated[
        Path | None,
        typer.Option("--submissions", metavar="CLASS", help="What was graded: adds the code, and submissions that are alike."),
    ] = None,
    roster: RosterOption = None,
    student: StudentOption = None,
    section: SectionOption = "",
    anonymous: Annotated[bool, typer.Option("--anonymous", help="Numbers in place of the students' names.")] = False,
    out: OutOption = Path("results"),
    course: CourseOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    """Write the class as pages for a browser. They show scores, exercises and mistakes, and each student has a page.

    The pages hold grades: only you can read the folder. Nothing is loaded from the network.

    Example: grader report --submissions submissions --roster grades.csv
    """
    require_charts()
    found = find_course(Path.cwd(), course)
    chosen = found.select(topics_asked(topics, topic))
    folder = ReportFolder(to or out / "report")
    people = read_roster(roster) if roster else None
    with open_store(out, write=False) as store, Engine(found) as engine:
        held = store.assignments()
        graded = tuple(one for one in chosen if one.name in held)
        ready = _prepared(engine, graded)
        material = Material(found, chosen, store, course_policy(found), datetime.now(UTC), ready, anonymous=anonymous)
        facts, totals = facts_of(material)
        if not facts:
            raise no_records(out, [one.name for one in chosen], held)
        held_in = {fact.assignment for fact in facts}
        used = tuple(one for one in chosen if one.name in held_in)
        some = choose((fact.student for fact in facts), student or (), section, people)
        facts = [fact for fact in facts if fact.student in some.students]
        if not facts:
            raise UsageError(f"nobody of section {one_line(section, 60)} has a record of {', '.join(one.name for one in used)}.")
        absent = [one_line(name, 80) for name in some.without(some.students)]
        read, alike = _read(found, submissions, used) if submissions else ({}, None)
        material = msgspec.structs.replace(
            material,
            assignments=used,
            submissions=read,
            alike=alike,
            absent=absent,
            names=some.names,
        )
        students = len(some.students)
        with progress(console(stderr=True), students, "writing", "wrote") as step:
            write_report(material, folder, facts, totals, step)
        tell_damage(store)
    if json:
        parts = {"exercises": folder.count("exercises"), "similar_pairs": folder.count("similar")}
        index = str(folder.path / INDEX)
        print(json_line({"index": index, "students": students, **parts, "files": folder.written}))
        return 0
    counts = [(students, "student"), (folder.count("exercises"), "exercise"), (folder.count("similar"), "similar pair")]
    print(f"{folder.path / INDEX}: {', '.join(f'{n} {thing}{chr(115) * (n != 1)}' for n, thing in counts if n)}")
    return 0


def _prepared(engine: Engine, assignments: Sequence[Assignment]) -> dict[str, Prepared]:
    """The assignments that can be prepared; without that, arrays are not shown beside each other."""
    ready = {}
    with progress(console(stderr=True), len(assignments), "preparing", "prepared") as step:
        for one in assignments:
            if found := prepared(engine, one.name, f"expected arrays of {one.name} are not shown"):
                ready[one.name] = found
            step(one.name)
    return ready


def _read(course: Course, path: Path, chosen: Sequence[Assignment]) -> tuple[Submissions, dict[str, Alike]]:
    """What is in the class's folder, and what of it is alike, by assignment."""
    with open_class(course, path, chosen) as items:
        read: Submissions = {}
        with progress(console(stderr=True), len(items), "reading", "read") as step:
            for item in items:
                read[item.student, item.assignment] = item.read()
                step(item.student)
        alike = {}
        for one in chosen:
            mine = [item for item in items if item.assignment == one.name]
            own, unread = own_code(mine, read=lambda item: read[item.student, item.assignment])
            alike[one.name] = Alike(similar(one, own, unread, {}), own)
        return read, alike
