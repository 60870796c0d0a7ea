"""Times as people and learning systems write them, in English, German, French, Spanish and Portuguese; nothing is guessed.

    Friday, 23 April 2027, 8:15 PM      vendredi 23 avril 2027 à 20h15       Freitag, 23. April 2027 um 20:15 Uhr
    April 23, 2027, 8:15 PM             viernes, 23 de abril de 2027, 8:15 p. m.       sexta-feira, 23 abr. 2027 às 20:15
    2027-04-23T20:15:00.5-03:00         2027-04-23 20:15:00 Europe/Madrid    23.04.27 20:15      1808508900

03/04/2027 is 3 April or March 4. A weekday, the other texts of the column or a given order decide; else it is not understood.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Literal, TypeVar
from zoneinfo import ZoneInfo

Order = Literal["day first", "month first"]
Key = TypeVar("Key")

ORDERS: tuple[Order, ...] = ("day first", "month first")
YEARS = range(1990, 2200)  # others are not submission times
LONGEST = 100  # characters of a time
_MONTHS = (
    "january february march april may june july august september october november december",
    "januar februar marz april mai juni juli august september oktober november dezember",
    "janner februar mrz april mai juni juli august september oktober november dezember",
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro",
)
_WEEKDAYS = (
    "monday tuesday wednesday thursday friday saturday sunday",
    "montag dienstag mittwoch donnerstag freitag samstag sonntag",
    "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "lunes martes miercoles jueves viernes sabado domingo",
    "segunda terca quarta quinta sexta sabado domingo",
)
_BETWEEN = {*"a as at de del der den el feira le o of on the um t st nd rd th er".split(" ")}  # noqa: SIM905
_TIME = re.compile(
    r"(?<!\d)(?P<hour>\d{1,2})(?::|\s?h\s?)(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?)?(?!\d)"
    r"\s?(?:(?P<half>[ap])\.?\s?m\b\.?)?(?:\s?(?:uhr|hrs?|hs?)\b\.?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)?(?=Z|[+-]|$)", re.IGNORECASE)
_EPOCH = re.compile(r"@?(\d{10})(\d{3}|\.\d+)?")
_OFFSET = re.compile(r"(?:UTC|GMT)?\s?([+-])(\d{1,2})(?::?(\d\d))?", re.IGNORECASE)
_ZONE = re.compile(r"[A-Za-z][\w+-]*(?:/[A-Za-z][\w+-]*){0,2}", re.ASCII)
_NUMERIC = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})\.?")


def read_time(text: str, order: Order | None = None) -> datetime | None:
    """The time that a text says: in UTC, or without an offset if the text has none; None if it is not understood or has two meanings.

    A day alone is its beginning.
    """
    text = _clean(text)
    if len(text) > LONGEST:
        return None
    if epoch := _EPOCH.fullmatch(text):
        return _from_epoch(epoch[1], epoch[2] or "")
    text = _COMPACT.sub(lambda found: f"{found[1]}-{found[2]}-{found[3]} {found[4]}:{found[5]}:{found[6] or '00'}", text)
    clock = _TIME.search(text)
    days = {day for each in ([order] if order else ORDERS) if (day := _day(text[: clock.start()] if clock else text, each))}
    if len(days) != 1:
        return None
    try:
        return _at(days.pop(), clock, text[clock.end() :].strip() if clock else "")
    except ValueError:
        return None


def read_column(texts: Mapping[Key, str], order: Order | None = None) -> tuple[dict[Key, datetime], dict[Key, str]]:
    """The times of a column, and the texts that were not understood.

    Args:
        order: of day and month in numbers, if it is known; else the one by which every text of the column is a time, if only one is.
    """
    readable = [text for text in texts.values() if any(read_time(text, each) for each in ORDERS)]
    fitting = [order] if order else [each for each in ORDERS if all(read_time(text, each) for text in readable)]
    decided = fitting[0] if len(fitting) == 1 else None
    times = {key: time for key, text in texts.items() if (time := read_time(text, decided))}
    return times, {key: text for key, text in texts.items() if key not in times}


def _clean(text: str) -> str:
    """A text without invisible characters (marks of direction and of byte order), each space a plain one."""
    shown = "".join(char for char in unicodedata.normalize("NFKC", text[: 4 * LONGEST]) if unicodedata.category(char) != "Cf")
    return " ".join(shown.split())


def _bare(text: str) -> str:
    """A text in lower case without accents."""
    return "".join(char for char in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(char))


def _from_epoch(seconds: str, rest: str) -> datetime | None:
    fraction = rest if rest.startswith(".") else f".{rest or 0}"
    time = datetime.fromtimestamp(int(seconds), UTC) + timedelta(seconds=round(float(fraction), 6))
    return time if time.year in YEARS else None


def _at(day: date, clock: re.Match[str] | None, zone: str) -> datetime:
    """The instant. Raises ValueError: there is no such hour or no such zone."""
    hour, minute, second = (int(clock[name] or 0) for name in ("hour", "minute", "second")) if clock else (0, 0, 0)
    if half := clock["half"] if clock else None:
        if hour not in range(1, 13):
            raise ValueError(hour)
        hour = hour % 12 + (12 if half in "pP" else 0)
    microsecond = int(((clock["fraction"] or "") + "000000")[:6]) if clock else 0
    time = datetime(day.year, day.month, day.day, hour, minute, second, microsecond)
    return time.replace(tzinfo=_zone(zone.strip("()"))).astimezone(UTC) if zone else time


def _zone(name: str) -> tzinfo:
    """The zone called so. Raises ValueError: there is none."""
    if name.upper() in ("UTC", "GMT", "Z"):
        return UTC
    if found := _OFFSET.fullmatch(name):
        offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
        return timezone(-offset if found[1] == "-" else offset)
    if not _ZONE.fullmatch(name):
        raise ValueError(name)
    try:
        return ZoneInfo(name)
    except (KeyError, OSError):
        raise ValueError(name) from None


def _day(text: str, order: Order) -> date | None:
    """The day that a text says, if its day and month in numbers are in this order."""
    text = _bare(text).strip(" ,-")
    words = [word for word in re.findall(r"[^\W\d_]+", text) if word not in _BETWEEN]
    months = [word for word in words if _number(word, _MONTHS, 3)]
    if len(months) == 2 and months[0] == words[0] and _number(words[0], _WEEKDAYS, 2):
        months = months[1:]  # "mar. 23 mars 2027" is a Tuesday
    numbers = re.findall(r"\d+", text)
    weekdays = [word for word in words if word not in months]
    found = _named(months[0], numbers) if len(months) == 1 else _numeric(text, order) if not months else None
    if found is None or len(weekdays) > 1 or re.search(r"[^\w\s,.'/-]|_", text):
        return None
    try:
        day = date(*found)
    except ValueError:
        return None
    fits = all(day.isoweekday() in _number(word, _WEEKDAYS, 2) for word in weekdays)
    return day if fits and day.year in YEARS else None


def _named(month: str, numbers: list[str]) -> tuple[int, int, int] | None:
    """Year, month and day, where the month has a name."""
    found = _number(month, _MONTHS, 3)
    if sorted(map(len, numbers)) not in ([1, 4], [2, 4]) or len(found) != 1:
        return None
    day, year = sorted(numbers, key=len)
    return int(year), found.pop(), int(day)


def _numeric(text: str, order: Order) -> tuple[int, int, int] | None:
    """Year, month and day of 2027-04-23, 20270423, 23.04.27, and of 23/04/2027 by the order."""
    digits = re.sub(r"^[^\d]+|[^\d.]+$", "", text)
    if re.fullmatch(r"\d{8}", digits):
        return int(digits[:4]), int(digits[4:6]), int(digits[6:])
    found = _NUMERIC.fullmatch(digits)
    if found is None:
        return None
    first, separator, second, last = found.groups()
    if len(first) == 4 and len(last) <= 2:
        return int(first), int(second), int(last)
    if len(first) > 2 or len(last) not in ((4,) if separator == "-" else (2, 4)):
        return None
    day, month = (second, first) if order == "month first" and separator != "." else (first, second)
    return int(last) + (2000 if len(last) == 2 else 0), int(month), int(day)


def _number(word: str, names: tuple[str, ...], least: int) -> set[int]:
    """What a name or the beginning of one, of at least so many letters, stands for: 1 for the first of a list."""
    if len(word) < least:
        return set()
    return {place for line in names for place, name in enumerate(line.split(), start=1) if name.startswith(word)}
