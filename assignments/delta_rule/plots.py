"""The pictures of `delta_rule`: what `grader plot delta_rule` draws with a student's functions."""

import numpy as np

from grader.course.pictures import _, apart, call, cells, lines, numbers, picture, told

X, TARGET = np.array([0.8, 0.6]), np.array([0.0, 1.0, 0.0])
STEPS = 40


def start():
    """The slide's network with two hidden units and small weights."""
    rng = np.random.default_rng(3)
    return rng.normal(size=(2, 2)) / 2, rng.normal(size=(3, 2)) / 2


def errors(name, mu):
    """The squared error after each step of one rule."""
    hidden, output = start()
    found = []
    for _step in range(STEPS):
        answer = yield call("forward", X, hidden, output)
        found.append(np.sum((TARGET - numbers(answer[3], 3)) ** 2))
        hidden, output = yield call(name, X, TARGET, hidden, output, mu)
    return found


@picture(_("One order or the other: does it matter?"), columns=2)
def orders():
    """The error with both kinds of steps, for a small and a large rate."""
    for mu in (0.5, 8.0):
        curves = {}
        for name in ("step_in_order", "step_simultaneous"):
            curves[name] = yield from errors(name, mu)
        title = _("rate μ = {mu}").format(mu=f"{mu:g}")
        yield lines(title, curves, xlabel=_("steps"), ylabel=_("squared error"))
    yield told(_("With a small rate both orders are the same to the eye."))


def saturated(name, activation):
    """The slope of an activation over its sum."""
    s = np.linspace(-6, 6, 81)
    slope = yield call("sgm_prime", s, activation)
    return s, slope


def both_slopes():
    """The slopes of both activations."""
    curves = {}
    for activation in ("sigmoid", "tanh"):
        s, curves[activation] = yield from saturated("sgm_prime", activation)
    yield lines(_("sgm'(s): every delta is multiplied by it"), curves, x=s, xlabel=_("sum s"))


@picture(_("Why do sure units learn slowly?"), columns=1)
def slopes():
    """The factor in every delta."""
    yield from apart(both_slopes())


@picture(_("Who is to blame? The deltas of a step, sent back"), columns=3)
def blame():
    """Output deltas, the weights they go back through, hidden deltas."""
    hidden, output = start()
    answer = yield call("forward", X, hidden, output)
    s_hidden, _hidden, s_output, _output = answer
    deltas = numbers((yield call("output_delta", s_output, TARGET)), 3)
    back = numbers((yield call("hidden_delta", s_hidden, output, deltas)), 2)
    outputs = tuple(_("output {place}").format(place=place) for place in range(3))
    yield cells(_("deltas of the outputs"), deltas[:, None], scale="signed", written=True, rows=outputs)
    yield cells(_("weights to the outputs"), output, scale="signed", written=True)
    yield cells(_("deltas of the hidden units"), back[:, None], scale="signed", written=True)
