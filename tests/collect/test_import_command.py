"""`grader import`, as an instructor uses it: download, import, grade."""

from pathlib import Path
from typing import Any

import pytest
from archives import gradescope, pack
from classroom import RIGHT, edit, grader, lines, scores

from grader.cli import import_
from grader.errors import UsageError

pytestmark = pytest.mark.slow

LATE = "\n[late]\npenalty_per_day = 0.1\n"


@pytest.fixture
def room(own_course: Path) -> Path:
    """A folder with a course whose signs are due, with a class list of Canvas."""
    edit(own_course / "assignments" / "course.toml", 'title = "Signs"', 'title = "Signs"\ndue = 2027-04-24T02:59:00Z')
    with (own_course / "assignments" / "course.toml").open("a") as file:
        file.write(LATE)
    room = own_course.parent
    (room / "canvas.csv").write_text(
        '\ufeffStudent;ID;SIS Login ID;Section;Signs (9)\n"    Points Possible";;;;1\n"Pérez, Ana";4711;ana;A;\n"Díaz, Bea";4712;bea;A;\n'
    )
    return room


def test_canvas_to_grades(room: Path) -> None:
    """Canvas's archive becomes a class that is graded; what Canvas marked late is late by an unknown time, and costs nothing."""
    archive = pack(room / "a.zip", {"pérezana_4711_1_signs-2.py": RIGHT["signs"], "díazbea_LATE_4712_2_signs.py": RIGHT["signs"]})
    done = grader("import", archive, "--from", "canvas", "-t", "signs", "--roster", "canvas.csv", "--course", "course", cwd=room)
    assert (done.returncode, done.stdout) == (
        0,
        "signs: 2 submissions in submissions (2 new; 1 marked late)\nnext: grader grade submissions --topic signs\n",
    )
    assert done.stderr.splitlines() == [
        "the submission time is unknown for 2: Canvas's archive only says which submissions are late",
    ]
    graded = grader("grade", "submissions", "--course", "course", "--json", cwd=room)
    assert scores(graded) == {("ana", "signs"): 1.0, ("bea", "signs"): 1.0}
    assert "no late penalty, because the submission time is unknown: ana signs;" in graded.stderr
    ana, bea = (line["late"] for line in lines(graded))
    assert (ana["marked_late"], bea["marked_late"], bea["handed_in"], bea["penalty"]) == (False, True, None, 0.0)


def test_gradescope_to_grades(room: Path) -> None:
    """Gradescope's times are submission times: 22 hours late is a day late."""
    archive = gradescope(room / "a.zip")
    done = grader(
        "import", archive, "--from", "gradescope", "-t", "signs", "--to", "class", "--course", "course", "--json", cwd=room
    )
    assert [(line["student"], line["state"], line["handed_in"]) for line in lines(done)] == [
        ("ana@uni.edu", "new", "2027-04-23T20:15:30.123456Z"),
        ("bruno@uni.edu", "new", "2027-04-25T01:00:00Z"),
        ("caro@uni.edu", "new", "2027-04-25T01:00:00Z"),
    ]
    graded = lines(grader("grade", "class", "--course", "course", "--json", cwd=room))
    assert [(line["student"], line["late"]["days"], line["late"]["time_from"]) for line in graded] == [
        ("ana@uni.edu", 0, "timestamp.txt"),
        ("bruno@uni.edu", 1, "timestamp.txt"),
        ("caro@uni.edu", 1, "timestamp.txt"),
    ]


def test_moodle_with_its_worksheet(room: Path) -> None:
    """Moodle's worksheet tells the times, by the course's clock."""
    text = (room / "course" / "assignments" / "course.toml").read_text()
    (room / "course" / "assignments" / "course.toml").write_text('timezone = "America/Montevideo"\n' + text)
    archive = pack(room / "a.zip", {"Ana Pérez_7_assignsubmission_file/signs.py": RIGHT["signs"]})
    (room / "sheet.csv").write_text(
        'Identifier,"Full name","Email address","Last modified (submission)"\n'
        '"Participant 7","Ana Pérez",ana@uni.edu,"Friday, 23 April 2027, 8:15 PM"\n'
    )
    done = grader("import", archive, "--from", "moodle", "-t", "signs", "--roster", "sheet.csv", "--course", "course", cwd=room)
    assert (done.returncode, done.stderr) == (0, "")
    stamp = room / "submissions" / "ana@uni.edu" / "signs" / "timestamp.txt"
    assert stamp.read_text() == "2027-04-23 23:15:00.000000 UTC\n"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"system": "blackboard"}, "--from blackboard is not known; choose one of canvas, gradescope, moodle"),
        ({"topic": "conv"}, "no assignment is called 'conv'"),
        ({"system": "moodle"}, "holds no submission by the names that moodle writes; it holds ana_1_2_signs.py"),
        ({"system": "gradescope"}, "it has no submission_metadata.yml"),
        ({"roster": Path("none.csv")}, "none.csv cannot be read"),
    ],
)
def test_wrong_use(room: Path, given: dict[str, Any], said: str) -> None:
    """What cannot be imported is an error in words, and nothing is written."""
    archive = pack(room / "a.zip", {"ana_1_2_signs.py": RIGHT["signs"]})
    default = {"system": "canvas", "topic": "signs", "to": room / "class", "roster": None, "replace": False, "json": False}
    with pytest.raises(UsageError) as error:
        import_.command(archive, course=room / "course", **{**default, **given})
    assert said in str(error.value)
    assert not (room / "class").exists()


def test_one_students_file_does_not_refuse_the_class(room: Path) -> None:
    """A bomb, a name that leads out and a link are three students' rows; the fourth is imported, and the exit code says to look."""
    members = {
        "ana_1_2_signs.py": RIGHT["signs"],
        "bea_2_3_signs.py": "#" * (101 << 20),
        "caro_3_4_..\\..\\signs.py": "x",
        "dora_4_5_signs.py": RIGHT["signs"],
    }
    archive = pack(room / "a.zip", members)
    done = grader("import", archive, "--from", "canvas", "-t", "signs", "--course", "course", "--json", cwd=room)
    assert done.returncode == 1, done.stderr
    assert {line["student"]: len(line["problems"]) for line in lines(done)} == {"ana_1": 0, "bea_2": 1, "caro_3": 1, "dora_4": 0}
    graded = grader("grade", "submissions", "--course", "course", "--json", cwd=room)
    assert graded.returncode == 0
    found = {line["student"]: (line["score"], line["message"]) for line in lines(graded)}
    assert (found["ana_1"], found["dora_4"]) == ((1.0, ""), (1.0, ""))
    assert found["bea_2"][0] == 0 and "not imported: 'bea_2_3_signs.py' is 106 MB; at most 100 MB are read" in found["bea_2"][1]
    assert found["caro_3"][0] == 0 and "a member outside of it" in found["caro_3"][1]


def test_two_submissions_of_one_student(room: Path) -> None:
    """Two names that are one after normalisation are one row, which says so; the others are imported."""
    folder = "_7_assignsubmission_file/signs.py"
    names = {
        f"Jos\u00e9{folder}": "x",
        f"Jose\u0301{folder.replace('_7', '')}": "y",
        f"Ana{folder.replace('7', '9')}": RIGHT["signs"],
    }
    (room / "sheet.csv").write_text('Identifier,"Full name","Email address"\n"Participant 7","José",j@uni.edu\n')
    archive = pack(room / "a.zip", names)
    done = grader(
        "import", archive, "--from", "moodle", "-t", "signs", "--roster", "sheet.csv", "--course", "course", "--json", cwd=room
    )
    assert done.returncode == 1, done.stderr
    found = {line["student"]: line for line in lines(done)}
    assert set(found) == {"j@uni.edu", "Ana_9"}
    assert "which one counts is unknown" in found["j@uni.edu"]["problems"][0]
    assert found["Ana_9"]["problems"] == []


def test_newer_download_is_a_second_attempt(room: Path) -> None:
    """A newer download is refused without --replace; with it, and graded again, it is a second attempt beside the first."""
    wrong = pack(room / "a.zip", {"ana_1_2_signs.py": "def relu(x):\n    return x\n"})
    right = pack(room / "b.zip", {"ana_1_3_signs-1.py": RIGHT["signs"]})
    common = ("--from", "canvas", "-t", "signs", "--course", "course")
    assert grader("import", wrong, *common, cwd=room).returncode == 0
    grader("grade", "submissions", "--course", "course", cwd=room)
    refused = grader("import", right, *common, cwd=room)
    assert refused.returncode == 2 and "--replace" in refused.stderr
    assert "(1 replaced)" in grader("import", right, *common, "--replace", cwd=room).stdout
    (line,) = lines(grader("grade", "submissions", "--course", "course", "--json", cwd=room))
    assert (line["score"], line["attempt"], line["attempts"]) == (1.0, 2, 2)


def test_an_archive_of_another_assignment_is_refused(room: Path) -> None:
    """Where most submissions are called like another assignment of the course, nothing is imported, and the right command is named."""
    archive = pack(room / "a.zip", {"ana_1_2_vectors.py": RIGHT["vectors"], "bea_2_3_vectors-1.py": RIGHT["vectors"]})
    done = grader("import", archive, "signs", "--from", "canvas", "--course", "course", cwd=room)
    assert (done.returncode, done.stdout) == (2, "")
    assert "is for vectors, not for signs: 2 of its 2 submissions are called vectors. Nothing was imported." in done.stderr
    assert not (room / "submissions").exists()


def test_one_submission_of_another_assignment_is_told(room: Path) -> None:
    """A single file that is called like another assignment is imported, and named."""
    files = {"ana_1_2_vectors.py": RIGHT["vectors"], "bea_2_3_signs.py": RIGHT["signs"], "caro_3_4_signs.py": RIGHT["signs"]}
    done = grader("import", pack(room / "a.zip", files), "signs", "--from", "canvas", "--course", "course", cwd=room)
    assert done.returncode == 0
    assert "called vectors, and imported as signs all the same: ana" in done.stderr
