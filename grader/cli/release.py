"""`grader release`: the stubs and the worked examples in the statements; with options, what students get of them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from grader import atomic
from grader.course.folder import Assignment, find_course
from grader.course.stub import cut_stub
from grader.errors import RubricError, UsageError
from grader.release.statement import statements


def release_stubs(topics: Sequence[str], check: bool, course_folder: Path | None) -> int:
    """Write each stub and each statement anew (or, with `check`, only compare); returns the exit code."""
    stale = 0
    for assignment in find_course(Path.cwd(), course_folder).select(topics):
        for path, text in _written(assignment):
            current = path.is_file() and path.read_text(encoding="utf-8") == text
            if not current and not check:
                atomic.write(path, text)
            stale += not current
            state = "is up to date" if current else "is not what the course gives" if check else "written"
            print(f"{assignment.name}: {path.name} {state}")
    return 1 if check and stale else 0


def release_to_nbgrader(topics: Sequence[str], folder: Path, course_folder: Path | None) -> int:
    """Write each topic into nbgrader's course `folder` and release it there; returns the exit code."""
    try:
        from grader.integrations.nbgrader.release import release_topics
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "grader":
            raise
        raise UsageError(
            f"nbgrader is not installed here ({error.name} is missing). Install it: pip install 'dl-grader[nbgrader]'"
        ) from None
    course = find_course(Path.cwd(), course_folder)
    for line in release_topics(course, course.select(topics), folder):
        print(line)
    return 0


def release_bundle(topics: Sequence[str], folder: Path, wheels: Path | None, course_folder: Path | None) -> int:
    """Write a bundle for students; returns the exit code."""
    from grader.release.bundle import write_bundle

    course = find_course(Path.cwd(), course_folder)
    for line in write_bundle(course, course.select(topics), folder, wheels):
        print(line)
    return 0


def _written(assignment: Assignment) -> Iterator[tuple[Path, str]]:
    """What is made from the course's sources, and its text."""
    if not assignment.solution.is_file():
        raise RubricError(assignment.solution, "", "there is no solution to cut the stub from", "write it")
    yield assignment.stub, cut_stub(assignment.solution.read_text(encoding="utf-8"), assignment.solution)
    yield from statements(assignment)
