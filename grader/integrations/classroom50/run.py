"""What runs in a student's repository for each submission: `python -m grader.integrations.classroom50.run COURSE CHECKOUT`.

It writes `result.json` and `release-body.md` into the checkout. The student's code runs in the sandbox like any other, and nothing but
values comes back from it. Where it cannot be locked down, or the grader fails, there is no result, and the exit code is not 0.
"""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from grader.course.folder import read_course
from grader.engine.engine import Engine
from grader.engine.lockdown import require_lockdown
from grader.errors import SandboxError, UsageError
from grader.feedback.pages import own_page
from grader.feedback.view import view_of
from grader.integrations.classroom50.results import BODY, FILE, SCALE, result
from grader.integrations.formats import json_file
from grader.integrations.upload import leave_ungraded, read_submission
from grader.judge.verdicts import Grade
from grader.text import atomic
from grader.text.language import gettext as _
from grader.text.language import speak


def main() -> None:
    """Grade the checkout that the command line names."""
    course, checkout = (Path(argument).resolve() for argument in sys.argv[1:3])
    for name in (FILE, BODY):
        (checkout / name).unlink(missing_ok=True)
    speak()
    try:
        committed = committed_at(checkout)
        require_lockdown("nothing is graded without it.")
        grade, body = graded(course, checkout)
        content = json_file(result(grade, os.environ, committed, datetime.now(UTC)))
    except (UsageError, SandboxError) as error:
        leave_ungraded(error)
    atomic.write(checkout / BODY, body)
    atomic.write(checkout / FILE, content)


def graded(course: Path, checkout: Path) -> tuple[Grade, bytes]:
    """The grade of what is in a checkout, by the public checks, and what its student reads.

    Raises:
        UsageError: the course is incomplete.
        SandboxError: the grader itself failed.
    """
    found = read_course(course)
    assignment = found.assignments[0]
    with Engine(found, self_check=True) as engine:
        submitted, notes = read_submission(checkout, assignment, os.environ.get("USERNAME") or "student", engine.reader)
        ready = engine.prepare(assignment.name)
        record = engine.grade(submitted.read(), ready)
    if record.grade.score is None:
        raise SandboxError(record.grade.message)
    title = f"{assignment.name} · {_(assignment.title)}"
    view = view_of(record.grade, title, ready.plan, record.run, (*notes, *map(str, record.grade.notes)))
    remark = _("{file} counts in hundredths: {scale} there are one point here.").format(file=FILE, scale=SCALE)
    return record.grade, own_page(view, _(found.title), remark).written("markdown")


def committed_at(checkout: Path) -> datetime:
    """When the commit in a checkout was made.

    Raises:
        UsageError: it is not a repository.
    """
    try:
        command = ["git", "-C", str(checkout), "log", "-1", "--format=%cI"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return datetime.fromisoformat(done.stdout.strip())
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        raise UsageError(f"{checkout}: git cannot tell its commit: {error}") from None


if __name__ == "__main__":
    main()
