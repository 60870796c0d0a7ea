"""A class over a term: for every student the attempt that counts at each assignment, their team's too, and their late days.

A record holds what one student handed in. For a team, the attempts of all members are those of each of them, and the one that counts gives
every member a score; the late days are each member's own.

A student who was dropped has no entry anywhere; what they handed in for a team still counts for the others.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

import msgspec
from msgspec.structs import replace

from grader.gradebook.adjustments import Adjustment, standing, that_count
from grader.gradebook.ahead import Ahead, Attempts
from grader.gradebook.decisions import decided
from grader.gradebook.entries import Entry
from grader.gradebook.late_days import LateDays, spend
from grader.gradebook.lateness import Attempt, Late, LatePolicy, chosen, days_gain, instant, lateness, of_team
from grader.gradebook.same_class import Dropped
from grader.judge.verdicts import Grade
from grader.text.language import gettext as _

SHOWN = 5  # teams that are reported in full
AT_ONCE: Final = 100  # entries whose records are read together


class Judged(msgspec.Struct, frozen=True):
    """The attempts in a `store` with other `grades`, by student, assignment and number (0 for the last)."""

    store: Attempts
    grades: Mapping[tuple[str, str, int], Grade]

    def keys(self) -> list[tuple[str, str]]:
        """Every student and assignment with a record, sorted."""
        return self.store.keys()

    def attempts(self, student: str, assignment: str) -> list[Attempt]:
        """Every attempt of a student at an assignment, the last one at the end."""
        return self._judged(self.store.attempts(student, assignment))

    def attempts_of(self, assignment: str, students: Iterable[str]) -> dict[str, list[Attempt]]:
        """The attempts of these students, as `attempts` has those of each; who has none is left out."""
        return {student: self._judged(found) for student, found in self.store.attempts_of(assignment, students).items()}

    def _judged(self, found: Sequence[Attempt]) -> list[Attempt]:
        numbers = [0 if attempt is found[-1] else attempt.number for attempt in found]
        return [
            replace(attempt, grade=self.grades.get((attempt.grade.student, attempt.grade.assignment, number), attempt.grade))
            for attempt, number in zip(found, numbers, strict=True)
        ]

    def adjustments(self, student: str = "", assignment: str = "") -> list[Adjustment]:
        """The history of changes by hand, the first one first; of one student or assignment, if given."""
        return self.store.adjustments(student, assignment)

    def adjustments_of(self, assignment: str, students: Iterable[str]) -> dict[str, list[Adjustment]]:
        """The histories of these students at an assignment, as `adjustments` has each; who has none is left out."""
        return self.store.adjustments_of(assignment, students)

    def dropped(self) -> list[Dropped]:
        """The students who left and count nowhere."""
        return self.store.dropped()


class Term:
    """What counts, by the records in a store and a course's policy. The records do not change meanwhile."""

    def __init__(self, store: Attempts, policy: LatePolicy) -> None:
        self._store, self._policy, self._records = store, policy, Ahead(store)
        self._late_days: dict[str, LateDays] = {}
        self._dropped = frozenset(one.student for one in store.dropped())

    def entry(self, student: str, assignment: str) -> Entry | None:
        """The entry of one student and assignment; None if nothing was graded and the student is not excused, or was dropped."""
        if student in self._dropped:
            return None
        attempts = self._attempts(student, assignment)
        late_days, history = self.late_days(student), self._records.adjustments(student, assignment)
        if not attempts:
            counting = that_count(history, self._policy.adjustments, 0)
            nothing = Grade(
                student=student,
                assignment=assignment,
                status="graded",
                score=None,
                max_score=0.0,
                exercises=(),
                message=_("excused"),
            )
            excused = Entry(nothing, Late(self._policy.due_for(student, assignment), None, 0, 0.0, None), 0, 0, counting)
            return excused if excused.excused else None
        attempt, late = chosen(self._policy, attempts, late_days.spent.get(assignment, 0) if late_days else 0)
        by, grade = attempt.grade.student, replace(attempt.grade, student=student)
        team = self._policy.groups.team(student, assignment)
        return Entry(
            grade,
            late,
            attempt.number,
            len(attempts),
            that_count(history, self._policy.adjustments, attempt.number),
            team=team.name if team else "",
            by=by,
            late_days=late_days,
        )

    def entries(self, assignments: Sequence[str], students: Sequence[str] = ()) -> Iterator[Entry]:
        """The entries of every student (or of `students`), by assignment in the order given, then by student."""
        keys = {*self._store.keys(), *((one.student, one.assignment) for one in self._store.adjustments())}
        for name in assignments:
            present = self.with_teams((student, name) for student, assignment in keys if assignment == name)
            yield from self.each(key for key in present if not students or key[0] in students)

    def each(self, keys: Iterable[tuple[str, str]]) -> Iterator[Entry]:
        """The entries of these students and assignments, in the same order; the records of some at a time are read together."""
        left = iter(keys)
        while some := list(islice(left, AT_ONCE)):
            self._records.read(self._needed(some))
            yield from (found for key in some if (found := self.entry(*key)))
        self._records.read(())

    def _needed(self, keys: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        """The records that the entries of some students and assignments are made of."""
        members, policy = self._policy.groups.members, self._policy
        for student, assignment in keys:
            names = {assignment, *(policy.due if policy.days and student not in self._late_days else ())}
            yield from ((member, name) for name in names for member in members(student, name))

    @property
    def has_penalties(self) -> bool:
        """Whether a late day costs anything by the course's policy."""
        return self._policy.per_day > 0

    def penalty(self, student: str, assignment: str) -> float | None:
        """What lateness costs of the last submission, whichever counts, of the student or the member of their team whose one counts."""
        found = self.entry(student, assignment)
        if found is None or not found.attempts:
            return None
        last = self.decided_attempts(found.by, assignment)[-1]
        return lateness(self._policy, replace(last.grade, student=student), last.submitted_at, found.late.free).penalty

    def with_teams(self, keys: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """Students and assignments, with all members of their teams who were not dropped; sorted by student."""
        members = self._policy.groups.members
        every = {(member, assignment) for student, assignment in keys for member in members(student, assignment)}
        return sorted(key for key in every if key[0] not in self._dropped)

    def late_days(self, student: str) -> LateDays | None:
        """The student's late days, and where they are spent; None if the course has none."""
        if not self._policy.days:
            return None
        if student not in self._late_days:
            self._late_days[student] = LateDays(self._policy.days, self._spent(student))
        return self._late_days[student]

    def _spent(self, student: str) -> dict[str, int]:
        policy = self._policy
        due = sorted((own, name) for name in policy.due if (own := policy.due_for(student, name)))
        most = min(policy.days, policy.days_per_assignment)
        gains = {}
        for _due, name in due:
            excused = any(one.excused for one in standing(self._records.adjustments(student, name)))
            if not excused and (attempts := self._attempts(student, name)) and len(gain := days_gain(policy, attempts, most)) > 1:
                gains[name] = gain
        days = spend(list(gains.values()), policy.days, policy.spent)
        return {name: count for name, count in zip(gains, days, strict=True) if count}

    def _attempts(self, student: str, assignment: str) -> list[Attempt]:
        """The attempts of a student and their team, with what people decided about them."""
        members = self._policy.groups.members(student, assignment)
        if members == (student,):
            return self.decided_attempts(student, assignment)
        return of_team(self._policy, [mine for member in members if (mine := self.decided_attempts(member, assignment))])

    def decided_attempts(self, student: str, assignment: str) -> list[Attempt]:
        """The attempts of one student, with what people decided about them."""
        found = self._records.attempts(student, assignment)
        if not any(attempt.grade.undecided for attempt in found):
            return found
        history = self._records.adjustments(student, assignment)
        return [replace(attempt, grade=decided(attempt.grade, history)) for attempt in found]

    def doubts(self, submitted: Iterable[tuple[str, str]]) -> list[str]:
        """Notes on teams: which submission counts where several members handed in, and teams that handed in nothing.

        Args:
            submitted: student and assignment of each submission of a class.
        """
        groups, seen = self._policy.groups, {*submitted}
        several = []
        for assignment, team in {
            (assignment, team) for student, assignment in seen if (team := groups.team(student, assignment))
        }:
            those = [member for member in team.members if (member, assignment) in seen]
            if len(those) > 1 and (counts := self.entry(those[0], assignment)):
                times = [instant(self._policy, one.submitted_at) for one in self._attempts(those[0], assignment)]
                why = "the latest" if all(times) and self._policy.attempts == "last" else "the best"
                unknown = "" if all(times) else ", because a time is unknown"
                several.append(
                    f"{assignment}: {', '.join(those)} ({team.name}) each handed in; {counts.by}'s counts, {why}{unknown}"
                )
        several.sort()
        found = several[:SHOWN]
        if len(several) > SHOWN:
            found.append(f"and {len(several) - SHOWN} more teams of which several handed in; --json has `handed_in_by` of all")
        present = {student for student, _ in seen}
        teams = {team for (topic, _), team in groups.teams.items() if topic in {name for _, name in seen}}
        for team in sorted((team for team in teams if present.isdisjoint(team.members)), key=lambda team: team.line)[:SHOWN]:
            found.append(
                f"{groups.path}, line {team.line}: nothing was handed in by the team {team.name} ({', '.join(team.members)}); "
                "are they called as their folders?"
            )
        return found
