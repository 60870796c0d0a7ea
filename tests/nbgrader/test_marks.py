"""Marks changed by hand in nbgrader and in the records: each gets the other's, once, and both exports have the same scores."""

import json
import re
import shlex

import pytest
from both_ways import change, grader, nbgrader, rows
from classroom import edit
from small_class import SmallClass

from grader.gradebook.adjustments import standing

pytestmark = pytest.mark.slow
MANUAL = "select g.id, g.manual_score, g.extra_credit from grade g order by g.id"
COMMENTS = "select c.id, c.manual_comment, c.auto_comment from comment c order by c.id"


def test_both_exports_agree_after_a_term(small: SmallClass) -> None:
    """Graded, changed in formgrader, taken in, changed here, judged by other weights and written again: both say the same."""
    small.grade()  # in this folder: the records keep the command
    before = small.finals()
    small.formgrader("bea", "scale", 1.5, comment="Well tried.")
    small.formgrader("caro", "running_total", None, extra=0.25)
    small.grader("import", ".", "--from", "nbgrader", "--course", small.course)
    small.grader(
        "adjust", "caro", "vectors", "-e", "running_total", "--points", "+1", "-m", "it refuses", "--course", small.course
    )
    small.grader("adjust", "bea", "vectors", "--points", "-0.5", "-m", "untidy", "--course", small.course)
    edit(small.course / "assignments/vectors/checks.py", "cases=vectors, n=3)", "cases=vectors, n=3, share=3)")
    said = small.grader("rejudge", "--apply", "--course", small.course)
    (command,) = re.findall(r"gets the new scores with: grader (.*)", said)
    assert grader(small.room, *shlex.split(command)).returncode == 0
    after = small.finals()
    assert small.nbgrader_finals() == after
    assert (after["ana"], after["bea"], after["caro"]) == (before["ana"], 1.5 + 2 - 0.5, before["caro"] + 1.25)


def test_import_prints_what_came_in(small: SmallClass) -> None:
    """Each new mark with its reason; the second time, there is none."""
    small.formgrader("bea", "scale", 1.5, comment="Well tried.")
    command = ("import", f"sqlite:///{small.room}/gradebook.db", "--from", "nbgrader", "--course", small.course)
    (line,) = map(json.loads, small.grader(*command, "--json").splitlines())
    assert (line["by"], line["student"], line["exercise"], line["because"]) == ("nbgrader", "bea", "scale", "Well tried.")
    assert line["final_score"] == small.finals()["bea"] == 3.5
    assert "no mark was changed in nbgrader since the last time" in small.grader(*command)


def test_import_into_no_records(small: SmallClass) -> None:
    """Marks of a class that was not graded here have nothing to change; nothing is made."""
    done = grader(small.room, "import", ".", "--from", "nbgrader", "--out", "nowhere", "--course", small.course)
    assert done.returncode == 2 and "has no records" in done.stderr and not (small.room / "nowhere").exists()


def test_no_loop(small: SmallClass) -> None:
    """What was exchanged once changes nothing on either side, however often it is exchanged again."""
    small.formgrader("bea", "scale", 1.5, 0.25, "Well tried.")
    small.grader("adjust", "bea", "vectors", "--points", "+0.5", "-m", "a good idea", "--course", small.course)
    small.exchange()
    both = [small.history(), rows(small.room, MANUAL), rows(small.room, COMMENTS)]
    for _ in range(2):
        small.exchange()
        assert [small.history(), rows(small.room, MANUAL), rows(small.room, COMMENTS)] == both
    small.grade()
    assert [small.history(), rows(small.room, MANUAL), rows(small.room, COMMENTS)] == both
    assert [one.points for one in standing(small.history())] != [] and small.nbgrader_finals() == small.finals()


def test_changed_again_in_formgrader(small: SmallClass) -> None:
    """A later score by hand replaces the earlier one, and extra credit beside ours is a person's."""
    small.formgrader("bea", "scale", 1.5)
    small.grader("adjust", "bea", "vectors", "-e", "scale", "--points", "+0.5", "-m", "a good idea", "--course", small.course)
    small.exchange()
    small.formgrader("bea", "scale", 2.0, extra=0.75)  # of which 0.5 was there
    small.exchange()
    assert small.finals() == small.nbgrader_finals() and small.finals()["bea"] == 2 + 0.75 + 2


def test_taken_back_here(small: SmallClass) -> None:
    """A mark from nbgrader that is taken back in the records no longer counts there either, and does not come again."""
    before = small.finals()
    small.formgrader("bea", "scale", 3.0)
    small.exchange()
    small.grader("adjust", "--undo", "1", "-m", "no", "--course", small.course)
    small.exchange()
    small.exchange()
    assert small.finals() == small.nbgrader_finals() == before


def test_gradebook_that_could_not_be_written(small: SmallClass, monkeypatch: pytest.MonkeyPatch) -> None:
    """If writing fails, no person seems to have changed anything, and the next try writes it."""
    small.grader("adjust", "bea", "vectors", "--points", "+0.5", "-m", "a good idea", "--course", small.course)
    change(small.room, "create trigger full before update on grade begin select raise(abort, 'the disk is full'); end")
    with pytest.raises(Exception, match="the disk is full"):
        small.exchange()
    change(small.room, "drop trigger full")
    small.exchange()
    assert len(small.history()) == 1 and small.nbgrader_finals() == small.finals()


def test_feedback_has_the_remark_beside_the_hint_and_the_comment(small: SmallClass) -> None:
    """`nbgrader generate_feedback` shows why a mark was changed, without hiding what stood there."""
    small.formgrader("caro", "scale", None, comment="Nice and short.")
    for exercise in ("scale", "running_total"):
        reason = f"because of {exercise}"
        small.grader("adjust", "caro", "vectors", "-e", exercise, "--points", "+1", "-m", reason, "--course", small.course)
    small.exchange()
    done = nbgrader(small.room, "generate_feedback", "vectors")
    assert done.returncode == 0, done.stderr
    page = (small.room / "feedback/caro/vectors/vectors.html").read_text()
    assert "because of scale" in page and "Nice and short." in page
    assert "because of running_total" in page and "running_total: 0 of 2 points" in page


def test_more_than_the_maximum_is_told_and_kept(small: SmallClass) -> None:
    """An exercise that is worth less than what was given by hand: the score counts as it is, and it is said what to do."""
    small.formgrader("bea", "running_total", 1.5)
    edit(small.course / "assignments/vectors/checks.py", "@exercise(points=2", "@exercise(points=1")
    small.grader("rejudge", "--apply", "--course", small.course)
    with small.marks() as (marks, _store):
        new, (note,) = marks.take_in()
    assert [one.points for one in new] == [0.5]
    assert "running_total was given 1.5 in nbgrader, and is worth only 1 now" in note and "give it again in formgrader" in note


def test_excuse_is_told_in_the_comment(small: SmallClass) -> None:
    """nbgrader has no excused students: it is said, and the reason is a comment."""
    small.grader("adjust", "bea", "vectors", "--excuse", "-m", "ill", "--course", small.course)
    assert any("excused, which nbgrader does not know: bea vectors" in note for note in small.exchange())
    assert any("excused: ill" in (row[2] or "") for row in rows(small.room, COMMENTS))


def test_who_was_not_graded_here_is_told(small: SmallClass) -> None:
    """A mark of a student without a record is left in nbgrader."""
    small.formgrader("bea", "scale", 3.0)
    change(small.room, "insert into student (id) values ('zoe')")
    change(small.room, "update submitted_assignment set student_id = 'zoe' where student_id = 'bea'")
    assert any("nothing was taken in: zoe vectors" in note for note in small.exchange()) and small.history() == []


def test_cell_that_the_rubric_does_not_know_is_told(small: SmallClass) -> None:
    """Points of an instructor's own cell stay in nbgrader."""
    change(small.room, "update base_cell set name = 'essay' where name = 'scale-points'")
    assert "vectors, essay has points in nbgrader (3 submissions)" in " ".join(small.exchange())


@pytest.mark.parametrize("more", [("--roster", "x.csv"), ("--replace",)])
def test_options_about_submissions(small: SmallClass, more: tuple[str, ...]) -> None:
    """Where marks come from, there are no submissions to name or replace."""
    done = grader(small.room, "import", ".", "--from", "nbgrader", "--course", small.course, *more)
    assert done.returncode == 2 and "leave them out" in done.stderr
