"""The pictures of `losses`: what `grader plot losses` draws with a student's functions."""

import numpy as np

from grader.course.pictures import _, apart, call, lines, numbers, picture, told

ERRORS = np.linspace(-3, 3, 61)
SURE = np.linspace(0.01, 0.99, 60)


def over(name, target, predictions):
    """The values of a loss of one number, one prediction at a time."""
    values = []
    for prediction in predictions:
        answer = yield call(name, np.array([target]), np.array([prediction]))
        values.append(np.asarray(answer).item())
    return values


def pair(title, names, target, predictions, xlabel):
    """Some losses in one panel."""
    curves = {}
    for name in names:
        curves[name] = yield from over(name, target, predictions)
    yield lines(title, curves, x=predictions, xlabel=xlabel)


def slopes(title, names, target, predictions, xlabel):
    """Their gradients in one panel."""
    curves = {}
    for name in names:
        found = []
        for prediction in predictions:
            answer = yield call(f"{name}_gradient", np.array([target]), np.array([prediction]))
            found.append(numbers(answer, 1)[0])
        curves[name] = found
    yield lines(title, curves, x=predictions, xlabel=xlabel)


@picture(_("How much worse is an error that is twice as large?"), columns=2)
def regression():
    """MSE and MAE against the error, and their slopes."""
    yield from apart(pair(_("the loss"), ("mse", "mae"), 0.0, ERRORS, _("error p - t")))
    yield from apart(slopes(_("its slope"), ("mse", "mae"), 0.0, ERRORS, _("error p - t")))
    yield told(_("The square punishes large errors more and more; the slope of the absolute error knows only the direction."))


@picture(_("What does it cost to be sure, and wrong?"), columns=2)
def classification():
    """Cross-entropy and squared error for a target of 1."""
    names = ("binary_cross_entropy", "mse")
    yield from apart(pair(_("the loss, target 1"), names, 1.0, SURE, _("predicted probability")))
    yield from apart(slopes(_("its slope"), names, 1.0, SURE, _("predicted probability")))
    yield told(_("Near 0 the squared error hardly notices; the cross-entropy grows without end."))


@picture(_("Counts: is it worse to guess too few or too many?"), columns=1)
def counts():
    """The Poisson loss around three targets."""
    rates = np.linspace(0.2, 12, 60)
    curves = {}
    for target in (1.0, 3.0, 6.0):
        curves[_("target {target}").format(target=f"{target:g}")] = yield from over("poisson", target, rates)
    yield lines(_("Poisson loss"), curves, x=rates, xlabel=_("predicted rate"))
