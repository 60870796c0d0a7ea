"""When a submission was handed in: by `timestamp.txt` as nbgrader writes it, else by the times in an archive, else by those of the files.

A student can put any times and any `timestamp.txt` into a zip file: such a `timestamp.txt` is not read, and the times of the members are
shown with their source, `archive`. A system that only says "late" leaves `late.txt`.
`written_time` knows how a `timestamp.txt` may say it.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Literal

import msgspec

from grader.submissions.files import File, UnreadableError
from grader.submissions.written_time import read_time

Source = Literal["", "timestamp.txt", "archive", "file"]
TIMESTAMP = "timestamp.txt"
MARK = "late.txt"
NOT_IMPORTED = "not_imported.txt"  # by `grader import`: why a file of the hand-in is not there
YEARS = range(1990, 2200)  # others are not hand-in times
MOST = 400  # bytes of a timestamp.txt that are read
SHOWN = 60  # characters of one that was not understood


class SubmittedAt(msgspec.Struct, frozen=True):
    """When a submission was handed in.

    Attributes:
        time: None if unknown; without an offset it is in the course's time zone.
        source: of the time. That of a loose `file` counts only if the course says so.
        marked_late: whether the system that it comes from marked it as late.
        unread: the beginning of a `timestamp.txt` that was not understood.
    """

    time: datetime | None = None
    source: Source = ""
    marked_late: bool = False
    unread: str = ""


def submitted_at(files: Iterable[File]) -> SubmittedAt:
    """When the files of one submission were handed in."""
    mine = [file for file in files if len(file.parts) > 1]
    given = {file.parts[1]: file for file in mine if len(file.parts) == 2 and file.kind != "packed"}
    late = MARK in given
    unread = ""
    if TIMESTAMP in given:
        with suppress(UnreadableError, OSError):
            text = decoded(given[TIMESTAMP].read()[:MOST])
            if time := read_time(text):
                return SubmittedAt(time, "timestamp.txt", late)
            unread = text.strip()[:SHOWN] or "nothing"
    sources: dict[Source, list[datetime]] = {"archive": [], "file": []}
    for file in mine:
        if file.time and file.parts[1] not in (TIMESTAMP, MARK):
            sources["file" if file.kind == "loose" else "archive"].append(file.time)
    for source, times in sources.items():
        if times:
            latest = max(times, key=lambda time: time if time.tzinfo else time.replace(tzinfo=UTC))
            return SubmittedAt(latest, source, late, unread)
    return SubmittedAt(marked_late=late, unread=unread)


def write_timestamp(time: datetime) -> str:
    """The text of a `timestamp.txt`."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f} UTC\n"


def decoded(data: bytes) -> str:
    """The text of a file that a person may have written, with Windows' tools too."""
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    return data[: len(data) // 2 * 2].decode("utf-16", "replace") if wide else data.decode("utf-8-sig", "replace")
