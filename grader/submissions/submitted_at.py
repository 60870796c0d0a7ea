"""When a submission was handed in: by `timestamp.txt` as nbgrader writes it, else by the times in an archive, else by those of the files.

A student can put any times and any `timestamp.txt` into a zip file: such a `timestamp.txt` is not read, and the times of the members are
shown with their source, `archive`. A system that only says "late" leaves `late.txt`.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from grader.submissions.files import File, UnreadableError

Source = Literal["", "timestamp.txt", "archive", "file"]
TIMESTAMP = "timestamp.txt"
MARK = "late.txt"
NOT_IMPORTED = "not_imported.txt"  # by `grader import`: why a file of the hand-in is not there
YEARS = range(1990, 2200)  # others are not hand-in times


class SubmittedAt(msgspec.Struct, frozen=True):
    """When a submission was handed in.

    Attributes:
        time: None if unknown; without an offset only if an archive holds clock times.
        source: of the time. That of a loose `file` counts only if the course says so.
        marked_late: whether the system that it comes from marked it as late.
    """

    time: datetime | None = None
    source: Source = ""
    marked_late: bool = False


def submitted_at(files: Iterable[File]) -> SubmittedAt:
    """When the files of one submission were handed in."""
    mine = [file for file in files if len(file.parts) > 1]
    given = {file.parts[1]: file for file in mine if len(file.parts) == 2 and file.kind != "packed"}
    late = MARK in given
    if TIMESTAMP in given:
        with suppress(UnreadableError, OSError):
            if time := read_timestamp(given[TIMESTAMP].read()[:200].decode("utf-8-sig", "replace")):
                return SubmittedAt(time, "timestamp.txt", late)
    sources: dict[Source, list[datetime]] = {"archive": [], "file": []}
    for file in mine:
        if file.time and file.parts[1] not in (TIMESTAMP, MARK):
            sources["file" if file.kind == "loose" else "archive"].append(file.time)
    for source, times in sources.items():
        if times:
            latest = max(times, key=lambda time: time if time.tzinfo else time.replace(tzinfo=UTC))
            return SubmittedAt(latest, source, late)
    return SubmittedAt(marked_late=late)


def read_timestamp(text: str) -> datetime | None:
    """The time in a `timestamp.txt`, in UTC (also the default zone); None if there is none.

    `2027-04-12 23:59:00.000000 UTC`, `… +0200`, `… Europe/Madrid`, and ISO 8601.
    """
    words = text.split()
    zone = None
    if len(words) == 3:
        zone = _zone(words.pop())
        if zone is None:
            return None
    try:
        time = datetime.fromisoformat(" ".join(words))
    except ValueError:
        return None
    if time.year not in YEARS or (zone and time.tzinfo):
        return None
    return (time if time.tzinfo else time.replace(tzinfo=zone or UTC)).astimezone(UTC)


def write_timestamp(time: datetime) -> str:
    """The text of a `timestamp.txt`."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f} UTC\n"


def _zone(name: str) -> timezone | ZoneInfo | None:
    if name.upper() in ("UTC", "GMT", "Z"):
        return UTC
    if name[:1] in "+-" and (digits := name[1:].replace(":", "")).isascii() and digits.isdigit() and len(digits) == 4:
        offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        return timezone(-offset if name[0] == "-" else offset) if offset < timedelta(days=1) else None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None
