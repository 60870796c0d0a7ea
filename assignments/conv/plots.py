"""The pictures of `conv`: what `grader plot conv` draws with a student's functions."""

from pathlib import Path

import numpy as np

from grader.course.pictures import _, call, cells, grid, numbers, picture, told

with np.load(Path(__file__).with_name("some_digits.npz")) as _file:
    DIGITS = _file["images"] / 16
SEVEN = DIGITS[0]
DOWN = np.array([[1.0, 1, 1], [0, 0, 0], [-1, -1, -1]])  # dark above bright
KERNELS = {_("top edge"): DOWN, _("bottom edge"): -DOWN, _("left edge"): DOWN.T, _("right edge"): -DOWN.T}


@picture(_("Where does the 7 have what the kernel looks for?"))
def feature_map():
    """A digit, a kernel for top edges, and the map; the window of the largest number is framed."""
    kernel = DOWN
    found = numbers((yield call("conv2d_valid", SEVEN, kernel)), None, None)
    row, column = (int(place) for place in np.unravel_index(np.nanargmax(found), found.shape))
    yield cells(_("a real digit, 8 × 8 pixels"), SEVEN, scale="ink", frames=((row, column, 3, 3),))
    yield cells(_("the kernel"), kernel, scale="signed", written=True)
    yield cells(_("the map: how alike they are"), found, scale="signed", marks=((row, column),))
    yield told(
        _(
            "The largest number, {most}, stands at ({row}, {column}): there the framed part of the image looks most like the kernel."
        ).format(most=f"{found[row, column]:.2f}", row=row, column=column)
    )


@picture(_("Four kernels, four questions about the same digit"), columns=1)
def edges():
    """What four filters of one layer answer."""
    w = np.stack([*KERNELS.values()])[:, None]
    maps = numbers((yield call("conv_forward", DIGITS[1][None, None], w, np.zeros(4), 1, 1)), 1, 4, None, None)
    yield grid(_("kernels"), w[:, 0], names=tuple(KERNELS), columns=4, scale="signed")
    yield grid(_("their maps of a 0, with padding 1"), maps[0], columns=4, scale="signed")
    yield told(
        _("Each filter makes one channel of the output; red is where it finds its edge, blue where it finds the opposite one.")
    )


@picture(_("What do padding and stride do to the size?"))
def sizes():
    """The same kernel with three choices."""
    for stride, pad in ((1, 0), (1, 1), (2, 1)):
        found = numbers((yield call("conv2d", SEVEN, DOWN, stride, pad)), None, None)
        title = _("stride {stride}, padding {pad}: {height} × {width}")
        shape = dict(height=found.shape[0], width=found.shape[1])
        yield cells(title.format(stride=stride, pad=pad, **shape), found, scale="signed")


@picture(_("Which pixels hear of one number of the output?"))
def one_gradient():
    """The gradient of the image and of the filter, where a single number of dout is 1."""
    dout = np.zeros((1, 1, 6, 6))
    dout[0, 0, 1, 3] = 1
    w = np.arange(1.0, 10).reshape(1, 1, 3, 3)
    answer = yield call("conv_backward", dout, SEVEN[None, None], w, np.zeros(1))
    dx, dw, _db = answer
    yield cells("dout", dout[0, 0], scale="ink")
    yield cells("dx", numbers(dx, 1, 1, 8, 8)[0, 0], scale="ink")
    yield cells("dw", numbers(dw, 1, 1, 3, 3)[0, 0], scale="ink", written=True)
