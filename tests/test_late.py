"""What time makes of a score: due dates, grace, days, caps, extensions, daylight saving, attempts."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from grader.gradebook.lateness import Attempt, Late, LatePolicy, chosen, days_late, doubts, lateness
from grader.judge.verdicts import Grade
from grader.submissions.submitted_at import Source, SubmittedAt

DUE = datetime(2027, 4, 23, 23, 59, tzinfo=timezone(timedelta(hours=-3)))
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
POLICY = LatePolicy(per_day=0.1, cap=0.5, grace=15 * MINUTE, due={"conv": DUE})


def grade(score: float | None = 8.0, max_score: float = 10.0, student: str = "ana") -> Grade:
    """A grade of `conv`."""
    status: Any = "graded" if score is not None else "grader_error"
    return Grade(student=student, assignment="conv", status=status, score=score, max_score=max_score, exercises=())


def late(after: timedelta, score: float | None = 8.0, policy: LatePolicy = POLICY, student: str = "ana") -> Late:
    """What a submission so long after the due date makes of a score."""
    return lateness(policy, grade(score, student=student), SubmittedAt(DUE + after, "timestamp.txt"))


@pytest.mark.parametrize(
    ("after", "days"),
    [
        pytest.param(-DAY, 0, id="a day early"),
        pytest.param(timedelta(), 0, id="exactly at the due date"),
        pytest.param(SECOND, 0, id="within the grace"),
        pytest.param(15 * MINUTE, 0, id="exactly at the end of the grace"),
        pytest.param(15 * MINUTE + SECOND, 1, id="just after the grace"),
        pytest.param(DAY, 1, id="a day after the due date"),
        pytest.param(DAY + SECOND, 2, id="the second day began"),
        pytest.param(2 * DAY, 2, id="two days"),
        pytest.param(100 * DAY, 100, id="a hundred days"),
    ],
)
def test_days(after: timedelta, days: int) -> None:
    """Every day that began since the due date counts; the grace forgives being late, and is not taken off a day."""
    assert late(after).days == days


@pytest.mark.parametrize(
    ("after", "score", "penalty", "left"),
    [
        pytest.param(timedelta(), 8.0, 0.0, 8.0, id="on time"),
        pytest.param(HOUR, 8.0, 1.0, 7.0, id="one day is a tenth of the maximum"),
        pytest.param(3 * DAY, 8.0, 3.0, 5.0, id="three days"),
        pytest.param(5 * DAY, 8.0, 5.0, 3.0, id="exactly the cap"),
        pytest.param(50 * DAY, 8.0, 5.0, 3.0, id="no more than the cap"),
        pytest.param(50 * DAY, 2.0, 2.0, 0.0, id="no more than the score"),
        pytest.param(HOUR, 0.0, 0.0, 0.0, id="nothing to take"),
        pytest.param(HOUR, 1 / 3, 0.3333, 0.0, id="four digits"),
    ],
)
def test_penalty(after: timedelta, score: float, penalty: float, left: float) -> None:
    """A day costs a part of the maximum, the cap and the score limit the penalty."""
    found = late(after, score)
    assert (found.penalty, found.score) == (penalty, pytest.approx(left, abs=1e-4))


def test_raw_score_stays() -> None:
    """The grade itself is not touched: what is left stands beside it."""
    given = grade(8.0)
    lateness(POLICY, given, SubmittedAt(DUE + DAY, "timestamp.txt"))
    assert given.score == 8.0


def test_grader_error_has_no_penalty() -> None:
    """Where there is no score there is nothing to take from, late or not."""
    found = late(3 * DAY, None)
    assert (found.penalty, found.score, found.days) == (0.0, None, 3)


def test_policy_without_a_penalty_tells_the_days() -> None:
    """Without a price, a late submission is shown and costs nothing."""
    found = late(2 * DAY, policy=LatePolicy(due={"conv": DUE}))
    assert (found.days, found.penalty, found.score, found.late) == (2, 0.0, 8.0, True)


def test_no_due_date() -> None:
    """Where nothing is due, nothing is late."""
    found = late(3 * DAY, policy=LatePolicy(per_day=0.1))
    assert (found.due, found.days, found.penalty) == (None, 0, 0.0)


def test_no_time() -> None:
    """A submission whose time is not known costs nothing."""
    found = lateness(POLICY, grade(), SubmittedAt())
    assert (found.handed_in, found.days, found.penalty, found.score, found.late) == (None, 0, 0.0, 8.0, False)


def test_only_marked_late() -> None:
    """What a system calls late without saying when is shown as late and costs nothing."""
    found = lateness(POLICY, grade(), SubmittedAt(marked_late=True))
    assert (found.unknown, found.late, found.days, found.penalty) == (True, True, 0, 0.0)


def test_time_is_stronger_than_a_mark() -> None:
    """With a time, the course's own due date decides, not the other system's mark."""
    found = lateness(POLICY, grade(), SubmittedAt(DUE, "timestamp.txt", marked_late=True))
    assert (found.unknown, found.late) == (False, False)


def test_extension_is_ones_own_due_date() -> None:
    """An extension moves the due date of one student for one assignment."""
    policy = LatePolicy(per_day=0.1, due={"conv": DUE}, extensions={("ana", "conv"): DUE + 3 * DAY})
    mine, theirs = (late(3 * DAY, policy=policy, student=student) for student in ("ana", "bea"))
    assert (mine.days, mine.extended, mine.due) == (0, True, DUE + 3 * DAY)
    assert (theirs.days, theirs.extended, theirs.penalty) == (3, False, 3.0)


def test_days_count_from_the_extension() -> None:
    """Who is late after an extension is late by the days after it."""
    policy = LatePolicy(per_day=0.1, due={"conv": DUE}, extensions={("ana", "conv"): DUE + 3 * DAY})
    assert late(4 * DAY, policy=policy).days == 1


def test_offsets_are_compared_as_instants() -> None:
    """A due date at -03:00 and a submission in UTC or elsewhere are compared as the instants that they are."""
    assert days_late(DUE, datetime(2027, 4, 24, 2, 59, tzinfo=UTC)) == 0
    assert days_late(DUE, datetime(2027, 4, 24, 2, 59, 1, tzinfo=UTC)) == 1
    assert days_late(DUE, datetime(2027, 4, 24, 11, 59, tzinfo=timezone(9 * HOUR))) == 0


def test_clock_time_of_an_archive_is_in_the_courses_zone() -> None:
    """A time without an offset, as in zip files, is read in the course's time zone; without one it is UTC."""
    naive = SubmittedAt(datetime(2027, 4, 24, 1, 0), "archive")
    montevideo = LatePolicy(due={"conv": DUE}, timezone=ZoneInfo("America/Montevideo"))
    assert lateness(montevideo, grade(), naive).handed_in == datetime(2027, 4, 24, 4, 0, tzinfo=UTC)
    assert lateness(LatePolicy(due={"conv": DUE}), grade(), naive).handed_in == datetime(2027, 4, 24, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize("source", ["file", "own archive"])
@pytest.mark.parametrize(("counts", "days"), [(False, 0), (True, 1)], ids=["ignored", "asked for"])
def test_time_of_a_file_counts_only_when_the_course_says_so(counts: bool, days: int, source: Source) -> None:
    """Copying a class changes the times of its files, and students make their archives: the course says whether those count."""
    policy = LatePolicy(per_day=0.1, due={"conv": DUE}, file_times=counts)
    found = lateness(policy, grade(), SubmittedAt(DUE + HOUR, source))
    assert (found.days, found.handed_in is not None) == (days, counts)


MADRID, SANTIAGO = ZoneInfo("Europe/Madrid"), ZoneInfo("America/Santiago")


@pytest.mark.parametrize(
    ("due", "time", "days"),
    [
        pytest.param(
            datetime(2027, 3, 27, 23, 59, tzinfo=MADRID), datetime(2027, 3, 28, 23, 59, tzinfo=MADRID), 1, id="a day of 23 hours"
        ),
        pytest.param(
            datetime(2027, 3, 27, 23, 59, tzinfo=MADRID), datetime(2027, 3, 29, 0, 0, tzinfo=MADRID), 2, id="a minute after it"
        ),
        pytest.param(
            datetime(2027, 10, 30, 23, 59, tzinfo=MADRID),
            datetime(2027, 10, 31, 23, 59, tzinfo=MADRID),
            1,
            id="a day of 25 hours",
        ),
        pytest.param(
            datetime(2027, 10, 30, 23, 59, tzinfo=MADRID), datetime(2027, 11, 1, 0, 0, tzinfo=MADRID), 2, id="a minute after that"
        ),
        pytest.param(
            datetime(2027, 4, 3, 23, 59, tzinfo=SANTIAGO), datetime(2027, 4, 5, 2, 59, tzinfo=UTC), 1, id="25 hours, told in UTC"
        ),
        pytest.param(
            datetime(2027, 10, 31, 2, 30, tzinfo=MADRID), datetime(2027, 10, 31, 2, 30, fold=1, tzinfo=MADRID), 1, id="2:30 twice"
        ),
        pytest.param(
            datetime(2027, 4, 3, 23, 59, tzinfo=timezone(-3 * HOUR)),
            datetime(2027, 4, 5, 3, 59, tzinfo=UTC),
            2,
            id="an offset has no daylight saving: a day is 24 hours",
        ),
    ],
)
def test_daylight_saving(due: datetime, time: datetime, days: int) -> None:
    """Where the due date is in a time zone, a day ends at the same hour of its clock, be it 23 or 25 hours long."""
    assert days_late(due, time) == days


# --- attempts --------------------------------------------------------------------------------------------------------------------------


def attempts(*given: tuple[float | None, timedelta]) -> list[Attempt]:
    """Attempts by score and time after the due date."""
    return [
        Attempt(number, grade(score), SubmittedAt(DUE + after, "timestamp.txt"))
        for number, (score, after) in enumerate(given, start=1)
    ]


BEST = LatePolicy(per_day=0.1, cap=0.5, due={"conv": DUE}, attempts="best")


def test_last_attempt_counts_by_default() -> None:
    """Without a rule the last attempt counts, better or worse."""
    attempt, found = chosen(POLICY, attempts((9.0, -DAY), (5.0, -HOUR)))
    assert (attempt.number, found.score) == (2, 5.0)


@pytest.mark.parametrize(
    ("given", "number", "left"),
    [
        pytest.param([(8.0, -HOUR), (9.5, 2 * DAY)], 1, 8.0, id="early and worse beats late and better"),
        pytest.param([(5.0, -HOUR), (9.5, 2 * DAY)], 2, 7.5, id="late and much better beats early"),
        pytest.param([(8.0, -HOUR), (9.0, HOUR)], 2, 8.0, id="of equals the later one"),
        pytest.param([(4.0, -DAY), (9.0, -HOUR), (6.0, -MINUTE)], 2, 9.0, id="the middle one"),
    ],
)
def test_best_attempt_is_that_with_most_points_left(given: list[tuple[float, timedelta]], number: int, left: float) -> None:
    """The best attempt is chosen by what is left after the penalty."""
    attempt, found = chosen(BEST, attempts(*given))
    assert (attempt.number, found.score) == (number, left)


def test_fault_of_the_grader_moves_no_points() -> None:
    """While the last attempt waits to be graded again, an earlier one is not put in its place."""
    attempt, found = chosen(BEST, attempts((8.0, -HOUR), (None, -MINUTE)))
    assert (attempt.number, found.score) == (2, None)


def test_fault_in_between_is_left_out() -> None:
    """An earlier attempt without a score is not the best one."""
    assert chosen(BEST, attempts((None, -DAY), (1.0, -HOUR)))[0].number == 2


def test_attempts_for_other_points_are_not_compared() -> None:
    """An attempt that was graded for another number of points is no better than one of today's."""
    old = Attempt(1, grade(9.0, max_score=20.0), SubmittedAt(DUE, "timestamp.txt"))
    new = Attempt(2, grade(5.0), SubmittedAt(DUE, "timestamp.txt"))
    assert chosen(BEST, [old, new])[0].number == 2


# --- what an instructor should look at -------------------------------------------------------------------------------------------------


def test_times_that_are_not_known_are_told() -> None:
    """Where a penalty could be due, submissions without a time are named: it may be a timestamp that cannot be read."""
    submitted = [(name, "conv", SubmittedAt()) for name in ("ana", "bea", "caro", "dora")]
    (told,) = doubts(
        POLICY, [*submitted, ("eva", "conv", SubmittedAt(DUE, "timestamp.txt")), ("fay", "conv", SubmittedAt(marked_late=True))]
    )
    assert told.startswith("no late penalty, because the submission time is unknown: ana conv, bea conv, caro conv and 1 more; ")


@pytest.mark.parametrize(
    ("policy", "assignment"), [(LatePolicy(due={"conv": DUE}), "conv"), (POLICY, "pooling")], ids=["no penalty", "no due date"]
)
def test_times_that_do_not_matter_are_not_told(policy: LatePolicy, assignment: str) -> None:
    """Where nothing could be taken off, nothing is said."""
    assert doubts(policy, [("ana", assignment, SubmittedAt())]) == []


def test_extension_of_nobody_is_told() -> None:
    """An extension of a student who did not hand in may be a wrong name."""
    policy = LatePolicy(due={"conv": DUE}, extensions={("anna", "conv"): DUE + DAY, ("bea", "conv"): DUE + DAY})
    assert doubts(policy, [("ana", "conv", SubmittedAt(DUE)), ("bea", "conv", SubmittedAt(DUE))]) == [
        "[extensions] of course.toml names anna, who handed in nothing here; is the name right?"
    ]


def test_extension_of_a_student_who_is_not_graded_now_is_right() -> None:
    """Where some students of a class are graded, the others are known."""
    policy = LatePolicy(due={"conv": DUE}, extensions={("bea", "conv"): DUE + DAY})
    assert doubts(policy, [("ana", "conv", SubmittedAt(DUE))], ["ana", "bea"]) == []
