"""What a step draws with matplotlib, as data: no pixel is ever made.

    before    the Agg backend, no figure open; saving, showing and laying out do nothing
    after     every figure that is open, or is returned: its axes, their texts, scales, and the data of what is in them

Each property is a list with an item for each of the axes. What has no order that anybody sees (lines, points, the texts of a legend) is
put into one.
"""

import contextlib
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from grader.sandbox.limits import UnsendableError
from grader.sandbox.wire import Sent

MAX_AXES = 100
MAX_ARTISTS = 500  # of one kind in one of the axes
_one_at_a_time = threading.RLock()  # pyplot's figures are everybody's


class Looked:
    """The figures of one step."""

    def __init__(self, pyplot: Any = None) -> None:
        self._pyplot = pyplot
        self._figures: list[Any] = []

    def keep(self) -> None:
        """Keep the figures that are open now."""
        if self._pyplot is not None:
            self._figures = list(map(self._pyplot.figure, self._pyplot.get_fignums()))

    def of(self, word: Sent, returned: Any) -> Any:
        """A property of all axes; `returned` may be a figure that pyplot does not know, or axes of one.

        Raises:
            UnsendableError: there is no matplotlib, or too much was drawn.
        """
        if self._pyplot is None:
            raise UnsendableError("figures", "matplotlib")
        figures = self._figures or _figures(returned)
        axes = [item for figure in figures for item in figure.axes if item.get_label() != "<colorbar>"]
        if len(axes) > MAX_AXES:
            raise UnsendableError("figures", f"{len(axes)} axes")
        return len(axes) if word == "axes" else [_PROPERTIES[word](item) for item in axes]


def _figures(returned: Any) -> list[Any]:
    """The figures in a result: itself, or those of its axes."""
    found: list[Any] = []
    for item in np.ravel(np.array(returned, dtype=object))[:MAX_AXES] if returned is not None else ():
        figure = item if hasattr(item, "axes") and hasattr(item, "add_subplot") else getattr(item, "figure", None)
        if figure is not None and not any(figure is other for other in found):
            found.append(figure)
    return found


def looking(words: Sequence[Sent]) -> contextlib.AbstractContextManager[Looked]:
    """Look at what is drawn in the meantime, where a step asks for it."""
    return _looking() if set(words) - {"result", "printed"} else _AWAY


@contextlib.contextmanager
def _looking() -> Iterator[Looked]:
    with _one_at_a_time:
        try:
            import matplotlib
        except ImportError:
            yield Looked()
            return
        matplotlib.use("Agg", force=True)
        from matplotlib import pyplot

        pyplot.close("all")
        looked = Looked(pyplot)
        with _no_pixels():
            yield looked
        looked.keep()
        pyplot.close("all")


_AWAY = contextlib.nullcontext(Looked())


@contextlib.contextmanager
def _no_pixels() -> Iterator[None]:
    """Without what needs fonts, files or a screen: nobody looks at it."""
    from matplotlib import pyplot
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    places = [
        (Figure, "savefig"),
        (Figure, "tight_layout"),
        (Figure, "show"),
        (FigureCanvasAgg, "draw"),
        (pyplot, "show"),
        (pyplot, "pause"),
    ]
    before = [(place, name, getattr(place, name)) for place, name in places]
    for place, name in places:
        setattr(place, name, _nothing)
    try:
        yield
    finally:
        for place, name, function in before:
            setattr(place, name, function)


def _nothing(*_args: Any, **_kwargs: Any) -> None:
    pass


def _labels(axes: Any) -> list[str]:
    return [_text(axes.get_xlabel()), _text(axes.get_ylabel())]


def _title(axes: Any) -> str:
    """The title, or that of a figure with a single one of axes."""
    above = axes.figure.get_suptitle() if hasattr(axes.figure, "get_suptitle") and len(axes.figure.axes) == 1 else ""
    titles = (axes.get_title(loc=loc) for loc in ("center", "left", "right"))
    return next(filter(None, map(_text, (*titles, above))), "")


def _legend(axes: Any) -> list[str]:
    legend = axes.get_legend()
    return sorted(_text(item.get_text()) for item in legend.get_texts()) if legend is not None else []


def _text(text: Any) -> str:
    return " ".join(str(text).split())[:500]


def _lines(axes: Any) -> list[Any]:
    """The lines as arrays of the points that they join: a row each."""
    return _in_order(_points_of(line) for line in _of_data(axes) if _is_joined(line))


def _points(axes: Any) -> list[Any]:
    """Scattered points, a row each: of each collection, and of each line that joins nothing."""
    scattered = [np.asarray(item.get_offsets(), float) for item in axes.collections if type(item).__name__ == "PathCollection"]
    markers = [_points_of(line) for line in _of_data(axes) if not _is_joined(line)]
    return _in_order(array[np.lexsort(np.round(array, 9).T[::-1])] for array in (*scattered, *markers))


def _of_data(axes: Any) -> list[Any]:
    """The lines that show data, and not a level across the axes."""
    return [line for line in axes.get_lines() if line.get_transform() == axes.transData]


def _is_joined(line: Any) -> bool:
    return str(line.get_linestyle()).lower() not in ("none", "", " ")


def _points_of(line: Any) -> Any:
    return np.column_stack([np.asarray(line.get_xdata(orig=False), float), np.asarray(line.get_ydata(orig=False), float)])


def _bars(axes: Any) -> list[Any]:
    """The bars of each container: a row each, with the middle of its foot, its length and where it begins."""
    found = []
    for container in axes.containers:
        boxes = [patch for patch in container if hasattr(patch, "get_width") and hasattr(patch, "get_x")]
        if boxes:
            found.append(np.array([_bar(box, getattr(container, "orientation", "vertical")) for box in boxes]))
    return _in_order(array[np.lexsort(np.round(array, 9).T[::-1])] for array in found)


def _bar(box: Any, orientation: str) -> list[float]:
    left, bottom, width, height = (float(value) for value in (box.get_x(), box.get_y(), box.get_width(), box.get_height()))
    return [bottom + height / 2, width, left] if orientation == "horizontal" else [left + width / 2, height, bottom]


def _images(axes: Any) -> list[Any]:
    """The values of images and of meshes of colours."""
    meshes = [item for item in axes.collections if type(item).__name__ in ("QuadMesh", "PolyQuadMesh")]
    arrays = (item.get_array() for item in (*axes.get_images(), *meshes))
    return [np.ma.filled(np.ma.asarray(array).astype(float), np.nan) for array in arrays]


def _in_order(arrays: Any) -> list[Any]:
    """Arrays in an order that does not depend on when they were drawn."""
    found = list(arrays)
    if len(found) > MAX_ARTISTS:
        raise UnsendableError("figures", f"{len(found)} lines")
    return sorted(found, key=lambda array: (array.shape, np.round(array, 6).tolist()))


def _scales(axes: Any) -> list[str]:
    return [str(axes.get_xscale())[:40], str(axes.get_yscale())[:40]]


_PROPERTIES: dict[str, Any] = {
    "titles": _title,
    "labels": _labels,
    "legends": _legend,
    "lines": _lines,
    "points": _points,
    "bars": _bars,
    "images": _images,
    "scales": _scales,
    "limits": lambda axes: np.array([axes.get_xlim(), axes.get_ylim()], float),
    "has titles": lambda axes: bool(_title(axes)),
    "has labels": lambda axes: all(_labels(axes)),
    "has legends": lambda axes: bool(_legend(axes)),
}
