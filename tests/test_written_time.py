"""How people and learning systems write a time: read as it was meant, or not at all."""

from datetime import UTC, datetime

import pytest

from grader.submissions.submitted_at import write_timestamp
from grader.submissions.written_time import Order, read_column, read_time

WHEN = datetime(2027, 4, 12, 23, 59, 30, tzinfo=UTC)
EVENING = datetime(2027, 4, 23, 20, 15)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2027-04-12 23:59:30.000000 UTC", id="nbgrader"),
        pytest.param("2027-04-12 23:59:30.000000 UTC\r\n", id="with a line end"),
        pytest.param("\ufeff2027-04-12 23:59:30 GMT", id="a byte order mark, GMT"),
        pytest.param("2027-04-12T20:59:30-03:00", id="ISO with an offset"),
        pytest.param("2027-04-12T23:59:30Z", id="ISO in UTC"),
        pytest.param("20270412T235930Z", id="ISO without separators"),
        pytest.param("2027-04-13 01:59:30.000000 +0200", id="numeric offset"),
        pytest.param("2027-04-12 20:59:30 -03:00", id="offset with a colon"),
        pytest.param("2027-04-12 20:59:30 (GMT-3)", id="offset from GMT"),
        pytest.param("2027-04-13 01:59:30 Europe/Madrid", id="name of a zone"),
        pytest.param("1807574370", id="seconds since 1970"),
        pytest.param("1807574370000", id="milliseconds since 1970"),
        pytest.param("1807574370.0", id="a fraction of seconds"),
        pytest.param("Mon, 12 Apr 2027 23:59:30 GMT", id="HTTP"),
    ],
)
def test_instant(text: str) -> None:
    """Every way in which nbgrader, ISO and systems write an instant is read in UTC."""
    assert read_time(text) == WHEN


@pytest.mark.parametrize(
    "text",
    [
        "Friday, 23 April 2027, 8:15 PM",
        "Friday, April 23, 2027, 8:15 PM",
        "April 23rd 2027 8:15\u202fPM",
        "viernes, 23 de abril de 2027, 20:15",
        "viernes, 23 de abril de 2027, 8:15 p.\u00a0m.",
        "Freitag, 23. April 2027, 20:15",
        "Freitag, 23. April 2027 um 20:15 Uhr",
        "Fr., 23. Apr. 2027, 20:15",
        "vendredi 23 avril 2027, 20:15",
        "ven. 23 avr. 2027 à 20h15",
        "sexta-feira, 23 de abril de 2027 às 20:15",
        "sexta, 23 abr. 2027, 20:15",
        "2027-04-23 20:15",
        "2027/04/23, 8:15 pm",
        "23.04.2027 20:15",
        "23.04.27, 20:15:00",
        "4/23/27, 8:15 PM",
        "23/04/2027 20:15",
        "\u200e23-04-2027 20:15",
    ],
)
def test_clock_time(text: str) -> None:
    """A time without a zone is that of a clock: the course says where it hangs."""
    assert read_time(text) == EVENING


@pytest.mark.parametrize(
    ("text", "month", "day"),
    [
        ("mar. 2 mars 2027 8:00", 3, 2),
        ("1er août 2027 8:00", 8, 1),
        ("1º de março de 2027 8:00", 3, 1),
        ("5 Mrz 2027 8:00", 3, 5),
        ("2 déc. 2027 8:00", 12, 2),
        ("2 juil. 2027 8:00", 7, 2),
        ("Sat 03/04/2027 8:00", 4, 3),
        ("Thu 03/04/2027 8:00", 3, 4),
        ("04/04/2027 8:00", 4, 4),
    ],
)
def test_day(text: str, month: int, day: int) -> None:
    """Accents, ordinals and short names are read; a weekday decides between day and month."""
    assert read_time(text) == datetime(2027, month, day, 8)


@pytest.mark.parametrize(
    "text",
    [
        *("", "-", "yesterday", "23", "20:15", "Friday", "April 2027"),
        pytest.param("03/04/2027 8:00", id="two meanings"),
        pytest.param("27-04-23 8:00", id="a year of two digits that may be a day"),
        pytest.param("2 jui 2027 8:00", id="June or July"),
        pytest.param("23 x 2027 8:15", id="no month"),
        pytest.param("Friday, 24 April 2027, 8:15", id="not that weekday"),
        pytest.param("2027-04-12 23:59:30 XYZT", id="unknown zone"),
        pytest.param("2027-04-12 23:59:30 ../../etc/passwd", id="a path for a zone"),
        pytest.param("2027-04-12T23:59:30Z and more UTC", id="too much"),
        pytest.param("2027-02-30 10:00:00 UTC", id="no such day"),
        pytest.param("2027-04-12 24:00:00 UTC", id="no such hour"),
        pytest.param("2027-04-12 13:00 PM", id="no such hour of twelve"),
        pytest.param("0001-01-01 00:00:00 +1400", id="year 1"),
        pytest.param("9999-12-31 23:59:59 UTC", id="year 9999"),
        pytest.param("9999999999", id="seconds of a later century"),
        pytest.param("2027-04-12 23:59:30 +9999", id="offset of days"),
        pytest.param("2027-04-12 " * 40, id="long"),
    ],
)
def test_no_time(text: str) -> None:
    """What cannot be read, or has two meanings, is not a time: better none than a wrong one."""
    assert read_time(text) is None


@pytest.mark.parametrize(("order", "month"), [("day first", 4), ("month first", 3)])
def test_order_that_is_known(order: Order, month: int) -> None:
    """Where the order is known, numbers have one meaning."""
    assert read_column({1: "03/04/2027"}, order) == ({1: datetime(2027, month, 7 - month)}, {})


def test_column_that_contradicts_itself() -> None:
    """Where no order fits all texts of a column, only those that have one meaning by themselves are read."""
    times, unread = read_column({1: "23/04/2027", 2: "04/24/2027", 3: "03/04/2027"})
    assert (list(times), unread) == ([1, 2], {3: "03/04/2027"})


def test_what_is_written_is_read() -> None:
    """What is written is read back as the same instant, also by nbgrader's own reader."""
    from nbgrader.utils import parse_utc

    text = write_timestamp(WHEN).strip()
    assert (read_time(text), parse_utc(text)) == (WHEN, WHEN.replace(tzinfo=None))


@pytest.mark.parametrize(
    "text", ["2027-04-12 23:59:30.000000 UTC", "2027-04-12T20:59:30-03:00", "2027-04-12 22:00:00 Europe/Madrid"]
)
def test_instants_mean_what_they_mean_to_nbgrader(text: str) -> None:
    """An instant is the same for nbgrader and for us."""
    from nbgrader.utils import parse_utc

    found = read_time(text)
    assert found is not None and found.replace(tzinfo=None) == parse_utc(text)
