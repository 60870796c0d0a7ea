"""Panels whose numbers are cells: images, feature maps, tables of counts."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.checks.words import number
from grader.course.panels import Cells, Grid, Numbers, Scale
from grader.plots.colours import FAINT, INK, LINES, MAPS, MARK, RULE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

GAP, NAMED = 0.18, 0.34  # between images, and where a name stands: parts of an image
MANY = 8  # rows of a table, in which a 0 is left blank
BRIGHT = 0.55  # of a scale, above which black letters are read better


def limits(values: Numbers, scale: Scale) -> tuple[float, float]:
    """The numbers at the ends of the scale: around 0 where it is signed, from 0 where 0 is paper."""
    finite = values[np.isfinite(values)]
    low, high = float(finite.min(initial=0.0)), float(finite.max(initial=0.0))
    if scale == "signed":
        most = max(abs(low), abs(high)) or 1.0
        return -most, most
    if scale == "heat":
        low = float(finite.min())
    return (low, high) if high > low else (low, low + 1.0)


def draw_cells(axes: "Axes", panel: Cells) -> None:
    """A matrix as cells, with its frames, marks and numbers."""
    low, high = panel.limits or limits(panel.values, panel.scale)
    image = _show(axes, panel.values, panel.scale, low, high)
    rows, columns = panel.values.shape
    if panel.written:
        for place in np.ndindex(rows, columns):
            value = panel.values[place]
            if value == 0 and rows > MANY:
                continue
            light = np.mean(image.cmap(image.norm(value))[:3]) > BRIGHT if np.isfinite(value) else True
            colour = "black" if light else "white"
            size = 7.5 if max(rows, columns) > 5 else 9
            axes.text(place[1], place[0], short(float(value)), ha="center", va="center", fontsize=size, color=colour)
    for row, column, height, width in panel.frames:
        _frame(axes, row, column, height, width)
    for row, column in panel.marks:
        _frame(axes, row, column, 1, 1)
    _ticks(axes, panel.rows, panel.columns)
    axes.set_xlabel(panel.xlabel)
    axes.set_ylabel(panel.ylabel)


def draw_grid(axes: "Axes", panel: Grid) -> None:
    """Images beside each other in one panel, each with its name below it."""
    low, high = panel.limits or limits(panel.values, panel.scale)
    count, height, width = panel.values.shape
    across = panel.columns or min(count, 10)
    down = -(-count // across)
    gap, line = GAP * width, (NAMED if panel.names else GAP) * height
    axes.set_aspect("equal")
    axes.axis("off")
    for place, values in enumerate(panel.values):
        row, column = divmod(place, across)
        left, top = column * (width + gap), row * (height + line)
        extent = (left, left + width, top + height, top)
        axes.imshow(values, cmap=MAPS[panel.scale], vmin=low, vmax=high, interpolation="none", extent=extent, clip_on=False)
        axes.plot(
            [left, left + width, left + width, left, left], [top, top, top + height, top + height, top], color=RULE, linewidth=0.6
        )
        if place < len(panel.names):
            axes.text(
                left + width / 2, top + height + 0.04 * height, panel.names[place], ha="center", va="top", fontsize=7.5, color=INK
            )
    axes.set_xlim(-gap, across * (width + gap))
    axes.set_ylim(down * (height + line), -gap / 2)


def short(value: float) -> str:
    """A number as it stands in a cell: at most three digits after the point."""
    return number(round(value, 2)) if np.isfinite(value) else str(value)


def _show(axes: "Axes", values: Numbers, scale: Scale, low: float, high: float) -> Any:
    image = axes.imshow(values, cmap=MAPS[scale], vmin=low, vmax=high, interpolation="none")
    image.cmap.set_bad(LINES[3], alpha=0.4)
    return image


def _frame(axes: "Axes", row: int, column: int, height: int, width: int) -> None:
    left, top = column - 0.5, row - 0.5
    across, down = [left, left + width, left + width, left, left], [top, top, top + height, top + height, top]
    axes.plot(across, down, color=MARK, linewidth=2, clip_on=False, solid_joinstyle="miter")


def _ticks(axes: "Axes", rows: Sequence[str], columns: Sequence[str]) -> None:
    axes.set_xticks(range(len(columns)), columns)
    axes.set_yticks(range(len(rows)), rows)
    axes.tick_params(length=0, colors=FAINT)
