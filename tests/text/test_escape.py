"""Text of students is shown, not obeyed."""

import csv
import io
import json
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.text.escape import code_block, csv_copied, csv_safe, json_line, markdown, one_line, plain

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


def test_a_little_more_is_not_cut() -> None:
    """What is no longer than what would say that it is left out is shown: «1 characters more» would hide one."""
    assert plain("x" * 30, 10) == "x" * 30
    assert plain("x" * 35, 10) == "xxxxxxxxxx… (25 characters more)"


def test_long_text_of_controls_stays_short() -> None:
    """Escapes are made after the cut: a megabyte of controls stays short."""
    assert len(plain("\x1b" * 1_000_000, 100)) < 500


def test_limit_is_exact() -> None:
    """Text of just the limit is not cut."""
    assert plain("x" * 10, 10) == "x" * 10


# --- spreadsheets ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        pytest.param("=1+1", "'=1+1", id="equals"),
        pytest.param("+1", "'+1", id="plus"),
        pytest.param("-1+cmd|' /C calc'!A0", "'-1+cmd|' /C calc'!A0", id="minus"),
        pytest.param("@SUM(A1)", "'@SUM(A1)", id="at"),
        pytest.param("\t=1", "'\t=1", id="tab"),
        pytest.param("\r=1", "'\\r=1", id="carriage return"),
        pytest.param("\n=1", "'\n=1", id="line end"),
        pytest.param("  =1", "'  =1", id="after spaces"),
        pytest.param("＝1", "'＝1", id="full width"),
        pytest.param("Pérez, Ana", "Pérez, Ana", id="name"),
        pytest.param('Ana "Anita" Pérez', 'Ana "Anita" Pérez', id="quotes"),
        pytest.param("a=1", "a=1", id="not at the beginning"),
        pytest.param("", "", id="nothing"),
        pytest.param("\x1b[2J", "\\x1b[2J", id="control"),
    ],
)
def test_csv_safe(text: str, cell: str) -> None:
    """A cell that a spreadsheet would calculate begins with an apostrophe; other text is left as it is."""
    assert csv_safe(text) == cell


@LAW
@given(st.text(st.characters(exclude_categories=())))
def test_no_cell_is_a_formula(text: str) -> None:
    """Whatever a student writes, the cell that is read back begins with no sign of a formula, and is one cell."""
    out = io.StringIO(newline="")
    csv.writer(out).writerow([csv_safe(text), "next"])
    out.seek(0)
    ((cell, after),) = csv.reader(out)
    assert after == "next"
    assert not cell.lstrip(" \u00a0").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))


@pytest.mark.parametrize(
    "text", ["", "-", " - ", "-1.5", "+7", "10,00", "12%", "Pérez, Ana", "two\nlines", "\u202eana", "x" * 2000]
)
def test_copied_cell_is_untouched(text: str) -> None:
    """A cell of another system's file stays as it is, whatever it holds: it has to be found again there."""
    assert csv_copied(text) == text


@pytest.mark.parametrize("text", ["=1+1", "-1+1", "@SUM(A1)", " =1", "-ana", "\t=1", "=" + "x" * 2000])
def test_copied_cell_is_no_formula(text: str) -> None:
    """Unless a spreadsheet would execute it."""
    assert csv_copied(text) == f"'{text}"


# --- Markdown --------------------------------------------------------------------------------------------------------------------------


@LAW
@given(st.text(st.characters(codec="utf-8") | st.sampled_from("`*_<[](!~$\\"), max_size=100))
def test_markdown_is_shown_as_it_is(text: str) -> None:
    """Every sign that Markdown would obey is escaped, and the backslashes gone the text is the same."""
    shown = markdown(text)
    assert not re.search(r"(?<!\\)(?:\\\\)*[`*_<\[\]$~]", shown)
    assert re.sub(r"\\([^\w\s])", r"\1", shown) == one_line(text)


@pytest.mark.parametrize("text", ["x", "```", "~~~\n```\n<b>", "`" * 10, "a\n````python\nb"], ids=ascii)
def test_block_of_code_ends_where_it_should(text: str) -> None:
    """No line of the text is a fence as long as that around it."""
    first, *inside, last = code_block(text).split("\n")
    assert first == last + "text" and set(last) == {"`"}
    assert inside == text.split("\n")
    assert not any(line.strip().startswith(last) for line in inside)


@LAW
@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_json_reads_the_same(text: str) -> None:
    """A line of JSON has no character that a terminal obeys or that ends a line, and holds the very text."""
    written = json_line({"message": text})
    assert json.loads(written) == {"message": text}
    assert not [char for char in written if unicodedata.category(char) in DANGEROUS]


@pytest.mark.parametrize("char", ["\x9b", "\x7f", "\x85", "\u202e", "\u2028", "\ue000", "\U000e0001", "\U0010ffff"])
def test_json_escapes(char: str) -> None:
    """C1 control codes, DEL, direction marks and what lies beyond 16 bits are escapes of JSON's, lower-case and complete."""
    written = json_line([char])
    assert written.isascii() and written.startswith('["\\u')
    assert json.loads(written) == [char]
