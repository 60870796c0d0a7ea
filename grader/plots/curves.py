"""Panels with axes: curves, ways on a surface, regions of a plane, bars, histograms."""

from typing import TYPE_CHECKING

import numpy as np

from grader.course.panels import Bars, Lines, Note, Numbers, Paths, Regions, Spread
from grader.plots.colours import DASHES, FAINT, INK, LINES, PAPER, RULE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEVELS = 14  # lines of equal height
DOTTED = 25  # steps of a way that are marked one by one at most
BANDS, FINER = 12, 5  # of a probability: its steps, and the places between two
LEGEND = 8  # names in a legend at most: more are not told apart anyway


def _labels(axes: "Axes", x: str, y: str) -> None:
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.grid(color=RULE, linewidth=0.5)
    axes.set_axisbelow(True)


def _legend(axes: "Axes", count: int, force: bool = False) -> None:
    if force or 1 < count <= LEGEND:
        frame = {"facecolor": PAPER, "edgecolor": "none", "framealpha": 0.85}
        axes.legend(fontsize=7.5, labelcolor=INK, loc="best", handlelength=2.2, **frame)


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def _power(value: float, _place: object) -> str:
    """A power of ten as text: matplotlib's own are formulas."""
    exponent = round(np.log10(value)) if value > 0 else 0
    return {0: "1", 1: "10"}.get(exponent, f"10{str(exponent).translate(_RAISED)}")


def draw_lines(axes: "Axes", panel: Lines) -> None:
    """Curves, each with a colour and a dash of its own."""
    for place, (name, values) in enumerate(panel.curves.items()):
        style = "--" if name in panel.dashed else "-" if panel.dashed else DASHES[place % len(DASHES)]
        marker = "o" if panel.markers else None
        axes.plot(panel.x, values, color=LINES[place % len(LINES)], linestyle=style, marker=marker, markersize=3, label=name)
    if panel.log:
        axes.set_yscale("log")
        axes.minorticks_off()
        axes.yaxis.set_major_formatter(_power)
    if np.array_equal(panel.x, np.round(panel.x)):
        axes.locator_params(axis="x", integer=True)
    if panel.level is not None:
        axes.axhline(panel.level, color=FAINT, linewidth=1.2, linestyle=":", label=panel.level_name)
    _labels(axes, panel.xlabel, panel.ylabel)
    _legend(axes, len(panel.curves) + (panel.level is not None))


def draw_paths(axes: "Axes", panel: Paths) -> None:
    """Lines of equal height, closer together where it is low, and the ways over them."""
    heights = panel.heights
    low, high = float(np.nanmin(heights)), float(np.nanmax(heights))
    steps = np.linspace(0.06, 1, LEVELS) ** 3 if high > low else np.empty(0)
    axes.contour(panel.x, panel.y, heights, levels=[low + (high - low) * step for step in steps], colors=[FAINT], linewidths=0.6)
    for place, (name, way) in enumerate(panel.paths.items()):
        colour = LINES[place % len(LINES)]
        marker = "o" if len(way) <= DOTTED else None
        style = DASHES[place % len(DASHES)]
        axes.plot(*way.T, color=colour, linestyle=style, marker=marker, markersize=2, linewidth=1.5, label=name)
        axes.plot(*way[-1], color=colour, marker="o", markersize=5)
    if panel.goal is not None:
        axes.plot(*panel.goal, marker="*", markersize=11, color=INK, linestyle="none", label=panel.goal_name or None)
    axes.set_xlim(panel.x[0], panel.x[-1])
    axes.set_ylim(panel.y[0], panel.y[-1])
    axes.set_xlabel(panel.xlabel)
    axes.set_ylabel(panel.ylabel)
    _legend(axes, len(panel.paths), force=True)


def _finer(values: Numbers) -> Numbers:
    """Each row with more places, on straight lines between the old ones."""
    count = values.shape[1]
    places = np.linspace(0, count - 1, FINER * (count - 1) + 1)
    return np.stack([np.interp(places, np.arange(count), row) for row in values])


def draw_regions(axes: "Axes", panel: Regions) -> None:
    """The probability as colour, 1/2 as a line, the examples as circles and squares."""
    extent = (float(panel.x[0]), float(panel.x[-1]), float(panel.y[0]), float(panel.y[-1]))
    banded = np.round(_finer(_finer(panel.probability).T).T * BANDS) / BANDS  # few colours: a small file
    axes.imshow(banded, cmap="RdBu_r", vmin=-0.3, vmax=1.3, interpolation="none", origin="lower", extent=extent, aspect="auto")
    if np.nanmin(panel.probability) < 0.5 < np.nanmax(panel.probability):
        axes.contour(panel.x, panel.y, panel.probability, levels=[0.5], colors=["black"], linewidths=1.6)
    for label, marker, colour in ((0, "s", LINES[0]), (1, "o", LINES[1])):
        chosen = panel.examples[panel.labels == label]
        axes.plot(*chosen.T, marker=marker, linestyle="none", color=colour, markeredgecolor="white", markersize=5.5)
    axes.set_xlim(panel.x[0], panel.x[-1])
    axes.set_ylim(panel.y[0], panel.y[-1])
    axes.set_xlabel(panel.xlabel)
    axes.set_ylabel(panel.ylabel)


def draw_bars(axes: "Axes", panel: Bars) -> None:
    """Bars over names, series beside each other."""
    width = 0.8 / len(panel.groups)
    for place, (name, values) in enumerate(panel.groups.items()):
        at = np.arange(len(values)) + (place - (len(panel.groups) - 1) / 2) * width
        axes.bar(at, values, width=width, color=LINES[place % len(LINES)], label=name, edgecolor=PAPER)
    axes.set_xticks(range(len(panel.names)), panel.names)
    axes.axhline(0, color=FAINT, linewidth=0.8)
    _labels(axes, panel.xlabel, panel.ylabel)
    axes.grid(visible=False, axis="x")
    _legend(axes, len(panel.groups))


def draw_spread(axes: "Axes", panel: Spread) -> None:
    """Histograms over each other, on the same bins."""
    finite = {name: values[np.isfinite(values)] for name, values in panel.sets.items()}
    everything = np.concatenate([*finite.values()])
    edges = np.linspace(everything.min(), everything.max() or 1.0, panel.bins + 1)
    if edges[0] == edges[-1]:
        edges = edges[0] + np.linspace(-0.5, 0.5, panel.bins + 1)
    for place, (name, values) in enumerate(finite.items()):
        colour = LINES[place % len(LINES)]
        counts, _ = np.histogram(values, edges)
        axes.stairs(counts, edges, fill=True, color=colour, alpha=0.3)
        axes.stairs(counts, edges, color=colour, linestyle=DASHES[place % len(DASHES)], linewidth=1.3, label=name)
    axes.set_yticks([])
    _labels(axes, panel.xlabel, "")
    _legend(axes, len(finite))


def draw_note(axes: "Axes", panel: Note) -> None:
    """Why there is nothing to be seen."""
    import textwrap

    axes.set_xticks([])
    axes.set_yticks([])
    text = "\n".join(textwrap.wrap(panel.text, 30)[:9])
    axes.text(0.5, 0.5, text, ha="center", va="center", fontsize=8.5, color=FAINT, transform=axes.transAxes)
