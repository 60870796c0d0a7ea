"""Sixty people in odd layouts get what their texts are worth, in folders and from a learning system's archive."""

from pathlib import Path

import pytest
from classroom import RIGHT, grader, lines, scaling, scores
from odd_class import LAYOUTS, as_canvas, as_folders, as_roster, odd_class

pytestmark = pytest.mark.slow

TEXTS = {RIGHT["vectors"]: 5.0, scaling("return x + factor"): 2.0, scaling("raise ValueError"): 2.0, scaling("return 0 * x"): 2.0}
STUB = (Path(__file__).parents[1] / "cli" / "course" / "assignments" / "vectors" / "vectors.py").read_text()


def test_every_layout_gets_what_the_text_is_worth(own_course: Path) -> None:
    """No layout costs points, and every record names the file that was graded."""
    people = odd_class("vectors", list(TEXTS), STUB)
    assert len(people) == 60 == 4 * len(LAYOUTS)
    done = grader("grade", as_folders(own_course / "class", people), "-t", "vectors", "--json", cwd=own_course)
    expected = {(person.login, "vectors"): TEXTS[person.text] for person in people}
    assert {key: score for key, score in scores(done).items() if score != expected[key]} == {}
    assert all(line["file"] for line in lines(done))
    assert sum(bool(line["choice"]) for line in lines(done)) == 12  # three layouts have two files that could be meant


def test_the_same_from_an_archive_and_again(own_course: Path) -> None:
    """What Canvas gives back of the same people has the same grades; importing and grading again changes nothing."""
    people = odd_class("vectors", list(TEXTS), STUB)
    archive, roster = as_canvas(own_course / "all.zip", people), as_roster(own_course / "list.csv", people, "Vectors (7)")
    for state, graded in (("60 new", "60 graded;"), ("60 unchanged", "0 graded, 60 unchanged since the last run;")):
        done = grader("import", archive, "vectors", "--from", "canvas", "--roster", roster, cwd=own_course)
        assert (done.returncode, done.stdout.splitlines()[0]) == (0, f"vectors: 60 submissions in submissions ({state})")
        done = grader("grade", "submissions", "vectors", "--json", cwd=own_course)
        assert graded in done.stderr
        assert scores(done) == {(person.login, "vectors"): TEXTS[person.text] for person in people}
