"""Import, grade, export: what a system gave comes back to it with scores, and nothing else of it has changed."""

import csv
import io
from pathlib import Path

import pytest
from archives import CANVAS_LIST, MOODLE_SHEET, canvas, moodle
from classroom import RIGHT, grader

pytestmark = pytest.mark.slow


def returned(room: Path, system: str, archive: Path, given: str, listed: bool) -> str:
    """The system's list after import, grading and export; `listed`: whether it is given on import, too."""
    (room / "list.csv").write_text(given, newline="")
    where = ("--course", "course")
    roster = ("--roster", "list.csv") if listed else ()
    done = grader("import", archive, "--from", system, "-t", "signs", *roster, *where, cwd=room)
    assert done.returncode == 0, done.stderr
    assert grader("grade", "submissions", *where, cwd=room).returncode == 0
    done = grader("export", "signs", "-f", system, "--like", "list.csv", "--to", "up.csv", *where, cwd=room)
    assert done.returncode == 0, done.stderr
    return (room / "up.csv").read_bytes().decode()


def cells(text: str) -> list[list[str]]:
    """The rows of a csv, the header too."""
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize(("listed", "bom"), [(True, ""), (False, "\ufeff")], ids=["with the list", "without it"])
def test_canvas(own_course: Path, listed: bool, bom: str) -> None:
    """Its identity columns, a byte order mark too, are byte for byte what they were; then comes the assignment, and no other column."""
    room = own_course.parent
    text = returned(room, "canvas", canvas(room / "a.zip", RIGHT["signs"]), bom + CANVAS_LIST, listed)
    scores = ["Signs (9)", "1", "1", "0.5", "1"]
    ours = [line.rsplit(",", 3)[0] for line in CANVAS_LIST.splitlines()]  # without the score and what follows
    assert text == bom + "".join(f"{line},{score}\n" for line, score in zip(ours, scores, strict=True))


@pytest.mark.parametrize(("listed", "bom"), [(True, ""), (False, "\ufeff")], ids=["with the list", "without it"])
def test_moodle(own_course: Path, listed: bool, bom: str) -> None:
    """Every cell but grades and comments is what it was; who handed in nothing keeps those, too."""
    room = own_course.parent
    text = returned(room, "moodle", moodle(room / "a.zip", RIGHT["signs"]), bom + MOODLE_SHEET, listed)
    assert text.startswith(bom)
    made, given = cells(text.removeprefix(bom)), cells(MOODLE_SHEET)
    grade, comments = given[0].index("Grade"), given[0].index("Feedback comments")
    assert [row[grade] for row in made] == ["Grade", "1", "0.50", "1"]
    assert made[2] == given[2] and made[1][comments].startswith("<pre>") and made[3][comments].startswith("<pre>")
    assert [[cell for place, cell in enumerate(row) if place not in (grade, comments)] for row in made] == [
        [cell for place, cell in enumerate(row) if place not in (grade, comments)] for row in given
    ]
