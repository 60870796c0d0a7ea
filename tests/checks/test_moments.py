"""Dates, times of day and durations: compared by what they mean; another type or another time zone is a slip."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from toys import exercise_of, one_case, prepared, verdict

from grader.checks.agrees import agrees
from grader.judge.call_program import program
from grader.judge.calls import argument_text, call_text
from grader.sandbox.values import Moment, WireError, check, decode, encode

MADRID, UTC = ZoneInfo("Europe/Madrid"), dt.UTC
NOON = dt.datetime(2024, 7, 1, 12, 30)
DAYS = np.array(["2024-02-28", "2024-02-29", "NaT"], "datetime64[D]")
VALUES = [
    dt.date(2024, 2, 29), NOON, NOON.replace(tzinfo=UTC), NOON.replace(tzinfo=MADRID), dt.time(23, 59, 59, 5), dt.time(1, tzinfo=UTC),
    dt.timedelta(days=-1, microseconds=7), dt.timedelta.max, dt.timedelta.min, dt.date.min, dt.datetime.max,
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_they_cross_the_wire(value: Any) -> None:
    """Each arrives as it was; an argument keeps the name of its time zone, a result the offset."""
    wire = encode(value)
    check(wire)
    assert decode(wire) == decode(wire, writable=True) == value
    assert repr(decode(wire, writable=True)) == repr(value)


@pytest.mark.parametrize(
    "wire",
    [
        Moment("date", "2024-02-30"),
        Moment("date", "20240229"),
        Moment("datetime", "2024-02-29"),
        Moment("time", "25:00:00"),
        Moment("timedelta", "1e9"),
        Moment("timedelta", "9" * 22),
        Moment("timedelta", "१"),
        Moment("datetime", "2024-07-01T12:30:00+24:00"),
    ],
    ids=repr,
)
def test_other_texts_are_refused(wire: Moment) -> None:
    """What Python would not write so does not enter the trusted process."""
    with pytest.raises(WireError):
        check(wire)


def test_dates_are_keys() -> None:
    """A dict may count by day, and a set hold days, numpy's too."""
    found = {dt.date(2024, 1, 2): 3, np.datetime64("2024-01-03T04:05", "ns"): 1}
    wire = encode(found)
    check(wire)
    assert decode(wire) == {dt.date(2024, 1, 2): 3, dt.datetime(2024, 1, 3, 4, 5): 1}


@pytest.mark.parametrize(
    ("right", "student", "outcome"),
    [
        pytest.param(dt.date(2024, 2, 29), dt.date(2024, 2, 29), "passed", id="date"),
        pytest.param(dt.date(2024, 2, 29), dt.date(2024, 3, 1), "failed", id="next-day"),
        pytest.param(dt.date(2024, 2, 29), "2024-02-29", "partly", id="text"),
        pytest.param(dt.date(2024, 2, 29), np.datetime64("2024-02-29"), "partly", id="numpys-date"),
        pytest.param(dt.date(2024, 2, 29), dt.datetime(2024, 2, 29), "partly", id="midnight"),
        pytest.param(dt.date(2024, 2, 29), dt.datetime(2024, 2, 29, 1), "failed", id="one-in-the-morning"),
        pytest.param(dt.date(2024, 2, 29), "29.2.2024", "failed", id="another-text"),
        pytest.param(NOON.replace(tzinfo=MADRID), NOON.replace(tzinfo=MADRID), "passed", id="zone"),
        pytest.param(NOON.replace(tzinfo=MADRID), NOON.replace(tzinfo=dt.timezone(dt.timedelta(hours=2))), "passed", id="offset"),
        pytest.param(NOON.replace(tzinfo=MADRID), NOON.replace(tzinfo=MADRID).astimezone(UTC), "partly", id="same-instant"),
        pytest.param(NOON.replace(tzinfo=MADRID), NOON, "partly", id="no-zone"),
        pytest.param(NOON.replace(tzinfo=MADRID), NOON.replace(tzinfo=UTC), "failed", id="another-instant"),
        pytest.param(dt.time(1, 30), dt.time(1, 30, tzinfo=UTC), "partly", id="time-with-zone"),
        pytest.param(dt.timedelta(seconds=0.3), dt.timedelta(seconds=0.1) * 3, "passed", id="duration"),
        pytest.param(dt.timedelta(hours=1), dt.timedelta(hours=1, microseconds=1), "passed", id="rounding"),
        pytest.param(dt.timedelta(hours=1), 3600, "partly", id="seconds"),
        pytest.param(dt.timedelta(hours=1), 60, "failed", id="minutes"),
        pytest.param(dt.timedelta(hours=1), dt.timedelta.max, "failed", id="far-away"),
        pytest.param(dt.timedelta(hours=1), 1e300, "failed", id="beyond-all"),
        pytest.param(DAYS, DAYS, "passed", id="array"),
        pytest.param(DAYS, DAYS.astype("datetime64[ns]"), "passed", id="finer-unit"),
        pytest.param(DAYS, DAYS.astype("datetime64[ns]") + np.timedelta64(1, "ns"), "failed", id="a-nanosecond-more"),
        pytest.param(DAYS, DAYS.astype("datetime64[M]"), "failed", id="months"),
        pytest.param(DAYS[:2], DAYS[:2].tolist(), "partly", id="list"),
        pytest.param(DAYS[:2], DAYS[:2].astype(str), "partly", id="texts"),
        pytest.param(DAYS, DAYS[::-1], "failed", id="reversed"),
        pytest.param(DAYS, np.where(np.isnat(DAYS), np.datetime64("2024-03-01"), DAYS), "failed", id="nothing-missing"),
        pytest.param(np.diff(DAYS[:2]), np.array([24 * 60], "timedelta64[m]"), "passed", id="durations"),
        pytest.param(np.diff(DAYS[:2]), np.array([1]), "failed", id="bare-numbers"),
        pytest.param(DAYS[0], dt.date(2024, 2, 28), "passed", id="pythons-date"),
        pytest.param([dt.date(2024, 1, 1), dt.date(2024, 1, 2)], [dt.date(2024, 1, 1), dt.date(2024, 1, 2)], "passed", id="list-of-dates"),
    ],
)  # fmt: skip
def test_results(right: Any, student: Any, outcome: str) -> None:
    """The same date is right in any unit; in another type or zone it is a slip; another date is wrong."""
    ready = prepared(exercise_of("f", agrees("one", cases=one_case(x=1.0))), functions={"f": lambda x: right})
    found = verdict(ready, {"f": lambda x: student})
    assert found.verdict == outcome, found.message


@pytest.mark.parametrize(
    ("right", "student", "message"),
    [
        (dt.date(2024, 2, 29), dt.date(2024, 3, 1), "the result is 2024-03-01, but should be 2024-02-29"),
        (dt.date(2024, 2, 29), "2024-02-29", "the result is right, but is the string '2024-02-29'; return the date 2024-02-29"),
        (NOON.replace(tzinfo=MADRID), NOON, "the result is right, but is given in no time zone instead of UTC+02:00"),
        (DAYS, DAYS[::-1], "2 of 3 values of the result are wrong; first the result[0] = NaT (should be 2024-02-28)"),
    ],
)
def test_messages(right: Any, student: Any, message: str) -> None:
    """Dates are shown as people write them."""
    ready = prepared(exercise_of("f", agrees("one", cases=one_case(x=1.0))), functions={"f": lambda x: right})
    found = verdict(ready, {"f": lambda x: student})
    assert message.replace("the result[0]", "[0]") in found.message, found.message


def test_a_call_with_dates_can_be_run() -> None:
    """What is shown of a call gives the same arguments when it is typed in."""
    given = dict(day=dt.date(2024, 2, 29), at=NOON.replace(tzinfo=MADRID), wait=dt.timedelta(hours=1), days=DAYS, one=DAYS[0])
    seen: list[Any] = []
    ready = prepared(
        exercise_of("f", agrees("one", cases=one_case(**given))), functions={"f": lambda day, at, wait, days, one: repr(at)}
    )
    step, parameters = ready.plan.steps[0], ready.plan.rubric.parameters
    assert "day=datetime.date(2024, 2, 29)" in call_text(step, parameters)
    text = program(ready.plan.steps, [0], parameters, "work").replace("from work import f", "")
    exec(text, {"f": lambda *args, **kwargs: seen.extend([*args, *kwargs.values()])})
    assert [repr(value) for value in seen] == [repr(np.asarray(value) if value is DAYS else value) for value in given.values()]
    assert argument_text(encode(DAYS[:2])) == "['2024-02-28', '2024-02-29']"
