"""`grader check`: what a student runs on their own work."""

import json
import re
import shutil
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from classroom import PATIENCE, RIGHT, command, edit, environment, eventually, grader, lines, scaling, submitted_at

from grader.course.folder import find_course
from grader.engine.self_check import again, work_at

pytestmark = pytest.mark.slow


@pytest.fixture
def student(own_course: Path) -> Path:
    """A student's copy of the course: the assignments and nothing else."""
    for name in ("solutions", "reference", "tests"):
        shutil.rmtree(own_course / name)
    (own_course / "course.secret").unlink()
    return own_course


def fill(course: Path, topic: str, text: str) -> Path:
    """Write an answer into the stub's place."""
    stub = course / "assignments" / topic / f"{topic}.py"
    stub.write_text(text)
    return stub


def test_untouched_stub_is_not_implemented_yet(own_course: Path) -> None:
    """A stub as it was released has no points, and its exercises wait to be implemented; the exit code is 1."""
    done = grader("check", "vectors", cwd=own_course)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("vectors · Vectors   0 of 5 points\n")
    assert done.stdout.count("not implemented yet") == 2


def test_right_answer_exits_with_0(own_course: Path) -> None:
    """A topic with every check passed has all points."""
    fill(own_course, "vectors", RIGHT["vectors"])
    done = grader("check", "vectors", cwd=own_course)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "vectors · Vectors   5 of 5 points",
        "assignments/vectors/vectors.py",
        "✓ scale  3 of 3  A vector times a number.",
        "✓ running_total  2 of 2  The sums up to each number.",
    ]


def test_mistake_is_named_with_call_and_hint(own_course: Path) -> None:
    """A wrong answer shows the call, what came, and the hint of the mistake that was recognised."""
    fill(own_course, "vectors", scaling("return x + factor"))
    done = grader("check", "vectors", cwd=own_course)
    assert done.returncode == 1
    for text in (
        "✗ scale  0 of 3",
        "scale(x=[1., -2., 3.], factor=2.0)",
        "y[0] = 3 (should be 2)",
        "→ Is it a sum or a product?",
    ):
        assert text in done.stdout


def test_printed_and_not_returned_is_said_without_the_reference(student: Path) -> None:
    """On a student's copy a result that is printed is recognised by the worked example, and a law names the `print` too."""
    fill(student, "vectors", scaling("print(x * factor)"))
    done = grader("check", "vectors", cwd=student)
    assert "y is right, but is printed; return it" in done.stdout
    assert "it printed something, but returned None; is a `print` in place of a `return`?" in done.stdout


def test_list_for_an_array_is_a_slip_without_the_reference(student: Path) -> None:
    """On a student's copy a law that needs an array judges the array of a list, and says what is wrong with the form."""
    edit(student / "assignments/vectors/checks.py", "np.sign(results[0])", "np.sign(results[0].reshape(-1))")
    fill(student, "vectors", scaling("return (x * factor).tolist()"))
    done = grader("check", "vectors", cwd=student)
    assert "✗ the direction stays" not in done.stdout and "AttributeError" not in done.stdout
    assert "y has the right values, but is a list of 3 items; return an array of shape (3,)" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        pytest.param(("check", "vectors", "-e", "scale"), 3, id="check"),
        pytest.param(("grade", "class", "-t", "vectors", "--allow-weak-sandbox"), 3, id="grade"),
    ],
)
def test_failing_calls_are_programs_that_can_be_pasted(own_course: Path, arguments: tuple[str, ...], shown: int) -> None:
    """`--show-call` prints every failing call as a program: run beside the student's file, it gives the wrong result that was told."""
    text = scaling("return x + factor")
    stub = fill(own_course, "vectors", text) if arguments[0] == "check" else submitted_at(own_course / "class", "ana", text=text)
    done = grader(*arguments, "--show-call", cwd=own_course)
    programs = re.split(r"^(?=# scale: )", done.stdout, flags=re.MULTILINE)[1:]
    assert len(programs) == shown
    assert "y[0] = 3 (should be 2)" in programs[0]
    pasted = subprocess.run(
        [sys.executable, "-c", programs[0]], cwd=stub.parent, capture_output=True, text=True, timeout=PATIENCE
    )
    assert pasted.stdout == "[3. 0. 5.]\n"


def test_several_submissions_have_no_single_call(own_course: Path) -> None:
    """The calls of a class are not printed together."""
    for student in ("ana", "bea"):
        submitted_at(own_course / "class", student)
    done = grader("grade", "class", "-t", "vectors", "--show-call", "--allow-weak-sandbox", cwd=own_course)
    assert (done.returncode, "--show-call takes a single submission, not 2" in done.stderr) == (2, True)


def test_folder_of_a_topic_is_its_stub(own_course: Path) -> None:
    """`grader check assignments/vectors` checks the topic."""
    fill(own_course, "vectors", RIGHT["vectors"])
    assert grader("check", "assignments/vectors", cwd=own_course).returncode == 0


def test_exercise_alone_finds_its_topic(own_course: Path) -> None:
    """`grader check -e running_total` needs no topic; a name that no topic has is wrong use."""
    fill(own_course, "vectors", RIGHT["vectors"])
    done = grader("check", "-e", "running_total", cwd=own_course)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "vectors · Vectors   2 of 2 points")
    wrong = grader("check", "-e", "running_totals", cwd=own_course)
    assert (wrong.returncode, "no assignment has an exercise 'running_totals'" in wrong.stderr) == (2, True)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("import scipy\nfloat(scipy.pi)", "uses `scipy.pi`, but only numpy, the standard library may be imported here"),
        ("open('data.csv', 'w')", "your code may not use files or the network here"),
        ("input()", "nobody can answer `input()` here"),
    ],
)
def test_what_the_sandbox_lacks_is_said(own_course: Path, line: str, said: str) -> None:
    """An exception that comes of the sandbox says what there is not."""
    fill(own_course, "vectors", line)
    assert said in " ".join(grader("check", "vectors", cwd=own_course).stdout.split())


def test_all_topics_are_checked_with_all(own_course: Path) -> None:
    """`grader check --all` checks every topic; one that lacks something decides the exit code."""
    fill(own_course, "signs", RIGHT["signs"])
    done = grader("check", "--all", cwd=own_course)
    assert done.returncode == 1
    assert [line for line in done.stdout.splitlines() if " points" in line] == [
        "vectors · Vectors   0 of 5 points",
        "signs · Signs   1 of 1 points",
    ]


@pytest.mark.parametrize(
    "place", ["assignments/vectors/vectors.py", "tries/vectors.py", "vectors/second try.py", "../vectors.py"]
)
def test_file_is_known_by_its_name_or_folder(own_course: Path, place: str) -> None:
    """A file called as the topic, or in a folder of that name, is checked wherever it lies, also beside the course."""
    file = own_course / place
    file.parent.mkdir(exist_ok=True)
    file.write_text(RIGHT["vectors"])
    done = grader("check", place, cwd=own_course)
    assert (done.returncode, done.stdout.partition("\n")[0]) == (0, "vectors · Vectors   5 of 5 points")


def test_file_of_a_course_is_checked_from_anywhere(own_course: Path, tmp_path: Path) -> None:
    """A file in a course is checked by that course, whatever the working directory."""
    fill(own_course, "signs", RIGHT["signs"])
    done = grader("check", own_course / "assignments" / "signs" / "signs.py", cwd=tmp_path)
    assert (done.returncode, done.stdout.partition("\n")[0]) == (0, "signs · Signs   1 of 1 points")


def test_exercise_is_checked_alone(own_course: Path) -> None:
    """--exercise shows one exercise, and only that decides the exit code."""
    fill(own_course, "vectors", scaling("return None"))
    done = grader("check", "vectors", "--exercise", "running_total", cwd=own_course)
    assert (done.returncode, done.stdout.splitlines()) == (
        0,
        [
            "vectors · Vectors   2 of 2 points",
            "assignments/vectors/vectors.py",
            "✓ running_total  2 of 2  The sums up to each number.",
        ],
    )


WRONG_USE = {
    "exercise": (("vectors", "--exercise", "sclae"), "vectors has no exercise 'sclae'. Did you mean 'scale'?"),
    "topic": (("vector",), "no assignment, exercise or file is called 'vector'. Did you mean 'vectors'?"),
    "file": (("vectors.py",), "vectors.py is not there. Give a .py file, a notebook, a folder, a zip, or a topic."),
    "other file": (
        ("solutions/../mine.py",),
        "for which assignment solutions/../mine.py is cannot be told. Say it with -t: grader check ",
    ),
    "damaged notebook": (("mine.ipynb",), "grader: mine.ipynb is not a notebook: it is not JSON at line 1"),
    "folder with nothing else": (("damaged",), "grader: mine.ipynb is not a notebook: it is not JSON at line 1"),
}


@pytest.mark.parametrize("what", WRONG_USE)
def test_unknown_names_are_wrong_use(own_course: Path, what: str) -> None:
    """A name that the course does not have exits with 2 and says which there are."""
    (own_course / "mine.py").write_text("x = 1\n")
    (own_course / "damaged").mkdir()
    for folder in (own_course, own_course / "damaged"):
        (folder / "mine.ipynb").write_text('{"cells": [')
    arguments, message = WRONG_USE[what]
    done = grader("check", *arguments, cwd=own_course)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("grader: ") and message in done.stderr


def test_a_file_of_another_name_is_called_by_that_name(own_course: Path) -> None:
    """In the line on the whole file, and in the place of an exception: in the sandbox it is called like the topic."""
    (own_course / "work.py").write_text("def scale(x, factor)\n    return x\n")
    done = grader("check", "work.py", "-t", "vectors", cwd=own_course)
    assert done.stdout.splitlines()[2].startswith("work.py cannot be run: SyntaxError in line 1")
    (own_course / "work.py").write_text(scaling("return x / 0 * [][1]", before="int('x')\n"))
    text = grader("check", "work.py", "-t", "vectors", cwd=own_course).stdout
    assert (
        "work.py, line 1: `int('x')`: it raised ValueError" in text
        and "IndexError: list index out of range (work.py, line" in text
    )
    assert "vectors.py" not in text


def test_file_that_does_not_run_names_the_line(own_course: Path) -> None:
    """A syntax error is shown with its line instead of the exercises."""
    fill(own_course, "vectors", "def scale(x, factor)\n    return x\n")
    done = grader("check", "vectors", cwd=own_course)
    assert (done.returncode, done.stdout.splitlines()[2]) == (
        1,
        "vectors.py cannot be run: SyntaxError in line 1: `def scale(x, factor)` (expected ':')",
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [(b"# a\xf1o\n", "vectors.py is not UTF-8 text"), (b"x = 1\0\n", "vectors.py has NUL bytes"), (b"(" * 5000, "SyntaxError")],
    ids=["no text", "NUL bytes", "brackets"],
)
def test_stub_that_was_made_unreadable_says_why(own_course: Path, text: bytes, message: str) -> None:
    """A student who fills the stub in place hears what is wrong with the file, whatever was done to it."""
    (own_course / "assignments" / "vectors" / "vectors.py").write_bytes(text)
    done = grader("check", "vectors", cwd=own_course)
    assert (done.returncode, done.stderr) == (1, "")
    assert message in done.stdout


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"# coding: latin-1\n# a\xf1o\n"], ids=["byte order mark", "coding line"])
def test_stub_in_another_encoding_is_checked(own_course: Path, before: bytes) -> None:
    """A stub that an editor saved with a byte order mark, or that names its encoding, is as good."""
    (own_course / "assignments" / "vectors" / "vectors.py").write_bytes(before + RIGHT["vectors"].encode())
    assert grader("check", "vectors", cwd=own_course).returncode == 0


def test_what_was_printed_is_shown_as_text(own_course: Path) -> None:
    """What the code prints is shown below the report, control codes as escapes."""
    fill(own_course, "vectors", 'print("\\x1b[31mloading")\n' + RIGHT["vectors"])
    done = grader("check", "vectors", cwd=own_course)
    assert done.stdout.splitlines()[-2:] == ["it printed:", r"  \x1b[31mloading"]


def test_fault_of_a_check_exits_with_3(own_course: Path) -> None:
    """A check that fails itself is the grader's fault: no points are shown, and the exit code is 3."""
    edit(own_course / "assignments" / "signs" / "checks.py", '    return "a number', '    1 / 0\n    return "a number')
    fill(own_course, "signs", RIGHT["signs"])
    done = grader("check", "signs", cwd=own_course)
    assert (done.returncode, done.stdout.partition("\n")[0]) == (3, "signs · Signs   – of 1 points")
    assert "the check «nothing is negative» of relu failed itself: ZeroDivisionError" in done.stdout


def test_copy_without_reference_says_what_is_decided_at_submission(student: Path) -> None:
    """In a student's copy the checks that need the reference wait, and their points are told."""
    fill(student, "vectors", RIGHT["vectors"])
    done = grader("check", "vectors", cwd=student)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "vectors · Vectors   3.11 of 3.11 that can be checked here: all right. 1.89 more are decided on submission",
        "assignments/vectors/vectors.py",
        "✓ scale  2 of 2  A vector times a number. (+1 on submission)",
        "✓ running_total  1.11 of 1.11  The sums up to each number. (+0.89 on submission)",
    ]


def test_copy_without_reference_finds_what_it_can(student: Path) -> None:
    """In a student's copy a wrong answer fails the public checks."""
    fill(student, "vectors", scaling("return x + factor"))
    done = grader("check", "vectors", "--json", cwd=student)
    checks = {check["name"]: (check["verdict"], check["at_hand_in"]) for check in lines(done)[0]["exercises"][0]["checks"]}
    assert done.returncode == 1
    assert checks["doubled"] == ("failed", False)
    assert checks["random vectors"] == ("skipped", True)


def test_checking_makes_no_file(student: Path) -> None:
    """A check writes nothing: no secret, no records."""
    before = sorted(student.rglob("*"))
    grader("check", "--all", cwd=student)
    assert [path for path in sorted(student.rglob("*")) if "__pycache__" not in path.parts] == before


@pytest.fixture(params=[(), ("--json",)], ids=["report", "json"])
def watching(own_course: Path, request: pytest.FixtureRequest) -> Iterator["subprocess.Popen[str]"]:
    """A `grader check --watch` of a file that does not run yet; killed when it says nothing for long."""
    file = fill(own_course, "vectors", "def scale(x, factor)\n")
    with subprocess.Popen(
        command("check", file, "--watch", *request.param),
        cwd=own_course,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        guard = threading.Timer(PATIENCE, process.kill)
        guard.start()
        yield process
        guard.cancel()
        process.kill()


def _state(pid: int) -> str:
    """What the process does: R when it runs, S when it waits."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def _read_until(process: "subprocess.Popen[str]", *texts: str) -> str:
    """The next line with one of `texts`."""
    assert process.stdout is not None
    for line in process.stdout:
        if any(text in line for text in texts):
            return line
    raise AssertionError(f"it ended before it said {texts}")


def test_watch_checks_again_when_the_file_is_saved(watching: "subprocess.Popen[str]", own_course: Path) -> None:
    """With --watch a saved file is checked again, until Ctrl-C ends it with code 130."""
    _read_until(watching, "cannot be run: SyntaxError in line 1")
    fill(own_course, "vectors", RIGHT["vectors"])
    _read_until(watching, "5 of 5 points", '"score":5.0')
    fill(own_course, "vectors", RIGHT["vectors"].replace("def scale", "def half_done"))
    fill(own_course, "vectors", scaling("return x + factor"))
    _read_until(watching, "2 of 5 points", '"score":2.0')
    eventually(lambda: _state(watching.pid) == "S", watching)  # it has said all, and waits for the file
    watching.send_signal(signal.SIGINT)
    _, said = watching.communicate(timeout=PATIENCE)
    assert (watching.returncode, "Traceback" in said) == (130, False)


def test_watch_follows_modules_that_come_and_go(watching: "subprocess.Popen[str]", own_course: Path) -> None:
    """A module that a save imports is read, also where it is written later; a file that is deleted leaves no deaf watch."""
    folder = own_course / "assignments" / "vectors"
    right = "def times(x, y):\n    return x * y\n"
    _read_until(watching, "cannot be run: SyntaxError in line 1")
    fill(own_course, "vectors", scaling("import helper\nreturn helper.times(x, factor)"))
    _read_until(watching, "2 of 5 points", '"score":2.0')
    (folder / "helper.py").write_text(right)
    _read_until(watching, "5 of 5 points", '"score":5.0')
    (folder / "helper.py").unlink()
    _read_until(watching, "2 of 5 points", '"score":2.0')
    fill(own_course, "vectors", RIGHT["vectors"])
    _read_until(watching, "5 of 5 points", '"score":5.0')
    (folder / "vectors.py").unlink()
    _read_until(watching, "vectors.py cannot be opened")
    fill(own_course, "vectors", RIGHT["vectors"])
    _read_until(watching, "5 of 5 points", '"score":5.0')


def test_an_archive_that_was_saved_broken_is_still_watched(own_course: Path, tmp_path: Path) -> None:
    """Nothing can be read of it, but the next save can be right."""
    course, path = find_course(own_course, None), tmp_path / "vectors.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("vectors.py", RIGHT["vectors"])
    (work,), _notes = work_at(path, "vectors", course)
    path.write_bytes(b"broken")
    assert again(work, course).paths == [path]


def test_helper_beside_the_file_can_be_imported(own_course: Path, tmp_path: Path) -> None:
    """One's own modules beside the file are at hand, as they are when handed in."""
    file = submitted_at(tmp_path / "work", "me", "vectors", scaling("import helper\nreturn helper.times(x, factor)"))
    (file.parent / "helper.py").write_text("def times(x, y):\n    return x * y\n")
    assert grader("check", file, "--course", own_course, cwd=tmp_path).returncode == 0


@pytest.mark.parametrize("instructor", [True, False], ids=["with solution", "student's copy"])
@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("def scale(", "def skale(", "`scale` is not defined in vectors.py; did you mean to call `skale` that?"),
        ("x", "vector", None),
    ],
    ids=["renamed function", "renamed parameters"],
)
def test_stub_filled_in_place_may_change_names(
    own_course: Path, old: str, new: str, message: str | None, instructor: bool
) -> None:
    """Names that a student changed in the stub are the student's: a missing function is told, other parameter names are as good."""
    text = RIGHT["vectors"].replace(old, new) if message else re.sub(rf"\b{old}\b", new, RIGHT["vectors"])
    (own_course / "assignments" / "vectors" / "vectors.py").write_text(text, encoding="utf-8")
    if not instructor:
        for folder in ("solutions", "reference"):
            shutil.rmtree(own_course / folder)
    done = grader("check", "vectors", cwd=own_course)
    assert (done.returncode, done.stderr) == (1 if message else 0, "")
    assert message is None or message in done.stdout


def test_a_statement_that_fails_and_costs_nothing_is_no_failed_check(own_course: Path) -> None:
    """Full marks are exit code 0, also where a line outside of the functions failed, which is said."""
    file = own_course / "assignments" / "vectors" / "vectors.py"
    file.write_text(f"{RIGHT['vectors']}\n1 / 0\n")
    done = grader("check", "vectors", cwd=own_course)
    assert done.returncode == 0 and "it raised ZeroDivisionError" in done.stdout


def packed(path: Path, member: str, text: str) -> Path:
    """A zip with one member."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, text)
    return path


def notebook(text: str) -> str:
    """A notebook with one cell of code."""
    cell = {"cell_type": "code", "source": text, "metadata": {}, "outputs": [], "execution_count": None}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4})


def test_notebook_is_not_graded_by_the_stub_beside_it(own_course: Path) -> None:
    """What a student wrote into `vectors.py` is no part of a notebook that lacks it: handed in, it would earn nothing."""
    for name in ("solutions", "reference"):
        shutil.rmtree(own_course / name)
    fill(own_course, "vectors", re.sub(r" *# (BEGIN|END) SOLUTION\n", "", RIGHT["vectors"]))
    (own_course / "mine.ipynb").write_text(notebook("x = 1"))
    done = grader("check", "mine.ipynb", "-t", "vectors", cwd=own_course)
    assert done.returncode == 1 and "`scale` is not defined" in done.stdout, done.stdout


def test_cells_that_fail_are_told(own_course: Path) -> None:
    """What a notebook tries out and cannot be done costs nothing, and is told with its cell, as are commands of Jupyter."""
    (own_course / "mine.ipynb").write_text(notebook(RIGHT["vectors"] + "\n!ls\n1 / 0\n"))
    done = grader("check", "mine.ipynb", "-t", "vectors", cwd=own_course)
    assert done.returncode == 0, done.stdout
    assert "`!ls` works in Jupyter only and was not run" in done.stdout and "ZeroDivisionError" in done.stdout


@pytest.mark.parametrize("arguments", [(), ("-t", "vectors")], ids=["", "with its topic"])
def test_archive_of_nothing_says_so(own_course: Path, arguments: tuple[str, ...]) -> None:
    """An empty archive is for no assignment; who says for which one is not asked again, but told that nothing is in it."""
    with zipfile.ZipFile(own_course / "work.zip", "w"):
        pass
    done = grader("check", "work.zip", *arguments, cwd=own_course)
    assert done.returncode == 2 and ("holds no file for vectors" if arguments else "Say it with -t") in done.stderr


def test_archive_that_is_damaged_is_one_message(own_course: Path) -> None:
    """It is not the same report once for each assignment of the course."""
    (own_course / "work.zip").write_bytes(b"PK\x03\x04 and no more")
    done = grader("check", "work.zip", cwd=own_course)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"grader: work\.zip: the zip file cannot be read: .*\. Make it again, or give .*\n", done.stderr)


@pytest.mark.parametrize(
    ("place", "text", "target", "graded"),
    [
        ("X.ipynb", notebook(RIGHT["vectors"]), "X.ipynb", "X.ipynb"),
        ("vectors/Vectors/Vectors.py", RIGHT["vectors"], "vectors/Vectors/Vectors.py", "vectors/Vectors/Vectors.py"),
        ("solution.py", RIGHT["vectors"], "solution.py", "solution.py"),
        ("ana/vectors/solution.py", RIGHT["vectors"], "ana/vectors", "solution.py"),
        ("ana/vectors.py", RIGHT["vectors"], "ana", "vectors.py"),
        ("ana/vectors/vectors (1).py", RIGHT["vectors"], "ana", "vectors/vectors (1).py"),
        ("ana/work.py", RIGHT["vectors"], "ana", "work.py"),
    ],
    ids=["notebook", "nested", "another name", "a folder of that name", "a student's folder", "a copy", "by what it defines"],
)
def test_one_reader_for_files_and_folders(own_course: Path, place: str, text: str, target: str, graded: str) -> None:
    """`check` finds the work in what `grade` would understand, and says which file it was."""
    path = own_course / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    done = grader("check", target, cwd=own_course)
    assert (done.returncode, done.stdout.splitlines()[:2]) == (0, ["vectors · Vectors   5 of 5 points", graded])


def test_an_archive_is_checked(own_course: Path) -> None:
    """A zip is looked into, and the report names its member."""
    packed(own_course / "work.zip", "new folder/vectors.py", RIGHT["vectors"])
    done = grader("check", "work.zip", cwd=own_course)
    assert (done.returncode, done.stdout.splitlines()[1]) == (0, "work.zip: new folder/vectors.py")


def test_the_name_of_an_exercise_checks_that(own_course: Path) -> None:
    """`grader check scale` is `grader check vectors -e scale`."""
    fill(own_course, "vectors", RIGHT["vectors"])
    assert grader("check", "scale", cwd=own_course).stdout == grader("check", "vectors", "-e", "scale", cwd=own_course).stdout


def test_a_class_is_not_checked_as_one_persons_work(own_course: Path) -> None:
    """A folder with the folders of several people is wrong use, and the command for it is named."""
    for student in ("ana", "bea"):
        submitted_at(own_course / "class", student)
    done = grader("check", "class", cwd=own_course)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "grader: class holds work of several people. Grade it: grader grade class\n"
