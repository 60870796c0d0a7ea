"""Charts as images that stand in a page: SVG by matplotlib, one for a light page and one for a dark one, and what it shows in words."""

import base64
import io
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from grader.errors import UsageError
from grader.report.statistics import BINS

STEPS = 200  # of a line: more would not be seen

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_INK = {"light": ("#1f2328", "#0969da", "#d0d7de"), "dark": ("#e6edf3", "#58a6ff", "#30363d")}  # text, marks, grid
_LINES = {
    "light": ("#0969da", "#bc4c00", "#1a7f37", "#8250df", "#9a6700", "#cf222e", "#57606a", "#1b7c83"),
    "dark": ("#58a6ff", "#ffa657", "#3fb950", "#d2a8ff", "#d29922", "#ff7b72", "#9198a1", "#76e3ea"),
}
_STYLES = ("-", "--", "-.", ":")  # beside the colours: who cannot tell them apart reads these


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

    def draw(axes: "Axes", theme: str) -> None:
        bars = axes.bar([(place + 0.5) / BINS * 100 for place in range(BINS)], bins, width=100 / BINS * 0.9, color=_INK[theme][1])
        axes.bar_label(bars, [str(count) if count else "" for count in bins], color=_INK[theme][0], fontsize=8)
        axes.set_xlim(0, 100)
        axes.set_xticks([0, 50, 100], ["0 %", "50 %", "100 %"])
        axes.set_yticks([])
        axes.margins(y=0.15)

    return _chart(draw, text, (2.6, 1.5))


def progress(arrivals: Sequence[Arrivals], text: str) -> Chart:
    """How many hand-ins there were at what time, for each assignment."""

    def draw(axes: "Axes", theme: str) -> None:
        for place, one in enumerate(arrivals):
            colour = _LINES[theme][place % len(_LINES[theme])]
            style = _STYLES[place // len(_LINES[theme]) % len(_STYLES)]
            counts = range(1, len(one.times) + 1, 1 + len(one.times) // STEPS)
            times: list[Any] = [one.times[count - 1] for count in counts]
            axes.step(times, counts, where="post", color=colour, linestyle=style, label=one.name)
            if one.due:
                axes.axvline(one.due, color=colour, linewidth=0.8, linestyle=":")  # type: ignore[arg-type]  # a date is a place on it
        axes.set_ylim(0)
        axes.grid(color=_INK[theme][2], linewidth=0.6)
        axes.figure.autofmt_xdate(rotation=30)
        axes.legend(frameon=False, fontsize=8, ncols=2, labelcolor=_INK[theme][0], loc="upper left", bbox_to_anchor=(1.01, 1))

    return _chart(draw, text, (9.5, 3.0))


def _chart(draw: Any, text: str, inches: tuple[float, float]) -> Chart:
    light, dark = (_address(_svg(draw, theme, inches)) for theme in ("light", "dark"))
    return Chart(light, dark, text, round(inches[0] * 96), round(inches[1] * 96))


def _svg(draw: Any, theme: str, inches: tuple[float, float]) -> bytes:
    matplotlib, figure_of = _matplotlib()
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "grader", "font.family": "sans-serif", "font.size": 9}):
        figure: Figure = figure_of(figsize=inches, layout="constrained")
        axes = figure.add_subplot()
        ink, _mark, grid = _INK[theme]
        axes.tick_params(colors=ink, length=2)
        for side in axes.spines:
            axes.spines[side].set(color=grid, visible=side == "bottom")
        axes.set_facecolor("none")
        draw(axes, theme)
        out = io.BytesIO()
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return out.getvalue()


def _address(svg: bytes) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"


def _matplotlib() -> tuple[Any, Any]:
    """The module, and the class of a figure that belongs to no window."""
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError:
        raise UsageError("the charts of a report need matplotlib: pip install 'dl-grader[report]'") from None
    return matplotlib, Figure
