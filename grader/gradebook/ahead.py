"""Records that are read ahead: those of some students in one question to the store, in place of one for each."""

from collections.abc import Iterable
from typing import Protocol

from grader.gradebook.adjustments import Adjustment
from grader.gradebook.lateness import Attempt
from grader.gradebook.same_class import Dropped


class Attempts(Protocol):
    """What a term needs of a store."""

    def keys(self) -> list[tuple[str, str]]:
        """Every student and assignment with a record, sorted."""

    def attempts(self, student: str, assignment: str) -> list[Attempt]:
        """Every attempt of a student at an assignment, the last one at the end."""

    def attempts_of(self, assignment: str, students: Iterable[str]) -> dict[str, list[Attempt]]:
        """The attempts of these students, as `attempts` has those of each; who has none is left out."""

    def adjustments(self, student: str = "", assignment: str = "") -> list[Adjustment]:
        """The history of changes by hand, the first one first; of one student or assignment, if given."""

    def adjustments_of(self, assignment: str, students: Iterable[str]) -> dict[str, list[Adjustment]]:
        """The histories of these students at an assignment, as `adjustments` has each; who has none is left out."""

    def dropped(self) -> list[Dropped]:
        """The students who left and count nowhere."""


class Ahead:
    """What a store has of the students and assignments that were read ahead last; of others, it is asked.

    Only these are in memory: a class may be large.
    """

    def __init__(self, store: Attempts) -> None:
        self._store = store
        self._attempts: dict[tuple[str, str], list[Attempt]] = {}
        self._adjustments: dict[tuple[str, str], list[Adjustment]] = {}

    def read(self, keys: Iterable[tuple[str, str]]) -> None:
        """Read these students and assignments, and forget those before."""
        of: dict[str, dict[str, None]] = {}
        for student, assignment in keys:
            of.setdefault(assignment, {})[student] = None
        self._attempts, self._adjustments = {}, {}
        for assignment, students in of.items():
            attempts = self._store.attempts_of(assignment, students)
            histories = self._store.adjustments_of(assignment, students)
            for student in students:
                self._attempts[student, assignment] = attempts.get(student, [])
                self._adjustments[student, assignment] = histories.get(student, [])

    def attempts(self, student: str, assignment: str) -> list[Attempt]:
        """Every attempt of a student at an assignment, the last one at the end."""
        found = self._attempts.get((student, assignment))
        return self._store.attempts(student, assignment) if found is None else found

    def adjustments(self, student: str, assignment: str) -> list[Adjustment]:
        """The history of changes by hand of a student's assignment, the first one first."""
        found = self._adjustments.get((student, assignment))
        return self._store.adjustments(student, assignment) if found is None else found
