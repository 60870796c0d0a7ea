"""The pictures of `pooling`: what `grader plot pooling` draws with a student's functions."""

from pathlib import Path

import numpy as np

from grader.course.pictures import _, apart, call, cells, numbers, picture, told

with np.load(Path(__file__).with_name("some_digits.npz")) as _file:
    SEVEN = _file["images"][0] / 16
# no two numbers of a window are equal, so that each window has one largest
NOISY = SEVEN + 0.001 * np.random.default_rng(7).permutation(64).reshape(8, 8)
IMAGE = NOISY[None, None]


@picture(_("Which pixel of each window is kept?"))
def windows():
    """A digit with its windows, the chosen pixels, and the pooled image."""
    pooled = numbers((yield call("max_pool", IMAGE, 2)), 1, 1, None, None)[0, 0]
    chosen = numbers((yield call("max_pool_backward", np.ones((1, 1, 4, 4)), IMAGE, 2)), 1, 1, 8, 8)[0, 0]
    frames = tuple((row, column, 2, 2) for row in range(0, 8, 2) for column in range(0, 8, 2))
    yield cells(_("a digit in 16 windows of 2 × 2"), NOISY, scale="ink", frames=frames)
    yield cells(_("the pixels that the gradient reaches"), chosen, scale="ink", frames=frames)
    yield cells(_("after max pooling: a quarter of the numbers"), pooled, scale="ink")
    count = int(np.count_nonzero(chosen))
    yield told(
        _("{count} of 64 pixels decide; the others could be a little different, and nothing would change.").format(count=count)
    )


def pooled(title, name, *arguments):
    """The digit after one kind of pooling."""
    found = yield call(name, IMAGE, *arguments)
    yield cells(title, numbers(found, 1, 1, None, None)[0, 0], scale="ink", limits=(0.0, 1.0))


@picture(_("Largest or mean: which one keeps the shape?"))
def kinds():
    """Max, average and adaptive pooling of the same digit."""
    yield from apart(pooled(_("largest of 2 × 2"), "max_pool", 2))
    yield from apart(pooled(_("mean of 2 × 2"), "avg_pool", 2))
    yield from apart(pooled(_("adaptive: always 3 × 3"), "adaptive_avg_pool", 3))


@picture(_("Overlapping windows: who gets more than one gradient?"), columns=2)
def overlap():
    """Windows of 3 that move by 1: the gradients that meet in one pixel add up."""
    found = numbers((yield call("max_pool_backward", np.ones((1, 1, 6, 6)), IMAGE, 3, 1)), 1, 1, 8, 8)[0, 0]
    yield cells(_("a digit"), NOISY, scale="ink")
    yield cells(_("how many windows chose each pixel"), found, scale="heat", written=True)
    yield told(_("One pixel is the largest of {most} windows.").format(most=f"{np.nanmax(found):g}"))
