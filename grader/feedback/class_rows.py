"""The rows of the table of a class, drawn as rich draws a table, and in a tenth of the time: a class may have 100,000.

Rich finds how wide the columns are, from the rows that are widest somewhere, and draws each row of which a cell does not fit into one
line. The others, which are most, are put together here.
"""

from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from grader.text.language import gettext as _

Cell = str | Text
WIDEST, ROOM = 24, 30  # columns of a name at most, and of what happened at least
BETWEEN = 2  # blanks behind each cell
_MAY_BE_EMPTY = (3, 4, 5, 6)  # columns of the table of a class
_MARKS = frozenset("[:")  # with which markup and the names of pictures begin, in a `str`


class ClassRows:
    """The rows of a class. Where there is little room for what happened, the columns in front of it that may be empty go into it."""

    def __init__(self, rows: list[list[Cell]]) -> None:
        self._rows = rows

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        heads = (
            _("student"),
            _("assignment"),
            _("points"),
            _("team"),
            _("late"),
            _("adjusted"),
            _("attempt"),
            _("what happened"),
        )
        shown = [place for place in range(len(heads)) if place not in _MAY_BE_EMPTY or any(row[place] for row in self._rows)]
        rows = self._rows
        widths = [max(cell_len(heads[place]), *(cell_len(str(row[place])) for row in rows), 0) + BETWEEN for place in shown[:-1]]
        room = options.max_width - sum(min(width, WIDEST + BETWEEN) for width in widths)
        if room < ROOM and len(shown) > len(heads) - len(_MAY_BE_EMPTY):
            shown = [place for place in range(len(heads)) if place not in _MAY_BE_EMPTY]
            rows = [[*row[:-1], Text(" · ").join(_in_words(row))] for row in rows]
        yield from _drawn(
            console, options, [heads[place] for place in shown], shown, [[row[place] for place in shown] for row in rows]
        )


def _drawn(
    console: Console, options: ConsoleOptions, heads: Sequence[str], places: Sequence[int], rows: Sequence[Sequence[Cell]]
) -> RenderResult:
    """The head and the rows: what rich is not needed for, put together here."""
    probes = [_Probe() for _head in heads]
    console.render_lines(_table(heads, places, [*_widest(rows), probes]), options, pad=False)
    widths = [probe.width for probe in probes]
    yield _table(heads, places, (), widths)
    odd: list[Sequence[Cell]] = []
    for row in rows:
        line = _line(console, row, places, widths)
        if line is None:
            odd.append(row)
            continue
        if odd:
            yield _table((), places, odd, widths)
            odd = []
        yield from line
    if odd:
        yield _table((), places, odd, widths)


class _Probe:
    """A cell that takes no room, and notes how much it was given."""

    width = 0

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        self.width = options.max_width
        yield Segment("")

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement(0, 0)


def _table(
    heads: Sequence[str], places: Sequence[int], rows: Iterable[Sequence[Cell | _Probe]], widths: Sequence[int] = ()
) -> Table:
    """The table of rich.

    Args:
        heads: none for rows without a head.
        widths: of the columns; rich finds them where they are not given.
    """
    table = Table(box=None, padding=(0, BETWEEN, 0, 0), header_style="bold", show_header=bool(heads))
    for number, place in enumerate(places):
        right, whole = place == 2, place in (1, 2)
        table.add_column(
            heads[number] if heads else "",
            justify="right" if right else "left",
            no_wrap=whole,
            overflow="fold",
            max_width=WIDEST if place in (0, 3) else None,
            width=widths[number] if widths else None,
        )
    for row in rows:
        table.add_row(*row)
    return table


def _widest(rows: Sequence[Sequence[Cell]]) -> list[Sequence[Cell]]:
    """Rows for which alone the columns are as wide as for all: those with the widest plain cell of a column, and all that are not plain."""
    plain: list[Sequence[Cell]] = []
    others: list[Sequence[Cell]] = []
    for row in rows:
        (plain if all(map(_is_plain, row)) else others).append(row)
    if not plain:
        return others
    return [*others, *(max(plain, key=lambda row: cell_len(str(row[place]))) for place in range(len(plain[0])))]


def _is_plain(cell: Cell) -> bool:
    """Whether rich draws a cell as the one line that it is."""
    text = str(cell)
    if not text.isprintable() or text != text.strip():
        return False
    return not cell.spans if isinstance(cell, Text) else _MARKS.isdisjoint(text)


def _line(console: Console, row: Sequence[Cell], places: Sequence[int], widths: Sequence[int]) -> list[Segment] | None:
    """A row whose cells fit into their columns; None where it is for rich."""
    line = []
    for cell, place, width in zip(row, places, widths, strict=True):
        text = str(cell)
        blanks = width - cell_len(text)
        if blanks < 0 or not _is_plain(cell):
            return None
        style = console.get_style(cell.style) if isinstance(cell, Text) and cell.style else None
        padded = " " * blanks + text if place == 2 else text + " " * blanks
        line += [Segment(padded, style), Segment(" " * BETWEEN)]
    return [*line, Segment.line()]


def _in_words(row: Sequence[Cell]) -> Iterator[Text]:
    """What happened, behind what the columns that may be empty say."""
    _student, _assignment, _points, team, late, adjusted, attempt, what = map(str, row)
    said = (
        team,
        _("late: {text}").format(text=late) if late else "",
        adjusted,
        _("attempt {text}").format(text=attempt) if attempt else "",
        what,
    )
    return (Text(text) for text in said if text)
