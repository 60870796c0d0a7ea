"""A drawing as a matplotlib figure, and that as a file. matplotlib is imported here, and only when something is drawn."""

import importlib.util
import io
import re
import textwrap
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import escape
from typing import TYPE_CHECKING, Any, Literal, TypeVar, assert_never

from grader.course.panels import Bars, Cells, Grid, Lines, Note, Panel, Paths, Regions, Spread
from grader.errors import UsageError
from grader.plots.answers import Drawing
from grader.plots.colours import FAINT, INK, PAPER, RULE, dark_style
from grader.plots.curves import draw_bars, draw_lines, draw_note, draw_paths, draw_regions, draw_spread
from grader.plots.images import GAP, NAMED, draw_cells, draw_grid
from grader.text.language import gettext as _

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Format = Literal["png", "svg"]
Item = TypeVar("Item")
_TAG = re.compile(r"<[^>]*>")  # not the text between: 0.001 is a rate there
_LONG = re.compile(r"(\d\.\d{2})\d+")  # places of an SVG: a hundredth of a point cannot be seen, and halves the file
WIDTH = 7.6  # inches of a picture: a column of text on a screen
WIDTHS = (5.6, 6.8)  # of pictures of one column of panels, and of two
SQUARE, WIDE = 2.3, 2.5  # inches: the height of a row of images, and of one with axes
LINE = 0.2  # inches of one more line of a title
LETTERS = 105  # of a title, in the width of a picture
DPI = 110
SETTINGS: Any = {
    "svg.fonttype": "none",  # text stays text
    "svg.hashsalt": "grader",  # the same file every time
    "font.family": "sans-serif",
    "font.size": 8.5,
    "text.parse_math": False,  # a student's words may hold a $
    "axes.edgecolor": RULE,
    "axes.labelcolor": FAINT,
    "axes.titlecolor": INK,
    "axes.titlesize": 9,
    "text.color": INK,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.facecolor": PAPER,
    "lines.linewidth": 1.7,
}


def require_matplotlib() -> None:
    """Raise `UsageError` where nothing can be drawn."""
    if not can_draw():
        raise UsageError(_("pictures need matplotlib. Install it: pip install 'dl-grader[plots]'"))


def can_draw() -> bool:
    """Whether matplotlib is installed."""
    return importlib.util.find_spec("matplotlib") is not None


@contextmanager
def figure(drawing: Drawing) -> "Iterator[Figure]":
    """The drawing as a figure that belongs to no window, while matplotlib has the settings that it was drawn with."""
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context(SETTINGS), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about numbers that are not finite
        panels = drawing.panels
        columns = max(1, min(drawing.columns, len(panels)))
        width = WIDTHS[columns - 1] if columns <= len(WIDTHS) else WIDTH
        each = (width - 0.2) / columns
        titles = [textwrap.fill(panel.title, round(LETTERS / columns)) for panel in panels]
        heights = [
            max((_height(panel, each) + LINE * title.count("\n") for panel, title in row), default=1.0)
            for row in _rows(list(zip(panels, titles, strict=True)), columns)
        ]
        shown = Figure(figsize=(width, sum(heights) + 0.35), layout="constrained")
        shown.suptitle(drawing.title, fontsize=10.5, fontweight="bold", color=INK)
        if panels:
            places = shown.subplots(len(heights), columns, squeeze=False, height_ratios=heights)
            for axes in places.ravel()[len(panels) :]:
                axes.set_visible(False)
            for axes, panel, title in zip(places.ravel(), panels, titles, strict=False):
                axes.set_title(title)
                try:
                    _draw(axes, panel)
                except Exception:  # numbers that are finite and still too large to be placed; the other panels are drawn
                    axes.clear()
                    draw_note(axes, Note(panel.title, _("these numbers cannot be drawn")))
        yield shown


def _rows(items: Sequence[Item], columns: int) -> list[Sequence[Item]]:
    return [items[start : start + columns] for start in range(0, len(items), columns)]


def _height(panel: Panel, width: float) -> float:
    """Inches of a panel that is `width` inches wide."""
    if isinstance(panel, Grid):
        across = panel.columns or min(len(panel.values), 10)
        down = -(-len(panel.values) // across)
        shape = float(panel.values.shape[1] / panel.values.shape[2])
        return 0.3 + down * shape * (1 + (NAMED if panel.names else GAP)) * width / (across * (1 + GAP))
    if isinstance(panel, Cells):
        rows, columns = map(int, panel.values.shape)
        return min(max(SQUARE, 0.25 * rows + 0.8), 0.4 + width * rows / columns + 0.4 * bool(panel.xlabel))
    return SQUARE if isinstance(panel, Note) else WIDE


def _draw(axes: "Axes", panel: Panel) -> None:
    match panel:
        case Cells():
            draw_cells(axes, panel)
        case Grid():
            draw_grid(axes, panel)
        case Lines():
            draw_lines(axes, panel)
        case Paths():
            draw_paths(axes, panel)
        case Regions():
            draw_regions(axes, panel)
        case Bars():
            draw_bars(axes, panel)
        case Spread():
            draw_spread(axes, panel)
        case Note():
            draw_note(axes, panel)
        case _:
            assert_never(panel)


def as_file(drawing: Drawing, kind: Format) -> bytes:
    """The drawing as the content of a file. An SVG has its title and its words inside, and the colours of a dark page, too."""
    out = io.BytesIO()
    with figure(drawing) as shown:
        shown.savefig(out, format=kind, dpi=DPI, metadata={"Date": None, "Creator": None} if kind == "svg" else None)
    return out.getvalue() if kind == "png" else _with_words(out.getvalue().decode(), drawing).encode()


def _with_words(svg: str, drawing: Drawing) -> str:
    words = f"<title>{escape(drawing.title)}</title>\n<desc>{escape(drawing.text)}</desc>\n<style>{dark_style()}</style>\n"
    svg = _TAG.sub(lambda tag: _LONG.sub(r"\1", tag[0]), svg)
    svg = re.sub(r" <metadata>.*?</metadata>\n", "", svg, flags=re.DOTALL)
    svg = re.sub(r"^<!DOCTYPE.*?>\n", "", svg, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"(<svg [^>]*>\n)", lambda found: found[1].replace("<svg ", '<svg role="img" ') + words, svg, count=1)
