"""The pictures of `digits`: what `grader plot digits` draws with a student's functions."""

from pathlib import Path

import numpy as np

from grader.course.pictures import _, call, cells, grid, lines, numbers, picture, told

with np.load(Path(__file__).with_name("digits.npz")) as _file:
    IMAGES, LABELS = _file["images"][:, None] / 16, _file["labels"].astype(np.int64)
_RNG = np.random.default_rng(2)
_CHOSEN = _RNG.permutation(len(IMAGES))
SEEN, UNSEEN = _CHOSEN[:300], _CHOSEN[300:500]
EPOCHS, BATCH, RATE = 10, 15, 0.15
ORDERS = np.array([_RNG.permutation(300) for _epoch in range(EPOCHS)])
NAMES = tuple(map(str, range(10)))
SHOWN = 20  # digits that were read wrong, at most


def start():
    """Eight random filters of 3 × 3, and a dense layer."""
    rng = np.random.default_rng(9)
    return [rng.normal(size=(8, 1, 3, 3)) / 3, np.zeros(8), 0.1 * rng.normal(size=(72, 10)), np.zeros(10)]


def trained(orders, parameters):
    """The parameters after training with these orders."""
    return (yield call("train", parameters, IMAGES[SEEN], LABELS[SEEN], orders, BATCH, RATE))


def read(parameters):
    """The logits of the unseen images, and the digits that they say."""
    logits = numbers((yield call("network", parameters, IMAGES[UNSEEN])), len(UNSEEN), 10)
    return logits, np.argmax(logits, axis=1)


@picture(_("Does it learn to read? Loss and accuracy of each epoch"), columns=2)
def progress():
    """The loss on the seen digits, and the accuracy on 200 unseen ones."""
    parameters, losses, right = start(), [], []
    for epoch in range(EPOCHS):
        parameters, history = yield from trained(ORDERS[epoch : epoch + 1], parameters)
        losses.append(numbers(history, 1)[0])
        logits, _said = yield from read(parameters)
        right.append(np.asarray((yield call("accuracy", logits, LABELS[UNSEEN]))).item())
    epochs = np.arange(1, EPOCHS + 1)
    yield lines(_("loss on the 300 digits it learns from"), {_("loss"): losses}, x=epochs, xlabel=_("epoch"), markers=True)
    yield lines(_("accuracy on 200 unseen digits"), {_("accuracy"): right}, x=epochs, xlabel=_("epoch"), markers=True)
    yield told(
        _("After {epochs} epochs, {percent} % of the unseen digits are read right.").format(
            epochs=EPOCHS, percent=f"{100 * right[-1]:.0f}"
        )
    )


@picture(_("Which digits does it get wrong, and could you do better?"), columns=1)
def mistakes():
    """The unseen digits that are read wrong, and a table of what is read for what."""
    parameters, _history = yield from trained(ORDERS, start())
    _logits, said = yield from read(parameters)
    labels = LABELS[UNSEEN]
    wrong = np.flatnonzero(said != labels)
    count = len(wrong)
    yield told(_("{count} of {all} unseen digits are read wrong.").format(count=count, all=len(labels)))
    if count:
        names = [_("{label}, read {said}").format(label=labels[place], said=said[place]) for place in wrong[:SHOWN]]
        yield grid(_("read wrong"), IMAGES[UNSEEN][wrong[:SHOWN], 0], names=names, columns=7)


@picture(_("What is taken for what?"), columns=1)
def confusion():
    """How often each digit is read as each other one."""
    parameters, _history = yield from trained(ORDERS, start())
    _logits, said = yield from read(parameters)
    counts = np.zeros((10, 10))
    np.add.at(counts, (LABELS[UNSEEN], said), 1)
    yield cells(
        _("200 unseen digits"),
        counts,
        scale="ink",
        written=True,
        rows=NAMES,
        columns=NAMES,
        xlabel=_("read as"),
        ylabel=_("is a"),
    )
    yield told(_("On the diagonal: {right} of {all}.").format(right=int(np.trace(counts)), all=len(UNSEEN)))


@picture(_("What do the filters look for after training?"), columns=1)
def filters():
    """The eight filters before and after training."""
    before = start()
    after, _history = yield from trained(ORDERS, before)
    yield grid(_("before"), before[0][:, 0], columns=8, scale="signed")
    yield grid(_("after training"), numbers(after[0], 8, 1, 3, 3)[:, 0], columns=8, scale="signed")
