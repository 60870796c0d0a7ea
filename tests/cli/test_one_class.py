"""One results folder is one class: whose folder is graded, who left it, and whom the class list has."""

import shutil
import subprocess
from pathlib import Path

import pytest
from classroom import GRADED, grader, grades, honest, lines, scores, submitted_at

pytestmark = pytest.mark.slow


def run(graded: Path, command: str, *arguments: object) -> "subprocess.CompletedProcess[str]":
    """A command of `grader` on the records of the graded class."""
    course = () if command in ("drop", "history") else ("--course", graded / "course")
    return grader(command, *arguments, *course, "--out", graded / "out", cwd=graded)


def done(graded: Path, command: str, *arguments: object) -> str:
    """What a command prints that does what it is asked."""
    found = run(graded, command, *arguments)
    assert found.returncode == 0, found.stderr
    return found.stdout + found.stderr


# --- whose records they are ------------------------------------------------------------------------------------------------------------


def test_another_class_is_refused(graded: Path) -> None:
    """A class of others joins no records: nothing is graded, and both ways out are said."""
    honest(graded / "other", "eva", "flo")
    found = run(graded, "grade", graded / "other")
    assert (found.returncode, found.stdout) == (2, "")
    assert "another class, of 3 students" in found.stderr and "--same-class" in found.stderr and "--out" in found.stderr
    assert grades(graded / "out").keys() == GRADED.keys()


def test_another_part_of_the_class_on_request(graded: Path) -> None:
    """With --same-class a folder of others is of the class, from then on without a word, and nobody of the first part left."""
    honest(graded / "other", "eva", "flo")
    assert "not in the class any more" not in done(graded, "grade", graded / "other", "--same-class")
    said = done(graded, "grade", graded / "other")
    assert "taken for the class" not in said and "not in the class any more" not in said
    assert {student for student, _ in grades(graded / "out")} == {"ana", "bea", "caro", "eva", "flo"}


@pytest.mark.parametrize("to", ["moved", "class (1).zip"], ids=["moved", "an archive"])
def test_the_class_in_another_place(graded: Path, to: str) -> None:
    """Moved, renamed or downloaded again as an archive, a class is known by its students."""
    if to.endswith(".zip"):
        shutil.make_archive(str(graded / to.removesuffix(".zip")), "zip", graded / "class")
        shutil.rmtree(graded / "class")
    else:
        (graded / "class").rename(graded / to)
    assert "is taken for the class in" in done(graded, "grade", graded / to)


def test_a_class_that_cannot_be_written(graded: Path) -> None:
    """Nothing is put into the class's folder."""
    before = sorted((graded / "class").rglob("*"))
    (graded / "class").chmod(0o500)
    done(graded, "grade", graded / "class")
    assert sorted((graded / "class").rglob("*")) == before


def test_one_student_of_the_class(graded: Path) -> None:
    """A student's own folder is not a class; the error says how one student is graded, and that works."""
    found = run(graded, "grade", graded / "class" / "ana")
    assert found.returncode == 2 and "grade the class and say who: class --student ana" in " ".join(found.stderr.split())
    table = run(graded, "grade", graded / "class", "--student", "ana", "--json")
    assert scores(table) == {key: score for key, score in GRADED.items() if key[0] == "ana"}
    assert "not in the class any more" not in table.stderr


# --- who left --------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def caro_left(graded: Path) -> Path:
    """The class, in which caro is no longer."""
    shutil.rmtree(graded / "class" / "caro")
    return graded


def test_who_left_is_told_and_dropped_on_request(caro_left: Path) -> None:
    """Grading says who has records and is gone; until they are dropped, they count."""
    assert "no longer in the class, but still in the records: caro" in done(caro_left, "grade", caro_left / "class")
    assert "caro" in done(caro_left, "export")
    assert done(caro_left, "drop", "--absent").startswith("caro is dropped: signs, vectors")
    assert "not in the class any more" not in done(caro_left, "grade", caro_left / "class")


@pytest.mark.parametrize(
    "command",
    [("show",), ("export",), ("export", "-f", "json"), ("export", "--wide"), ("rejudge", "--json"), ("feedback", "--to", "back")],
    ids=" ".join,
)
def test_nothing_is_left_of_who_was_dropped(graded: Path, command: tuple[str, ...]) -> None:
    """No table, export or feedback has them."""
    done(graded, "drop", "caro")
    said = done(graded, *command)
    assert "caro" not in said and not (graded / "back" / "caro").exists()


def test_a_dropped_student_is_not_graded_until_taken_back(graded: Path) -> None:
    """What they hand in is left out, and that is said; with --undo everything is there again."""
    done(graded, "drop", "caro", "--because", "left the course")
    found = run(graded, "grade", graded / "class", "--json")
    assert "left out, because they were dropped: caro" in found.stderr
    assert {student for student, _ in scores(found)} == {"ana", "bea"}
    assert "left the course" in done(graded, "drop")
    assert "caro is back: signs, vectors" in done(graded, "drop", "--undo", "caro")
    assert scores(run(graded, "grade", graded / "class", "--json")) == GRADED


@pytest.mark.parametrize("command", [("show", "caro"), ("adjust", "caro", "signs", "-m", "x")], ids=["show", "adjust"])
def test_who_was_dropped_is_named_when_asked_for(graded: Path, command: tuple[str, ...]) -> None:
    """Asking for them says that they were dropped, and how to take them back."""
    done(graded, "drop", "caro")
    found = run(graded, *command)
    assert found.returncode == 2 and "grader drop --undo caro" in found.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("carro",), "no records of 'carro'. Did you mean 'caro'?"),
        (("--undo", "caro"), "nobody called 'caro' was dropped"),
        (("--undo",), "name the students"),
        (("--undo", "--absent"), "leave out --absent"),
        (("ana", "--absent"), "leave out the names, or leave out --absent"),
    ],
)
def test_wrong_use_of_drop(graded: Path, arguments: tuple[str, ...], said: str) -> None:
    """Unknown names and options that do not fit are errors, and nobody is dropped."""
    found = run(graded, "drop", *arguments)
    assert found.returncode == 2 and said in found.stderr
    assert done(graded, "drop") == "nobody was dropped\n"


def test_drop_as_json(graded: Path) -> None:
    """A line for each student, and for each in the list."""
    assert lines(run(graded, "drop", "caro", "--json")) == [
        {"student": "caro", "dropped": True, "assignments": ["signs", "vectors"]}
    ]
    assert [line["student"] for line in lines(run(graded, "drop", "--json"))] == ["caro"]


# --- the class list --------------------------------------------------------------------------------------------------------------------

LIST = "login,first name,last name,section\nana,Ana,Pérez,A\nbea,Bea,Díaz,B\nnoe,Noé,Nadie,A\n"


@pytest.fixture
def roster(graded: Path) -> Path:
    """A class list without caro."""
    (graded / "list.csv").write_text(LIST)
    return graded / "list.csv"


def test_who_is_missing_and_who_is_in_no_list(graded: Path, roster: Path) -> None:
    """Names stand in the table, who handed in nothing below it, and who is not in the list on stderr."""
    found = run(graded, "grade", graded / "class", "--roster", roster)
    assert "ana (Ana Pérez)" in found.stdout
    assert "vectors: nothing handed in by 1: Noé Nadie" in found.stdout
    assert "not in" in found.stderr and "caro" in found.stderr


@pytest.mark.parametrize("command", [("grade", "class"), ("show",), ("export", "-f", "json")], ids=lambda words: words[0])
def test_a_section(graded: Path, roster: Path, command: tuple[str, ...]) -> None:
    """The same choice in every command."""
    json = () if command[0] == "export" else ("--json",)
    found = run(graded, *command, "--roster", roster, "--section", "a", *json)
    assert scores(found) == {key: score for key, score in GRADED.items() if key[0] == "ana"}


def test_feedback_of_a_section(graded: Path, roster: Path) -> None:
    """Pages of its students alone."""
    done(graded, "feedback", "--roster", roster, "--section", "B", "--to", "back")
    assert [path.name for path in (graded / "back").iterdir()] == ["bea"]


def test_absent_students_of_a_section_in_an_export(graded: Path, roster: Path) -> None:
    """A csv of a section has those of it who handed in nothing, and nobody of another."""
    said = run(graded, "export", "signs", "--roster", roster, "--section", "A").stdout
    assert [line.split(",")[3] for line in said.splitlines()[1:]] == ["ana", "noe"]


def test_rows_of_the_class_table_by_name(graded: Path) -> None:
    """Two students, named."""
    found = run(graded, "show", "-s", "ana", "-s", "caro", "--json")
    assert {student for student, _ in scores(found)} == {"ana", "caro"}


def test_a_student_and_a_choice(graded: Path) -> None:
    """STUDENT is a choice already."""
    assert run(graded, "show", "ana", "-s", "bea").returncode == 2


# --- submission times ------------------------------------------------------------------------------------------------------------------


def test_times_of_a_list_outrank_the_others_and_stay(graded: Path) -> None:
    """A list's time stands over `timestamp.txt`, and in later runs without the list; what was not understood is quoted."""
    (submitted_at(graded / "class", "ana").parent / "timestamp.txt").write_text("2020-01-01 00:00:00 UTC")
    (graded / "times.csv").write_text("student,topic,time\nana,vectors,2027-04-23 20:15:00 -0300\nbea,vectors,soon\n")
    said = done(graded, "grade", graded / "class", "--times", graded / "times.csv")
    assert "times.csv, line 3: «soon» was not understood" in said
    assert "2027-04-23 23:15 UTC  times" in done(graded, "show", "ana", "vectors")
    done(graded, "grade", graded / "class", "--force")
    assert "2027-04-23 23:15 UTC  times" in done(graded, "show", "ana", "vectors")
