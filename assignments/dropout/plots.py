"""The pictures of `dropout`: what `grader plot dropout` draws with a student's functions."""

from pathlib import Path

import numpy as np

from grader.course.pictures import _, call, cells, grid, lines, numbers, picture, told

with np.load(Path(__file__).with_name("some_digits.npz")) as _file:
    THREE = _file["images"][2] / 16
DRAWS = np.random.default_rng(4).uniform(size=(400, 8, 8))


@picture(_("What does the next layer see of the same digit?"), columns=1)
def masks():
    """Four passes with p = 0.3: the masks, and what is left of the digit."""
    found, left = [], []
    for draws in DRAWS[:5]:
        found.append(numbers((yield call("dropout_mask", draws, 0.3)), 8, 8))
        left.append(numbers((yield call("dropout_forward", THREE, draws, 0.3)), 8, 8))
    names = tuple(_("pass {number}").format(number=number) for number in range(1, 6))
    yield grid(_("the mask, p = 0.3: white is dropped"), np.array(found), names=names, columns=5)
    yield grid(_("what is left of a 3"), np.array(left), columns=5)
    share = np.mean(np.array(found) == 0)
    yield told(_("{percent} % of the places are dropped in these five passes.").format(percent=f"{100 * share:.0f}"))


@picture(_("Half of it is missing: is the mean still right?"))
def means():
    """The mean of many passes, beside the digit."""
    total = np.zeros((8, 8))
    error = []
    for count, draws in enumerate(DRAWS, start=1):
        total += numbers((yield call("dropout_forward", THREE, draws, 0.5)), 8, 8)
        error.append(np.mean(np.abs(total / count - THREE)))
    ends = (0.0, 1.0)
    yield cells(_("the digit"), THREE, scale="ink", limits=ends)
    yield cells(_("mean of 400 passes, p = 0.5"), total / len(DRAWS), scale="ink", limits=ends)
    yield lines(_("how far the mean is from the digit"), {_("mean distance"): error}, x=np.arange(1, 401), xlabel=_("passes"))
    yield told(_("After 400 passes the mean differs from the digit by {error} on average.").format(error=f"{error[-1]:.3f}"))


@picture(_("Which numbers get a gradient?"), columns=2)
def gradient():
    """A forward pass, and the gradient that comes back for dout of ones."""
    draws = DRAWS[0]
    kept = numbers((yield call("dropout_forward", THREE, draws, 0.3)), 8, 8)
    back = numbers((yield call("dropout_backward", np.ones((8, 8)), draws, 0.3)), 8, 8)
    yield cells(_("forward, p = 0.3"), kept, scale="ink")
    yield cells(_("the gradient, for ones from above"), back, scale="ink")
