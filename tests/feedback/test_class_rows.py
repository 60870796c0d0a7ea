"""The rows of a class look as rich draws them, whatever is in them."""

from io import StringIO

import pytest
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from grader.feedback.class_rows import Cell, ClassRows

HEADS = ("student", "assignment", "points", "team", "late", "adjusted", "attempt", "what happened")
LONG = "gradient: differs by a factor of two; forward: every check failed because the bias is not added at all"
PLAIN: tuple[list[Cell], ...] = (
    [Text("ana"), "conv", Text("5 / 5", "green"), Text("red"), "2 days: −1", "→ 4", "1 of 2", Text("all right")],
    [Text("bea"), "pooling", Text("12.5 / 20", "yellow"), Text(""), "", "", "", Text("forward: failed «sums»")],
)
ODD: dict[str, list[Cell]] = {
    "too long for its column": [Text("caro"), "conv", Text("0 / 5", "red"), Text(""), "", "", "", Text(LONG)],
    "a long name": [
        Text("a name that is much longer than the column"),
        "conv",
        Text("1 / 5", "yellow"),
        Text(""),
        "",
        "",
        "",
        Text("x"),
    ],
    "a long word": [Text("dora"), "conv", Text("1 / 5", "yellow"), Text("t" * 70), "", "", "", Text("w" * 200)],
    "markup in a string": [
        Text("eva"),
        "conv",
        Text("1 / 5", "yellow"),
        Text(""),
        "[red]late[/red]",
        ":smile:",
        "",
        Text("[b]x[/b] :smile:"),
    ],
    "a part in colour": [Text("fay").append(" (F)", "bold"), "conv", Text("1 / 5", "yellow"), Text(""), "", "", "", Text("x")],
    "wide letters": [Text("王小明"), "conv", Text("1 / 5", "yellow"), Text("🙂 e\u0301"), "", "", "", Text("ｆｕｌｌ")],
    "blanks and breaks": [
        Text(" gil "),
        "conv",
        Text("1 / 5", "yellow"),
        Text("a\tb"),
        "",
        "",
        "",
        Text("one\ntwo  three \x1b[31m"),
    ],
}


def printed(what: RenderableType, width: int, colour: bool) -> str:
    """What comes out of a console."""
    out = StringIO()
    console = Console(file=out, width=width, force_terminal=colour, color_system="truecolor" if colour else None, highlight=False)
    console.print(what)
    return out.getvalue()


def by_rich(rows: list[list[Cell]]) -> Table:
    """The rows as a table, with all of their columns."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for place, head in enumerate(HEADS):
        widest = 24 if place in (0, 3) else None
        justify = "right" if place == 2 else "left"
        table.add_column(head, justify=justify, no_wrap=place in (1, 2), overflow="fold", max_width=widest)
    for row in rows:
        table.add_row(*row)
    return table


@pytest.mark.parametrize("colour", [False, True])
@pytest.mark.parametrize("width", [130, 160, 400])
@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_rows_look_as_rich_draws_them(odd: list[Cell], width: int, colour: bool) -> None:
    """Rows that fit and rows that do not, in turns, are the lines of one table."""
    rows = [PLAIN[0], odd, odd, PLAIN[1], odd]
    assert printed(ClassRows(rows), width, colour) == printed(by_rich(rows), width, colour)


def test_nobody() -> None:
    """A class of nobody has a head."""
    shown = printed(ClassRows([]), 100, colour=False)
    assert shown.split() == ["student", "assignment", "points", "what", "happened"]


def test_little_room() -> None:
    """In a narrow window what may be empty stands in front of what happened."""
    assert "late: 2 days: −1 · → 4 · attempt 1 of 2 · all" in " ".join(printed(ClassRows([*PLAIN]), 60, colour=False).split())
