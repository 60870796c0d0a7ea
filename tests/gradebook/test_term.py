"""A term of a class: late days over several assignments, and teams whose one submission counts for all."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kept import grade, record
from msgspec.structs import replace

from grader.gradebook.adjustments import Adjustment
from grader.gradebook.entries import Entry, line
from grader.gradebook.groups import parse_groups
from grader.gradebook.late_days import LateDays
from grader.gradebook.lateness import Attempt, LatePolicy
from grader.gradebook.same_class import Dropped
from grader.gradebook.sqlite import SqliteStore
from grader.gradebook.term import Judged, Term
from grader.submissions.submitted_at import SubmittedAt

DUE = {name: datetime(2027, month, 1, tzinfo=UTC) for name, month in (("conv", 4), ("mlp", 5), ("rnn", 6))}
POLICY = LatePolicy(per_day=0.1, cap=0.5, due=DUE, days=3)
TEAMS = parse_groups("team,student\nred,ana\nred,bea\n", Path("groups.csv"), tuple(DUE))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """An empty store."""
    with SqliteStore(tmp_path, write=True) as found:
        yield found


def hand_in(store: SqliteStore, student: str, assignment: str, days: float | None, score: float | None = 5.0) -> None:
    """A submission so many days after the due date (None: at an unknown time), out of 5 points."""
    time = SubmittedAt() if days is None else SubmittedAt(DUE[assignment] + timedelta(days=days), "timestamp.txt")
    store.save(record(student, assignment, score, text=f"x = {days}, {score}", submitted_at=time))


def entry(store: SqliteStore, policy: LatePolicy, student: str = "ana", assignment: str = "conv") -> Entry:
    """What counts."""
    found = Term(store, policy).entry(student, assignment)
    assert found is not None
    return found


def test_days_are_spent_in_order_of_due_dates(store: SqliteStore) -> None:
    """The first submissions take the days; who is late when none is left pays as ever."""
    for name in ("rnn", "mlp", "conv"):
        hand_in(store, "ana", name, 2)
    found = [entry(store, POLICY, assignment=name) for name in DUE]
    assert [(one.late.days, one.late.free, one.late.penalty) for one in found] == [(2, 2, 0.0), (2, 1, 0.5), (2, 0, 1.0)]
    assert found[0].late_days == LateDays(3, {"conv": 2, "mlp": 1})


def test_best_days_go_where_they_bring_most(store: SqliteStore) -> None:
    """An assignment that weighs more gets them, whenever it was due."""
    for name in DUE:
        hand_in(store, "ana", name, 2)
    policy = replace(POLICY, spent="best", weights={"rnn": 2})
    assert [entry(store, policy, assignment=name).late.free for name in DUE] == [1, 0, 2]


def test_days_beyond_the_cap_are_not_bought_back(store: SqliteStore) -> None:
    """Where the cap or the score leaves nothing to win, no day is spent."""
    hand_in(store, "ana", "conv", 20)
    hand_in(store, "ana", "mlp", 1, 0.0)
    hand_in(store, "ana", "rnn", 1)
    assert entry(store, POLICY).late_days == LateDays(3, {"rnn": 1})


def test_most_days_of_an_assignment(store: SqliteStore) -> None:
    """`days_per_assignment` leaves days for the others."""
    hand_in(store, "ana", "conv", 3)
    assert entry(store, replace(POLICY, days_per_assignment=2)).late.penalty == 0.5


def test_extension_costs_no_late_day(store: SqliteStore) -> None:
    """Days before the student's own due date are not late."""
    hand_in(store, "ana", "conv", 2)
    extended = replace(POLICY, extensions={("ana", "conv"): DUE["conv"] + timedelta(days=1)})
    assert entry(store, extended).late_days == LateDays(3, {"conv": 1})


def test_fault_of_the_grader_keeps_its_days(store: SqliteStore) -> None:
    """What waits to be graded again keeps the days that it may need, so that no other score falls later."""
    hand_in(store, "ana", "conv", 3, None)
    hand_in(store, "ana", "mlp", 1)
    assert entry(store, POLICY, assignment="mlp").late.penalty == 0.5


def test_best_attempt_with_late_days(store: SqliteStore) -> None:
    """Which attempt counts is decided with the days that are spent on it: here a late one is worth them."""
    hand_in(store, "ana", "conv", -1, 3.0)
    hand_in(store, "ana", "conv", 2, 3.5)
    best = replace(POLICY, attempts="best")
    assert (entry(store, best).attempt, entry(store, best).late.free) == (2, 2)
    assert entry(store, replace(best, days=0)).attempt == 1


def test_excused_assignment_takes_no_days(store: SqliteStore) -> None:
    """Who is excused keeps the days for the others."""
    hand_in(store, "ana", "conv", 3)
    hand_in(store, "ana", "mlp", 3)
    store.adjust(Adjustment(student="ana", assignment="conv", because="ill", by="me", at=DUE["conv"], excused=True))
    assert entry(store, POLICY).excused and entry(store, POLICY).late_days == LateDays(3, {"mlp": 3})


SUBMISSIONS = st.dictionaries(st.sampled_from([*DUE]), st.tuples(st.integers(-1, 8), st.sampled_from([0.0, 1.3, 2.5, 5.0])))


class Kept:
    """Attempts of ana in memory."""

    def __init__(self, submissions: dict[str, tuple[int, float]]) -> None:
        self._submissions = submissions

    def keys(self) -> list[tuple[str, str]]:
        """Every student and assignment."""
        return [("ana", name) for name in sorted(self._submissions)]

    def attempts(self, student: str, assignment: str) -> list[Attempt]:
        """The only attempt."""
        if assignment not in self._submissions:
            return []
        days, score = self._submissions[assignment]
        time = SubmittedAt(DUE[assignment] + timedelta(days=days), "timestamp.txt")
        return [Attempt(1, grade(student, assignment, score), time)]

    def attempts_of(self, assignment: str, students: Iterable[str]) -> dict[str, list[Attempt]]:
        """The attempts of ana, if asked for."""
        return {student: self.attempts(student, assignment) for student in students}

    def adjustments_of(self, assignment: str, students: Iterable[str]) -> dict[str, list[Adjustment]]:
        """No changes by hand."""
        return {}

    def adjustments(self, student: str = "", assignment: str = "") -> list[Adjustment]:
        """None."""
        return []

    def dropped(self) -> list[Dropped]:
        """Nobody."""
        return []


@given(SUBMISSIONS, st.integers(0, 6), st.integers(1, 6))
def test_late_days_never_cost_points(submissions: dict[str, tuple[int, float]], days: int, most: int) -> None:
    """With a budget no assignment keeps fewer points than without; in order no more days are spent than there are; best is best."""

    def total(policy: LatePolicy) -> float:
        found = list(Term(Kept(submissions), policy).entries([*DUE]))
        assert all(sum(one.late.free for one in found) == one.late_days.used <= policy.days for one in found if one.late_days)
        assert all(one.late.free <= min(most, max(one.late.days, 0)) for one in found)
        assert all(
            (one.late.score or 0) >= (without.late.score or 0)
            for one, without in zip(found, Term(Kept(submissions), replace(policy, days=0)).entries([*DUE]), strict=True)
        )
        return sum(one.late.score or 0.0 for one in found)

    policy = replace(POLICY, days=days, days_per_assignment=most)
    in_order, best = total(policy), total(replace(policy, spent="best"))
    assert best >= in_order - 1e-9


# --- teams -----------------------------------------------------------------------------------------------------------------------------

RED = replace(POLICY, days=0, groups=TEAMS)


def test_one_submission_counts_for_all(store: SqliteStore) -> None:
    """Each member has the score, and the line says who handed in and for which team; who is in no team is alone."""
    hand_in(store, "ana", "conv", -1, 4.0)
    hand_in(store, "caro", "conv", -1, 2.0)
    found = list(Term(store, RED).entries(["conv"]))
    assert [(one.grade.student, one.grade.score, one.by, one.team) for one in found] == [
        ("ana", 4.0, "ana", "red"),
        ("bea", 4.0, "ana", "red"),
        ("caro", 2.0, "caro", ""),
    ]
    assert (line(found[1])["team"], line(found[1])["handed_in_by"]) == ("red", "ana") and "team" not in line(found[2])


@pytest.mark.parametrize(
    ("ana", "bea", "attempts", "counts", "why"),
    [
        pytest.param((-2, 5.0), (-1, 3.0), "last", "bea", "the latest", id="the latest"),
        pytest.param((-2, 5.0), (-1, 3.0), "best", "ana", "the best", id="the best"),
        pytest.param((-2, 5.0), (4, 5.0), "best", "ana", "the best", id="after the penalty"),
        pytest.param((None, 5.0), (-1, 3.0), "last", "ana", "the best, because a time is unknown", id="unknown time"),
    ],
)
def test_two_members_handed_in(
    store: SqliteStore, ana: tuple[float | None, float], bea: tuple[float, float], attempts: str, counts: str, why: str
) -> None:
    """The rule for attempts decides, over the attempts of all members, and which one counts is told."""
    hand_in(store, "ana", "conv", *ana)
    hand_in(store, "bea", "conv", *bea)
    policy = replace(RED, attempts=attempts)
    assert [entry(store, policy, student).by for student in ("ana", "bea")] == [counts, counts]
    assert (entry(store, policy).attempts, entry(store, policy).grade.student) == (2, "ana")
    assert Term(store, policy).doubts([("ana", "conv"), ("bea", "conv")]) == [
        f"conv: ana, bea (red) each handed in; {counts}'s counts, {why}"
    ]


def test_late_days_are_each_members_own(store: SqliteStore) -> None:
    """Who has spent their days elsewhere pays; the other member of the same late submission does not."""
    alone = parse_groups("team,student,topic\nred,ana,mlp\nred,bea,mlp\n", Path("groups.csv"), tuple(DUE))
    hand_in(store, "ana", "conv", 3)
    hand_in(store, "bea", "mlp", 2)
    policy = replace(POLICY, groups=alone)
    assert [entry(store, policy, student, "mlp").late.penalty for student in ("ana", "bea")] == [1.0, 0.0]
    assert entry(store, policy, "bea", "mlp").late_days == LateDays(3, {"mlp": 2})


def test_extension_of_one_member_holds_for_all(store: SqliteStore) -> None:
    """The work of a team cannot be handed in by halves."""
    hand_in(store, "ana", "conv", 2)
    policy = replace(RED, extensions={("bea", "conv"): DUE["conv"] + timedelta(days=2)})
    assert [(entry(store, policy, name).late.days, entry(store, policy, name).late.extended) for name in ("ana", "bea")] == [
        (0, True),
        (0, True),
    ]


def test_team_without_a_submission_is_told(store: SqliteStore) -> None:
    """A team that handed in nothing may be written otherwise than its folders."""
    hand_in(store, "anna", "conv", -1)
    assert Term(store, RED).doubts([("anna", "conv")]) == [
        "groups.csv, line 2: nothing was handed in by the team red (ana, bea); are they called as their folders?"
    ]


def test_other_grades_move_late_days(store: SqliteStore) -> None:
    """With a score that is judged anew, days go elsewhere; the store is as it was."""
    hand_in(store, "ana", "conv", 3, 0.0)
    hand_in(store, "ana", "mlp", 3)
    after = Term(Judged(store, {("ana", "conv", 0): grade("ana", "conv", 5.0)}), POLICY)
    assert after.late_days("ana") == LateDays(3, {"conv": 3})
    assert Term(store, POLICY).late_days("ana") == LateDays(3, {"mlp": 3})


# --- who left --------------------------------------------------------------------------------------------------------------------------


def drop(store: SqliteStore, student: str) -> None:
    """Note that a student left."""
    store.drop(Dropped(student, "me", DUE["conv"]))


def test_who_was_dropped_counts_nowhere(store: SqliteStore) -> None:
    """No entry of theirs, neither of a submission nor of an excuse; taken back, all of it is there."""
    hand_in(store, "ana", "conv", -1)
    hand_in(store, "caro", "conv", -1)
    store.adjust(Adjustment(student="caro", assignment="mlp", because="ill", by="me", at=DUE["mlp"], excused=True))
    drop(store, "caro")
    assert [one.grade.student for one in Term(store, POLICY).entries([*DUE])] == ["ana"]
    assert Term(store, POLICY).entry("caro", "conv") is None
    store.take_back("caro")
    found = [(one.grade.student, one.grade.assignment) for one in Term(store, POLICY).entries([*DUE])]
    assert found == [("ana", "conv"), ("caro", "conv"), ("caro", "mlp")]


def test_what_a_dropped_member_handed_in_counts_for_the_team(store: SqliteStore) -> None:
    """Who stays keeps the score."""
    hand_in(store, "ana", "conv", -1, 4.0)
    drop(store, "ana")
    assert [(one.grade.student, one.grade.score, one.by) for one in Term(store, RED).entries(["conv"])] == [("bea", 4.0, "ana")]


def test_who_was_dropped_stays_dropped_with_other_grades(store: SqliteStore) -> None:
    """Also while a rubric is tried out."""
    hand_in(store, "ana", "conv", -1)
    drop(store, "ana")
    assert list(Term(Judged(store, {}), POLICY).entries(["conv"])) == []
