"""Charts as images that stand in a page: SVG by matplotlib, one for a light page and one for a dark one, and what it shows in words."""

import base64
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from grader.errors import UsageError
from grader.report.statistics import BINS

STEPS = 100  # of a line: more would not be seen

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TEXT, MARK, GRID = "#1f2328", "#0969da", "#d0d7de"
_LINES = (MARK, "#bc4c00", "#1a7f37", "#8250df", "#9a6700", "#cf222e", "#57606a", "#1b7c83")
_STYLES = ("-", "--", "-.", ":")  # beside the colours: who cannot tell them apart reads these
_ON_DARK = {  # the colour on a dark page for each on a light one
    TEXT: "#e6edf3",
    GRID: "#30363d",
    **dict(zip(_LINES, ("#58a6ff", "#ffa657", "#3fb950", "#d2a8ff", "#d29922", "#ff7b72", "#9198a1", "#76e3ea"), strict=True)),
}
_COLOUR = re.compile("|".join(_ON_DARK))


class Chart(msgspec.Struct, frozen=True):
    """One chart: the images, as addresses of what stands in the page itself, and its text for those who do not see it."""

    light: str
    dark: str
    text: str
    width: int
    height: int


class Arrivals(msgspec.Struct, frozen=True):
    """When an assignment was handed in, in order, and when it was due."""

    name: str
    times: tuple[datetime, ...]
    due: datetime | None = None


def histogram(bins: Sequence[int], text: str) -> Chart:
    """How many students have how much of the points."""
    with _figure(2.6, 1.5) as figure:
        axes = figure.add_axes((0.07, 0.2, 0.81, 0.75))
        bars = axes.bar([(place + 0.5) / BINS * 100 for place in range(BINS)], bins, width=100 / BINS * 0.9, color=MARK)
        axes.bar_label(bars, [str(count) if count else "" for count in bins], color=TEXT, fontsize=8)
        axes.set_xlim(0, 100)
        axes.set_xticks([0, 50, 100], ["0 %", "50 %", "100 %"])
        axes.set_yticks([])
        axes.margins(y=0.15)
        return _chart(figure, text)


def progress(arrivals: Sequence[Arrivals], text: str) -> Chart:
    """How many submissions there were at what time, for each assignment."""
    with _figure(9.5, 3.0) as figure:
        axes = figure.add_axes((0.05, 0.2, 0.7, 0.75))
        for place, one in enumerate(arrivals):
            colour = _LINES[place % len(_LINES)]
            style = _STYLES[place // len(_LINES) % len(_STYLES)]
            counts = range(1, len(one.times) + 1, 1 + len(one.times) // STEPS)
            times: list[Any] = [one.times[count - 1] for count in counts]
            axes.step(times, counts, where="post", color=colour, linestyle=style, label=one.name)
            if one.due:
                axes.axvline(one.due, color=colour, linewidth=0.8, linestyle=":")  # type: ignore[arg-type]  # a date is a place on it
        axes.set_ylim(0)
        axes.grid(color=GRID, linewidth=0.6)
        axes.tick_params(axis="x", rotation=20)
        axes.legend(frameon=False, fontsize=8, ncols=2, labelcolor=TEXT, loc="upper left", bbox_to_anchor=(1.01, 1))
        return _chart(figure, text)


def require_charts() -> None:
    """Raise `UsageError` where charts cannot be drawn."""
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        raise UsageError("the charts of a report need matplotlib: pip install 'dl-grader[report]'") from None


@contextmanager
def _figure(width: float, height: float) -> "Iterator[Figure]":
    """An empty figure of this many inches, which belongs to no window."""
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "grader", "font.family": "sans-serif", "font.size": 9}):
        yield Figure(figsize=(width, height))


def _chart(figure: "Figure", text: str) -> Chart:
    for axes in figure.axes:
        axes.tick_params(colors=TEXT, length=2)
        axes.set_facecolor("none")
        for side, spine in axes.spines.items():
            spine.set(color=GRID, visible=side == "bottom")
    out = io.StringIO()
    figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    light = out.getvalue()
    dark = _COLOUR.sub(lambda found: _ON_DARK[found[0]], light)
    width, height = (round(inches * 96) for inches in figure.get_size_inches())
    return Chart(_address(light), _address(dark), text, width, height)


def _address(svg: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
