"""What all commands have in common: help, exit codes, what goes where, and the JSON contract."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from classroom import GRADED, command, environment, grader
from typer.main import get_command
from typer.testing import CliRunner

from grader.cli.app import app
from grader.judge.verdicts import SCHEMA, Grade

pytestmark = pytest.mark.slow

COMMANDS = {
    "list": (),
    "check": ("vectors",),
    "grade": ("class",),
    "rejudge": (),
    "validate": ("signs",),
    "release": ("--check",),
    "doctor": (),
}
WITH_JSON = [name for name in COMMANDS if name not in ("release", "grade")]  # of `grade` there is more below

# The contract of one graded submission, as it is published: names, and the words that a field may have.
VERDICTS = {"passed", "failed", "skipped", "grader_error"}
OUTCOMES = {"returned", "raised", "timed_out", "out_of_memory", "died", "bad_return", "not_implemented", None}
KINDS = {"example", "agrees", "gradient", "property", "raises", "unchanged"}
SUBMISSION = {"schema", "student", "assignment", "status", "score", "max_score", "exercises"}
EXERCISE = {"name", "score", "max_score", "checks"}
CHECK = {"name", "kind", "verdict", "outcome", "message", "misconception"}


def invoke(*arguments: str) -> Any:
    """Run the command line in this process."""
    return CliRunner().invoke(app, list(arguments))


def test_every_command_is_tested_here() -> None:
    """The table of this module has every command that the help lists."""
    listed = re.findall(r"^  (\w+) ", invoke("--help").stdout.partition("Commands:")[2], flags=re.MULTILINE)
    assert sorted(set(listed) & COMMANDS.keys()) == sorted(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_an_example(name: str) -> None:
    """`--help` of a command shows how it is used."""
    done = invoke(name, "--help")
    assert done.exit_code == 0
    assert f"Example: grader {name}" in done.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_unknown_option_is_wrong_use(name: str) -> None:
    """An option that a command does not have exits with 2."""
    done = invoke(name, *COMMANDS[name], "--nonsense")
    assert done.exit_code == 2
    assert "No such option: --nonsense" in done.output


@pytest.mark.parametrize(
    "arguments",
    [("nonsense",), ("grade",), ("grade", "class", "--jobs", "0"), ("grade", "class", "--jobs", "many")],
    ids=["unknown command", "no class", "no job", "jobs in words"],
)
def test_wrong_arguments_are_wrong_use(arguments: tuple[str, ...]) -> None:
    """A command line that cannot be read exits with 2 and shows the usage."""
    done = invoke(*arguments)
    assert done.exit_code == 2
    assert "Usage: " in done.output


@pytest.mark.parametrize(
    ("arguments", "imported"),
    [
        (["--help"], "grader.cli.app grader.cli.help_texts grader.cli.wrong_use"),
        (["check", "--help"], "grader.cli.app grader.cli.check grader.cli.help_texts grader.cli.options grader.cli.wrong_use"),
    ],
    ids=" ".join,
)
def test_commands_are_imported_when_they_are_used(arguments: list[str], imported: str) -> None:
    """The help of `grader` and of `grader check` imports no other command, and neither numpy nor rich."""
    code = (
        f"import sys; from grader.cli.app import app; app({arguments}, standalone_mode=False);"
        "print(*sorted(name for name in sys.modules if name.startswith('grader.cli.')), *{'numpy', 'rich'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == imported


def test_list_of_commands_says_what_each_command_says(tmp_path: Path) -> None:
    """The list has the first sentence of each command's own help, though it imports none of them."""
    listed = " ".join(grader("--help", cwd=tmp_path).stdout.partition("Commands:")[2].split())
    group: Any = get_command(app)
    context = group.context_class(group)
    own = [f"{name} {group.get_command(context, name).get_short_help_str()}" for name in group.list_commands(context)]
    assert listed == " ".join(own)


def test_self_check_imports_what_it_needs(own_course: Path) -> None:
    """No gradebook, no archives, and nothing that runs a reference: a student waits for every import."""
    code = (
        "import sys; from grader.cli.app import app; app(['check', 'vectors'], standalone_mode=False);"
        "print(*(name for name in sys.modules if name in ('zipfile', 'tarfile', 'grader.sandbox.child.execute')"
        " or name.startswith('grader.gradebook.')))"
    )
    shutil.rmtree(own_course / "reference")
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), cwd=own_course, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == ""


def test_without_a_command_there_is_help(tmp_path: Path) -> None:
    """`grader` alone lists the commands."""
    done = grader(cwd=tmp_path)
    assert all(f"\n  {name} " in done.stdout + done.stderr for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_pipe_gets_no_colour(graded: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the output is not a terminal it has no control code, whatever TERM says."""
    monkeypatch.setenv("TERM", "xterm-256color")
    done = grader(name, *COMMANDS[name], *_folders(name), cwd=graded)
    assert done.returncode in (0, 1) and done.stdout
    assert "\x1b" not in done.stdout + done.stderr


@pytest.mark.parametrize("name", WITH_JSON)
def test_stdout_is_json_and_nothing_else(graded: Path, name: str) -> None:
    """With --json every line of stdout is an object; what else there is to say is on stderr."""
    done = grader(name, *COMMANDS[name], *_folders(name), "--json", cwd=graded)
    assert done.returncode in (0, 1)
    assert done.stdout and all(isinstance(json.loads(line), dict) for line in done.stdout.splitlines())


def _folders(name: str) -> tuple[str, ...]:
    course = () if name == "doctor" else ("--course", "course")
    return (*course, "--out", "out") if name in ("grade", "rejudge") else course


@pytest.fixture(scope="module")
def printed(_graded_once: Path) -> str:
    """What `grader grade --json` prints of a class."""
    return grader("grade", "class", "--course", "course", "--out", "out", "--json", cwd=_graded_once).stdout


def test_json_lines_are_grades(printed: str) -> None:
    """Every line decodes into a `Grade` and encodes into the same line."""
    found = [msgspec.json.decode(line, type=Grade) for line in printed.splitlines()]
    assert {(grade.student, grade.assignment): grade.score for grade in found} == GRADED
    assert "".join(msgspec.json.encode(grade).decode() + "\n" for grade in found) == printed


def test_json_keeps_the_published_names(printed: str) -> None:
    """Submissions, exercises and checks have the fields of the contract."""
    submissions = [json.loads(line) for line in printed.splitlines()]
    exercises = [exercise for submission in submissions for exercise in submission["exercises"]]
    checks = [check for exercise in exercises for check in exercise["checks"]]
    assert all(submission.keys() >= SUBMISSION for submission in submissions)
    assert all(exercise.keys() >= EXERCISE for exercise in exercises)
    assert checks and all(check.keys() >= CHECK for check in checks)


def test_json_keeps_the_published_words(printed: str) -> None:
    """Schema, status, verdict, outcome and kind are words of the contract."""
    submissions = [json.loads(line) for line in printed.splitlines()]
    checks = [check for submission in submissions for exercise in submission["exercises"] for check in exercise["checks"]]
    assert {(submission["schema"], submission["status"]) for submission in submissions} == {(SCHEMA, "graded")}
    assert {check["verdict"] for check in checks} <= VERDICTS
    assert {check["outcome"] for check in checks} <= OUTCOMES
    assert {check["kind"] for check in checks} <= KINDS


def test_json_scores_add_up(printed: str) -> None:
    """A submission's score is the sum of its exercises' scores, and theirs of the checks that passed."""
    for submission in map(json.loads, printed.splitlines()):
        parts = [exercise["score"] for exercise in submission["exercises"]]
        assert submission["score"] == pytest.approx(sum(parts), abs=1e-4)
        for exercise in submission["exercises"]:
            passed = sum(check["points"] for check in exercise["checks"] if check["verdict"] == "passed")
            assert exercise["score"] == pytest.approx(passed, abs=1e-5)


def test_reader_that_goes_away_is_no_fault(graded: Path) -> None:
    """`grader grade --json | head` ends without a traceback when its reader has seen enough."""
    with subprocess.Popen(
        command("rejudge", *_folders("rejudge"), "--json"),
        cwd=graded,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        said = process.stderr.read()
    assert "Traceback" not in said and "Exception" not in said
