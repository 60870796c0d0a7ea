"""Due dates, extensions and late penalties of course.toml, as nbgrader has them in both ways."""

import pytest
from both_ways import ZERO_WHEN_LATE, nbgrader, rows
from classroom import edit
from small_class import DUE, LATE, SmallClass

pytestmark = pytest.mark.slow
PENALTY = "\n[late]\npenalty_per_day = 0.1\n"
EXTENSION = "\n[extensions.bea]\nvectors = 2027-04-04T23:59:00-03:00\n"  # two days more: bea is a day late
OF_ALL = """
    select s.student_id, a.duedate, s.extension, n.late_submission_penalty from submitted_notebook n
        join submitted_assignment s on s.id = n.assignment_id join assignment a on a.id = s.assignment_id order by s.student_id
"""


def late_class(small: SmallClass, more: str) -> SmallClass:
    """The class, in which ana and bea handed in late."""
    toml = small.course / "assignments" / "course.toml"
    edit(toml, 'title = "Vectors"', DUE)
    toml.write_text(toml.read_text() + more)
    for student in ("ana", "bea"):
        (small.room / "submitted" / student / "vectors" / "timestamp.txt").write_text(LATE)
    return small


def autograde(small: SmallClass) -> None:
    """Grade the class by `nbgrader autograde`, which takes notebooks only."""
    for student in ("ana", "bea", "caro"):
        folder = small.room / "submitted" / student / "vectors"
        source = (small.room / "autograded" / student / "vectors" / "vectors.ipynb").read_text()
        (folder / "vectors.ipynb").write_text(source)
        (folder / "vectors.py").unlink()
    done = nbgrader(small.room, "autograde", "vectors", "--force")
    assert done.returncode == 0, done.stderr


def test_extension_and_penalty_are_the_same_in_both_ways(small: SmallClass) -> None:
    """The fast way, `nbgrader autograde` and `grader export` charge the same days."""
    late_class(small, PENALTY + EXTENSION)
    small.grade()
    fast = rows(small.room, OF_ALL)
    assert [(student, penalty) for student, _due, _extension, penalty in fast] == [("ana", 1.5), ("bea", 0.5), ("caro", None)]
    assert fast[0][1].startswith("2027-04-03 02:59") and fast[1][2].startswith("1970-01-03") and fast[0][2] is None
    assert small.nbgrader_finals() == small.finals()
    autograde(small)
    assert rows(small.room, OF_ALL) == fast


def test_plugin_of_nbgrader_knows_the_extension(small: SmallClass) -> None:
    """Where course.toml has no penalty, nbgrader's plugin decides, by the due dates of course.toml."""
    late_class(small, EXTENSION.replace("04-04", "04-05"))
    with (small.room / "nbgrader_config.py").open("a") as file:
        file.write(ZERO_WHEN_LATE)
    said = small.grade()
    assert [row[3] for row in rows(small.room, OF_ALL)] == [5.0, None, None]
    assert "late penalties by nbgrader's plugin, which `grader export` has not: ana vectors" in " ".join(said.split())


def test_extension_that_is_gone(small: SmallClass) -> None:
    """An extension that course.toml has no more is taken away in the gradebook, and that is said."""
    late_class(small, PENALTY + EXTENSION)
    small.grade()
    edit(small.course / "assignments" / "course.toml", EXTENSION, "")
    said = small.grade()
    assert "bea, vectors: the extension in nbgrader (2 days, 0:00:00) is taken away" in said
    assert [row[2] for row in rows(small.room, OF_ALL)] == [None] * 3 and small.nbgrader_finals() == small.finals()
