"""The pictures of `mlp`: what `grader plot mlp` draws with a student's functions."""

import numpy as np

from grader.course.pictures import _, call, lines, numbers, picture, regions, told

_RNG = np.random.default_rng(11)
_TURN = _RNG.uniform(0, 2 * np.pi, 30)
INNER = _RNG.normal(0, 0.45, (30, 2))
RING = 2.2 * np.stack([np.cos(_TURN), np.sin(_TURN)], axis=1) + _RNG.normal(0, 0.25, (30, 2))
POINTS, LABELS = np.concatenate([INNER, RING]), np.repeat([0, 1], 30)
TARGETS = np.eye(2)[LABELS]
SIZES = np.array([2, 6, 2])
EPOCHS, BATCH, RATE = 60, 10, 1.5
AXIS = np.linspace(-3.2, 3.2, 23)


def begin():
    """The network before training, by the student's `initialise`."""
    draws = np.random.default_rng(2).uniform(0, 1, 24)
    return (yield call("initialise", SIZES, draws))


def predicted(points, weights, biases):
    """The probability of class 1 at each point."""
    found = []
    for point in points:
        _zs, activations = yield call("forward", point, weights, biases)
        found.append(numbers(activations[-1], 2)[1])
    return np.array(found)


def trained(epochs, weights, biases, first=0):
    """The network after some epochs."""
    orders = [np.random.default_rng(100 + epoch).permutation(len(POINTS)) for epoch in range(first, first + epochs)]
    return (yield call("train", POINTS, TARGETS, weights, biases, RATE, BATCH, np.array(orders)))


@picture(_("A ring around a crowd: what can hidden units do that a line cannot?"))
def region():
    """What the network answers over the plane before training, early, and at the end."""
    weights, biases = yield from begin()
    plane = np.stack(np.meshgrid(AXIS, AXIS), axis=-1).reshape(-1, 2)
    done = 0
    for epochs in (0, 5, EPOCHS):
        if epochs > done:
            weights, biases = yield from trained(epochs - done, weights, biases, done)
            done = epochs
        answers = (yield from predicted(plane, weights, biases)).reshape(len(AXIS), -1)
        said = yield from predicted(POINTS, weights, biases)
        wrong = int(np.sum((said > 0.5) != (LABELS == 1)))
        title = _("after {epochs} epochs: {wrong} of {count} wrong").format(epochs=epochs, wrong=wrong, count=len(POINTS))
        yield regions(title, AXIS, AXIS, answers, POINTS, LABELS)
    yield told(_("Six hidden units draw a closed border; without them it would be a straight line."))


@picture(_("Does it learn? The cost and the accuracy of each epoch"), columns=2)
def progress():
    """Cost and accuracy on the examples, epoch by epoch."""
    weights, biases = yield from begin()
    costs, right = [], []
    for epoch in range(0, EPOCHS + 1, 3):
        if epoch:
            weights, biases = yield from trained(3, weights, biases, epoch - 3)
        said = yield from predicted(POINTS, weights, biases)
        shares = np.clip(np.where(LABELS == 1, said, 1 - said), 1e-7, 1)
        costs.append(-np.mean(np.log(shares)))
        right.append(np.mean((said > 0.5) == (LABELS == 1)))
    epochs = np.arange(0, EPOCHS + 1, 3)
    yield lines(_("cost"), {_("cost"): costs}, x=epochs, xlabel=_("epochs"))
    yield lines(_("accuracy"), {_("accuracy"): right}, x=epochs, xlabel=_("epochs"))
    yield told(_("At the end {percent} % of the examples are right.").format(percent=f"{100 * right[-1]:.0f}"))
