"""What a picture can be made of. Each kind is data; `grader.plots` draws it, `assignments/<topic>/plots.py` fills it.

    Cells        a matrix as coloured cells: an image, a feature map, a table of counts
    Grid         several images
    Lines        curves over one axis
    Paths        ways on a surface with two parameters
    Regions      a classifier's answers over a plane, and the examples
    Bars         one number for each name
    Spread       histograms over each other, for before and after
    Note         what is not drawn, and why

The numbers may come from a student's function, so that every kind looks at them first: `NotDrawableError` says what does not fit.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from grader.checks.words import kind_of
from grader.text.language import gettext as _

MOST = 250_000  # numbers of one panel
MOST_ITEMS = 64  # images, curves or bars of one panel

Numbers = NDArray[np.float64]
Frame = tuple[int, int, int, int]  # row, column, height, width
Scale = Literal["ink", "heat", "signed"]


class NotDrawableError(Exception):
    """Numbers that do not fit the picture; the message says what came."""


def numbers(values: Any, *axes: int | None) -> Numbers:
    """`values` as floats with as many axes as are given, each of that length (None: any); complex numbers and texts do not fit.

    Raises:
        NotDrawableError: they have another shape, are too many, or none of them is finite.
    """
    try:
        array = np.asarray(values)
        if array.dtype.kind not in "biuf":
            raise TypeError
        found = array.astype(np.float64)
    except (TypeError, ValueError, OverflowError):
        raise NotDrawableError(_("got {what}, which cannot be drawn").format(what=kind_of(values))) from None
    if found.ndim != len(axes) or any(
        wanted is not None and got != wanted for got, wanted in zip(found.shape, axes, strict=True)
    ):
        wanted = "×".join("…" if length is None else str(length) for length in axes) or _("one number")
        came = "×".join(map(str, found.shape)) or _("one number")
        raise NotDrawableError(_("the shape is {came}, and {wanted} is needed for the picture").format(came=came, wanted=wanted))
    if found.size > MOST:
        raise NotDrawableError(_("{count} numbers are too many for a picture").format(count=f"{found.size:,}"))
    if not np.isfinite(found).any():
        raise NotDrawableError(_("no number in it is finite"))
    return found


def _few(count: int) -> None:
    if not 0 < count <= MOST_ITEMS:
        raise NotDrawableError(_("a panel shows 1 to {most} of them, but there are {count}").format(most=MOST_ITEMS, count=count))


class Cells(msgspec.Struct, frozen=True, tag=True, eq=False):
    """A matrix as cells.

    Attributes:
        values: shape (rows, columns).
        scale: "ink" (0 is paper), "heat" (small to large) or "signed" (0 in the middle).
        written: whether the numbers stand in their cells.
        frames: parts that are framed; `marks`: single cells, as (row, column), that are marked.
        rows, columns: names of the axes' ticks; `xlabel`, `ylabel`: of the axes.
        limits: the numbers that the ends of the scale stand for (by default those of `values`).
    """

    title: str
    values: Numbers
    scale: Scale = "heat"
    written: bool = False
    frames: tuple[Frame, ...] = ()
    marks: tuple[tuple[int, int], ...] = ()
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    xlabel: str = ""
    ylabel: str = ""
    limits: tuple[float, float] | None = None


def cells(title: str, values: Any, *, shape: tuple[int | None, int | None] = (None, None), **more: Any) -> Cells:
    """A matrix as cells (see `Cells`); `shape` is what it should have, where that is known."""
    return Cells(title, numbers(values, *shape), **more)


class Grid(msgspec.Struct, frozen=True, tag=True, eq=False):
    """Images beside each other: `values` has the shape (images, rows, columns); `names`: a line under each."""

    title: str
    values: Numbers
    names: tuple[str, ...] = ()
    columns: int = 0
    scale: Scale = "ink"
    limits: tuple[float, float] | None = None


def grid(title: str, values: Any, *, names: Sequence[str] = (), columns: int = 0, **more: Any) -> Grid:
    """Images beside each other, `columns` in a row (0: as many as fit)."""
    found = numbers(values, None, None, None)
    _few(len(found))
    return Grid(title, found, tuple(names), columns, **more)


class Lines(msgspec.Struct, frozen=True, tag=True, eq=False):
    """Curves over `x`; `dashed` and `dotted` name those that are drawn so, and `points` are single places, as (x, y)."""

    title: str
    x: Numbers
    curves: Mapping[str, Numbers]
    xlabel: str = ""
    ylabel: str = ""
    dashed: tuple[str, ...] = ()
    log: bool = False
    markers: bool = False
    level: float | None = None
    level_name: str = ""


def lines(title: str, curves: Mapping[str, Any], *, x: Any = None, **more: Any) -> Lines:
    """Curves with one number for each `x` (by default 0, 1, 2, …); `log`: on a logarithmic scale."""
    _few(len(curves))
    first = len(numbers(next(iter(curves.values())), None))
    over = numbers(np.arange(first) if x is None else x, None)
    return Lines(title, over, {name: numbers(values, len(over)) for name, values in curves.items()}, **more)


class Paths(msgspec.Struct, frozen=True, tag=True, eq=False):
    """Ways on a surface: `heights` has the shape (len(y), len(x)), and a path is (steps, 2), each row an (x, y)."""

    title: str
    x: Numbers
    y: Numbers
    heights: Numbers
    paths: Mapping[str, Numbers]
    goal: tuple[float, float] | None = None
    xlabel: str = ""
    ylabel: str = ""
    goal_name: str = ""


def paths(title: str, x: Any, y: Any, heights: Any, ways: Mapping[str, Any], **more: Any) -> Paths:
    """Ways on a surface; `goal` is its lowest place."""
    _few(len(ways))
    across, up = numbers(x, None), numbers(y, None)
    found = {name: numbers(way, None, 2) for name, way in ways.items()}
    return Paths(title, across, up, numbers(heights, len(up), len(across)), found, **more)


class Regions(msgspec.Struct, frozen=True, tag=True, eq=False):
    """A probability over a plane, (len(y), len(x)), its 1/2 as a line, and examples (n, 2) of two classes."""

    title: str
    x: Numbers
    y: Numbers
    probability: Numbers
    examples: Numbers
    labels: Numbers
    xlabel: str = ""
    ylabel: str = ""


def regions(title: str, x: Any, y: Any, probability: Any, examples: Any, labels: Any, **more: Any) -> Regions:
    """What a classifier of two classes answers over a plane."""
    across, up, points = numbers(x, None), numbers(y, None), numbers(examples, None, 2)
    found = numbers(probability, len(up), len(across))
    return Regions(title, across, up, found, points, numbers(labels, len(points)), **more)


class Bars(msgspec.Struct, frozen=True, tag=True, eq=False):
    """One number for each name; `groups` has several series of them."""

    title: str
    names: tuple[str, ...]
    groups: Mapping[str, Numbers]
    ylabel: str = ""
    xlabel: str = ""


def bars(title: str, names: Sequence[str], groups: Mapping[str, Any], **more: Any) -> Bars:
    """Bars over names, a series for each of `groups`."""
    _few(len(names) * len(groups))
    return Bars(title, tuple(names), {name: numbers(values, len(names)) for name, values in groups.items()}, **more)


class Spread(msgspec.Struct, frozen=True, tag=True, eq=False):
    """Histograms over each other: how the numbers of each set are spread."""

    title: str
    sets: Mapping[str, Numbers]
    xlabel: str = ""
    bins: int = 30


def spread(title: str, sets: Mapping[str, Any], **more: Any) -> Spread:
    """Histograms over each other, of all numbers in each of `sets`."""
    _few(len(sets))
    return Spread(title, {name: numbers(np.ravel(np.asarray(values)), None) for name, values in sets.items()}, **more)


class Note(msgspec.Struct, frozen=True, tag=True):
    """What is not drawn, and why."""

    title: str
    text: str


Panel = Cells | Grid | Lines | Paths | Regions | Bars | Spread | Note
