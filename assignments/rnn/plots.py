"""The pictures of `rnn`: what `grader plot rnn` draws with a student's functions."""

import numpy as np

from grader.course.pictures import _, call, cells, lines, numbers, picture, told

LENGTH, UNITS, EPOCHS, RATE, LIMIT = 12, 8, 300, 0.3, 1.0
TIME = np.arange(140)
SERIES = np.sin(2 * np.pi * TIME / 20) + 0.1 * np.random.default_rng(3).normal(size=len(TIME))
LEARNED = 100  # values of the series that it learns from


def start():
    """Small random weights."""
    rng = np.random.default_rng(4)
    wx, wh = rng.normal(size=(1, UNITS)) / 2, rng.normal(size=(UNITS, UNITS)) / np.sqrt(UNITS) / 2
    return [wx, wh, np.zeros(UNITS), rng.normal(size=(UNITS, 1)) / 2, np.zeros(1)]


def trained():
    """The weights after training on the first values, and the losses."""
    x, y = yield call("windows", SERIES[:LEARNED], LENGTH)
    return (yield call("train", x, y, start(), RATE, EPOCHS, LIMIT))


@picture(_("What comes next? The prediction of a noisy sine"), columns=1)
def prediction():
    """Predictions of single values that it has not seen, and a run that goes on by itself."""
    weights, _losses = yield from trained()
    x, _y = yield call("windows", SERIES[LEARNED - LENGTH :], LENGTH)
    single = numbers((yield call("predict", x, *weights)), len(TIME) - LEARNED, 1)[:, 0]
    seen, alone = list(SERIES[LEARNED - LENGTH : LEARNED]), []
    for _step in range(len(TIME) - LEARNED):
        alone.append(numbers((yield call("predict", np.array(seen[-LENGTH:])[None, :, None], *weights)), 1, 1)[0, 0])
        seen.append(alone[-1])
    yield lines(
        _("values that it did not learn from"),
        {_("the series"): SERIES[LEARNED:], _("one value ahead"): single, _("on its own"): alone},
        x=TIME[LEARNED:],
        xlabel=_("time step"),
    )
    error, last = np.mean((single - SERIES[LEARNED:]) ** 2), np.mean(np.diff(SERIES[LEARNED - 1 :]) ** 2)
    words = _("Mean squared error one value ahead: {error}; «the next value is the last one» has {last}.")
    yield told(words.format(error=f"{error:.3f}", last=f"{last:.3f}"))


@picture(_("How does the loss fall?"), columns=1)
def loss():
    """The losses of the epochs."""
    _weights, losses = yield from trained()
    yield lines(_("mean squared error"), {_("loss"): numbers(losses, EPOCHS)}, xlabel=_("epochs"))


@picture(_("How far back does a gradient reach?"), columns=1)
def memory():
    """The gradient of the last state with respect to each input, for three sizes of the recurrent weight."""
    steps = 20
    dh = np.zeros((1, steps, 1))
    dh[0, -1, 0] = 1
    curves = {}
    for weight in (0.5, 0.9, 1.3):
        one = np.ones((1, 1))
        answer = yield call("rnn_backward", dh, np.full((1, steps, 1), 0.01), np.zeros((1, 1)), one, weight * one, np.zeros(1))
        curves[f"wh = {weight:g}"] = np.abs(numbers(answer[0], 1, steps, 1)[0, :, 0])
    yield lines(
        _("|gradient of the last state| for the input of each step"), curves, log=True, xlabel=_("time step of the input")
    )
    yield told(
        _("With a small recurrent weight, the network soon forgets; the gradient shrinks by the same factor at every step.")
    )


@picture(_("What do the hidden units do while it reads a series?"), columns=1)
def states():
    """The hidden states over time, after training."""
    weights, _losses = yield from trained()
    h = numbers((yield call("rnn_forward", SERIES[None, :40, None], np.zeros((1, UNITS)), *weights[:3])), 1, 40, UNITS)
    yield cells(_("hidden states"), h[0].T, scale="signed", xlabel=_("time step"), ylabel=_("unit"), limits=(-1.0, 1.0))
