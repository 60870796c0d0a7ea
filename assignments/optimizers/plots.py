"""The pictures of `optimizers`: what `grader plot optimizers` draws with a student's functions."""

import numpy as np

from grader.course.pictures import _, apart, call, lines, numbers, paths, picture, told

METHODS = ("gradient_descent", "momentum", "adam")


@picture(_("Three ways down the same bowl: who is there first?"), columns=2)
def bowl():
    """The paths on the quadratic, and how high each one is."""
    x, y = np.linspace(-4.6, 4.6, 60), np.linspace(-2.2, 2.2, 60)
    heights = 0.5 * (x[None] ** 2 + 10 * y[:, None] ** 2)
    ways = {}
    for method, rate in zip(METHODS, (0.15, 0.02, 0.3), strict=True):
        ways[f"{method} {rate:g}"] = numbers(
            (yield call("minimise", "quadratic", np.array([4.0, 1.5]), method, rate, 40)), None, 2
        )
    yield paths(_("40 steps; the numbers are the rates"), x, y, heights, ways, goal=(0.0, 0.0), xlabel="x", ylabel="y")
    curves = {name: 0.5 * (way[:, 0] ** 2 + 10 * way[:, 1] ** 2) for name, way in ways.items()}
    yield lines(_("the cost on the way"), curves, log=True, xlabel=_("steps"))
    yield told(_("Plain steps zigzag across the steep direction; momentum swings; Adam gives each direction its own length."))


def valley():
    """Rosenbrock's valley, its heights by the student's `rosenbrock`."""
    x, y = np.linspace(-2, 2, 41), np.linspace(-1, 3, 41)
    heights = np.empty((len(y), len(x)))
    for row, up in enumerate(y):
        for column, across in enumerate(x):
            heights[row, column] = np.asarray((yield call("rosenbrock", np.array([across, up])))).item()
    ways = {}
    for method, rate in zip(METHODS, (0.001, 0.0005, 0.1), strict=True):
        ways[f"{method} {rate:g}"] = numbers(
            (yield call("minimise", "rosenbrock", np.array([-1.2, 1.0]), method, rate, 200)), None, 2
        )
    yield paths(_("200 steps in Rosenbrock's valley"), x, y, heights, ways, goal=(1.0, 1.0), xlabel="x", ylabel="y")
    left = [np.linalg.norm(way[-1] - 1) for way in ways.values()]
    words = _("After 200 steps, still to go: {plain} for plain steps, {momentum} with momentum, {adam} with Adam.")
    plain, momentum, adam = (f"{distance:.2g}" for distance in left)
    yield told(words.format(plain=plain, momentum=momentum, adam=adam))


@picture(_("A narrow, bent valley: who follows it to the end?"), columns=1)
def rosenbrock():
    """The paths in Rosenbrock's valley."""
    yield from apart(valley())


@picture(_("When is the step too long?"), columns=1)
def rates():
    """The cost of plain gradient descent for four rates; the bowl's steepest direction bears 2/10."""
    curves = {}
    for rate in (0.02, 0.1, 0.19, 0.21):
        way = numbers((yield call("minimise", "quadratic", np.array([4.0, 1.5]), "gradient_descent", rate, 40)), 41, 2)
        curves[f"{rate:g}"] = 0.5 * (way[:, 0] ** 2 + 10 * way[:, 1] ** 2)
    yield lines(_("the cost of gradient descent, by rate"), curves, log=True, xlabel=_("steps"), ylabel=_("cost"))
