"""`grader release`: the stubs, and the worked examples in the statements."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from grader.course import Assignment, find_course
from grader.errors import RubricError
from grader.release.statement import statements
from grader.release.stub import cut_stub


def release_stubs(topics: Sequence[str], check: bool, course_folder: Path | None) -> int:
    """Write each stub and each statement anew (or, with `check`, only compare); returns the exit code."""
    stale = 0
    for assignment in find_course(Path.cwd(), course_folder).select(topics):
        for path, text in _written(assignment):
            current = path.is_file() and path.read_text(encoding="utf-8") == text
            if not current and not check:
                path.write_text(text, encoding="utf-8")
            stale += not current
            state = "is up to date" if current else "is not what the course gives" if check else "written"
            print(f"{assignment.name}: {path.name} {state}")
    return 1 if check and stale else 0


def _written(assignment: Assignment) -> Iterator[tuple[Path, str]]:
    """What is made from the course's sources, and its text."""
    if not assignment.solution.is_file():
        raise RubricError(assignment.solution, "", "there is no solution to cut the stub from", "write it")
    yield assignment.stub, cut_stub(assignment.solution.read_text(encoding="utf-8"), assignment.solution)
    yield from statements(assignment)
