"""What a graded class leaves in nbgrader's gradebook, and takes from it."""

import shlex
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from grader.course.folder import Course
from grader.gradebook.decisions import with_decisions
from grader.gradebook.lateness import LatePolicy
from grader.gradebook.store import Store
from grader.gradebook.term import Term
from grader.integrations.nbgrader.database import absolute, shown
from grader.integrations.nbgrader.gradebook import NbgraderGradebook
from grader.integrations.nbgrader.marks import Marks
from grader.submissions.notebook.scaffold import Scaffold
from grader.submissions.read import SubmittedFiles


def into_gradebook(
    book: NbgraderGradebook,
    submitted: Sequence[SubmittedFiles],
    scaffolds: Mapping[str, Scaffold],
    store: Store,
    policy: LatePolicy,
    published: Collection[str],
) -> Iterator[str]:
    """Write what was graded into the gradebook: each student's last submission, as `nbgrader autograde` does; yields notes.

    The last submission of the member whose submission counts is that of the whole team. Late days may have moved to or from other
    assignments, whose penalties are written again.
    """
    term = Term(store, policy)
    waiting = {(item.student, item.assignment): item for item in submitted}
    owners = {key: found.by for key in term.with_teams(waiting) if (found := term.entry(*key))}
    given: dict[tuple[str, str], list[str]] = {}
    for (student, assignment), by in owners.items():
        given.setdefault((by, assignment), []).append(student)
    unwritten = 0
    submissions = (
        (replace(item, student=student), scaffolds[item.assignment], replace(with_decisions(store, record), student=student))
        for record in store.records()
        if (item := waiting.get((record.student, record.assignment)))
        for student in given.get((record.student, record.assignment), ())
    )
    for note in book.write(submissions, published, policy, term.penalty if term.has_penalties else None):
        unwritten += 1
        yield note
    yield from book.notes
    yield f"{len(owners) - unwritten} written into the gradebook {shown(book.where.url)}"


def exchange_marks(
    book: NbgraderGradebook, store: Store, course: Course, policy: LatePolicy, topics: Sequence[str]
) -> Iterator[str]:
    """Exchange the marks changed by hand with the gradebook; yields notes."""
    marks = Marks(book, store, course, policy, topics)
    new, notes = marks.take_in()
    if new:
        yield f"marks changed in nbgrader: {sum(not one.undoes for one in new)} taken in; `grader history` lists them"
    yield from (*notes, *marks.write()[1])


def command_again(book: NbgraderGradebook, submissions: Path, out: Path, course: Course, more: Sequence[str]) -> str:
    """The command that writes the gradebook again, from any folder, without a password."""
    places = ("--gradebook", shown(absolute(book.where.url)), "--out", str(out.resolve()), "--course", str(course.root.resolve()))
    return shlex.join(["grader", "grade", str(submissions.resolve()), *places, *more])
