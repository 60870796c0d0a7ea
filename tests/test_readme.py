"""The README does what it says."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", README, flags=re.S | re.M)


@pytest.mark.parametrize("block", BLOCKS[:2], ids=["install and grade", "test"])
def test_first_two_blocks_are_commands_of_one_line(block: str) -> None:
    """Each of the first two sh blocks is one line, so that it can be pasted alone."""
    assert block.strip().count("\n") == 0


def test_ci_runs_the_readmes_test_command() -> None:
    """What `.ci/run` takes out of the README is its second sh block."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    program = re.search(r"command=\$\((awk .*)\)\n", script)
    assert program is not None
    found = subprocess.run(["bash", "-c", program[1]], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == BLOCKS[1].strip()


def _commands() -> list[str]:
    shown = subprocess.run([sys.executable, "-m", "grader", "--help"], capture_output=True, text=True, check=True).stdout
    return re.findall(r"^  ([a-z]+) ", shown.split("Commands:")[1], flags=re.M)


@pytest.mark.parametrize("command", _commands())
def test_every_command_is_in_the_readme(command: str) -> None:
    """A command of the program is mentioned in the README."""
    assert f"grader {command}" in README


def test_readme_mentions_no_command_that_is_not_there() -> None:
    """Every `grader …` that begins a line of the README is a command of the program."""
    mentioned = set(re.findall(r"^\s+grader ([a-z]+)", README, flags=re.M))
    assert mentioned <= set(_commands())


def test_every_path_in_contributing_exists() -> None:
    """Files that CONTRIBUTING.md sends a maintainer to are there."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    paths = [path for path in re.findall(r"`((?:grader|tests|assignments)/[\w/.]+)`", text) if "<" not in path]
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []
