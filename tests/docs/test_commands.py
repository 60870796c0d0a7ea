"""Commands and files that the documentation names are there, and none is left out."""

import inspect
import re
import subprocess
from pathlib import Path

import pytest
import settings_tables
from pages import COMMANDS, PAGES, ROOT, blocks, commands

from grader.course.authoring import exercise
from grader.engine import reading_forks
from grader.engine.grade_one import NOTEBOOK_LOAD_SECONDS
from grader.sandbox.backend import Limits
from grader.submissions import files
from grader.submissions.module_texts import MAX_SOURCE
from grader.submissions.notebook import ipynb

README = (ROOT / "README.md").read_text(encoding="utf-8")
FIRST_TWO = re.findall(r"^```sh\n(.*?)^```$", README, flags=re.S | re.M)[:2]
TEXT = {page: page.read_text(encoding="utf-8") for page in PAGES}
MOST_LINES = 130  # of the README: the rest is in docs/


@pytest.mark.parametrize("block", FIRST_TWO, ids=["install and grade", "test"])
def test_first_two_blocks_are_commands_of_one_line(block: str) -> None:
    """Each of the README's first two sh blocks is one line, so that it can be pasted alone."""
    assert block.strip().count("\n") == 0


def test_ci_runs_the_readmes_test_command() -> None:
    """What `.ci/run` takes out of the README is its second sh block."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    program = re.search(r"command=\$\((awk .*)\)\n", script)
    assert program is not None
    found = subprocess.run(["bash", "-c", program[1]], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == FIRST_TWO[1].strip()


def test_readme_is_short() -> None:
    """The README is read in a few minutes."""
    assert README.count("\n") <= MOST_LINES


@pytest.mark.parametrize("command", sorted(COMMANDS.commands))
def test_every_command_has_an_example(command: str) -> None:
    """Each command of the program stands in an example of the documentation, with its arguments."""
    shown = [words for page in PAGES for block in blocks(page, "sh", "console") for words in commands(block)]
    assert command in {words[1] for words in shown}


def test_every_setting_is_explained() -> None:
    """The tables of settings are drawn from the types that read `course.toml` and `examples.toml` (`make reference`)."""
    for path in settings_tables.PAGES:
        page = path.read_text(encoding="utf-8")
        assert page == settings_tables.drawn(page)


def test_limits_are_those_in_force() -> None:
    """The page on security tells the limits that a submission has."""
    limits = Limits()
    wanted = {
        "CPU time to execute the module": f"{limits.load_seconds:g} s (a notebook's cells: {NOTEBOOK_LOAD_SECONDS:g} s)",
        "CPU time of one call": f"{inspect.signature(exercise).parameters['seconds'].default:g} s, or what the exercise says",
        "CPU time of the whole submission": f"{limits.budget_seconds:g} s",
        "waiting in one call, as one that sleeps": f"{limits.idle_seconds:g} s",
        "memory beyond what numpy needs": f"{limits.memory >> 20} MiB",
        "what all calls return together": f"{limits.returned >> 20} MiB",
        "printed output that is kept": f"{limits.output >> 10} KiB",
        "reading one submission": f"{reading_forks.SECONDS} s of CPU time, {reading_forks.MEMORY >> 30} GiB",
        "a Python file; all of a submission; the code of a notebook": (
            f"{files.MAX_FILE >> 20} MiB; {MAX_SOURCE >> 20} MiB; {files.MAX_FILE >> 20} MiB"
        ),
        "a notebook's file; one of its text cells, all of them": (
            f"{files.MAX_NOTEBOOK // 1_000_000} MB; {ipynb.MAX_TEXT:,}, {ipynb.MAX_TEXTS:,} characters (the rest is left out of feedback)"
        ),
    }
    table = TEXT[ROOT / "docs" / "security.md"].partition("## Limits")[2].partition("\n## ")[0]
    assert dict(re.findall(r"^\| (.+?) \| (.+?) \|$", table, flags=re.M)[1:]) == wanted


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_names_a_command_that_is_not_there(page: Path) -> None:
    """Every `grader …` in the running text of a page is a command of the program."""
    named = set(re.findall(r"`grader ([a-z]+)", TEXT[page]))
    assert named <= set(COMMANDS.commands)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_names_a_task_that_is_not_there(page: Path) -> None:
    """Every `make …` that a page names is a target of the Makefile."""
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.M)
    named = {task for tasks in re.findall(r"`make ([a-z -]+)", TEXT[page]) for task in tasks.split()}
    assert named <= set(targets)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_names_a_file_that_is_not_there(page: Path) -> None:
    """Files of the project that a page sends its reader to are there."""
    text = re.sub(r"^\| prairielearn \|.*$", "", TEXT[page], flags=re.M)  # its questions have a folder `tests`, too
    named = re.findall(r"`(?:python )?((?:grader|tests|assignments|benchmarks|docs)/[\w/.]+)`", text)
    assert [path for path in named if not (ROOT / path).exists()] == []
