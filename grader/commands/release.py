"""`grader release`: the stubs."""

from collections.abc import Sequence
from pathlib import Path

from grader.course import find_course
from grader.errors import RubricError
from grader.release.stub import cut_stub


def release_stubs(topics: Sequence[str], check: bool, course_folder: Path | None) -> int:
    """Cut each stub from its solution (or, with `check`, only compare); returns the exit code."""
    stale = 0
    for assignment in find_course(Path.cwd(), course_folder).select(topics):
        if not assignment.solution.is_file():
            raise RubricError(assignment.solution, "", "there is no solution to cut the stub from", "write it")
        stub = cut_stub(assignment.solution.read_text(encoding="utf-8"), assignment.solution)
        current = assignment.stub.is_file() and assignment.stub.read_text(encoding="utf-8") == stub
        if not current and not check:
            assignment.stub.write_text(stub, encoding="utf-8")
        stale += not current
        state = "is up to date" if current else "is not what the solution gives" if check else "cut"
        print(f"{assignment.name}: {assignment.stub.name} {state}")
    return 1 if check and stale else 0
