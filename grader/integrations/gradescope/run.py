"""What runs in Gradescope's container for each submission: `python -m grader.integrations.gradescope.run /autograder`.

    ROOT/submission/                  what the student uploaded: data, never executed here
    ROOT/submission_metadata.json     whose it is
    ROOT/source/course                see `autograder`
    ROOT/results/results.json         the result

The submission is graded in the sandbox like any other. Where that is impossible (no protection, a fault of the grader), no
`results.json` is written: Gradescope then reports a failed autograder, not a zero. Only instructors see what is printed.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from grader.course.folder import find_course
from grader.engine.engine import Engine
from grader.errors import SandboxError, UsageError
from grader.feedback.summary import what_happened
from grader.integrations.formats import json_file
from grader.integrations.gradescope.results import FILE, results
from grader.integrations.upload import leave_ungraded, read_submission
from grader.text import atomic
from grader.text.escape import plain
from grader.text.language import speak


class Person(msgspec.Struct):
    """A submitter."""

    email: str = ""
    name: str = ""


class Metadata(msgspec.Struct):
    """The part of `submission_metadata.json` that is used."""

    created_at: str = ""
    users: list[Person] = []
    previous_submissions: list[Any] = []


def main() -> None:
    """Grade the submission below the folder that the command line names."""
    root = Path(sys.argv[1] if len(sys.argv) > 1 else "/autograder")
    place = root / "results" / FILE
    place.unlink(missing_ok=True)
    speak()
    try:
        content = grade(root)
    except (UsageError, SandboxError) as error:
        leave_ungraded(error)
    atomic.write(place, json_file(content), mode=0o600)


def grade(root: Path) -> dict[str, Any]:
    """The results of the submission below `root`.

    Raises:
        UsageError: student code cannot be locked down here, or the autograder is incomplete.
        SandboxError: the grader itself failed.
    """
    course = find_course(root, root / "source" / "course")
    assignment = course.assignments[0]
    metadata = read_metadata(root / "submission_metadata.json")
    student = ", ".join(person.email or person.name for person in metadata.users) or "student"
    with Engine(course) as engine:
        engine.require_lockdown("nothing is graded without it.")
        submitted, notes = read_submission(root / "submission", assignment, student, engine.reader)
        record = engine.grade(submitted.read())
    if record.grade.score is None:
        raise SandboxError(record.grade.message)
    extra: dict[str, Any] = {"handed_in": metadata.created_at, "attempt": len(metadata.previous_submissions) + 1}
    published = course.config.is_published(assignment.name, datetime.now(UTC))
    content = results(record.grade, course.config.gradescope.hidden, extra, record.run.seconds, published=published)
    outcome = f"{content['score']:g} of {record.grade.max_score:g}; {what_happened(record.grade)}"
    for line in (*notes, f"{student} {assignment.name}: {outcome}"):
        print(plain(line))
    return content


def read_metadata(path: Path) -> Metadata:
    """The metadata, empty where the file is missing or malformed."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Metadata)
    except (OSError, msgspec.MsgspecError):
        return Metadata()


if __name__ == "__main__":
    main()
