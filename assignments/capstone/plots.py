"""The pictures of `capstone`: what `grader plot capstone` draws with a student's own network."""

from pathlib import Path

import numpy as np

from grader.course.pictures import _, call, cells, grid, lines, numbers, picture, told

with np.load(Path(__file__).with_name("digits.npz")) as _file:
    IMAGES, LABELS = _file["images"][:, None] / 16, _file["labels"].astype(np.int64)
EPOCHS, COUNT, BATCH, DROP, RATE = 5, 200, 20, 0.2, 0.02
UNSEEN = slice(COUNT, 2 * COUNT)
NAMES = tuple(map(str, range(10)))
SHOWN = 20  # digits that were read wrong, at most


def trained(epochs):
    """What training for some epochs leaves: the parameters, the running mean and variance."""
    rng = np.random.default_rng(3)
    p = {"w": rng.normal(size=(8, 1, 3, 3)) / 3, "b": np.zeros(8), "gamma": np.ones(8), "beta": np.zeros(8)}
    p |= {"wd": 0.1 * rng.normal(size=(72, 10)), "bd": np.zeros(10)}
    orders = np.array([rng.permutation(COUNT) for _epoch in range(EPOCHS)])[:epochs]
    draws = rng.uniform(size=(EPOCHS, COUNT, 72))[:epochs]
    return (yield call("train", p, IMAGES[:COUNT], LABELS[:COUNT], orders, draws, BATCH, DROP, RATE))


def read(epochs):
    """What the network reads in the unseen images after some epochs."""
    p, mean, var = yield from trained(epochs)
    logits = numbers((yield call("predict", p, mean, var, IMAGES[UNSEEN])), COUNT, 10)
    return np.argmax(logits, axis=1)


@picture(_("All of it your own: does it learn to read?"), columns=1)
def progress():
    """The accuracy on 200 unseen digits, epoch by epoch."""
    right = []
    for epochs in range(1, EPOCHS + 1):
        said = yield from read(epochs)
        right.append(np.mean(said == LABELS[UNSEEN]))
    epochs = np.arange(1, EPOCHS + 1)
    yield lines(
        _("accuracy on 200 unseen digits"),
        {_("accuracy"): right},
        x=epochs,
        xlabel=_("epoch"),
        markers=True,
        level=0.75,
        level_name=_("asked for"),
    )
    yield told(
        _("After {epochs} epochs, {percent} % of the unseen digits are read right.").format(
            epochs=EPOCHS, percent=f"{100 * right[-1]:.0f}"
        )
    )


@picture(_("Which digits does it get wrong, and what are they taken for?"), columns=1)
def mistakes():
    """A table of what is read for what, and the digits that are read wrong."""
    said = yield from read(EPOCHS)
    labels, counts = LABELS[UNSEEN], np.zeros((10, 10))
    np.add.at(counts, (labels, said), 1)
    wrong = np.flatnonzero(said != labels)
    yield told(_("{count} of {all} unseen digits are read wrong.").format(count=len(wrong), all=len(labels)))
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
    if len(wrong):
        names = [_("{label}, read {said}").format(label=labels[place], said=said[place]) for place in wrong[:SHOWN]]
        yield grid(_("read wrong"), IMAGES[UNSEEN][wrong[:SHOWN], 0], names=names, columns=7)
