"""The settings of Visual Studio Code in a bundle: its tasks call commands that exist, and read what those print."""

import io
import json
import re

import pytest
from typer.testing import CliRunner

from grader.cli.app import app
from grader.feedback.places import Place, Places
from grader.feedback.terminal import student_report
from grader.feedback.view import view_of
from grader.judge.verdicts import ExerciseGrade, Grade, Verdict
from grader.release.editor import AGAIN, DONE, FAILURE, PLACE, vscode_files
from grader.text.language import gettext as _
from grader.text.language import speaking

FILES = {path.name: json.loads(content) for path, content in vscode_files().items()}
TASKS = {task["label"]: task for task in FILES["tasks.json"]["tasks"]}


@pytest.mark.parametrize("label", TASKS)
def test_tasks_have_options_that_exist(label: str) -> None:
    """Each option that a task gives is one of `grader check`."""
    task = TASKS[label]
    assert task["args"][:3] == ["-m", "grader", "check"]
    told = CliRunner().invoke(app, ["check", "--help"], env={"COLUMNS": "100"}).output
    assert all(option in told for option in task["args"] if option.startswith("--"))


def test_one_task_has_the_shortcut() -> None:
    """Ctrl+Shift+B checks the topic of the file that is edited."""
    (default,) = [task for task in TASKS.values() if task.get("group") == {"kind": "build", "isDefault": True}]
    assert default["args"][-1] == "${fileDirname}"


def test_explorer_runs_pytest_on_the_assignments() -> None:
    """The test explorer collects the stubs."""
    settings = FILES["settings.json"]
    assert (settings["python.testing.pytestEnabled"], settings["python.testing.pytestArgs"]) == (True, ["assignments"])


def test_failures_of_a_report_are_matched() -> None:
    """The two patterns find path, line and message of a failure, on lines that follow each other."""
    from rich.console import Console

    check = Verdict("a padding of 1", "property", "failed", "returned", "wrong", points=1.0)
    grade = Grade(
        student="you",
        assignment="conv",
        status="graded",
        score=0.0,
        max_score=1.0,
        exercises=(ExerciseGrade("conv2d", "Convolution.", 0.0, 1.0, (check,)),),
    )
    where = Places(checks={("conv2d", check.name): Place("my work/conv.py", 12)})
    console = Console(width=100, record=True, file=io.StringIO())
    console.print(student_report(view_of(grade, places=where)))
    lines = [line.rstrip() for line in console.export_text().splitlines()]
    (found,) = [(number, match) for number, line in enumerate(lines) if (match := re.search(PLACE, line))]
    told = re.search(FAILURE, lines[found[0] + 1])
    assert found[1].groups() == ("my work/conv.py", "12")
    assert told is not None and told[1] == "a padding of 1"


def test_tasks_are_named_in_the_language_of_the_bundle() -> None:
    """What Ctrl+Shift+B offers."""
    (tasks,) = (json.loads(content) for path, content in vscode_files("es").items() if path.name == "tasks.json")
    assert tasks["tasks"][0]["label"] == "grader: comprobar este tema"


@pytest.mark.parametrize("language", ["en", "es"])
def test_watching_task_knows_when_a_check_is_over(language: str) -> None:
    """The line that ends the first check, and that of each later one, are found in each language; so is the one between two."""
    with speaking(language):
        assert re.search(DONE, _("watching {files}; Ctrl-C ends it"))
        assert re.search(DONE, _("saved at {time}: {changes}").format(time="23:31:05", changes=""))
    assert re.search(AGAIN, "─" * 80)
