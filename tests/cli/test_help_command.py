"""`grader help`: the guides, in a terminal and in a pipe."""

import io
import os
import pty
import subprocess
from pathlib import Path

import pytest
from classroom import REPO, command, environment, grader
from rich.console import Console
from rich.markdown import Markdown

from grader.cli import help as help_command
from grader.cli.help import page
from grader.errors import UsageError

GUIDE = (REPO / "docs" / "authors.md").read_text(encoding="utf-8")


def test_guide_in_a_pipe_is_the_page(tmp_path: Path) -> None:
    """What is not read in a terminal is the text itself, to be kept or searched."""
    done = grader("help", "authoring", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, GUIDE, "")


def test_guide_in_a_terminal_is_laid_out(tmp_path: Path) -> None:
    """A terminal gets the page laid out, by the reader's pager."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command("help", "authoring"), cwd=tmp_path, env=environment(PAGER="cat", TERM="xterm"), stdout=theirs
    ) as process:
        os.close(theirs)
        shown = b""
        try:
            while chunk := os.read(ours, 65536):
                shown += chunk
        except OSError:  # the other side is closed
            pass
        os.close(ours)
    assert process.returncode == 0
    assert "The first hour" in shown.decode()
    assert "## The first hour" not in shown.decode()


def test_guide_fits_80_columns() -> None:
    """Laid out, no line of the guide is wider than a usual terminal."""
    out = Console(width=80, file=io.StringIO())
    with out.capture() as shown:
        out.print(Markdown(page("authors.md")))
    assert max(map(len, shown.get().splitlines())) <= 80


def test_list_of_guides(tmp_path: Path) -> None:
    """Without a name, it says which guides there are."""
    done = grader("help", cwd=tmp_path)
    assert (done.returncode, done.stdout.splitlines()[0].split("  ")[0]) == (0, "grader help authoring")
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_installation_without_the_guide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The grader that a course hands out to students has no guide for authors, and says where one is."""
    monkeypatch.setattr(help_command, "PACKAGE", tmp_path / "grader")
    with pytest.raises(UsageError, match=r"without authors\.md.*pip install dl-grader"):
        page("authors.md")
