"""Progress on stderr: a bar on a terminal, and nothing or a line elsewhere."""

import io

import pytest
from rich.console import Console

from grader.feedback.progress import counted
from grader.feedback.terminal import PIPED_WIDTH, console, few


def watched(terminal: bool) -> tuple[list[str], str]:
    """What is counted, and what is written meanwhile."""
    out = io.StringIO()
    seen = list(counted(Console(file=out, force_terminal=terminal, width=80), iter(["ana", "[bea]"]), 2, "judging"))
    return seen, out.getvalue()


def test_a_bar_says_what_is_done_and_for_whom() -> None:
    """On a terminal there is a bar with the last name; a name is not markup."""
    seen, written = watched(terminal=True)
    assert seen == ["ana", "[bea]"]
    assert "judging" in written and "2/2" in written and "(bea]" in written


def test_no_bar_in_a_pipe() -> None:
    """Where there is no terminal nothing is written, and nothing is lost."""
    assert watched(terminal=False) == (["ana", "[bea]"], "")


def test_a_pipe_is_as_wide_as_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """COLUMNS is the width of what is not a terminal; what is not a number is not."""
    for value, width in (("80", 80), ("", PIPED_WIDTH), ("wide", PIPED_WIDTH), ("0", PIPED_WIDTH)):
        monkeypatch.setenv("COLUMNS", value)
        assert console().width == width


def test_many_notes_are_few() -> None:
    """Of many notes the first are said, and how many more there are."""
    assert few(["a", "b", "c"], 3) == ["a", "b", "c"]
    assert few(["a", "b", "c", "d"], 3) == ["a", "b", "… and 2 more notes"]
