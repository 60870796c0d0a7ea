"""`grader adjust --item` in the terminal, and the JSON of `report`, `release` and `review`."""

import json
import subprocess
from pathlib import Path

import pytest
from classroom import grader, lines
from parts_class import class_of_three, copied
from running_review import reviewing

pytestmark = pytest.mark.slow


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A folder with a course and the records of three."""
    copied(tmp_path / "course")
    class_of_three(tmp_path / "out")
    return tmp_path


def run(room: Path, command: str, *arguments: object) -> "subprocess.CompletedProcess[str]":
    """Run a command on these records."""
    where = () if command == "history" else ("--course", room / "course")
    return grader(command, *arguments, *where, "--out", room / "out", cwd=room)


def test_a_part_is_decided_and_taken_back(room: Path) -> None:
    """What changes and what is still open is said; the history has which items, and the undoing opens it again."""
    done = run(room, "adjust", "ana", "affine", "-e", "why_bias", "-i", "1", "-i", "gives", "--because", "clear", "--by", "marta")
    assert (done.returncode, done.stdout) == (0, "1: ana affine: 2.5 → 4, 0.5 open\n")
    assert "the argument: names the origin, gives an example" in run(room, "history").stdout
    done = run(room, "adjust", "--undo", "1")
    assert done.stdout == "2: ana affine: 4 → 2.5, 2 open\n"


def test_none_of_the_items(room: Path) -> None:
    """As JSON, with what is open."""
    done = run(room, "adjust", "bea", "affine", "-e", "why_bias", "--item", "none", "--json")
    assert lines(done) == [{"number": 1, "student": "bea", "assignment": "affine", "before": 2.5, "after": 2.5, "open": 0.5}]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("ana", "affine", "--item", "1"), "say which exercise: --exercise affine or why_bias"),
        (("ana", "affine", "-e", "why_bias", "--item", "1", "--points", "1"), "leave --points and --excuse out"),
        (("ana", "affine", "-e", "why_bias", "--part", "x"), "give an --item that applies, or --item none"),
        (("caro", "affine", "-e", "why_bias", "--item", "1"), "nothing is written here yet"),
    ],
)
def test_what_cannot_be_decided(room: Path, arguments: tuple[str, ...], problem: str) -> None:
    """It is wrong use, and nothing changes."""
    done = run(room, "adjust", *arguments)
    assert done.returncode == 2 and problem in done.stderr.replace("\n", " ")
    assert run(room, "history", "--json").stdout == ""


def test_report_says_what_it_wrote(room: Path) -> None:
    """One line of JSON."""
    (found,) = lines(run(room, "report", "--json"))
    assert (found["students"], found["exercises"], Path(found["index"]).name) == (3, 4, "index.html")
    assert all((room / "out" / "report" / name).is_file() for name in found["files"]) and len(found["files"]) == 8


def test_release_says_which_files(room: Path) -> None:
    """A line for each, and whether it was up to date."""
    stub = room / "course" / "assignments" / "affine" / "affine.py"
    stub.write_text(stub.read_text() + "# old\n")
    found = [grader("release", *more, "--json", "--course", room / "course", cwd=room) for more in (("--check",), (), ())]
    first = [lines(done)[0] for done in found]
    states = [(Path(line["file"]).name, line["state"]) for line in first]
    assert states == [("affine.py", "stale"), ("affine.py", "written"), ("affine.py", "current")]
    assert [done.returncode for done in found] == [1, 0, 0]


def test_review_says_the_link_and_what_is_open(room: Path) -> None:
    """Before it answers."""
    with reviewing(room, "--json") as (_process, printed):
        found = json.loads(printed)
    assert found["link"].startswith("http://127.0.0.1:") and (found["open"], found["reasons"]) == (4, {"manual": 4})
