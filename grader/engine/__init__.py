"""The one door to grading, also as a library.

    from pathlib import Path

    from grader.course.folder import find_course
    from grader.engine import Engine
    from grader.submissions.find_class import read_class

    course = find_course(Path("."))
    with Engine(course) as engine:
        engine.require_lockdown("say weak=True to grade all the same.")
        submitted, notes = read_class(Path("examples/class"), ["conv", "pooling"])
        for record in engine.grade_all(submitted):
            print(record.student, record.assignment, record.grade.score)

prepare.py      an assignment → its plan and expected outcomes, once for a class
effort.py       the CPU time of steps that are measured by the solution's
grade_one.py    a submission → run, judged: a record
grade_all.py    a class, in threads
asking.py       a submission's functions, one call after the other: for pictures
pace.py         how much time each of a class gets, and who waits
lockdown.py     opens the sandbox, and only here; refuses a machine that is too weak
engine.py       all of it for one course
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.engine.engine import Engine

__all__ = ["Engine"]


def __getattr__(name: str) -> Any:
    if name == "Engine":  # on first use: `grader check` opens the sandbox by this package before numpy is imported
        from grader.engine.engine import Engine

        return Engine
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
