"""The pictures of `activations`: what `grader plot activations` draws with a student's functions."""

import numpy as np

from grader.course.pictures import _, apart, bars, call, lines, picture, told

Z = np.linspace(-6, 6, 121)
SCORES = np.array([[2.0, 1.0, 0.0, -1.0]])


def curve(name):
    """An activation and its derivative over the same axis."""
    value = yield call(name, Z)
    curves = {_("value"): value}
    try_slope = yield call(f"{name}_prime", Z)
    curves[_("slope")] = try_slope
    yield lines(name, curves, x=Z, xlabel="z")


@picture(_("Where does each activation still learn?"))
def slopes():
    """The three activations, each with its slope."""
    yield told(_("Where a slope is near 0, a unit hardly changes, however wrong its output is."))
    for name in ("sigmoid", "tanh", "relu"):
        yield from apart(curve(name))


@picture(_("Ten small slopes in a row: what is left of a gradient?"), columns=2)
def vanishing():
    """The slope at 0.5, to the power of the number of layers."""
    depth = np.arange(1, 11)
    names = ("sigmoid", "tanh", "relu")
    found = {}
    for name in names:
        slope = yield call(f"{name}_prime", np.array([0.5]))
        found[name] = np.asarray(slope).item() ** depth
    left = {name: f"{values[-1]:.2g}" for name, values in found.items()}
    yield told(_("After ten layers, {sigmoid} of it with sigmoid, {tanh} with tanh, {relu} with ReLU.").format(**left))
    yield lines(_("slope at z = 0.5, multiplied along the layers"), found, x=depth, xlabel=_("layers"), log=True, markers=True)


@picture(_("What does softmax do when all scores grow?"))
def temperature():
    """The same four scores, half as large and three times as large."""
    names = tuple(f"{score:g}" for score in SCORES[0])
    for factor in (0.5, 1, 3):
        shares = yield call("softmax", factor * SCORES)
        title = _("scores × {factor}").format(factor=f"{factor:g}")
        yield bars(title, names, {"p": np.asarray(shares)[0]}, xlabel=_("score before"), ylabel="p" if factor == 0.5 else "")
    yield told(_("The order stays; the largest takes more and more of the whole."))
