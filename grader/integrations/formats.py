"""What an export format and an import system are. `registry` lists those of each vendor.

A vendor's `format.py` is short and imports the rest when it is used: the command line loads all of them for its help.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from grader.course.folder import Assignment, Course
    from grader.gradebook.entries import Entry
    from grader.gradebook.roster import Roster
    from grader.gradebook.totals import Total
    from grader.integrations.download import Download
    from grader.submissions.archive import Member


class Scores(msgspec.Struct, frozen=True):
    """The scores of a class, to be exported.

    Attributes:
        rows: each student's row in the class list.
        unknown: why the other students have none.
        totals: each student's course total over the assignments; those of the class list who handed in nothing are in it by the names
            that their folders would have.
    """

    course: "Course"
    assignments: "Sequence[Assignment]"
    entries: "Sequence[Entry]"
    roster: "Roster | None" = None
    rows: Mapping[str, int] = msgspec.field(default_factory=dict)
    unknown: Mapping[str, str] = msgspec.field(default_factory=dict)
    totals: "Mapping[str, Total]" = msgspec.field(default_factory=dict)

    @property
    def maxima(self) -> dict[str, float]:
        """The points of each assignment with an entry; who is excused without a submission has no points of their own to say."""
        found: dict[str, float] = {}
        for entry in self.entries:
            found[entry.grade.assignment] = max(entry.grade.max_score, found.get(entry.grade.assignment, 0.0))
        return found


class Exported(msgspec.Struct, frozen=True):
    """What to write, and what to report.

    Attributes:
        content: of a format that is one file; text is written as UTF-8.
        files: name and content of each, for a format that is a folder.
        messages: the result in words, for stdout; `{to}` is the folder.
        notes: surprises; `missing`: the scores that are not in it.
    """

    content: str | bytes = ""
    files: Iterable[tuple[str, bytes]] = ()
    messages: Sequence[str] = ()
    notes: Sequence[str] = ()
    missing: Sequence[str] = ()


class ExportOption(msgspec.Struct, frozen=True):
    """An option that only some formats have.

    Attributes:
        name: without the dashes.
        instead: produces what is written instead of the scores.
    """

    name: str
    help: str
    instead: "Callable[[Course, Sequence[Assignment]], Exported] | None" = None


PUBLISHED = ExportOption("published", "show everything of hidden checks: the grades are published")
TOTAL = ExportOption("total", "the course total of each student, by the weights in course.toml")


class ExportFormat(msgspec.Struct, frozen=True):
    """A format of `grader export`.

    Attributes:
        help: a few words.
        write: produces it, given the names of the chosen options.
        roster: what the class list is for; "" where none is used.
        instead: what it writes of the course; such a format needs no scores.
        needs_roster: why one is required, and where to get it.
        folder: its folder's name; "" for a format that is one file.
    """

    name: str
    help: str
    write: Callable[[Scores, Set[str]], Exported]
    options: tuple[ExportOption, ...] = ()
    roster: str = ""
    needs_roster: str = ""
    folder: str = ""
    instead: "Callable[[Course, Sequence[Assignment]], Exported] | None" = None


class ImportSystem(msgspec.Struct, frozen=True):
    """A learning system whose bulk downloads `grader import` reads.

    Attributes:
        read: the submissions among the members of an archive, and notes on members that were ignored.
        times: submission times by row of a class list (where they have no zone, in the course's), and notes on what was not
            understood; None where its lists have none.
        time_hint: how a submission's time can be known otherwise.
        feedback_place: of a file that is given back, in the archive that the system takes; None where it takes none. The system knows
            the submission by the names that it gave itself.
    """

    name: str
    read: "Callable[[Sequence[Member]], tuple[list[Download], list[str]]]"
    times: "Callable[[Roster, tzinfo], tuple[Mapping[int, datetime], list[str]]] | None" = None
    time_hint: str = "put a timestamp.txt beside the files"
    feedback_place: "Callable[[Download, str], tuple[str, ...]] | None" = None


def json_file(content: Mapping[str, Any]) -> bytes:
    """A JSON file that a platform reads."""
    return msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n"
