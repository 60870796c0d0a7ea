"""The records on a reviewer's desk: what a page shows, and changes of marks by the functions of `grader adjust`.

The store is opened for each page and for each change, so that `grader grade` and other assistants can write between them.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from grader.course.folder import Course
from grader.engine.engine import Engine
from grader.engine.prepare import Prepared
from grader.errors import RubricError, UsageError
from grader.feedback.summary import change_text, final_text, points
from grader.gradebook.adjustments import Adjustment
from grader.gradebook.entries import Entry
from grader.gradebook.lateness import LatePolicy, course_policy
from grader.gradebook.open_store import open_store
from grader.gradebook.regrades import checked, undone
from grader.gradebook.requests import checked_request, new_requests
from grader.gradebook.review_log import Answer, Item, Request, Settled, requests
from grader.gradebook.store import GRADEBOOK, BusyError, Store
from grader.gradebook.term import Term
from grader.report.review.case import Case, Row, is_of, row_of, seen, state
from grader.report.review.code import ClassCode
from grader.report.review.names import Names
from grader.report.review.parts import PartCase, part_case, to_decide
from grader.report.review.queue import Task, found_in, of_attempts, tasks
from grader.report.student import work_of
from grader.submissions.fingerprints import Pair
from grader.text.escape import one_line
from grader.text.language import gettext as _

T = TypeVar("T")
PATIENCE, PAUSE = 4.0, 0.1  # seconds that a change waits for another run, and between two tries


class ChangedMeanwhileError(UsageError):
    """Somebody changed the same student while a form was open."""


class Desk:
    """The records of one class. Threads share it.

    Args:
        code: the class's code, if it is there.
        blind: whether students have numbers instead of names.
        patience: seconds that a change waits for another run.
    """

    def __init__(
        self, course: Course, out: Path, code: ClassCode | None = None, *, blind: bool = False, patience: float = PATIENCE
    ) -> None:
        self.course, self.code, self.blind = course, code, blind
        self._out, self._patience = out, patience
        self.policy: LatePolicy = course_policy(course)
        self._secret = course.secret()
        self._engine = Engine(course)
        self._preparing, self._writer, self._making = threading.Lock(), threading.Lock(), threading.Lock()
        self._made: dict[str, tuple[str, Any]] = {}
        with self.reading():
            pass

    def close(self) -> None:
        """End what was started for it."""
        self._engine.close()
        if self.code is not None:
            self.code.close()

    @contextmanager
    def reading(self) -> Iterator[Store]:
        """The store as it is now.

        Raises:
            UsageError: there are no records, or they cannot be read.
        """
        with open_store(self._out, write=False) as store:
            yield store

    @contextmanager
    def writing(self) -> Iterator[Store]:
        """The store, for one change.

        Raises:
            BusyError: another run is writing for longer than a person waits.
        """
        deadline = time.monotonic() + self._patience
        if not self._writer.acquire(timeout=max(self._patience, 1.0)):
            raise BusyError(_("another assistant's change is being written."))
        try:
            while True:
                try:
                    store = open_store(self._out, write=True)
                    break
                except BusyError:
                    if time.monotonic() >= deadline:
                        raise
                    time.sleep(PAUSE)
            with store:
                yield store
        finally:
            self._writer.release()

    @property
    def pairs(self) -> Mapping[str, tuple[Pair, ...]]:
        """The pairs that look copied, by assignment."""
        return self.code.pairs if self.code else {}

    def names(self, store: Store) -> Names:
        """What students are called; those who were dropped have no page."""
        gone = {one.student for one in store.dropped()}
        return self._once("names", state(store), lambda: self._names(store.keys(), gone))

    def _names(self, keys: list[tuple[str, str]], gone: set[str]) -> Names:
        students = {member for key in keys for member in self.policy.groups.members(*key)} | {student for student, _topic in keys}
        students |= {student for those in self.pairs.values() for pair in those for student in (pair.first, pair.second)}
        return Names(sorted(students - gone), self._secret, self.blind)

    def queue(self, store: Store) -> list[Task]:
        """What needs a person, and what was settled, by reason and student."""
        names = self.names(store)
        gone = {one.student for one in store.dropped()}
        every = tasks(self._found(store)[0], store.logged(), self.pairs, self._manual(store))
        found = [task for task in every if gone.isdisjoint((task.item.student, task.other))]
        reasons = list(dict.fromkeys(task.item.reason for task in found))
        return sorted(
            found,
            key=lambda one: (reasons.index(one.item.reason), one.item.assignment, one.place, names.order(one.item.student)),
        )

    def _manual(self, store: Store) -> list[Task]:
        """The parts that a person decides, of every submission that counts."""
        now = f"{state(store)} {len(store.adjustments())}"
        known = [one.name for one in self.course.assignments if one.name in store.assignments()]
        return self._once("manual", now, lambda: list(to_decide(Term(store, self.policy).entries(known))))

    def part(self, store: Store, student: str, topic: str, place: str) -> PartCase:
        """One part that a person decides.

        Raises:
            UsageError: there is none.
        """
        entry = Term(store, self.policy).entry(student, topic)
        if entry is None or not entry.attempts:
            raise UsageError(_("nothing was handed in for {assignment}.").format(assignment=topic))
        return part_case(entry, place, store.adjustments(entry.by or student, topic))

    def damage(self, store: Store) -> list[str]:
        """The records that cannot be read."""
        return self._found(store)[1]

    def _found(self, store: Store) -> tuple[list[Task], list[str]]:
        """What the records say, and those that cannot be read."""
        now = store.version()
        return self._once("found", now, lambda: (found_in(store), [one_line(one.text, 500) for one in store.damage()]))

    def everybody(self, store: Store, topic: str) -> list[Row]:
        """The class in one assignment."""
        now = f"{state(store)} {len(store.adjustments())}"
        entries = Term(store, self.policy).entries([topic])
        return self._once(f"class {topic}", now, lambda: [row_of(one) for one in entries])

    def _once(self, what: str, now: str, make: Callable[[], T]) -> T:
        """What `make` gives, kept until the records are in another state: reading all grades of a large class takes seconds."""
        with self._making:
            if self._made.get(what, ("",))[0] != now:
                self._made[what] = (now, make())
            value: T = self._made[what][1]
            return value

    def case(self, store: Store, student: str, topic: str, attempt: int | None = None) -> Case:
        """All about one student and assignment; of the attempt that counts, or of another one.

        Raises:
            UsageError: there is no such assignment or attempt.
        """
        assignment = self.course.assignment(topic)
        entry = Term(store, self.policy).entry(student, topic)
        owner = (entry.by or student) if entry else student
        record = store.record(owner, topic, attempt) if attempt else None
        if attempt and record is None:
            said = _("there is no attempt {number} at {assignment}; attempts: {all}.")
            raise UsageError(said.format(number=attempt, assignment=topic, all=entry.attempts if entry else 0))
        work, remark = None, ""
        if entry:
            ready, remark = self._ready(topic)
            submission = self.code.submission(owner, topic) if self.code else None
            work = work_of(store, self.policy, entry, _(assignment.title), ready, submission, record)
        log, found = store.logged(), list(of_attempts(owner, topic, store.attempts(owner, topic)))
        return Case(
            student,
            topic,
            work,
            remark,
            store.adjustments(student, topic),
            [one for one in requests(log) if (one.student, one.assignment) == (student, topic)],
            [task for task in tasks(found, log, self.pairs, self._manual(store)) if is_of(task, {student, owner}, topic)],
            seen(store, student, entry),
            owner,
        )

    def _ready(self, topic: str) -> tuple[Prepared | None, str]:
        """The assignment, to show expected arrays; or why it is not there."""
        try:
            with self._preparing:
                return self._engine.prepare(topic), ""
        except (UsageError, RubricError) as error:
            return None, _("Expected arrays are not shown: {why}").format(why=error)

    def adjust(self, asked: Adjustment, seen_before: str, answer: tuple[Item, Answer] | None = None) -> str:
        """Change a mark, and settle the request that it answers; returns what changed, without the student's name.

        Raises:
            ChangedMeanwhileError: somebody changed this student since `seen_before`; nothing is changed.
            BusyError: another run is writing; nothing is changed.
            UsageError: it is refused as `grader adjust` refuses it.
        """
        with self.writing() as store:
            before = self._as_seen(store, asked.student, asked.assignment, seen_before)
            return self._add(store, checked(self.course, store, self.policy, asked), before, answer)

    def undo(self, student: str, topic: str, number: int, because: str, by: str, seen_before: str) -> str:
        """Take back an adjustment of a student and assignment; see `adjust`."""
        with self.writing() as store:
            if number not in [one.number for one in store.adjustments(student, topic)]:
                raise UsageError(
                    _("there is no adjustment {number} of this student in {assignment}.").format(number=number, assignment=topic)
                )
            before = self._as_seen(store, student, topic, seen_before)
            asked = undone(store, number, because, by, datetime.now(UTC))
            return self._add(store, checked(self.course, store, self.policy, asked), before)

    def _add(self, store: Store, one: Adjustment, before: Entry | None, answer: tuple[Item, Answer] | None = None) -> str:
        with store.together():
            number = store.adjust(one)
            if answer:
                item, word = answer
                store.log(Settled(item=item, answer=word, by=one.by, at=one.at, because=one.because))
        after = Term(store, self.policy).entry(one.student, one.assignment)
        said = f"{number}: {one.assignment}: {final_text(before)} → {final_text(after)}"
        if after is not None and after.final is not None and after.final > after.grade.max_score + after.grade.bonus:
            said += ", " + _("more than the maximum of {points}").format(points=points(after.grade.max_score))
        elsewhere = store.notes().get(GRADEBOOK)
        return f"{said}. " + _("to update nbgrader's gradebook: {command}").format(command=elsewhere) if elsewhere else said

    def _as_seen(self, store: Store, student: str, topic: str, seen_before: str) -> Entry | None:
        entry = Term(store, self.policy).entry(student, topic)
        if seen(store, student, entry) == seen_before:
            return entry
        last = next(iter(reversed(store.adjustments(student))), None)
        what = _("it was graded again")
        if last is not None:
            what = _("last, {who} changed {assignment}: {change}, {why}").format(
                who=one_line(last.by, 30), assignment=last.assignment, change=change_text(last), why=one_line(last.because, 200)
            )
        raise ChangedMeanwhileError(
            _(
                "this student was changed while your form was open ({what}). Look at the score and the changes below, and save again if "
                "yours is still right."
            ).format(what=what)
        )

    def settle(self, item: Item, answer: Answer, because: str, by: str) -> None:
        """Mark an item of the queue as done, or open it again.

        Raises:
            BusyError: another run is writing; nothing is changed.
        """
        with self.writing() as store:
            store.log(Settled(item=item, answer=answer, by=by, at=datetime.now(UTC), because=because))

    def ask(self, asked: list[tuple[str, Request]]) -> int:
        """Keep requests, each with its place for messages; returns how many are new. One that is wrong refuses all.

        Raises:
            BusyError: another run is writing; nothing is changed.
            UsageError: one of them names what there is not.
        """
        with self.writing() as store:
            keys = store.keys()
            students = sorted({student for student, _topic in keys})
            right = [checked_request(self.course, students, one, where) for where, one in asked]
            new = new_requests(store.logged(), right)
            with store.together():
                for one in new:
                    store.log(one)
        return len(new)
