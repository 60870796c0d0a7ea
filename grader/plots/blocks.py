"""Small panels on a terminal: images as shades, curves as one line of blocks, tables with their numbers. What is larger is in the file."""

from collections.abc import Iterator

import numpy as np
from rich.text import Text

from grader.checks.words import number
from grader.course.panels import Bars, Cells, Grid, Lines, Note, Numbers, Panel
from grader.plots.answers import Drawing
from grader.plots.images import limits, short
from grader.text.escape import one_line
from grader.text.language import gettext as _

SHADES = " ░▒▓█"
STEPS = "▁▂▃▄▅▆▇█"
SIDE = 16  # cells of an image that fits
ROOM = 78  # columns
BAR = 30  # columns of the longest bar


def drawn_in_blocks(drawing: Drawing) -> Text:
    """The drawing's title, what it says, and its panels as far as they fit on a terminal."""
    text = Text(f"{drawing.title}\n", "bold")
    if drawing.text and drawing.lacking < len(drawing.panels):
        text.append(f"{drawing.text}\n", "not bold")
    with np.errstate(all="ignore"):  # numbers may be as large as floats go
        for panel in drawing.panels:
            for line in _lines(panel):
                text.append(f"  {line}\n", "not bold yellow" if isinstance(panel, Note) else "not bold")
    return text


def _lines(panel: Panel) -> Iterator[str]:
    match panel:
        case Note(title, words):
            yield one_line(f"– {title}: {words}" if title else f"– {words}", 400)
        case Cells(values=values) if panel.written and values.shape[1] <= SIDE:
            yield panel.title
            width = max(len(short(value)) for value in values.ravel())
            yield from (" ".join(f"{short(value):>{width}}" for value in row) for row in values)
        case Cells(values=values) if max(values.shape) <= SIDE:
            yield panel.title
            yield from _image(values, panel.limits or limits(values, panel.scale))
        case Grid(values=values) if max(values.shape[1:]) <= SIDE:
            yield panel.title
            fit = max(1, (ROOM + 2) // (2 * values.shape[2] + 2))
            images = [[*_image(image, panel.limits or limits(values, panel.scale))] for image in values[:fit]]
            yield from ("  ".join(parts) for parts in zip(*images, strict=True))
            width = 2 * values.shape[2]
            yield "  ".join(f"{name:^{width}.{width}}" for name in panel.names[:fit])
        case Lines():
            yield from _curves(panel)
        case Bars():
            yield panel.title
            most = max(float(np.nanmax(np.abs(values))) for values in panel.groups.values()) or 1.0
            longest = max(map(len, panel.names))
            for series, values in panel.groups.items():
                for name, value in zip(panel.names, values, strict=True):
                    bar = "█" * round(BAR * abs(value) / most) if np.isfinite(value) else ""
                    yield f"{name:>{longest}} {bar} {short(value)}" + (f"  {series}" if len(panel.groups) > 1 else "")
        case _:
            pass


def _image(values: Numbers, ends: tuple[float, float]) -> Iterator[str]:
    """Each cell as two shades, so that it is about square."""
    low, high = ends
    places = np.nan_to_num((values - low) / (high - low)).clip(0, 1)
    for row in places:
        yield "".join(2 * SHADES[min(len(SHADES) - 1, int(value * len(SHADES)))] for value in row)


def _curves(panel: Lines) -> Iterator[str]:
    yield panel.title
    longest = max(map(len, panel.curves))
    finite = np.concatenate([values[np.isfinite(values)] for values in panel.curves.values()])
    scaled = np.log10 if panel.log and finite.size and finite.min() > 0 else np.asarray
    low, high = (float(scaled(edge)) for edge in (finite.min(initial=0.0 if not panel.log else np.inf), finite.max()))
    for name, values in panel.curves.items():
        chosen = values[np.linspace(0, len(values) - 1, min(len(values), 40)).astype(int)]
        places = np.nan_to_num((scaled(chosen) - low) / ((high - low) or 1.0)).clip(0, 1)
        blocks = "".join(STEPS[round(place * (len(STEPS) - 1))] for place in places)
        ends = _("from {first} to {last}").format(first=number(_rounded(values[0])), last=number(_rounded(values[-1])))
        yield f"{name:>{longest}} {blocks} {ends}"


def _rounded(value: float) -> float:
    """Three digits that count."""
    return float(f"{value:.3g}")
