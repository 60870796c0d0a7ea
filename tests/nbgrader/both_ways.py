"""A class that is graded twice, each time into a gradebook of its own: `nbgrader autograde`, and `grader grade --gradebook`."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import forked
from classroom import PATIENCE, REPO, environment

SAMPLE = REPO / "examples" / "nbgrader_course"
ZERO_WHEN_LATE = '\nc.LateSubmissionPlugin.penalty_method = "zero"\n'
MISCONCEPTIONS = "reference/misconceptions/conv.toml"
HAD = ("[flipped_kernel]", "[padding_ignored]")  # by bruno and hiroshi; each that a class may have makes grading it longer
BIG = 5_000_000
GRADES = """
    select b.name, g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade
    from grade g join base_cell b on b.id = g.cell_id
        join submitted_notebook n on n.id = g.notebook_id join submitted_assignment s on s.id = n.assignment_id
    where s.student_id = ? order by b.name
"""
COMMENTS = """
    select b.name, c.auto_comment, c.manual_comment
    from comment c join base_cell b on b.id = c.cell_id
        join submitted_notebook n on n.id = c.notebook_id join submitted_assignment s on s.id = n.assignment_id
    where s.student_id = ? order by b.name
"""
SUBMISSIONS = """
    select s.timestamp, n.late_submission_penalty
    from submitted_notebook n join submitted_assignment s on s.id = n.assignment_id where s.student_id = ?
"""


def run(command: list[str], folder: Path, **more: str) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end, in `folder`."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # nbgrader calls alembic by its name
    return forked.run(command, folder, environment(PATH=path, **more), PATIENCE)


def nbgrader(folder: Path, *arguments: object, **more: str) -> "subprocess.CompletedProcess[str]":
    """Run `nbgrader` in a course directory."""
    return run(["nbgrader", *map(str, arguments)], folder, **more)


def grader(folder: Path, *arguments: object) -> "subprocess.CompletedProcess[str]":
    """Run `grader` in a course directory."""
    return run(["grader", *map(str, arguments)], folder)


def copy_conv(folder: Path) -> Path:
    """A course with the topic conv, of whose misconceptions only those that the class has, and a secret of its own."""
    for place in ("assignments/conv", "assignments/locale"):
        shutil.copytree(REPO / place, folder / place)
    for place in ("solutions/conv.py", "reference/conv.py", MISCONCEPTIONS):
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPO / place, folder / place)
    tables = re.split(r"^(?=\[)", (REPO / MISCONCEPTIONS).read_text(), flags=re.MULTILINE)
    (folder / MISCONCEPTIONS).write_text("".join(table for table in tables if table.startswith(HAD)))
    (folder / "assignments" / "course.toml").write_text(
        '[assignments.conv]\ntitle = "Convolution"\ndue = 2027-04-23T23:59:00-03:00\n'
    )
    (folder / "course.secret").write_text("the same inputs in every test\n")
    return folder


def grade_both_ways(folder: Path) -> None:
    """A course directory in `folder / "class"` with the whole class; what both ways made of it beside it."""
    course, room = copy_conv(folder / "course"), folder / "class"
    room.mkdir()
    released = grader(room, "release", "conv", "--nbgrader", ".", "--course", course)
    assert released.returncode == 0, released.stderr
    with (room / "nbgrader_config.py").open("a") as file:
        file.write(ZERO_WHEN_LATE)
    handed_in = run([sys.executable, str(SAMPLE / "hand_in.py"), "."], room)
    assert handed_in.returncode == 0, handed_in.stderr
    from odd_notebooks import hand_in_odd_notebooks

    hand_in_odd_notebooks(room)
    shutil.copytree(room, folder / "fast")
    slow = nbgrader(room, "autograde", "conv", IPYTHONDIR=str(folder / "ipython"))
    (folder / "slow.log").write_text(slow.stdout + slow.stderr)
    fast = grade_fast(folder / "fast", course, "--out", folder / "results")
    (folder / "fast.log").write_text(fast.stdout + fast.stderr)


def grade_fast(room: Path, course: Path, *more: object) -> "subprocess.CompletedProcess[str]":
    """Grade a course directory's submissions the fast way."""
    url = f"sqlite:///{room / 'gradebook.db'}"
    return grader(room, "grade", "submitted", "--gradebook", url, "--course", course, *more)


def smaller(both: "BothWays", folder: Path, *students: str) -> Path:
    """A copy of the course directory as it was graded the fast way, with some of the submissions, that a test may change."""
    folder.mkdir()
    for name in ("nbgrader_config.py", "gradebook.db"):
        shutil.copy(both.fast / name, folder)
    for name in ("source", "release", *(f"submitted/{student}" for student in students)):
        shutil.copytree(both.fast / name, folder / name)
    return folder


def change(room: Path, statement: str, *values: object) -> None:
    """Change a gradebook."""
    with closing(sqlite3.connect(room / "gradebook.db")) as gradebook, gradebook:
        gradebook.execute(statement, values)


class BothWays:
    """A class graded in both ways."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.course = folder / "course"
        self.slow, self.fast = folder / "class", folder / "fast"
        self.slow_log, self.fast_log = (folder / "slow.log").read_text(), (folder / "fast.log").read_text()

    def students(self, room: Path) -> set[str]:
        """Who is in the gradebook."""
        return {row[0] for row in rows(room, "select student_id from submitted_assignment")}

    def points(self, student: str) -> float | None:
        """What the fast way gave for the whole notebook; None where it gave no points at all."""
        scores = [row[1] for row in rows(self.fast, GRADES, student)]
        return None if None in scores else round(sum(scores), 4)


def entry(room: Path, student: str) -> dict[str, list[tuple[Any, ...]]]:
    """All that a gradebook has of a student's submission."""
    return {
        "grades": rows(room, GRADES, student),
        "comments": rows(room, COMMENTS, student),
        "submission": rows(room, SUBMISSIONS, student),
    }


def scores(room: Path, student: str) -> dict[str, float | None]:
    """A student's automatic scores, by cell."""
    return {row[0]: row[1] for row in rows(room, GRADES, student)}


def comments(room: Path, student: str) -> dict[str, str | None]:
    """A student's automatic comments, by cell."""
    return {row[0]: row[1] for row in rows(room, COMMENTS, student)}


def rows(room: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    """What a query of the gradebook gives."""
    with closing(sqlite3.connect(room / "gradebook.db")) as gradebook:
        return gradebook.execute(query, values).fetchall()


def cells(room: Path, student: str, topic: str = "conv") -> dict[str, dict[str, Any]]:
    """The cells of a student's autograded notebook by the names that nbgrader gives them."""
    notebook = json.loads((room / "autograded" / student / topic / f"{topic}.ipynb").read_text())
    return {cell["metadata"].get("nbgrader", {}).get("grade_id", cell.get("id")): cell for cell in notebook["cells"]}


def outputs(cell: dict[str, Any]) -> str:
    """What a cell shows as text."""
    return "".join("".join(output.get("text", output.get("data", {}).get("text/plain", ""))) for output in cell["outputs"])
