"""Mistakes that people make in the topic `pooling`, each as a wrong version of a reference function."""

from collections.abc import Iterator
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.course.authoring import misconception
from reference import pooling as reference

Array = NDArray[np.floating[Any]]
Window = tuple[int, int, slice, slice]

EXCHANGED = "Try an image that is not square: which number of the shape counts the rows, and which the columns?"
STRIDE_IGNORED = "Your result is the one of windows side by side. Where does `stride` enter your function?"
WINDOW_EQUALS_STRIDE = "Your windows have as many rows as the stride. Which argument says how large a window is?"
STRIDE_ONE = "What does `stride=None` stand for in the statement? Compare the size of your result with the slide's."
REMAINDER_KEPT = "Is there an output for a window that hangs over the edge? Look at how the statement rounds the size."
ONE_ROW_SHORT = "Count the windows on the slide's image of 4 rows, and compare with the size of your result."
EXACT_ONLY = "What should happen to rows that are left over at the bottom? Try an image of 5 rows with windows of 2."
SHAPE_FROM_DOUT = (
    "When rows are left over, your dx has fewer rows than x. Do you take its shape from x, or compute it back from dout?"
)
WINDOW_TOO_LARGE = "How many rows does a window of `size` 2 have? Count the numbers that enter your first output."
ASSIGNED = "Where windows overlap, a place belongs to several of them. What does your loop do with the earlier parts?"
NOT_DIVIDED = "How much does a mean of four numbers grow when one of them grows by 1? The gradient is that factor."
DIVIDED_BY_SIZE = "How many numbers are in a window of `size` rows and `size` columns?"
EQUAL_WINDOWS = "Write out the windows of the slide, p0..pf for i = 0, 1, 2 with H = 4 and k = 3: where do yours differ?"
EQUAL_STRIDE = "Not all windows begin at multiples of one number. Write out p0 and pf for H = 7 and k = 3."
END_FLOORED = "The slide rounds the beginning and the end of a window in different ways: look at pf and qf."
DIVIDING_ONLY = "When k divides H and W it works. Which windows does the slide use for H = 4 and k = 3?"
MIXED = "The slide's formulas mix H and W. Rows belong to one of them and columns to the other: try an image that is not square."
FIXED_DIVISOR = "Not every window has the same number of places. How many have you added up in this one?"
UPSTREAM_IGNORED = "Your gradient does not depend on `dout`. By the chain rule, what is the window's share multiplied by?"


def _step(size: int, stride: int | None) -> int:
    return stride or size


def _pooled(x: Array, size: int, step: int, rows: int, columns: int, take: Any) -> Array:
    """Pooling over a given number of windows, as two loops would do it, past the edge too."""
    out = np.zeros((*x.shape[:2], rows, columns))
    for i, j in np.ndindex(rows, columns):
        out[:, :, i, j] = take(x[:, :, step * i : step * i + size, step * j : step * j + size], axis=(2, 3))
    return out


def _max_scatter(dout: Array, x: Array, size: int, step: int, ties: bool = False, add: bool = True) -> Array:
    """The gradient of max pooling window by window: to the first maximum or to all, added up or assigned."""
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*dout.shape):
        place = np.s_[n, c, step * i : step * i + size, step * j : step * j + size]
        window = x[place]
        mask = window == window.max()
        if not ties:
            first = np.zeros_like(mask)
            first.flat[mask.argmax()] = True
            mask = first
        dx[place] = (dx[place] if add else 0.0) + mask * dout[n, c, i, j]
    return dx


def _avg_scatter(dout: Array, x: Array, size: int, step: int, add: bool = True) -> Array:
    """The gradient of average pooling window by window, added up or assigned; windows past the edge are cut."""
    dx = np.zeros_like(x)
    for i, j in np.ndindex(*dout.shape[2:]):
        place = np.s_[:, :, step * i : step * i + size, step * j : step * j + size]
        dx[place] = (dx[place] if add else 0.0) + dout[:, :, i, j, None, None] / size**2
    return dx


def _reached(dout: Array, size: int, stride: int | None) -> tuple[int, int]:
    """How many rows and columns of x the windows reach."""
    rows, columns = dout.shape[2:]
    step = _step(size, stride)
    return step * (rows - 1) + size, step * (columns - 1) + size


def _adaptive(x: Array, size: int, windows: Iterator[Window]) -> Array:
    """Means over given windows; an empty one gives NaN."""
    reference.adaptive_avg_pool(x, size)  # refuses what the reference refuses
    out = np.zeros((*x.shape[:2], size, size))
    with np.errstate(invalid="ignore"):
        for i, j, rows, columns in windows:
            part = x[:, :, rows, columns]
            out[:, :, i, j] = part.sum(axis=(2, 3)) / np.float64(part.shape[2] * part.shape[3])
    return out


def _adaptive_scatter(dout: Array, x: Array, windows: Iterator[Window], add: bool = True) -> Array:
    """The gradient of means over given windows, added up or assigned; what is past the edge is cut after dividing."""
    dx = np.zeros_like(x)
    for i, j, rows, columns in windows:
        part = dx[:, :, rows, columns]
        count = (rows.stop - rows.start) * (columns.stop - columns.start) or 1  # an empty window has nothing to add to
        dx[:, :, rows, columns] = (part if add else 0.0) + dout[:, :, i, j, None, None] / count
    return dx


def _windows(size: int, rows: tuple[int, int], columns: tuple[int, int]) -> Iterator[Window]:
    """Adaptive windows: rows = (length for the beginning, length for the end), and columns."""
    for i, j in np.ndindex(size, size):
        yield (
            i,
            j,
            slice(i * rows[0] // size, ceil((i + 1) * rows[1] / size)),
            slice(j * columns[0] // size, ceil((j + 1) * columns[1] / size)),
        )


def _right(x: Array, size: int) -> Iterator[Window]:
    height, width = x.shape[2:]
    return _windows(size, (height, height), (width, width))


def _mixed(x: Array, size: int) -> Iterator[Window]:
    height, width = x.shape[2:]
    return _windows(size, (height, width), (height, width))


def _exchanged(x: Array, size: int) -> Iterator[Window]:
    height, width = x.shape[2:]
    return _windows(size, (width, width), (height, height))


def _floored(x: Array, size: int) -> Iterator[Window]:
    height, width = x.shape[2:]
    for i, j in np.ndindex(size, size):
        rows = slice(i * height // size, (i + 1) * height // size)
        yield i, j, rows, slice(j * width // size, (j + 1) * width // size)


def _equal(x: Array, size: int) -> Iterator[Window]:
    high, wide = x.shape[2] // size, x.shape[3] // size
    for i, j in np.ndindex(size, size):
        yield i, j, slice(i * high, (i + 1) * high), slice(j * wide, (j + 1) * wide)


def _equal_stride(x: Array, size: int) -> Iterator[Window]:
    height, width = x.shape[2:]
    down, right = height // size, width // size
    high, wide = height - (size - 1) * down, width - (size - 1) * right
    for i, j in np.ndindex(size, size):
        yield i, j, slice(i * down, i * down + high), slice(j * right, j * right + wide)


@misconception(of="max_pool", hint=EXCHANGED, name="height_and_width_exchanged")
def height_and_width_exchanged_max(x: Array, size: int, stride: int | None = None) -> Array:
    """The shape of x is read as (N, C, W, H)."""
    reference.max_pool(x, size, stride)  # refuses what the reference refuses
    step = _step(size, stride)
    rows, columns = ((length - size) // step + 1 for length in (x.shape[3], x.shape[2]))
    return _pooled(x, size, step, rows, columns, np.max)


@misconception(of="max_pool", hint=STRIDE_IGNORED, name="stride_ignored")
def stride_ignored_max(x: Array, size: int, stride: int | None = None) -> Array:
    """The windows always lie side by side."""
    return reference.max_pool(x, size)


@misconception(of="max_pool", hint=WINDOW_EQUALS_STRIDE, name="window_equals_stride")
def window_equals_stride_max(x: Array, size: int, stride: int | None = None) -> Array:
    """The window has `stride` rows and columns; the number of windows is right."""
    step = _step(size, stride)
    rows, columns = reference.max_pool(x, size, stride).shape[2:]
    return _pooled(x, step, step, rows, columns, np.max)


@misconception(of="max_pool", hint=STRIDE_ONE, name="stride_defaults_to_one")
def stride_defaults_to_one_max(x: Array, size: int, stride: int | None = None) -> Array:
    """No stride is read as stride 1."""
    return reference.max_pool(x, size, stride or 1)


@misconception(of="max_pool", hint=REMAINDER_KEPT, name="remainder_kept")
def remainder_kept_max(x: Array, size: int, stride: int | None = None) -> Array:
    """The output size is rounded up; windows that hang over are cut."""
    reference.max_pool(x, size, stride)  # refuses what the reference refuses
    step = _step(size, stride)
    rows, columns = (ceil((length - size) / step) + 1 for length in x.shape[2:])
    return _pooled(x, size, step, rows, columns, np.max)


@misconception(of="max_pool", hint=ONE_ROW_SHORT, name="one_row_short")
def one_row_short_max(x: Array, size: int, stride: int | None = None) -> Array:
    """The + 1 of the output size is left out."""
    return reference.max_pool(x, size, stride)[:, :, :-1, :-1]


@misconception(of="max_pool", hint=EXACT_ONLY, name="exact_division_only")
def exact_division_only_max(x: Array, size: int, stride: int | None = None) -> Array:
    """A stride that does not divide is refused."""
    for length in x.shape[2:]:
        assert (length - size) % _step(size, stride) == 0
    return reference.max_pool(x, size, stride)


@misconception(of="max_pool", hint=WINDOW_TOO_LARGE, name="window_one_too_large")
def window_one_too_large_max(x: Array, size: int, stride: int | None = None) -> Array:
    """p and q run to K (erratum E3); windows that hang over are cut."""
    rows, columns = reference.max_pool(x, size, stride).shape[2:]
    return _pooled(x, size + 1, _step(size, stride), rows, columns, np.max)


@misconception(
    of="max_pool",
    hint="Try an image in which every number is negative: where does the 0 come from?",
)
def max_starts_at_zero(x: Array, size: int, stride: int | None = None) -> Array:
    """The search for the maximum begins with 0."""
    result: Array = np.maximum(reference.max_pool(x, size, stride), 0)
    return result


@misconception(of="max_pool", hint="Which of the numbers in the window does the slide keep? Compare with the first window.")
def mean_instead_of_max(x: Array, size: int, stride: int | None = None) -> Array:
    """The mean of each window is taken."""
    return reference.avg_pool(x, size, stride)


@misconception(of="max_pool", hint="Each channel is pooled by itself. Over which axes do you take the maximum?")
def max_over_channels(x: Array, size: int, stride: int | None = None) -> Array:
    """The maximum is taken over the channels too."""
    out = reference.max_pool(x, size, stride)
    return np.broadcast_to(out.max(axis=1, keepdims=True), out.shape)


@misconception(of="max_pool_backward", hint=EXCHANGED, name="height_and_width_exchanged")
def height_and_width_exchanged_max_backward(dout: Array, x: Array, size: int, stride: int | None = None) -> Array:
    """The shape of dout is read as (N, C, W', H')."""
    dx, step = np.zeros_like(x), _step(size, stride)
    images, channels, columns, rows = dout.shape
    for n, c, i, j in np.ndindex(images, channels, rows, columns):
        window = x[n, c, step * i : step * i + size, step * j : step * j + size]
        p, q = np.unravel_index(int(window.argmax()), window.shape)
        dx[n, c, step * i + p, step * j + q] += dout[n, c, i, j]
    return dx


@misconception(of="max_pool_backward", hint=STRIDE_IGNORED, name="stride_ignored")
def stride_ignored_max_backward(dout: Array, x: Array, size: int, stride: int | None = None) -> Array:
    """The windows always lie side by side; those past the edge are left out."""
    rows, columns = x.shape[2] // size, x.shape[3] // size
    return _max_scatter(dout[:, :, :rows, :columns], x, size, size)


@misconception(of="max_pool_backward", hint=WINDOW_EQUALS_STRIDE, name="window_equals_stride")
def window_equals_stride_max_backward(dout: Array, x: Array, size: int, stride: int | None = None) -> Array:
    """The window has `stride` rows and columns."""
    step = _step(size, stride)
    return _max_scatter(dout, x, step, step)


@misconception(
    of="max_pool_backward",
    hint="A window with two equal largest numbers hands out more gradient than it got. How much may it hand out in all?",
)
def gradient_to_all_ties(dout: Array, x: Array, size: int, stride: int | None = None) -> Array:
    """Every one of several equal maxima receives the whole gradient."""
    return _max_scatter(dout, x, size, _step(size, stride), ties=True)


@misconception(of="max_pool_backward", hint=SHAPE_FROM_DOUT, name="exact_division_only")
def exact_division_only_max_backward(dout: Array, x: Array, size: int, stride: int | None = None) -> Array:
    """The size of dx is computed back from dout, (H'-1)·S + K, which is short where the stride does not divide."""
    rows, columns = _reached(dout, size, stride)
    return reference.max_pool_backward(dout, x, size, stride)[:, :, :rows, :columns]


@misconception(of="max_pool_backward", hint=ASSIGNED, name="assigned_not_accumulated")
def assigned_not_accumulated_max(dout: Array, x: Array, size: int, stride: int | None = None) -> Array:
    """The gradient of each window overwrites that place's earlier parts; the other places keep theirs."""
    dx, step = np.zeros_like(x), _step(size, stride)
    for n, c, i, j in np.ndindex(*dout.shape):
        window = x[n, c, step * i : step * i + size, step * j : step * j + size]
        p, q = np.unravel_index(int(window.argmax()), window.shape)
        dx[n, c, step * i + p, step * j + q] = dout[n, c, i, j]
    return dx


@misconception(of="max_pool_backward", hint=ASSIGNED, name="window_assigned_not_accumulated")
def window_assigned_not_accumulated(dout: Array, x: Array, size: int, stride: int | None = None) -> Array:
    """The whole window is assigned, zeros too, so that later windows erase earlier parts."""
    return _max_scatter(dout, x, size, _step(size, stride), ties=True, add=False)


@misconception(
    of="max_pool_backward",
    hint="Your gradient is larger where x is larger. A maximum passes the gradient on; is the number itself a factor?",
)
def mask_is_max_value(dout: Array, x: Array, size: int, stride: int | None = None) -> Array:
    """The upstream gradient is multiplied by the maximum instead of 1."""
    return _max_scatter(dout * reference.max_pool(x, size, stride), x, size, _step(size, stride))


@misconception(of="max_pool_backward", hint="When a number that is not the largest moves a little, does the output move?")
def gradient_spread_evenly(dout: Array, x: Array, size: int, stride: int | None = None) -> Array:
    """Every place of the window receives a part, as in average pooling."""
    return reference.avg_pool_backward(dout, x, size, stride)


@misconception(of="max_pool_backward", hint=UPSTREAM_IGNORED, name="upstream_ignored")
def upstream_ignored_max(dout: Array, x: Array, size: int, stride: int | None = None) -> Array:
    """The gradient is 1 at the maxima, whatever dout is."""
    return reference.max_pool_backward(np.ones_like(dout), x, size, stride)


@misconception(
    of="max_pool_backward",
    hint="All your gradients are in the upper left corner. Position (p, q) in a window is which position in x?",
)
def window_offset_forgotten(dout: Array, x: Array, size: int, stride: int | None = None) -> Array:
    """The place inside the window is used as the place in x."""
    dx, step = np.zeros_like(x), _step(size, stride)
    for n, c, i, j in np.ndindex(*dout.shape):
        window = x[n, c, step * i : step * i + size, step * j : step * j + size]
        p, q = np.unravel_index(int(window.argmax()), window.shape)
        dx[n, c, p, q] += dout[n, c, i, j]
    return dx


@misconception(of="avg_pool", hint=EXCHANGED, name="height_and_width_exchanged")
def height_and_width_exchanged_avg(x: Array, size: int, stride: int | None = None) -> Array:
    """The shape of x is read as (N, C, W, H); windows past the edge are empty."""
    reference.avg_pool(x, size, stride)  # refuses what the reference refuses
    step = _step(size, stride)
    rows, columns = ((length - size) // step + 1 for length in (x.shape[3], x.shape[2]))
    return _pooled(x, size, step, rows, columns, np.sum) / size**2


@misconception(of="avg_pool", hint=STRIDE_IGNORED, name="stride_ignored")
def stride_ignored_avg(x: Array, size: int, stride: int | None = None) -> Array:
    """The windows always lie side by side."""
    return reference.avg_pool(x, size)


@misconception(of="avg_pool", hint=WINDOW_EQUALS_STRIDE, name="window_equals_stride")
def window_equals_stride_avg(x: Array, size: int, stride: int | None = None) -> Array:
    """The window has `stride` rows and columns; the number of windows is right."""
    step = _step(size, stride)
    rows, columns = reference.avg_pool(x, size, stride).shape[2:]
    return _pooled(x, step, step, rows, columns, np.mean)


@misconception(of="avg_pool", hint=STRIDE_ONE, name="stride_defaults_to_one")
def stride_defaults_to_one_avg(x: Array, size: int, stride: int | None = None) -> Array:
    """No stride is read as stride 1."""
    return reference.avg_pool(x, size, stride or 1)


@misconception(of="avg_pool", hint=REMAINDER_KEPT, name="remainder_kept")
def remainder_kept_avg(x: Array, size: int, stride: int | None = None) -> Array:
    """The output size is rounded up; windows that hang over are cut."""
    reference.avg_pool(x, size, stride)  # refuses what the reference refuses
    step = _step(size, stride)
    rows, columns = (ceil((length - size) / step) + 1 for length in x.shape[2:])
    return _pooled(x, size, step, rows, columns, np.mean)


@misconception(of="avg_pool", hint=ONE_ROW_SHORT, name="one_row_short")
def one_row_short_avg(x: Array, size: int, stride: int | None = None) -> Array:
    """The + 1 of the output size is left out."""
    return reference.avg_pool(x, size, stride)[:, :, :-1, :-1]


@misconception(of="avg_pool", hint=EXACT_ONLY, name="exact_division_only")
def exact_division_only_avg(x: Array, size: int, stride: int | None = None) -> Array:
    """A stride that does not divide is refused."""
    for length in x.shape[2:]:
        assert (length - size) % _step(size, stride) == 0
    return reference.avg_pool(x, size, stride)


@misconception(of="avg_pool", hint=WINDOW_TOO_LARGE, name="window_one_too_large")
def window_one_too_large_avg(x: Array, size: int, stride: int | None = None) -> Array:
    """p and q run to K (erratum E3); windows that hang over are cut."""
    rows, columns = reference.avg_pool(x, size, stride).shape[2:]
    return _pooled(x, size + 1, _step(size, stride), rows, columns, np.mean)


@misconception(of="avg_pool", hint="Your numbers are all too large by one factor: how many numbers are in a window?")
def sum_instead_of_mean(x: Array, size: int, stride: int | None = None) -> Array:
    """The sum of each window is not divided."""
    return reference.avg_pool(x, size, stride) * size**2


@misconception(of="avg_pool", hint=DIVIDED_BY_SIZE)
def divided_by_size(x: Array, size: int, stride: int | None = None) -> Array:
    """The sum of each window is divided by K instead of K²."""
    return reference.avg_pool(x, size, stride) * size


@misconception(of="avg_pool", hint="Average pooling keeps the mean of a window. Compare with the slide's second window.")
def max_instead_of_mean(x: Array, size: int, stride: int | None = None) -> Array:
    """The maximum of each window is taken."""
    return reference.max_pool(x, size, stride)


@misconception(
    of="avg_pool",
    hint="Your result holds whole numbers. Look at the dtype of the array that you fill: can it keep a decimal?",
)
def output_truncated_to_int(x: Array, size: int, stride: int | None = None) -> NDArray[np.int64]:
    """The output array is of integers."""
    return reference.avg_pool(x, size, stride).astype(np.int64)


@misconception(
    of="avg_pool",
    hint="Images of whole numbers lose the decimals of their means. Which dtype has the array that you fill?",
)
def result_takes_dtype_of_x(x: Array, size: int, stride: int | None = None) -> NDArray[np.generic]:
    """The array to fill takes the dtype of x: whole numbers truncate it."""
    return reference.avg_pool(x, size, stride).astype(x.dtype)


@misconception(of="avg_pool_backward", hint=EXCHANGED, name="height_and_width_exchanged")
def height_and_width_exchanged_avg_backward(dout: Array, x: Array, size: int, stride: int | None = None) -> Array:
    """The shape of dout is read as (N, C, W', H')."""
    dx, step = np.zeros_like(x), _step(size, stride)
    columns, rows = dout.shape[2:]
    for i, j in np.ndindex(rows, columns):
        dx[:, :, step * i : step * i + size, step * j : step * j + size] += dout[:, :, i, j, None, None] / size**2
    return dx


@misconception(of="avg_pool_backward", hint=STRIDE_IGNORED, name="stride_ignored")
def stride_ignored_avg_backward(dout: Array, x: Array, size: int, stride: int | None = None) -> Array:
    """The windows always lie side by side; what is past the edge is cut."""
    return _avg_scatter(dout, x, size, size)


@misconception(of="avg_pool_backward", hint=WINDOW_EQUALS_STRIDE, name="window_equals_stride")
def window_equals_stride_avg_backward(dout: Array, x: Array, size: int, stride: int | None = None) -> Array:
    """The window has `stride` rows and columns."""
    step = _step(size, stride)
    return _avg_scatter(dout, x, step, step)


@misconception(of="avg_pool_backward", hint=STRIDE_ONE, name="stride_defaults_to_one")
def stride_defaults_to_one_avg_backward(dout: Array, x: Array, size: int, stride: int | None = None) -> Array:
    """No stride is read as stride 1."""
    return _avg_scatter(dout, x, size, stride or 1)


@misconception(of="avg_pool_backward", hint=SHAPE_FROM_DOUT, name="exact_division_only")
def exact_division_only_avg_backward(dout: Array, x: Array, size: int, stride: int | None = None) -> Array:
    """The size of dx is computed back from dout, (H'-1)·S + K, which is short where the stride does not divide."""
    rows, columns = _reached(dout, size, stride)
    return reference.avg_pool_backward(dout, x, size, stride)[:, :, :rows, :columns]


@misconception(of="avg_pool_backward", hint=ASSIGNED, name="assigned_not_accumulated")
def assigned_not_accumulated_avg(dout: Array, x: Array, size: int, stride: int | None = None) -> Array:
    """Each window overwrites what earlier windows left."""
    return _avg_scatter(dout, x, size, _step(size, stride), add=False)


@misconception(of="avg_pool_backward", hint=NOT_DIVIDED, name="mean_gradient_not_divided")
def mean_gradient_not_divided_avg(dout: Array, x: Array, size: int, stride: int | None = None) -> Array:
    """Every place of the window receives the whole gradient."""
    return reference.avg_pool_backward(dout * size**2, x, size, stride)


@misconception(of="avg_pool_backward", hint=DIVIDED_BY_SIZE, name="divided_by_size")
def divided_by_size_backward(dout: Array, x: Array, size: int, stride: int | None = None) -> Array:
    """The gradient is divided by K instead of K²."""
    return reference.avg_pool_backward(dout * size, x, size, stride)


@misconception(
    of="avg_pool_backward", hint="A mean is over the numbers of one window, not over the whole image: which count divides?"
)
def divided_by_image_size(dout: Array, x: Array, size: int, stride: int | None = None) -> Array:
    """The gradient is divided by H·W."""
    return reference.avg_pool_backward(dout * size**2 / (x.shape[2] * x.shape[3]), x, size, stride)


@misconception(of="avg_pool_backward", hint=UPSTREAM_IGNORED, name="upstream_ignored")
def upstream_ignored_avg(dout: Array, x: Array, size: int, stride: int | None = None) -> Array:
    """The gradient is the same for every dout."""
    return reference.avg_pool_backward(np.ones_like(dout), x, size, stride)


@misconception(
    of="avg_pool_backward",
    hint="The mean depends on every number of its window, not only on the largest.",
)
def gradient_to_maximum(dout: Array, x: Array, size: int, stride: int | None = None) -> Array:
    """The gradient goes to the maximum, as in max pooling."""
    return reference.max_pool_backward(dout, x, size, stride)


@misconception(of="adaptive_avg_pool", hint=EQUAL_WINDOWS)
def adaptive_equal_windows(x: Array, size: int) -> Array:
    """All windows have H//k rows and W//k columns, side by side; the rest is left out."""
    return _adaptive(x, size, _equal(x, size))


@misconception(of="adaptive_avg_pool", hint=EQUAL_STRIDE)
def adaptive_equal_stride(x: Array, size: int) -> Array:
    """The windows begin at multiples of H//k and have H - (k-1)·(H//k) rows."""
    return _adaptive(x, size, _equal_stride(x, size))


@misconception(of="adaptive_avg_pool", hint=END_FLOORED)
def adaptive_end_floored(x: Array, size: int) -> Array:
    """pf and qf are rounded down."""
    return _adaptive(x, size, _floored(x, size))


@misconception(of="adaptive_avg_pool", hint=MIXED)
def adaptive_height_and_width_mixed(x: Array, size: int) -> Array:
    """Windows begin by H and end by W (erratum E4 read literally)."""
    return _adaptive(x, size, _mixed(x, size))


@misconception(of="adaptive_avg_pool", hint=MIXED)
def adaptive_height_and_width_mixed_area(x: Array, size: int) -> Array:
    """Windows begin by H and end by W, and the sum is divided by the slide's area even where the window is cut."""
    reference.adaptive_avg_pool(x, size)  # refuses what the reference refuses
    out = np.zeros((*x.shape[:2], size, size))
    with np.errstate(invalid="ignore", divide="ignore"):
        for i, j, rows, columns in _mixed(x, size):
            area = np.float64((rows.stop - rows.start) * (columns.stop - columns.start))
            out[:, :, i, j] = x[:, :, rows, columns].sum(axis=(2, 3)) / area
    return out


@misconception(of="adaptive_avg_pool", hint=EXCHANGED, name="height_and_width_exchanged")
def height_and_width_exchanged_adaptive(x: Array, size: int) -> Array:
    """Rows go with W and columns with H."""
    return _adaptive(x, size, _exchanged(x, size))


@misconception(of="adaptive_avg_pool", hint=DIVIDING_ONLY)
def adaptive_exact_division_only(x: Array, size: int) -> Array:
    """x is reshaped into equal windows, which fails when k does not divide."""
    reference.adaptive_avg_pool(x, size)  # refuses what the reference refuses
    result: Array = x.reshape(*x.shape[:2], size, x.shape[2] // size, size, x.shape[3] // size).mean(axis=(3, 5))
    return result


@misconception(
    of="adaptive_avg_pool",
    hint="Your numbers are too large, each by the number of places in its window: what is missing after the sum?",
    name="sum_instead_of_mean",
)
def sum_instead_of_mean_adaptive(x: Array, size: int) -> Array:
    """The sums of the windows are not divided."""
    reference.adaptive_avg_pool(x, size)  # refuses what the reference refuses
    out = np.zeros((*x.shape[:2], size, size))
    for i, j, rows, columns in _right(x, size):
        out[:, :, i, j] = x[:, :, rows, columns].sum(axis=(2, 3))
    return out


@misconception(of="adaptive_avg_pool", hint=FIXED_DIVISOR)
def adaptive_fixed_divisor(x: Array, size: int) -> Array:
    """Every sum is divided by (H/k)·(W/k), the average number of places."""
    summed: Array = sum_instead_of_mean_adaptive.function(x, size)
    result: Array = summed * (size * size / (x.shape[2] * x.shape[3]))
    return result


@misconception(of="adaptive_avg_pool_backward", hint=EQUAL_WINDOWS, name="adaptive_equal_windows")
def adaptive_equal_windows_backward(dout: Array, x: Array, size: int) -> Array:
    """All windows have H//k rows and W//k columns, side by side."""
    return _adaptive_scatter(dout, x, _equal(x, size))


@misconception(of="adaptive_avg_pool_backward", hint=EQUAL_STRIDE, name="adaptive_equal_stride")
def adaptive_equal_stride_backward(dout: Array, x: Array, size: int) -> Array:
    """The windows begin at multiples of H//k and have H - (k-1)·(H//k) rows."""
    return _adaptive_scatter(dout, x, _equal_stride(x, size))


@misconception(of="adaptive_avg_pool_backward", hint=END_FLOORED, name="adaptive_end_floored")
def adaptive_end_floored_backward(dout: Array, x: Array, size: int) -> Array:
    """pf and qf are rounded down."""
    return _adaptive_scatter(dout, x, _floored(x, size))


@misconception(
    of="adaptive_avg_pool_backward",
    hint=DIVIDING_ONLY,
    name="adaptive_exact_division_only",
)
def adaptive_exact_division_only_backward(dout: Array, x: Array, size: int) -> Array:
    """dout is repeated into equal windows, which does not give the shape of x when k does not divide."""
    high, wide = x.shape[2] // size, x.shape[3] // size
    result: Array = dout.repeat(high, axis=2).repeat(wide, axis=3) / np.float64(high * wide or 1)
    return result


@misconception(of="adaptive_avg_pool_backward", hint=MIXED, name="adaptive_height_and_width_mixed")
def adaptive_height_and_width_mixed_backward(dout: Array, x: Array, size: int) -> Array:
    """Windows begin by H and end by W (erratum E4 read literally)."""
    return _adaptive_scatter(dout, x, _mixed(x, size))


@misconception(of="adaptive_avg_pool_backward", hint=EXCHANGED, name="height_and_width_exchanged")
def height_and_width_exchanged_adaptive_backward(dout: Array, x: Array, size: int) -> Array:
    """Rows go with W and columns with H."""
    return _adaptive_scatter(dout, x, _exchanged(x, size))


@misconception(of="adaptive_avg_pool_backward", hint=ASSIGNED, name="assigned_not_accumulated")
def assigned_not_accumulated_adaptive(dout: Array, x: Array, size: int) -> Array:
    """Each window overwrites what earlier windows left."""
    return _adaptive_scatter(dout, x, _right(x, size), add=False)


@misconception(of="adaptive_avg_pool_backward", hint=NOT_DIVIDED, name="mean_gradient_not_divided")
def mean_gradient_not_divided_adaptive(dout: Array, x: Array, size: int) -> Array:
    """Every place of the window receives the whole gradient."""
    dx = np.zeros_like(x)
    for i, j, rows, columns in _right(x, size):
        dx[:, :, rows, columns] += dout[:, :, i, j, None, None]
    return dx


@misconception(of="adaptive_avg_pool_backward", hint=FIXED_DIVISOR, name="adaptive_fixed_divisor")
def adaptive_fixed_divisor_backward(dout: Array, x: Array, size: int) -> Array:
    """Every gradient is divided by (H/k)·(W/k), the average number of places."""
    undivided: Array = mean_gradient_not_divided_adaptive.function(dout, x, size)
    result: Array = undivided * (size * size / (x.shape[2] * x.shape[3]))
    return result
