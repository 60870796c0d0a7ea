"""The checks of a student's course as tests of pytest, run as a student runs them: in a process of its own, in a bundle's folder.

All but one are forks of a process that has imported pytest and the grader.
"""

import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import forked
import pytest
from classroom import PATIENCE, RIGHT, copy_course, environment, scaling

pytestmark = pytest.mark.slow

PLUGIN: tuple[str, ...] = ()  # the entry point of the installed grader
VECTORS = "assignments/vectors/vectors.py"


def run(*arguments: object, cwd: Path, **more: str) -> "subprocess.CompletedProcess[str]":
    """Run pytest to its end."""
    command = ["pytest", *PLUGIN, "-p", "no:cacheprovider", *map(str, arguments)]
    return forked.run(command, cwd, environment(**more), PATIENCE)


def students_course(folder: Path) -> Path:
    """A student's copy of the small course: `scale` adds, `running_total` is not written, `relu` is right."""
    course = copy_course(folder / "course")
    for name in ("solutions", "reference"):
        shutil.rmtree(course / name)
    (course / "course.secret").unlink()
    wrong = scaling("return x + factor")
    hole = re.sub(r"return np\.cumsum.*", "raise NotImplementedError", wrong)
    assert hole != wrong
    (course / "assignments" / "vectors" / "vectors.py").write_text(f'print("it is run")\n{hole}')
    (course / "assignments" / "signs" / "signs.py").write_text(RIGHT["signs"])
    return course


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A student's course, to be left as it is."""
    return students_course(tmp_path_factory.mktemp("student"))


@pytest.fixture(scope="module")
def whole(course: Path) -> "subprocess.CompletedProcess[str]":
    """`pytest` in the course's folder."""
    return run("-rA", "--junitxml", course.parent / "junit.xml", cwd=course)


@pytest.fixture(scope="module")
def cases(course: Path, whole: "subprocess.CompletedProcess[str]") -> dict[str, ElementTree.Element]:
    """The cases of the report for machines, by name."""
    return {case.attrib["name"]: case for case in ElementTree.parse(course.parent / "junit.xml").iter("testcase")}


def test_a_topic_is_a_file_of_tests(whole: "subprocess.CompletedProcess[str]") -> None:
    """The stubs are collected, and nothing else of the course; what failed is the exit code 1."""
    assert whole.returncode == 1
    assert set(re.findall(r"^(\S+\.py) ", whole.stdout, flags=re.M)) == {
        "assignments/vectors/vectors.py",
        "assignments/signs/signs.py",
    }


def test_failure_is_told_in_the_graders_words(whole: "subprocess.CompletedProcess[str]") -> None:
    """The text of a failure is what came, the call and the line to open; no line of the grader's own code."""
    text = whole.stdout.partition("_ scale: ")[2].partition("\n___")[0]
    assert "y[0] = 3 (should be 2)" in text and "scale(x=[1., -2., 3.], factor=2.0)" in text
    assert re.search(r"^assignments/vectors/vectors\.py:\d+$", text, flags=re.M)
    assert "Traceback" not in whole.stdout and "grader/" not in whole.stdout


def test_line_of_a_failure_is_the_students(course: Path, whole: "subprocess.CompletedProcess[str]") -> None:
    """The line that is named defines the exercise."""
    found = re.search(r"^assignments/vectors/vectors\.py:(\d+)$", whole.stdout, flags=re.M)
    assert found is not None
    line = (course / "assignments/vectors/vectors.py").read_text().splitlines()[int(found[1]) - 1]
    assert line.startswith("def scale(")


def test_what_is_not_written_is_said_so(whole: "subprocess.CompletedProcess[str]") -> None:
    """A hole has a word of its own in the summary, and no report of a failure."""
    assert re.search(r"\d+ not written yet", whole.stdout)
    assert "_ running_total: " not in whole.stdout


def test_what_waits_is_skipped_with_its_reason(cases: dict[str, ElementTree.Element]) -> None:
    """A check that needs the reference is skipped: it runs on submission."""
    (skipped,) = cases["scale: random vectors"].iter("skipped")
    assert "hand in" in skipped.attrib["message"]


def test_skips_are_the_students_lines(whole: "subprocess.CompletedProcess[str]") -> None:
    """The summary of what was skipped names the student's file."""
    assert re.search(r"^SKIPPED \[\d+\] assignments/", whole.stdout, flags=re.M)


def test_points_are_properties_and_a_line(
    whole: "subprocess.CompletedProcess[str]", cases: dict[str, ElementTree.Element]
) -> None:
    """Machines read each check's points; people read the sum."""
    found = {one.attrib["name"]: one.attrib["value"] for one in cases["relu: nothing is negative"].iter("property")}
    assert (found["grader_verdict"], float(found["grader_points"])) == ("passed", float(found["grader_most"]))
    assert "points that can be checked here" in whole.stdout


def test_one_exercise_is_chosen_by_its_name(course: Path) -> None:
    """`-k scale:` is every check of that exercise, and a whole id is one of them."""
    done = run("--collect-only", "-q", "-k", "scale:", cwd=course)
    found = [line for line in done.stdout.splitlines() if "::" in line]
    assert len(found) > 2 and all(line.startswith(f"{VECTORS}::scale: ") for line in found)
    (one,) = [line for line in run("--collect-only", "-q", found[-1], cwd=course).stdout.splitlines() if "::" in line]
    assert one == found[-1]


def test_collecting_runs_nothing(course: Path) -> None:
    """`--collect-only` starts no sandbox, and a stub is never imported."""
    done = run("--collect-only", "-q", "assignments/vectors/vectors.py", "-s", cwd=course)
    assert done.returncode == 0 and "it is run" not in done.stdout


def test_a_broken_file_fails_in_words(tmp_path: Path) -> None:
    """What is not Python is told with its line; the checks are collected all the same."""
    course = students_course(tmp_path)
    (course / "assignments/signs/signs.py").write_text("def relu(x)\n    return x\n")
    done = run("assignments/signs", cwd=course)
    assert done.returncode == 1 and "cannot be run: SyntaxError in line 1" in done.stdout


def test_stops_at_the_first_failure(course: Path) -> None:
    """-x."""
    done = run("-x", "-q", "assignments/vectors", cwd=course)
    assert "stopping after 1 failures" in done.stdout


def test_last_failures_are_run_again(tmp_path: Path) -> None:
    """--lf chooses what failed the last time."""
    course = students_course(tmp_path)
    command = ["pytest", *PLUGIN, "-q", "-k", "scale or relu"]
    first, again = (forked.run([*command, *more], course, environment(), PATIENCE) for more in ((), ("--lf", "--collect-only")))
    failed = int(re.search(r"(\d+) failed", first.stdout)[1])  # type: ignore[index]
    assert sum("::scale: " in line for line in again.stdout.splitlines()) == failed
    assert "relu" not in again.stdout


def test_processes_share_the_topics(course: Path) -> None:
    """With `-n 2` every topic is run by one process only, so nothing is run twice."""
    done = run("-n", "2", "-v", cwd=course)
    whose = re.findall(r"^\[(gw\d)\].*assignments/(\w+)/", done.stdout, flags=re.M)
    assert len(whose) > 5 and len(set(whose)) == len({topic for _worker, topic in whose}) == 2


def test_spanish(course: Path) -> None:
    """The environment's language is spoken."""
    done = run("-q", VECTORS, cwd=course, LANGUAGE="es")
    assert "should be" not in done.stdout and "puntos que se pueden comprobar" in done.stdout


@pytest.mark.parametrize("off", [("-p", "no:grader-checks"), ("-o", "grader=false")], ids=["plugin", "setting"])
def test_it_can_be_switched_off(course: Path, off: tuple[str, ...]) -> None:
    """`-p no:…` and a setting."""
    assert run(*off, cwd=course).returncode == pytest.ExitCode.NO_TESTS_COLLECTED


def test_a_course_inside_another_is_a_fixture(tmp_path: Path) -> None:
    """A course in the tests of another one is collected only when it is asked for."""
    outer = students_course(tmp_path)
    inner = students_course(outer / "tests")
    assert run("tests", cwd=outer).returncode == pytest.ExitCode.NO_TESTS_COLLECTED
    assert run("--collect-only", inner, cwd=outer).returncode == 0


def test_a_course_that_is_wrong_is_one_message(tmp_path: Path) -> None:
    """A rubric that cannot be read is an error of collection in words."""
    course = students_course(tmp_path)
    (course / "assignments/signs/checks.py").write_text("exercise(\n")
    done = run("assignments/signs", cwd=course)
    assert done.returncode == pytest.ExitCode.INTERRUPTED and "checks.py" in done.stdout and "Traceback" not in done.stdout


def test_elsewhere_it_imports_nothing(tmp_path: Path) -> None:
    """In a repository that has no course, the plugin brings in neither numpy nor any other part of the grader."""
    (tmp_path / "test_own.py").write_text(
        "import sys\n\n\ndef test_modules():\n"
        '    own = {name for name in sys.modules if name.partition(".")[0] == "grader"}\n'
        '    assert "numpy" not in sys.modules\n'
        "    assert own == {'grader', 'grader.integrations', 'grader.integrations.pytest', 'grader.integrations.pytest.plugin'}\n"
    )
    (tmp_path / "thing").mkdir()
    (tmp_path / "thing" / "thing.py").write_text("1 / 0\n")
    command = [sys.executable, "-m", "pytest", *PLUGIN, "-p", "no:cacheprovider", "-p", "no:hypothesispytest"]
    done = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, encoding="utf-8", timeout=PATIENCE)
    assert done.returncode == 0, done.stdout


def test_no_other_plugin_is_needed() -> None:
    """The installed distribution tells pytest where the plugin is."""
    settings = (Path(__file__).parents[2] / "pyproject.toml").read_text()
    assert '[project.entry-points.pytest11]\ngrader = "grader.integrations.pytest.plugin"' in settings


def test_optional_points_are_not_in_the_line() -> None:
    """The sum at the end is that of the grader's own report: what does not count is not in it."""
    from grader.integrations.pytest.topic import points_text

    def check(counts: str, later: bool) -> dict[str, object]:
        return {"grader_points": 0.0 if later else 2.0, "grader_most": 2.0, "grader_later": later, "grader_counts": counts}

    worth = [check(counts, later) for counts in ("required", "optional") for later in (False, True)]
    assert points_text(worth).startswith("2 of 2 that can be checked here: all right. 2 more")
