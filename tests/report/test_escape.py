"""Text of students is shown, not obeyed."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.report.escape import one_line, plain

LAW = settings(max_examples=60, derandomize=True, deadline=None)
DANGEROUS = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m", id="ansi-colour"),
        pytest.param("\x1b]0;title\x07", "\\x1b]0;title\\x07", id="ansi-title"),
        pytest.param("\x9b2J", "\\x9b2J", id="c1-control"),
        pytest.param("10\r20", "10\\r20", id="carriage-return"),
        pytest.param("a\bb\0c", "a\\x08b\\x00c", id="backspace-and-nul"),
        pytest.param("\u202egnp.exe", "\\u202egnp.exe", id="bidi-override"),
        pytest.param("\u2066x\u2069", "\\u2066x\\u2069", id="bidi-isolate"),
        pytest.param("a\u200bb", "a\\u200bb", id="zero-width-space"),
        pytest.param("\ud800", "\\ud800", id="lone-surrogate"),
        pytest.param("a\u2028b", "a\\u2028b", id="line-separator"),
        pytest.param("\ue000", "\\ue000", id="private-use"),
        pytest.param("δ = −∂ε²/∂s «ñ» 漢字 🙂", "δ = −∂ε²/∂s «ñ» 漢字 🙂", id="harmless"),
        pytest.param("a\n\tb", "a\n\tb", id="newline-and-tab"),
        pytest.param("[bold]x[/bold]", "[bold]x[/bold]", id="markup"),
    ],
)
def test_plain(text: str, shown: str) -> None:
    """What a terminal would obey is shown as an escape, the rest as it is."""
    assert plain(text) == shown


@LAW
@given(st.text(st.characters(exclude_categories=())))
def test_nothing_dangerous_is_left(text: str) -> None:
    """No control, format, surrogate or separator character is left in any text, and it can be encoded."""
    shown = plain(text)
    shown.encode("utf-8")
    assert not [char for char in shown if char not in "\n\t" and unicodedata.category(char) in DANGEROUS]


@LAW
@given(st.text(st.characters(exclude_categories=())))
def test_one_line_is_one_line(text: str) -> None:
    """`one_line` leaves no line break of any kind."""
    assert len(one_line(text).splitlines()) <= 1


@LAW
@given(st.text(st.characters(exclude_categories=DANGEROUS), max_size=200))
def test_harmless_text_is_untouched(text: str) -> None:
    """Text without such characters stays as it is."""
    assert plain(text) == text


def test_long_text_is_cut() -> None:
    """A megabyte is cut, and the cut is told."""
    assert plain("x" * 1_000_000, 10) == "xxxxxxxxxx… (999990 characters more)"


def test_long_text_of_controls_stays_short() -> None:
    """Escapes are made after the cut: a megabyte of controls stays short."""
    assert len(plain("\x1b" * 1_000_000, 100)) < 500


def test_limit_is_exact() -> None:
    """Text of just the limit is not cut."""
    assert plain("x" * 10, 10) == "x" * 10
