"""Every format says of everybody the score that `Term` says: after late penalties, teams, changes by hand and excuses."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from classroom import copy_course, edit, grader, honest, scaling, submitted_at

from grader.cli import export
from grader.course.folder import find_course
from grader.gradebook.lateness import course_policy
from grader.gradebook.open_store import open_store
from grader.gradebook.term import Term

pytestmark = pytest.mark.slow

Finals = dict[tuple[str, str], float | str]  # "EX": excused
PEOPLE = ("ana", "bea", "caro", "dora", "eva", "fay")
CANVAS = "Student,ID,SIS Login ID,Section,Vectors (7),Signs (8)\n" + "".join(
    f"{who},{n},{who},A,,\n" for n, who in enumerate(PEOPLE)
)
MOODLE = "Identifier,Full name,Username,Grade,Maximum grade,Feedback comments\n" + "".join(
    f"Participant {n},{who},{who},,9.00,\n" for n, who in enumerate(PEOPLE)
)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graded class: bea late, in a team with ana; caro late alone; dora and fay changed by hand; eva excused without a submission."""
    room = tmp_path_factory.mktemp("agreement")
    course = copy_course(room / "course")
    edit(course / "assignments/course.toml", 'title = "Vectors"', 'title = "Vectors"\ndue = 2027-04-23T12:00:00Z')
    with (course / "assignments/course.toml").open("a") as file:
        file.write('\n[late]\npenalty_per_day = 0.1\n\n[groups]\nfile = "groups.csv"\n')
    (course / "assignments/groups.csv").write_text("team,student,topic\nred,ana,vectors\nred,bea,vectors\n")
    honest(room / "class", "bea", "caro", "fay")
    submitted_at(room / "class", "ana", "signs")
    submitted_at(room / "class", "eva", "signs")
    submitted_at(room / "class", "dora", "vectors", scaling("return x + factor"))
    submitted_at(room / "class", "dora", "signs")
    for who, time in (
        ("bea", "2027-04-24 18:00:00 UTC"),
        ("caro", "2027-04-23 18:00:00 UTC"),
        ("fay", "2027-04-29 18:00:00 UTC"),
    ):
        (room / "class" / who / "vectors" / "timestamp.txt").write_text(time)
    where = ("--course", course, "--out", room / "out")
    assert grader("grade", room / "class", *where, cwd=room).returncode == 0
    for change in (
        ("dora", "vectors", "--points", "+0.25"),
        ("fay", "vectors", "--points", "-4"),
        ("caro", "signs", "--points", "-0.5"),
        ("eva", "vectors", "--excuse"),
        ("ana", "signs", "--excuse"),
    ):
        done = grader("adjust", *change, "--because", "=why", *where, cwd=room)
        assert done.returncode == 0, done.stderr
    (room / "canvas.csv").write_text(CANVAS)
    (room / "moodle.csv").write_text(MOODLE)
    return room


@pytest.fixture(scope="module")
def counts(room: Path) -> Finals:
    """What counts, by the one place that says it."""
    with open_store(room / "out", write=False) as store:
        entries = list(Term(store, course_policy(find_course(room, room / "course"))).entries(["vectors", "signs"]))
    found: Finals = {(one.grade.student, one.grade.assignment): "EX" if one.excused else one.final or 0.0 for one in entries}
    assert found == {
        ("ana", "vectors"): 4.0, ("bea", "vectors"): 4.0, ("caro", "vectors"): 4.5, ("eva", "vectors"): "EX",
        ("fay", "vectors"): 0.0, ("dora", "vectors"): found["dora", "vectors"],
        ("ana", "signs"): "EX", ("eva", "signs"): 1.0, ("bea", "signs"): 1.0,
        ("caro", "signs"): 0.5, ("dora", "signs"): 1.0, ("fay", "signs"): 1.0,
    }  # fmt: skip
    return found


def exported(room: Path, form: str, *topics: str, roster: str = "", **options: bool) -> bytes:
    """The file that the command writes."""
    given = dict.fromkeys(("wide", "total", "raw", "published", "autograder"), False) | options
    to = room / f"made.{form}"
    found = export.command(
        [*topics],
        format_=form,
        to=to,
        roster=room / roster if roster else None,
        out=room / "out",
        course=room / "course",
        **given,
    )
    assert found in (0, 1)
    return to.read_bytes() if to.is_file() else b""


def read(cell: Any) -> float | str:
    """A score as it stands in a cell."""
    return cell if cell == "EX" else float(cell)


def table(data: bytes) -> list[dict[str, str]]:
    """The rows of a csv."""
    return list(csv.DictReader(io.StringIO(data.decode())))


def test_csv(room: Path, counts: Finals) -> None:
    """The column `score`."""
    rows = table(exported(room, "csv"))
    assert {(row["student_id"], row["assignment"]): read(row["score"]) for row in rows} == counts


def test_wide_csv(room: Path, counts: Finals) -> None:
    """The column of each assignment's score."""
    rows = table(exported(room, "csv", wide=True))
    cells = {(row["student_id"], topic): row[f"{topic} score"] for row in rows for topic in ("vectors", "signs")}
    assert {key: read(cell) for key, cell in cells.items() if cell} == counts


def test_workbook(room: Path, counts: Finals) -> None:
    """The sheet of each assignment, and the one of the totals."""
    book = openpyxl.load_workbook(io.BytesIO(exported(room, "xlsx")))
    found: Finals = {}
    for topic in ("vectors", "signs"):
        head, *rows = book[topic].iter_rows(values_only=True)
        found |= {(row[head.index("student_id")], topic): row[head.index("score")] for row in rows}
    assert found == counts
    head, *rows = book["Course total"].iter_rows(values_only=True)
    places = {topic: place for place, name in enumerate(head) for topic in ("vectors", "signs") if name.startswith(f"{topic} (")}
    totals = {(row[0], topic): row[place] for row in rows for topic, place in places.items() if row[place] is not None}
    assert totals == counts


def test_json(room: Path, counts: Finals) -> None:
    """`final_score` where something was changed by hand, else that of `late`, else `score`."""
    found: Finals = {}
    for line in map(json.loads, exported(room, "json").splitlines()):
        late = line.get("late", {}).get("final_score", line["score"])
        found[line["student"], line["assignment"]] = "EX" if line.get("excused") else line.get("final_score", late)
    assert found == counts


def test_canvas(room: Path, counts: Finals) -> None:
    """The column of each assignment."""
    rows = table(exported(room, "canvas", roster="canvas.csv"))[1:]
    heads = {"vectors": "Vectors (7)", "signs": "Signs (8)"}
    cells = {(row["Student"], topic): row[head] for row in rows for topic, head in heads.items()}
    assert {key: read(cell) for key, cell in cells.items() if cell} == counts


@pytest.mark.parametrize("topic", ["vectors", "signs"])
def test_moodle(room: Path, counts: Finals, topic: str) -> None:
    """The column Grade; who is excused has none."""
    rows = table(exported(room, "moodle", topic, roster="moodle.csv"))
    found = {(row["Full name"], topic): float(row["Grade"]) for row in rows if row["Grade"]}
    assert found == {key: score for key, score in counts.items() if key[1] == topic and score != "EX"}


def test_gradescope(room: Path, counts: Finals) -> None:
    """`final_score` in its data; Gradescope itself takes the late penalty off, so `score` is without it."""
    exported(room, "gradescope")
    found = [json.loads(file.read_text()) for file in (room / "made.gradescope").glob("*/*/results.json")]
    data = [content["extra_data"] for content in found]
    assert {(one["student"], one["assignment"]): one["final_score"] for one in data} == {
        key: score for key, score in counts.items() if score != "EX"
    }
    assert {(one["extra_data"]["student"], one["extra_data"]["assignment"]): one["score"] for one in found}[
        "fay", "vectors"
    ] == 1.0


def test_totals_agree(room: Path) -> None:
    """The course total is the same in every format that has it, and the mean of what counts."""
    rows = table(exported(room, "csv", wide=True, total=True))
    found = {row["student_id"]: float(row["course_total"]) for row in rows if row["course_total"]}
    assert {who: found[who] for who in ("ana", "bea", "caro", "fay")} == {"ana": 80.0, "bea": 90.0, "caro": 70.0, "fay": 50.0}
    lines = map(json.loads, exported(room, "json", total=True).splitlines())
    percent = {line["student"]: line["course_total"]["percent"] for line in lines if "course_total" in line}
    assert {who: total for who, total in percent.items() if total is not None} == found
    head, *below = openpyxl.load_workbook(io.BytesIO(exported(room, "xlsx")))["Course total"].iter_rows(values_only=True)
    place = head.index("course_total")
    assert {row[0]: row[place] for row in below if row[place] is not None} == found
    (room / "total.csv").write_text(CANVAS.replace("Signs (8)", "Signs (8),Course total (9)").replace(",,\n", ",,,\n"))
    rows = table(exported(room, "canvas", roster="total.csv", total=True))[1:]
    assert {row["Student"]: float(row["Course total (9)"]) for row in rows if row["Course total (9)"]} == found
