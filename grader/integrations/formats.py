"""What a format is: of scores that go out, and of submissions that come in. `registry` collects those of each vendor.

A vendor's `format.py` says what it can in a few lines and imports the rest when it is used: the command line reads all of them for its
help.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from grader.course.folder import Assignment, Course
    from grader.gradebook.entries import Entry
    from grader.gradebook.roster import Roster
    from grader.integrations.download import Download
    from grader.submissions.archive import Member


class Scores(msgspec.Struct, frozen=True):
    """What counts in a class, to be exported.

    Attributes:
        rows: the row of each student in the class list.
        unknown: why students who have none have none.
    """

    course: "Course"
    assignments: "Sequence[Assignment]"
    entries: "Sequence[Entry]"
    roster: "Roster | None" = None
    rows: Mapping[str, int] = msgspec.field(default_factory=dict)
    unknown: Mapping[str, str] = msgspec.field(default_factory=dict)


class Exported(msgspec.Struct, frozen=True):
    """What is to be written, and what is to be said of it.

    Attributes:
        text: of the one file that the format is.
        files: by their names, those of a format that is a folder.
        said: the result in words, on stdout, where the files are not; `{to}` stands for the folder.
        notes: what is not as one might think; `missing`: the scores that are not in it.
    """

    text: str = ""
    files: Iterable[tuple[str, bytes]] = ()
    said: Sequence[str] = ()
    notes: Sequence[str] = ()
    missing: Sequence[str] = ()


class ExportOption(msgspec.Struct, frozen=True):
    """An option that only some formats have.

    Attributes:
        name: without the dashes.
        instead: makes what is written instead of the scores.
    """

    name: str
    help: str
    instead: "Callable[[Course, Sequence[Assignment]], Exported] | None" = None


class ExportFormat(msgspec.Struct, frozen=True):
    """A format of `grader export`.

    Attributes:
        help: what it is, in a few words.
        write: makes it, given the names of the options that were asked for.
        roster: what the class list is for it; "" where it takes none.
        needs_roster: why it cannot do without, and where to get one.
        folder: what its folder is called; "" for a format that is one file.
    """

    name: str
    help: str
    write: Callable[[Scores, Set[str]], Exported]
    options: tuple[ExportOption, ...] = ()
    roster: str = ""
    needs_roster: str = ""
    folder: str = ""


class ImportSystem(msgspec.Struct, frozen=True):
    """A learning system whose bulk downloads `grader import` reads.

    Attributes:
        read: what each student handed in, by the members of an archive, and notes on what is left aside.
        times: when each row of a class list was handed in, by the course's clock; None where its lists do not say.
        timeless: how the time of a hand-in can be known all the same.
    """

    name: str
    read: "Callable[[Sequence[Member]], tuple[list[Download], list[str]]]"
    times: "Callable[[Roster, tzinfo], Mapping[int, datetime]] | None" = None
    timeless: str = "a timestamp.txt beside the files tells it"
