"""The pictures of `sequential`: what `grader plot sequential` draws with a student's functions."""

import numpy as np

from grader.course.pictures import _, call, lines, new, numbers, picture, ref, regions, told

_RNG = np.random.default_rng(6)
CORNERS = np.array([[-1.0, -1], [-1, 1], [1, -1], [1, 1]])
POINTS = np.repeat(CORNERS, 12, axis=0) + _RNG.normal(0, 0.28, (48, 2))
LABELS = np.repeat([0.0, 1, 1, 0], 12)
EPOCHS, BATCH, RATE = 80, 8, 0.8
AXIS = np.linspace(-2.1, 2.1, 31)
PLANE = np.stack(np.meshgrid(AXIS, AXIS), axis=-1).reshape(-1, 2)


def model(units):
    """A model with so many hidden units (0: none), under the handle `model`."""
    rng = np.random.default_rng(1)
    layers = [(2, units, "tanh"), (units, 1, "sigmoid")] if units else [(2, 1, "sigmoid")]
    yield new("Sequential", save="model")
    for place, (inputs, outputs, activation) in enumerate(layers):
        handle = f"layer{place}"
        yield new("Dense", rng.normal(size=(inputs, outputs)), np.zeros(outputs), activation, save=handle)
        yield call("model.add", ref(handle), reply=False)
    yield call("model.compile", "binary_crossentropy", reply=False)


def fitted(epochs, first=0):
    """The history of some epochs."""
    orders = np.array([np.random.default_rng(epoch).permutation(len(POINTS)) for epoch in range(first, first + epochs)])
    history = yield call("model.fit", POINTS, LABELS[:, None], epochs, BATCH, RATE, orders)
    return numbers(history, epochs)


def answers():
    """The answers over the plane, and how many examples are wrong."""
    plane = numbers((yield call("model.predict", PLANE)), len(PLANE), 1).reshape(len(AXIS), -1)
    said = numbers((yield call("model.predict", POINTS)), len(POINTS), 1)[:, 0]
    return plane, int(np.sum((said > 0.5) != (LABELS == 1)))


@picture(_("XOR: how many hidden units does it take?"))
def xor():
    """The answers of models with 0, 2 and 8 hidden units."""
    for units in (0, 2, 8):
        yield from model(units)
        yield from fitted(EPOCHS)
        plane, wrong = yield from answers()
        title = _("{units} hidden units: {wrong} of {count} wrong").format(units=units, wrong=wrong, count=len(POINTS))
        yield regions(title, AXIS, AXIS, plane, POINTS, LABELS)
    yield told(_("Opposite corners belong together; no straight line parts them."))


@picture(_("Does it learn? The history of three models"), columns=1)
def history():
    """The loss of each epoch."""
    curves = {}
    for units in (0, 2, 8):
        yield from model(units)
        name = _("{units} hidden units").format(units=units)
        curves[name] = yield from fitted(EPOCHS)
    yield lines(_("what fit returns"), curves, xlabel=_("epochs"), ylabel=_("loss"))
