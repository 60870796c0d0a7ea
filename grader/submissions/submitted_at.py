"""When a submission was handed in, by the first of these that says it:

    times            the instructor's list, given with --times: it holds until they give another
    timestamp.txt    beside the file, as nbgrader and `grader import` write it; `written_time` knows how it may say it
    late.txt         of a learning system that only says "late": the time is unknown then
    archive          the times in an archive of the whole class
    own archive      those in one that the student packed, and
    file             those of loose files: for these two, the course says whether they count

A student can put any times and any `timestamp.txt` into a zip file: such a `timestamp.txt` is not read.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Literal

import msgspec

from grader.submissions.files import File, UnreadableError

Source = Literal["", "times", "timestamp.txt", "archive", "own archive", "file"]
WEAK: tuple[Source, ...] = ("own archive", "file")  # the student, or copying the files, may have made the time
_KINDS: dict[str, Source] = {"member": "archive", "packed": "own archive", "loose": "file"}  # of files
TIMESTAMP = "timestamp.txt"
MARK = "late.txt"
NOT_IMPORTED = "not_imported.txt"  # by `grader import`: why a file of the submission is not there
MOST = 400  # bytes of a timestamp.txt that are read
SHOWN = 60  # characters of one that was not understood


class SubmittedAt(msgspec.Struct, frozen=True):
    """When a submission was handed in.

    Attributes:
        time: None if unknown; without an offset it is in the course's time zone.
        source: of the time. Those in `WEAK` count only if the course says so.
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
            from grader.submissions.written_time import read_time

            if time := read_time(text):
                return SubmittedAt(time, "timestamp.txt", late)
            unread = text.strip()[:SHOWN] or "nothing"
    sources: dict[Source, list[datetime]] = {source: [] for source in _KINDS.values()}
    for file in () if late else mine:
        if file.time and file.parts[1] not in (TIMESTAMP, MARK):
            sources[_KINDS[file.kind]].append(file.time)
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
