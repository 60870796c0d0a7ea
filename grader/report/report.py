"""A report of a class as a folder of pages: the class, each exercise, each student, and submissions that are alike.

records ──► Entry ──► Fact ──► statistics ──► class and exercise pages
              └─► Work ────────────────────► student pages, one at a time: a large class fits in memory
"""

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec
from msgspec.structs import replace

from grader.course.folder import Assignment, Course
from grader.engine.prepare import Prepared
from grader.gradebook.entries import Entry
from grader.gradebook.lateness import LatePolicy
from grader.gradebook.said_again import grade_again, said_again
from grader.gradebook.store import Store
from grader.gradebook.term import Term
from grader.gradebook.totals import Total, class_totals
from grader.report.class_page import class_page
from grader.report.code import Module, modules_of, part_of
from grader.report.exercise_page import exercise_pages
from grader.report.exercise_words import VERDICTS
from grader.report.facts import Fact, fact_of
from grader.report.folder import INDEX, ReportFolder
from grader.report.names import Names
from grader.report.page import page
from grader.report.similar_page import Alike, links_of, pair_pages, similar_page
from grader.report.statistics import by_assignment
from grader.report.student import Student, Work, work_of
from grader.submissions.submission import Submission
from grader.text.language import SOURCE, spoken
from grader.text.language import gettext as _


class Material(msgspec.Struct, frozen=True):
    """What a report is made of.

    Attributes:
        ready: the assignments that can be prepared, for expected arrays and the titles of mistakes.
        submissions: what is in the class's folder, by student and assignment.
        alike: submissions that are alike, by assignment; None if nobody asked.
        absent: who of the class list handed in nothing.
        names: first and last names, where the class list has them.
    """

    course: Course
    assignments: Sequence[Assignment]
    store: Store
    policy: LatePolicy
    now: datetime
    ready: Mapping[str, Prepared] = {}
    submissions: Mapping[tuple[str, str], Submission] = {}
    alike: Mapping[str, Alike] | None = None
    absent: Sequence[str] = ()
    names: Mapping[str, str] = {}
    anonymous: bool = False


def write_report(
    material: Material,
    folder: ReportFolder,
    facts: Sequence[Fact],
    totals: Mapping[str, Total],
    tell: Callable[[str], object] = str,
) -> None:
    """Write all pages; the class's comes last.

    Args:
        facts, totals: from `facts_of`.
        tell: gets the name of each student whose page was written.
    """
    names = Names((fact.student for fact in facts), material.names, material.anonymous)
    title, of = _(material.course.title), by_assignment(facts)
    _write_similar(material, folder, names, title)
    _write_exercises(material, folder, names, of, title)
    _write_students(material, folder, names, facts, totals, title, tell)
    absent = (
        [_("student {number}").format(number=place) for place, _student in enumerate(material.absent, 1)]
        if material.anonymous
        else material.absent
    )
    whole = class_page(material.assignments, of, totals, _titles(material), names, absent)
    made = f"{material.now:%Y-%m-%d %H:%M %Z}"
    folder.write(
        INDEX,
        page("class.html.j2", scripted=True, course=title, made=made, class_=whole, similar=material.alike is not None),
    )
    folder.finish()


def facts_of(material: Material) -> tuple[list[Fact], dict[str, Total]]:
    """What the statistics need of every entry, in the language in force, and every student's total."""
    facts: list[Fact] = []
    slim: list[Entry] = []
    for entry in Term(material.store, material.policy).entries([one.name for one in material.assignments]):
        if spoken() != SOURCE:
            entry, _record = said_again(material.store, entry, material.ready.get(entry.grade.assignment))
        facts.append(fact_of(entry))
        slim.append(replace(entry, grade=replace(entry.grade, exercises=(), printed="")))
    return facts, class_totals(slim, material.policy, material.now)


def _titles(material: Material) -> dict[tuple[str, str], str]:
    """What each mistake is."""
    return {
        (name, mistake.name): _(mistake.title)
        for name, ready in material.ready.items()
        if ready.oracle
        for mistake in ready.oracle.misconceptions
    }


def _write_students(
    material: Material,
    folder: ReportFolder,
    names: Names,
    facts: Sequence[Fact],
    totals: Mapping[str, Total],
    title: str,
    tell: Callable[[str], object],
) -> None:
    term = Term(material.store, material.policy)
    of: dict[str, set[str]] = {}
    for fact in facts:
        of.setdefault(fact.student, set()).add(fact.assignment)
    held = {fact.assignment for fact in facts}
    links = links_of(material.alike or {}, names)
    for student in sorted(of, key=names.order):
        works = tuple(_works(material, term, student, of[student]))
        missing = [_(one.title) for one in material.assignments if one.name in held - of[student]]
        percent = totals[student].percent
        total = "" if percent is None else f"{percent:.1f} %"
        about = Student(names.shown(student), works, total, tuple(missing), links.get(student, ()))
        folder.write(names.student(student), page("student.html.j2", course=title, student=about))
        tell(student)


def _works(material: Material, term: Term, student: str, handed_in: set[str]) -> Iterator[Work]:
    for assignment in material.assignments:
        if assignment.name in handed_in and (entry := term.entry(student, assignment.name)):
            owner = entry.by or student
            yield work_of(
                material.store,
                material.policy,
                entry,
                _(assignment.title),
                material.ready.get(assignment.name),
                material.submissions.get((owner, assignment.name)),
            )


def _write_exercises(
    material: Material, folder: ReportFolder, names: Names, of: Mapping[str, Sequence[Fact]], title: str
) -> None:
    titles = _titles(material)
    for assignment in material.assignments:
        mine = of.get(assignment.name, ())
        for one in exercise_pages(_(assignment.title), mine, titles, names, functools.partial(_sample, material)):
            shown = page(
                "exercise.html.j2",
                scripted=True,
                course=title,
                exercise=one,
                verdicts=VERDICTS,
            )
            folder.write(names.exercise(one.assignment, one.name), shown)


def _sample(material: Material, fact: Fact, exercise: str) -> Module | None:
    """The code of an exercise in what was graded, if it is still what is in the class's folder."""
    submission = material.submissions.get((fact.by, fact.assignment))
    if submission is None or submission.source is None:
        return None
    record = material.store.record(fact.by, fact.assignment, fact.attempt)
    if record is None or record.source_hash != submission.hash:
        return None
    grade = record.grade if spoken() == SOURCE else grade_again(record, material.ready.get(record.assignment))
    return part_of(modules_of(submission.source, submission.is_notebook, record.run, grade), exercise)


def _write_similar(material: Material, folder: ReportFolder, names: Names, title: str) -> None:
    if material.alike is None:
        return
    for address, pair in pair_pages(material.alike, names):
        folder.write(address, page("pair.html.j2", course=title, pair=pair))
    found = similar_page(material.alike, names)
    folder.write("similar.html", page("similar.html.j2", scripted=True, course=title, similar=found))
