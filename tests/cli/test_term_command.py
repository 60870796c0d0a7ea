"""A term as an instructor sees it: late days and groups in what is printed, exported and judged again."""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from classroom import copy_course, edit, grader, scaling, submitted_at

pytestmark = pytest.mark.slow

RULES = """
timezone = "America/Montevideo"

[late]
penalty_per_day = 0.1
days = 3
spent = "best"

[groups]
file = "groups.csv"

[assignments.vectors]
due = 2027-04-23T23:59:00
"""


def hand_in(room: Path, student: str, topic: str, time: str, text: str | None = None) -> None:
    """A submission with a `timestamp.txt`."""
    (submitted_at(room / "class", student, topic, text).parent / "timestamp.txt").write_text(time)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of three: ana and bea are a team, whose submissions are late; caro's time cannot be read."""
    room = tmp_path_factory.mktemp("term")
    assignments = copy_course(room / "course") / "assignments"
    edit(assignments / "course.toml", "\n[assignments.vectors]\n", RULES)
    edit(assignments / "course.toml", "[assignments.signs]\n", "[assignments.signs]\ndue = 2027-04-30T23:59:00\n")
    (assignments / "groups.csv").write_text("\ufeffTeam;Student\nred;ana\nred;bea\ngreen;eva\n")
    hand_in(room, "ana", "vectors", "Sonntag, 25. April 2027, 12:00", "")
    hand_in(room, "bea", "vectors", "2027-04-26T10:00:00")
    hand_in(room, "bea", "signs", "2027-05-02 20:00:00 -0300")
    hand_in(room, "caro", "signs", "04/05/2027 8:00")
    return room


def command(room: Path, *arguments: object) -> str:
    """What a command prints."""
    done = grader(*arguments, "--course", "course", cwd=room)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_class(room: Path) -> None:
    """Each member has a row; late days, the submission that counts and what was not understood are told."""
    said = [" ".join(line.split()) for line in command(room, "grade", "class").splitlines()]
    assert said[:5] == [
        "student assignment points team late what happened",
        "ana vectors 5 / 5 red, by bea 3 days, 3 free all right",
        "bea vectors 5 / 5 red 3 days, 3 free all right",
        "ana signs 1 / 1 red, by bea 2 days: −0.2, leaves 0.8 all right",
        "bea signs 1 / 1 red 2 days: −0.2, leaves 0.8 all right",
    ]
    assert {
        "ana: 3 of 3 late days used: 3 on vectors",
        "vectors: ana, bea (red) each handed in; bea's counts, the latest",
        "caro signs: its timestamp.txt says «04/05/2027 8:00», which was not understood; write it like 2027-04-23 20:15:00 -0300",
    } <= {*said}
    assert any("groups.csv, line 4: nothing was handed in by the team green (eva)" in line for line in said)


def test_exports(room: Path) -> None:
    """Every format has a score for the member who handed in nothing, and says where it is from."""
    command(room, "grade", "class")
    ana = next(csv.DictReader(io.StringIO(command(room, "export", "signs"))))
    assert [ana[name] for name in ("student_id", "score", "late_days_here", "late_days_used", "late_days", "team", "handed_in_by")] == [
        *("ana", "0.8", "0", "3", "3", "red", "bea")
    ]  # fmt: skip
    wide = next(csv.DictReader(io.StringIO(command(room, "export", "--wide"))))
    assert (wide["vectors score"], wide["signs score"], wide["late_days_used"]) == ("5", "0.8", "3")
    (line, *_) = map(json.loads, command(room, "export", "signs", "--format", "json").splitlines())
    assert line["late_days"] == {"days": 3, "spent": {"vectors": 3}, "used": 3}
    (room / "grades.csv").write_text(
        "Student,ID,SIS Login ID,Section,signs (9)\nA,1,ana,A,\nB,2,bea,A,\nC,3,caro,A,\nE,4,eva,A,\n"
    )
    canvas = command(room, "export", "signs", "--format", "canvas", "--roster", "grades.csv")
    assert "A,1,ana,A,0.8\nB,2,bea,A,0.8\n" in canvas
    command(room, "export", "vectors", "--format", "gradescope")
    results = json.loads((room / "gradescope" / "vectors" / "ana" / "results.json").read_text())
    assert results["extra_data"]["handed_in_by"] == "bea" and "3 of 3 late days used" in results["output"]


def test_member_who_is_not_in_the_class_list(room: Path) -> None:
    """On export, a name of the groups that the class list does not have is an error with its line."""
    command(room, "grade", "class")
    (room / "short.csv").write_text("Student,ID,SIS Login ID,Section\nB,2,bea,A\nC,3,caro,A\n")
    done = grader("export", "--roster", "short.csv", "--course", "course", cwd=room)
    assert done.returncode == 2 and "groups.csv, line 2: ana: nobody in the roster is called that" in done.stderr


def test_judging_again_moves_late_days(room: Path, tmp_path: Path) -> None:
    """Where a changed rubric leaves nothing to save, the late days go elsewhere, and the students whose days move are named."""
    room = Path(shutil.copytree(room, tmp_path / "room"))
    hand_in(room, "bea", "vectors", "2027-04-26T10:00:00", scaling("return -x"))
    command(room, "grade", "class")
    edit(room / "course" / "assignments" / "vectors" / "checks.py", "points=2", "points=0.1")
    moved = "3 of 3 late days used: 3 on vectors"
    assert f"ana: 2 of 3 late days used: 2 on signs (before: {moved})" in command(room, "rejudge")
    *_, last = map(json.loads, command(room, "rejudge", "--json", "--apply").splitlines())
    assert (last["student"], last["late_days"]["spent"], last["late_days_before"]["spent"]) == (
        "bea",
        {"signs": 2},
        {"vectors": 3},
    )
    assert "late days used" not in command(room, "rejudge")
