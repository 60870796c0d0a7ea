"""What is compared of a submission: the student's own code, as one text with line numbers."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from grader.course.folder import Assignment
from grader.submissions.files import UnreadableError
from grader.submissions.fingerprints import Pair, Prints, pairs, prints_of
from grader.submissions.read import SubmittedFiles
from grader.submissions.submission import Submission
from grader.submissions.submitted_at import WEAK, SubmittedAt
from grader.submissions.tokens import tokens_of


class OwnCode(msgspec.Struct, frozen=True):
    """The student's own code of one submission: its text and the fingerprints of it, and when it was handed in (None if unknown)."""

    text: str
    prints: Prints
    time: datetime | None = None


class Found(msgspec.Struct, frozen=True):
    """What is similar in one assignment.

    Attributes:
        unread: who could not be read.
    """

    assignment: str
    pairs: tuple[Pair, ...]
    unread: tuple[str, ...]


def text_of(submission: Submission) -> str:
    """The student's code: the module and those beside it, or the cells of a notebook, one below the other."""
    assert submission.source is not None
    main, modules = submission.source.main, submission.source.modules
    order = [*([] if submission.is_notebook or main not in modules else [main]), *(name for name in modules if name != main)]
    return "\n".join(modules[name] for name in order)


def _known_time(at: SubmittedAt) -> datetime | None:
    return at.time.replace(tzinfo=at.time.tzinfo or UTC) if at.time and at.source not in WEAK else None


def own_code(
    items: Iterable[SubmittedFiles],
    prefix: str = "",
    read: Callable[[SubmittedFiles], Submission] = SubmittedFiles.read,
    when: Callable[[SubmittedAt], datetime | None] = _known_time,
) -> tuple[dict[str, OwnCode], list[str]]:
    """The code of each submission, by student (behind `prefix`), and the students whose submission cannot be read.

    Args:
        when: the time of a submission, with an offset; by default none that the student may have made, and UTC where there is no offset.
    """
    found: dict[str, OwnCode] = {}
    unread: list[str] = []
    for item in items:
        submission = read(item)
        try:
            if submission.source is None:
                raise UnreadableError(submission.problem)
            text = text_of(submission)
            prints = prints_of(item.reader.tokens(text))
        except UnreadableError:
            unread.append(prefix + item.student)
        else:
            found[prefix + item.student] = OwnCode(text, prints, when(item.submitted_at))
    return found, unread


def similar(assignment: Assignment, class_: dict[str, OwnCode], unread: Iterable[str], old: dict[str, OwnCode]) -> Found:
    """The pairs of a class, and those with an older class (not those within that)."""
    prints = {student: code.prints for student, code in {**class_, **old}.items()}
    given = _prints(*assignment.stub_files)
    others = _prints(*assignment.solution_files, *sorted(assignment.submissions.glob("accepted/*.py")))
    found = [pair for pair in pairs(prints, given, others) if pair.first not in old or pair.second not in old]
    return Found(assignment.name, tuple(found), tuple(unread))


def _prints(*paths: Path) -> list[Prints]:
    """Those of the course's own files that are there."""
    return [prints_of(tokens_of(path.read_text(encoding="utf-8"))) for path in paths if path.is_file()]
