"""`grader help`: the guides, in a terminal and in a pipe."""

import io
import os
import pty
import re
import subprocess
from pathlib import Path

import pytest
from classroom import REPO, command, environment, grader
from rich.console import Console

from grader.cli import guides
from grader.cli.guides import IN_ENGLISH, for_terminal, headed, headings, page
from grader.cli.help import ABOUT, Guide, file, laid_out
from grader.errors import UsageError
from grader.text import language
from grader.text.language import gettext as _

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
    assert "A course in ten minutes" in shown.decode()
    assert "## A course in ten minutes" not in shown.decode()


@pytest.mark.parametrize("guide", ABOUT)
def test_guide_fits_80_columns(guide: Guide) -> None:
    """Laid out, no line of a guide is wider than a usual terminal, and no line of its code is cut anew by the terminal."""
    out = Console(width=80, file=io.StringIO())
    with out.capture() as shown:
        out.print(laid_out(page(file(guide)), out.width))
    assert max(map(len, shown.get().splitlines())) <= 80
    code = "\n".join(re.findall(r"^```.*\n((?:.*\n)*?)```$", for_terminal(page(file(guide)), 78), re.M))
    assert max(map(len, code.splitlines()), default=0) <= 78


@pytest.mark.parametrize(
    ("line", "folded"),
    [
        ("grader new topic    # a short one", "grader new topic    # a short one\n"),
        ("grader help a    # the page about a, and more", "grader help a    # the page about a,\n                 # and more\n"),
        ("    yield agrees(random, cases=layers, n=3)", "    yield agrees(random, cases=layers,\n        n=3)\n"),
        ("grader new misconception pooling    # a known mistake", "grader new misconception pooling\n    # a known mistake\n"),
    ],
)
def test_long_line_of_code(line: str, folded: str) -> None:
    """It goes on below its comment, indented, or with the comment on a line of its own."""
    assert for_terminal(f"```sh\n{line}\n```", 38) == f"```sh\n{folded}```"


@pytest.mark.parametrize("guide", ABOUT)
def test_commands_and_trees_of_files_fit_the_site(guide: Guide) -> None:
    """What is typed, and what a folder holds, is read at once: on the site, a line has room for 84 columns."""
    blocks = re.findall(r"^```(?:sh|text)\n((?:.*\n)*?)```$", page(file(guide)), re.M)
    assert [line for block in blocks for line in block.splitlines() if len(line) > 84] == []


def test_headings_of_a_guide_are_in_the_language_in_force() -> None:
    """Its headings, a line on why the rest is in English, and nothing of its code."""
    language.speak("es")
    text = headed(page("authors.md"))
    assert [title for title in headings(text) if title in headings(GUIDE)] == []
    assert _(IN_ENGLISH) in text and IN_ENGLISH not in text
    assert re.findall("^```.*$", text, re.M) == re.findall("^```.*$", GUIDE, re.M)


def test_every_page_for_authors_is_a_guide() -> None:
    """What the site has for authors can be read without a network."""
    pages = {"authors.md", *(f"authors/{path.name}" for path in (REPO / "docs" / "authors").glob("*.md"))}
    assert {file(guide) for guide in ABOUT} == pages


def test_guide_writes_out_what_the_site_draws() -> None:
    """Where the site has a function's documentation, the guide has its call, its arguments and their meaning."""
    text = page("authors/api.md")
    assert ":::" not in text
    assert "\nget(target)\n" in text
    assert "- `rtol`: relative to the expected array's largest element" in text


def test_list_of_guides(tmp_path: Path) -> None:
    """Without a name, it says which guides there are."""
    done = grader("help", cwd=tmp_path)
    assert (done.returncode, done.stdout.splitlines()[0].split("  ")[0]) == (0, "grader help authoring")
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_installation_without_the_guide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The grader that a course hands out to students has no guide for authors, and says where one is."""
    monkeypatch.setattr(guides, "PACKAGE", tmp_path / "grader")
    with pytest.raises(UsageError, match=r"without authors\.md.*pip install dl-grader"):
        page("authors.md")
