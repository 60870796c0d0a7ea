"""A gradebook that has a life of its own: what people wrote into it stays, and what is wrong with it is said before anything is graded."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from both_ways import BothWays, change, comments, entry, grade_fast, grader, nbgrader, rows, scores, smaller
from classroom import once
from msgspec.structs import replace
from nbformat import read
from sqlalchemy.exc import OperationalError
from traitlets.config import Config

from grader.course.config import NbgraderConfig
from grader.course.folder import find_course
from grader.errors import UsageError
from grader.gradebook.open_store import open_store
from grader.integrations.nbgrader.course_dir import course_dir
from grader.integrations.nbgrader.database import explained
from grader.integrations.nbgrader.gradebook import NbgraderGradebook
from grader.integrations.nbgrader.preprocessors import GraderPreprocessor
from grader.submissions.find_class import read_class
from grader.submissions.notebook.scaffold import read_scaffold

pytestmark = pytest.mark.slow

OF_CONV2D = "where cell_id in (select id from base_cell where name = 'conv2d-points')"


@pytest.fixture
def room(both: BothWays, tmp_path: Path) -> Path:
    """A course directory that was graded, with the submissions of bruno and gonzalo."""
    return smaller(both, tmp_path / "room", "bruno", "gonzalo")


def opened(room: Path, gradebook: str = "") -> None:
    """Open a gradebook as `grader grade --gradebook` does."""
    with NbgraderGradebook(course_dir(room / "submitted", gradebook or f"sqlite:///{room / 'gradebook.db'}"), NbgraderConfig()):
        pass


def refusal(room: Path, gradebook: str = "") -> str:
    """Why it cannot be opened."""
    with pytest.raises(UsageError) as caught:
        opened(room, gradebook)
    return str(caught.value)


def make_again(folder: Path, both: BothWays) -> None:
    """A course directory that was graded, written into for bruno, and graded again."""
    room = smaller(both, folder / "room", "bruno", "gonzalo")
    of_bruno = "and notebook_id in (select n.id from submitted_notebook n join submitted_assignment s on s.id = n.assignment_id "
    of_bruno += "where s.student_id = 'bruno')"
    change(room, f"update grade set manual_score = 1.5, extra_credit = 0.25, auto_score = 0 {OF_CONV2D} {of_bruno}")
    change(room, f"update comment set manual_comment = 'Well tried.', auto_comment = 'old' where 1 {of_bruno}")
    done = grade_fast(room, both.course)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def again(both: BothWays, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make_again` makes, once for all test processes."""
    return once(tmp_path_factory, "graded-again", lambda folder: make_again(folder, both)) / "room"


def test_grading_again_changes_nothing(both: BothWays, again: Path) -> None:
    """The same submission into the same gradebook gives the same entry."""
    assert entry(again, "gonzalo") == entry(both.fast, "gonzalo")


def test_manual_score_and_extra_credit_are_kept(both: BothWays, again: Path) -> None:
    """They stay beside the new automatic score, and the cell asks to be looked at again, as in nbgrader."""
    graded = {row[0]: row[1:] for row in entry(again, "bruno")["grades"]}
    assert graded["conv2d-points"] == (scores(both.fast, "bruno")["conv2d-points"], 1.5, 0.25, 1)


def test_manual_comments_are_kept(both: BothWays, again: Path) -> None:
    """They stay beside the new automatic ones."""
    assert {row[2] for row in entry(again, "bruno")["comments"]} == {"Well tried."}
    assert comments(again, "bruno") == comments(both.fast, "bruno")


def test_second_run_grades_nobody_again_and_writes_all(both: BothWays, room: Path, tmp_path: Path) -> None:
    """Records that are current are written into a gradebook without running anyone's code."""
    assert grade_fast(room, both.course, "--out", tmp_path / "out").returncode == 0
    change(room, "delete from grade")
    change(room, "delete from submitted_notebook")
    change(room, "delete from submitted_assignment")
    done = grade_fast(room, both.course, "--out", tmp_path / "out")
    assert "0 graded, 2 unchanged" in done.stderr and "2 written into the gradebook" in done.stderr
    assert scores(room, "bruno") == scores(both.fast, "bruno")


def test_course_directory_names_its_gradebook(room: Path) -> None:
    """`--gradebook DIR` takes the gradebook that the configuration of the course directory names."""
    (room / "gradebook.db").rename(room / "other.db")
    with (room / "nbgrader_config.py").open("a") as file:
        file.write(f"c.CourseDirectory.db_url = 'sqlite:///{room / 'other.db'}'\n")
    assert course_dir(room / "submitted", str(room)).url.endswith("other.db")


def late_penalties(room: Path) -> dict[str, float | None]:
    """The late penalty of each student's notebook."""
    query = "select s.student_id, n.late_submission_penalty from submitted_notebook n "
    return dict(rows(room, query + "join submitted_assignment s on s.id = n.assignment_id"))


def test_team_and_late_days(both: BothWays, room: Path, tmp_path: Path) -> None:
    """A team's submission is written and charged for every member by the course's policy, and a changed one is applied again."""
    course = Path(shutil.copytree(both.course, tmp_path / "course"))
    toml = course / "assignments" / "course.toml"
    more = '\n[groups]\nfile = "groups.csv"\n[late]\npenalty_per_day = 0.1\n'
    toml.write_text(toml.read_text() + more + "days = 1\n")
    (toml.parent / "groups.csv").write_text("team,student\nred,bruno\nred,zoe\n")
    (room / "submitted" / "bruno" / "conv" / "timestamp.txt").write_text("2027-04-25 12:00:00 UTC")
    done = grade_fast(room, course)
    assert done.returncode == 0 and "3 written into the gradebook" in done.stderr
    assert scores(room, "zoe") == scores(room, "bruno") == scores(both.fast, "bruno")
    assert comments(room, "zoe") == comments(room, "bruno")
    assert (room / "autograded" / "zoe" / "conv" / "conv.ipynb").is_file()
    two_days_one_free = late_penalties(room)
    assert (two_days_one_free["bruno"], two_days_one_free["zoe"]) == (1.0, 1.0)
    toml.write_text(toml.read_text().replace("days = 1\n", ""))
    assert grade_fast(room, course).returncode == 0
    assert (late_penalties(room)["bruno"], late_penalties(room)["zoe"]) == (2.0, 2.0)


def test_unknown_student_is_left_out_where_nbgrader_would(both: BothWays, room: Path) -> None:
    """With `c.Autograde.create_student = False`, a student who is not in the gradebook is reported, and the others are graded."""
    with (room / "nbgrader_config.py").open("a") as file:
        file.write("c.Autograde.create_student = False\n")
    (room / "submitted" / "bruno").rename(room / "submitted" / "zoe")
    done = grade_fast(room, both.course)
    assert "zoe, conv: not in the gradebook: no such student" in done.stderr and "1 written" in done.stderr
    assert not rows(room, "select id from student where id = 'zoe'")


def test_assignment_that_is_not_in_the_gradebook(both: BothWays, room: Path) -> None:
    """It is said how to release it, and nothing is graded."""
    change(room, "update assignment set name = 'other'")
    done = grade_fast(room, both.course)
    assert done.returncode == 2 and "has no assignment 'conv'" in done.stderr and "grader release conv" in done.stderr
    assert not (room / "results").exists()


def test_released_with_other_points(both: BothWays, room: Path) -> None:
    """A rubric that has other points than the released notebook is said before anything is graded."""
    change(room, f"update grade_cells set max_score = 5 {OF_CONV2D.replace('cell_id', 'id')}")
    done = grade_fast(room, both.course)
    assert done.returncode == 2 and "conv2d has 2 points, and was released with 5 points" in done.stderr


def test_assignment_with_another_notebook(both: BothWays, room: Path) -> None:
    """An assignment of several notebooks is left to nbgrader, and nothing of it is touched."""
    change(room, "insert into notebook (id, name, assignment_id) select 'x', 'essay', id from assignment")
    done = grade_fast(room, both.course)
    assert done.returncode == 2 and "also has other notebooks (essay)" in done.stderr


def test_fault_of_the_grader_changes_nothing(both: BothWays, room: Path) -> None:
    """A submission that the grader failed to grade keeps the grades that it has."""
    course = find_course(both.course)
    scaffolds = {"conv": read_scaffold(course.assignment("conv"))}
    submitted = {item.student: item for item in read_class(room / "submitted", ["conv"], scaffolds)[0]}
    with open_store(both.folder / "results", write=False) as records:
        record = next(record for record in records.records() if record.student == "bruno")
    fault = replace(record, grade=replace(record.grade, status="grader_error", score=None, message="the disk was full"))
    before = entry(room, "bruno")
    with NbgraderGradebook(course_dir(room / "submitted", str(room)), NbgraderConfig()) as opened:
        notes = list(opened.write([(submitted["bruno"], opened.scaffold("conv", scaffolds["conv"]), fault)], published=()))
    assert (
        notes == ["bruno, conv: entered in the gradebook without a new grade: the disk was full"]
        and entry(room, "bruno") == before
    )


def test_locked_gradebook_keeps_the_records(both: BothWays, room: Path) -> None:
    """While somebody else writes, nothing is written; what was graded is kept for the next try."""
    before = entry(room, "bruno")
    impatient = f"sqlite:///{room / 'gradebook.db'}?timeout=0.1"
    command = ("grade", "submitted", "--gradebook", impatient, "--course", both.course)
    with closing(sqlite3.connect(room / "gradebook.db")) as other:
        other.execute("begin immediate")
        done = grader(room, *command)
    assert done.returncode == 2 and "database is locked" in done.stderr and "run the same command again" in done.stderr
    assert entry(room, "bruno") == before
    assert "2 unchanged" in grader(room, *command).stderr


def test_password_is_not_shown(room: Path) -> None:
    """A URL with a password is told without it."""
    with pytest.raises(UsageError) as caught, explained("postgresql://ana:secret@server/grades"):
        raise OperationalError("select 1", {}, Exception("no route"))
    assert "secret" not in str(caught.value) and "ana:***@server" in str(caught.value)


def test_older_schema_is_refused_and_left_as_it_is(room: Path) -> None:
    """A gradebook of an older nbgrader is to be upgraded by nbgrader; it is not touched."""
    change(room, "update alembic_version set version_num = '724cde206c17'")
    before = (room / "gradebook.db").read_bytes()
    assert "nbgrader db upgrade" in refusal(room)
    assert (room / "gradebook.db").read_bytes() == before


def test_schema_from_before_versions_is_refused(room: Path) -> None:
    """So is one from before nbgrader numbered its schemas."""
    change(room, "drop table alembic_version")
    assert "a very old nbgrader" in refusal(room) and "nbgrader db upgrade" in refusal(room)


@pytest.mark.parametrize("schema", ["sqlite:///", ""], ids=["url", "path"])
def test_gradebook_that_is_not_there_is_not_made(room: Path, schema: str) -> None:
    """A mistyped gradebook is said; no empty one appears."""
    missing = room / "gradbook.db"
    assert "does not exist" in refusal(room, f"{schema}{missing}")
    assert not missing.exists()


def test_file_that_is_no_gradebook(room: Path) -> None:
    """A file that is not a database, and a database that is not a gradebook, are named as such."""
    (room / "notes.db").write_text("these are notes, and long enough to be read as such by SQLite" * 20)
    assert "cannot be used" in refusal(room, str(room / "notes.db"))
    with closing(sqlite3.connect(room / "empty.db")) as empty:
        empty.execute("create table sheep (name text)")
    assert "is not an nbgrader gradebook" in refusal(room, str(room / "empty.db"))


def test_configuration_that_cannot_be_read(room: Path) -> None:
    """A mistake in nbgrader_config.py is said with its place."""
    (room / "nbgrader_config.py").write_text("c = get_config()\nc.Autograde.create_student = Fals\n")
    assert "nbgrader_config.py cannot be read by nbgrader (NameError" in refusal(room)


def test_feedback_of_what_the_fast_way_wrote(both: BothWays, room: Path) -> None:
    """`nbgrader generate_feedback` shows the score, the hint and the report, and a student's tags as text."""
    for student in ("bruno", "gonzalo"):
        shutil.copytree(both.fast / "autograded" / student, room / "autograded" / student)
    done = nbgrader(room, "generate_feedback", "conv")
    assert done.returncode == 0, done.stderr
    page = (room / "feedback" / "bruno" / "conv" / "conv.html").read_text()
    assert f"(Score: {round(both.points('bruno') or 0, 2)} / 10.0)" in page and "→ Compare with the statement" in page
    assert "<b>time</b>" not in (room / "feedback" / "gonzalo" / "conv" / "conv.html").read_text()


def test_export_of_what_the_fast_way_wrote(both: BothWays, tmp_path: Path) -> None:
    """`nbgrader export` has the scores and the penalties of the class."""
    room = smaller(both, tmp_path / "room")
    assert nbgrader(room, "export").returncode == 0
    table = [line.split(",") for line in (room / "grades.csv").read_text().splitlines()]
    found = {row[3]: (round(float(row[7]), 2), float(row[8])) for row in table[1:]}
    assert found["gonzalo"] == (4, 4)
    assert found["hiroshi"] == (round(both.points("hiroshi") or 0, 2), 0)


def test_formgrader_finds_the_submissions(both: BothWays) -> None:
    """What formgrader lists of an assignment counts the class as autograded, with its mean."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{both.fast / 'gradebook.db'}") as gradebook:
        found = {item["student"]: item for item in gradebook.submission_dicts("conv")}
    assert found["bruno"]["score"] == pytest.approx(both.points("bruno"), abs=1e-3) and not found["bruno"]["needs_manual_grade"]


def test_gradebook_does_not_need_the_submissions_beside_it(both: BothWays, room: Path, tmp_path: Path) -> None:
    """Submissions in another folder are written into the course directory of the gradebook's file."""
    (room / "submitted").rename(tmp_path / "mail")
    done = grader(tmp_path, "grade", "mail", "--gradebook", f"sqlite:///{room / 'gradebook.db'}", "--course", both.course)
    assert done.returncode == 0, done.stderr
    assert (room / "autograded" / "bruno" / "conv" / "conv.ipynb").is_file()


def test_students_have_the_names_of_the_class_list(both: BothWays, room: Path, tmp_path: Path) -> None:
    """With a class list, nbgrader's own exports have names in place of None; who is not in the list keeps theirs."""
    from nbgrader.api import Gradebook

    (tmp_path / "list.csv").write_text("login,first name,last name,email\nbruno,Bruno,Gómez,bruno@uni.edu\nnoe,Noé,Nadie,\n")
    done = grade_fast(room, both.course, "--roster", tmp_path / "list.csv")
    assert done.returncode == 0, done.stderr
    with Gradebook(f"sqlite:///{room / 'gradebook.db'}") as gradebook:
        found = {one.id: (one.first_name, one.last_name, one.email) for one in gradebook.students}
    assert found["bruno"] == ("Bruno", "Gómez", "bruno@uni.edu")
    assert found["ana"] == (None, None, None) and "noe" not in found


def test_course_and_language_are_those_of_the_configuration(both: BothWays, room: Path) -> None:
    """As for `nbgrader autograde`: the course need not be named, and comments speak the language that was released in."""
    with (room / "nbgrader_config.py").open("a") as file:
        file.write('c.GraderPreprocessor.language = "es"\n')
    done = grader(room, "grade", "submitted", "--gradebook", ".")
    assert done.returncode == 0, done.stderr
    assert "2 puntos" in (comments(room, "bruno")["conv2d_valid"] or "")


LATER = "once the grades are published"


def test_numbers_of_hidden_checks_come_with_the_published_grades(both: BothWays, room: Path, tmp_path: Path) -> None:
    """Feedback is written twice from the same records: first what may be told while students can hand in again, then all."""
    texts = []
    for options in ((), ("--published",)):
        done = grade_fast(room, both.course, "--out", tmp_path / "out", *options)
        assert done.returncode == 0, done.stderr
        notebook = (room / "autograded" / "bruno" / "conv" / "conv.ipynb").read_text()
        texts.append(notebook + (comments(room, "bruno")["conv2d"] or ""))
    assert "0 graded" in done.stderr
    before, after = texts
    assert LATER in before and LATER not in after


def test_published_by_its_date(both: BothWays, room: Path, tmp_path: Path) -> None:
    """The date of course.toml does what `--published` does."""
    course = Path(shutil.copytree(both.course, tmp_path / "course"))
    with (course / "assignments" / "course.toml").open("a") as file:
        file.write("published = 2020-01-01T00:00:00Z\n")
    assert grade_fast(room, course, "--out", tmp_path / "out").returncode == 0
    assert LATER not in (room / "autograded" / "bruno" / "conv" / "conv.ipynb").read_text()


def test_published_needs_a_gradebook(both: BothWays, room: Path) -> None:
    """Without one, `grade` writes nothing for students."""
    done = grader(room, "grade", "submitted", "--published", "--course", both.course)
    assert done.returncode == 2 and "--gradebook" in done.stderr


@pytest.mark.parametrize("published", [False, True])
def test_autograde_asks_whether_grades_are_published(
    both: BothWays, room: Path, monkeypatch: pytest.MonkeyPatch, published: bool
) -> None:
    """`c.GraderPreprocessor.published` does it for `nbgrader autograde`."""
    folder = room / "submitted" / "bruno" / "conv"
    monkeypatch.chdir(room)
    settings = Config({"GraderPreprocessor": {"published": published, "course": str(both.course), "allow_weak_sandbox": True}})
    about = {"assignment": "conv", "notebook": "conv", "student": "bruno", "db_url": f"sqlite:///{room / 'gradebook.db'}"}
    graded, _resources = GraderPreprocessor(config=settings).preprocess(
        read(folder / "conv.ipynb", as_version=4), {"nbgrader": about, "metadata": {"path": str(folder)}}
    )
    assert (LATER in str(graded)) != published
