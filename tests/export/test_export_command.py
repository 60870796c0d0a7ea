"""`grader export`, as an instructor uses it after grading."""

import csv
import io
import json
import shutil
import sqlite3
import stat
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from classroom import edit, grader, submitted_at
from openpyxl import load_workbook

from grader.cli import export as export_command
from grader.errors import UsageError
from grader.gradebook.sqlite import FILE

pytestmark = pytest.mark.slow

CANVAS = (
    "Student,ID,SIS Login ID,Section,Vectors (7),Signs (8)\n"
    '"Pérez, Ana",1,ana,A,,\n"Díaz, Bea",2,bea@uni.edu,A,,\n"Gil, Dora",4,dora,A,,0.5\n'
)


def export(folder: Path, *options: object) -> "subprocess.CompletedProcess[str]":
    """Export the class of a folder (see `graded_class`)."""
    return grader("export", *options, "--course", "course", "--out", "out", cwd=folder)


def test_csv(graded: Path) -> None:
    """CSV goes to stdout: nothing else does."""
    rows = list(csv.DictReader(export(graded).stdout.splitlines()))
    assert [(row["student_id"], row["assignment"], row["raw_score"], row["score"]) for row in rows] == [
        ("ana", "vectors", "5", "5"), ("bea", "vectors", "5", "5"), ("caro", "vectors", "2", "2"),
        ("ana", "signs", "1", "1"), ("bea", "signs", "1", "1"), ("caro", "signs", "0", "0"),
    ]  # fmt: skip


def test_csv_of_one_assignment_wide_into_a_file(graded: Path) -> None:
    """A topic, a shape and a file of one's own."""
    done = export(graded, "signs", "--wide", "--to", "made/signs.csv")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (graded / "made" / "signs.csv").read_text().splitlines()[1] == "ana,,,,1,0,1,1"
    assert [path.name for path in (graded / "made").iterdir()] == ["signs.csv"]


def test_a_dash_is_stdout(graded: Path) -> None:
    """`--to -` is what it is elsewhere, and no file of that name; a folder cannot go there."""
    assert export(graded, "signs", "--to", "-").stdout == export(graded, "signs").stdout
    done = export(graded, "signs", "--format", "gradescope", "--to", "-")
    assert (done.returncode, "gradescope writes a folder" in done.stderr) == (2, True)
    assert not (graded / "-").exists()


def test_canvas(graded: Path) -> None:
    """Canvas gets the roster's rows with our scores; who is not in it is named, and the exit code says so."""
    (graded / "canvas.csv").write_text(CANVAS)
    done = export(graded, "--format", "canvas", "--roster", "canvas.csv")
    assert done.stdout.splitlines()[2:] == [
        '"Pérez, Ana",1,ana,A,5,1', '"Díaz, Bea",2,bea@uni.edu,A,5,1', '"Gil, Dora",4,dora,A,,0.5'
    ]  # fmt: skip
    assert "caro: nobody in the roster is called that, so no score is written" in done.stderr.splitlines()
    assert done.returncode == 1


def test_csv_with_a_roster(graded: Path) -> None:
    """CSV gets names from it, rows for who handed in nothing, and who is not in it."""
    (graded / "canvas.csv").write_text(CANVAS)
    done = export(graded, "signs", "--roster", "canvas.csv")
    rows = [(row["student_id"], row["last_name"], row["status"]) for row in csv.DictReader(done.stdout.splitlines())]
    assert rows == [
        ("ana", "Pérez", "graded"),
        ("bea", "Díaz", "graded"),
        ("caro", "", "graded"),
        ("dora", "Gil", "nothing handed in"),
    ]
    assert (done.returncode, done.stderr) == (0, "caro: nobody in the roster is called that; written without a name\n")


def test_moodle(graded: Path) -> None:
    """Moodle's worksheet, given by --like, comes back with grades and comments."""
    (graded / "sheet.csv").write_text(
        "Identifier,Full name,Email address,Grade,Feedback comments\nParticipant 7,Ana,ana@uni.edu,,\n"
    )
    done = export(graded, "signs", "--format", "moodle", "--like", "sheet.csv")
    (row,) = csv.DictReader(io.StringIO(done.stdout))
    assert (row["Identifier"], row["Grade"], row["Feedback comments"][:25]) == ("Participant 7", "1", "<pre>Signs: 1 of 1 points")
    assert done.returncode == 1 and "bea: nobody in the roster is called that, so no score is written" in done.stderr.splitlines()


def test_workbook(graded: Path) -> None:
    """A workbook is written to a file, which others cannot read."""
    done = export(graded, "--format", "xlsx", "--to", "scores.xlsx")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert load_workbook(graded / "scores.xlsx").sheetnames == ["Course total", "vectors", "signs"]
    assert stat.S_IMODE((graded / "scores.xlsx").stat().st_mode) == 0o600


def test_course_total(graded: Path) -> None:
    """The weights of course.toml count; what is over and was not handed in is 0."""
    edit(
        graded / "course/assignments/course.toml",
        'title = "Vectors"',
        'title = "Vectors"\nweight = 3\ndue = 2020-01-01T00:00:00Z',
    )
    submitted_at(graded / "class", "dora", "signs")
    grader("grade", "class", "--course", "course", "--out", "out", cwd=graded)
    rows = csv.DictReader(export(graded, "--wide", "--total").stdout.splitlines())
    assert {row["student_id"]: row["course_total"] for row in rows} == {"ana": "100", "bea": "100", "caro": "30", "dora": "25"}
    last = json.loads(export(graded, "--total", "--format", "json").stdout.splitlines()[-1])
    assert last == {
        "student": "dora",
        "course_total": {"percent": 25.0, "counted": ["vectors", "signs"], "zeros": ["vectors"], "waiting": [], "open": []},
    }


def test_total_of_two_folders_of_one_student(graded: Path) -> None:
    """Who has a folder by login for one assignment and one by name for another has one total, over both."""
    submitted_at(graded / "class", "dora", "signs")
    submitted_at(graded / "class", "gildora_4", "vectors")
    grader("grade", "class", "--course", "course", "--out", "out", cwd=graded)
    (graded / "canvas.csv").write_text(CANVAS.replace("Signs (8)", "Signs (8),Course total (9)").replace("\n", ",\n"))
    done = export(graded, "--total", "--format", "canvas", "--roster", "canvas.csv")
    assert done.stdout.splitlines()[4] == '"Gil, Dora",4,dora,A,5,1,100'


def test_json(graded: Path) -> None:
    """JSON lines are those of `grader grade --json`, and no terminal obeys what is in them."""
    submitted_at(graded / "class", "eva\u202e", "signs")
    graded_lines = grader("grade", "class", "--course", "course", "--out", "out", "--json", cwd=graded).stdout
    assert "\\u202e" in graded_lines and "\u202e" not in graded_lines
    assert export(graded, "--format", "json").stdout == graded_lines


def test_gradescope(graded: Path) -> None:
    """A results.json for each submission, in folders by topic and student."""
    done = export(graded, "vectors", "--format", "gradescope", "--to", "gs")
    assert (done.returncode, done.stdout) == (0, "gs: results.json of 3 submissions\n")
    content = json.loads((graded / "gs" / "vectors" / "caro" / "results.json").read_text())
    assert (content["score"], content["extra_data"]["student"]) == (2.0, "caro")
    assert {test["visibility"] for test in content["tests"]} == {"visible", "after_published"}


def law_of_caro(folder: Path) -> str:
    """What Gradescope shows at once on a law that caro's code failed at a hidden input."""
    tests = json.loads((folder / "gradescope" / "vectors" / "caro" / "results.json").read_text())["tests"]
    (law,) = (test for test in tests if test["name"] == "scale: the direction stays")
    assert law["visibility"] == "visible"
    return str(law["output"])


def test_hidden_checks_in_gradescope(graded: Path) -> None:
    """The text of an exception comes with the published grades: by the option, or on the day in course.toml."""
    export(graded, "--format", "gradescope")
    assert "raised ValueError in line" in law_of_caro(graded) and "tag" not in law_of_caro(graded)
    export(graded, "--format", "gradescope", "--published")
    assert "is no \\[red\\]tag" in law_of_caro(graded)
    shutil.rmtree(graded / "gradescope")
    edit(graded / "course/assignments/course.toml", 'title = "Vectors"', 'title = "Vectors"\npublished = 2020-01-01T00:00:00Z')
    export(graded, "--format", "gradescope")
    assert "is no \\[red\\]tag" in law_of_caro(graded)


def test_late_and_attempts(graded: Path) -> None:
    """Every format shows the raw score with the penalty beside it, and which attempt it is of."""
    edit(graded / "course" / "assignments" / "course.toml", 'title = "Vectors"', 'title = "Vectors"\ndue = 2027-04-23T12:00:00Z')
    with (graded / "course" / "assignments" / "course.toml").open("a") as file:
        file.write("\n[late]\npenalty_per_day = 0.1\n")
    submitted_at(graded / "class", "ana", text="# again\n" + (graded / "class" / "ana" / "vectors" / "vectors.py").read_text())
    (graded / "class" / "ana" / "vectors" / "timestamp.txt").write_text("2027-04-24 18:00:00 UTC")
    grader("grade", "class", "--course", "course", "--out", "out", cwd=graded)
    row = next(csv.DictReader(export(graded, "vectors").stdout.splitlines()))
    assert [row[name] for name in ("raw_score", "late_submission_penalty", "score", "days_late", "attempt", "attempts")] == [
        "5", "1", "4", "2", "2", "2"
    ]  # fmt: skip
    (graded / "canvas.csv").write_text(CANVAS)
    scores = [
        export(graded, "vectors", "--format", "canvas", "--roster", "canvas.csv", *raw).stdout.splitlines()[2]
        for raw in ([], ["--raw"])
    ]
    assert scores == ['"Pérez, Ana",1,ana,A,4', '"Pérez, Ana",1,ana,A,5']
    export(graded, "vectors", "--format", "gradescope")
    content = json.loads((graded / "gradescope" / "vectors" / "ana" / "results.json").read_text())
    assert (content["score"], content["extra_data"]["late"]["final_score"], content["extra_data"]["attempt"]) == (5.0, 4.0, 2)


def options(folder: Path, **given: Any) -> dict[str, Any]:
    """What the command passes on."""
    default = {
        "topics": [],
        "format_": "csv",
        "to": None,
        "roster": None,
        "wide": False,
        "total": False,
        "raw": False,
        "autograder": False,
        "published": False,
    }
    return {**default, "out": folder / "out", "course": folder / "course", **given}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"format_": "xls"},
            "--format xls is not known; choose one of csv, xlsx, canvas, moodle, gradescope, classroom50, json.",
        ),
        ({"format_": "canvas"}, "export its gradebook (Grades → Export) and name that file with --roster"),
        ({"format_": "json", "roster": Path("x.csv")}, "--roster belongs to --format csv, xlsx, canvas or moodle, not to json."),
        ({"format_": "json", "wide": True}, "--wide belongs to --format csv, not to json."),
        ({"format_": "moodle"}, "download the assignment's grading worksheet there and name that file with --like"),
        ({"format_": "gradescope", "total": True}, "--total belongs to --format csv, xlsx, canvas or json, not to gradescope."),
        ({"raw": True}, "--raw belongs to --format canvas, not to csv."),
        ({"autograder": True}, "--autograder belongs to --format gradescope, not to csv."),
        ({"roster": Path("none.csv")}, "none.csv cannot be read: No such file or directory"),
        ({"topics": ["nosuch"]}, "no assignment is called 'nosuch'"),
        ({"to": Path("/")}, "/ is a folder. Give --to the file"),
        ({"to": Path("/dev/null/x")}, "/dev/null/x cannot be written: "),
    ],
)
def test_wrong_use(graded: Path, capsys: pytest.CaptureFixture[str], given: dict[str, Any], said: str) -> None:
    """A message that says what to do, and nothing on stdout."""
    with pytest.raises(UsageError) as error:
        export_command.command(**options(graded, **given))
    assert said in str(error.value) and capsys.readouterr().out == ""


def test_exit_code_of_wrong_use(graded: Path) -> None:
    """The command ends with code 2."""
    done = export(graded, "--format", "xls")
    assert (done.returncode, done.stdout) == (2, "") and "--format xls is not known" in done.stderr


def test_roster_is_not_overwritten(graded: Path) -> None:
    """The gradebook's own export stays as it is."""
    (graded / "canvas.csv").write_text(CANVAS)
    done = export(graded, "--format", "canvas", "--roster", "canvas.csv", "--to", "./canvas.csv")
    assert done.returncode == 2 and "is the roster itself" in done.stderr
    assert (graded / "canvas.csv").read_text() == CANVAS


def test_nothing_graded_yet(graded: Path) -> None:
    """Without records, or without any of the assignment asked for, the message says which there are."""
    shutil.rmtree(graded / "out")
    done = export(graded)
    assert done.returncode == 2 and "out has no records. Grade first: grader grade SUBMISSIONS --out out" in done.stderr


def test_none_of_this_assignment(graded: Path) -> None:
    """Where only other assignments have records, those are named."""
    with closing(sqlite3.connect(graded / "out" / FILE)) as records, records:
        records.execute("delete from attempt where assignment = 'vectors'")
    with pytest.raises(UsageError, match="out has no records of vectors; it has signs"):
        export_command.command(**options(graded, topics=["vectors"]))
