"""The pictures of `logistic`: what `grader plot logistic` draws with a student's functions."""

import numpy as np

from grader.course.pictures import _, call, lines, numbers, picture, regions, told

_RNG = np.random.default_rng(5)
POINTS = np.concatenate([_RNG.normal((-1, -0.6), 0.8, (25, 2)), _RNG.normal((1.1, 0.9), 0.8, (25, 2))])
LABELS = np.repeat([0.0, 1.0], 25)
AXIS = np.linspace(-3.4, 3.4, 35)
PLANE = np.stack(np.meshgrid(AXIS, AXIS), axis=-1).reshape(-1, 2)
START, RATE = (np.array([-1.5, 1.0]), 0.5), 0.5


@picture(_("How does the line turn while the neuron learns?"))
def boundary():
    """The answers over the plane after 0, 5 and 100 steps."""
    for steps in (0, 5, 100):
        w, b, _losses = yield call("train", POINTS, LABELS, *START, RATE, steps)
        answers = numbers((yield call("forward", PLANE, w, b)), len(PLANE)).reshape(len(AXIS), -1)
        said = numbers((yield call("forward", POINTS, w, b)), len(POINTS)) > 0.5
        wrong = int(np.sum(said != (LABELS == 1)))
        title = _("after {steps} steps: {wrong} of {count} wrong").format(steps=steps, wrong=wrong, count=len(POINTS))
        yield regions(title, AXIS, AXIS, answers, POINTS, LABELS)
    yield told(_("The black line is where the neuron says 1/2; red is a sure 1, blue a sure 0."))


@picture(_("How large may the learning rate be?"), columns=1)
def rates():
    """The cost along the way for three rates."""
    curves = {}
    for rate in (0.05, 0.5, 5.0):
        answer = yield call("train", POINTS, LABELS, *START, rate, 60)
        curves[f"α = {rate:g}"] = numbers(answer[2], 61)
    yield lines(_("the cost after each step"), curves, xlabel=_("steps"), ylabel=_("cost"))


@picture(_("What a probability costs: -log a, or -log(1 - a)"), columns=1)
def cost():
    """The binary cross-entropy of one example."""
    said = np.linspace(0.01, 0.99, 60)
    curves = {}
    for label in (1.0, 0.0):
        found = []
        for a in said:
            found.append(np.asarray((yield call("bce", np.array([a]), np.array([label])))).item())
        curves[_("label {label}").format(label=f"{label:g}")] = found
    yield lines(_("the cost of one example"), curves, x=said, xlabel=_("what the neuron says, a"), ylabel=_("cost"))
