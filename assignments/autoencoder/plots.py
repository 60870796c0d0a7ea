"""The pictures of `autoencoder`: what `grader plot autoencoder` draws with a student's functions."""

from pathlib import Path

import numpy as np

from grader.course.pictures import _, call, grid, lines, numbers, picture, told

with np.load(Path(__file__).with_name("digits.npz")) as _file:
    TRAIN, TEST = (_file[name].reshape(-1, 64) / 16 for name in ("train", "test"))
CODE, EPOCHS, BATCH, RATE = 8, 150, 10, 12.0
SHOWN = 8


def start():
    """Weights of 64 → 8 → 64."""
    rng = np.random.default_rng(5)
    return [rng.normal(size=(64, CODE)) / 8, np.zeros(CODE), rng.normal(size=(CODE, 64)) / 3, np.zeros(64)]


def orders(count, first=0):
    """The orders of some epochs."""
    return np.array([np.random.default_rng(epoch).permutation(len(TRAIN)) for epoch in range(first, first + count)])


def by_pca():
    """The test images, rebuilt from as many numbers by PCA."""
    mean = TRAIN.mean(axis=0)
    axes = np.linalg.svd(TRAIN - mean, full_matrices=False)[2][:CODE]
    return mean + (TEST - mean) @ axes.T @ axes


def rebuilt(weights):
    """The test images, encoded and decoded."""
    code = yield call("encode", TEST, *weights[:2])
    return numbers((yield call("decode", code, *weights[2:])), len(TEST), 64)


@picture(_("Eight numbers for 64 pixels: what comes back?"), columns=1)
def reconstructions():
    """Unseen digits, and what the autoencoder and PCA make of them."""
    weights, _losses = yield call("train", TRAIN, start(), RATE, orders(EPOCHS), BATCH)
    own, pca = (yield from rebuilt(weights)), by_pca()
    for title, images in (
        (_("unseen digits"), TEST),
        (_("rebuilt by the autoencoder"), own),
        (_("rebuilt by PCA, from as many numbers"), pca),
    ):
        yield grid(title, images[:SHOWN].reshape(-1, 8, 8), columns=SHOWN, limits=(0.0, 1.0))
    mine, theirs = (f"{np.mean((images - TEST) ** 2):.3f}" for images in (own, pca))
    yield told(_("Mean squared error on 100 unseen digits: {mine}, by PCA {theirs}.").format(mine=mine, theirs=theirs))


@picture(_("How does the loss fall, and does it fall for unseen digits, too?"), columns=1)
def progress():
    """The loss on both sets, epoch by epoch."""
    weights, seen, unseen = start(), [], []
    for epoch in range(0, EPOCHS, 10):
        weights, losses = yield call("train", TRAIN, weights, RATE, orders(10, epoch), BATCH)
        seen.append(numbers(losses, 10)[-1])
        unseen.append(np.asarray((yield call("reconstruction_loss", TEST, *weights))).item())
    level = float(np.mean((by_pca() - TEST) ** 2))
    yield lines(
        _("mean squared error"),
        {_("300 digits it learns from"): seen, _("100 unseen digits"): unseen},
        x=np.arange(10, EPOCHS + 1, 10),
        xlabel=_("epochs"),
        level=level,
        level_name=_("PCA, unseen digits"),
    )


@picture(_("What does each number of the code stand for?"), columns=1)
def code():
    """What the decoder draws when one number of the code is 1 and the others are at their mean."""
    weights, _losses = yield call("train", TRAIN, start(), RATE, orders(EPOCHS), BATCH)
    codes = numbers((yield call("encode", TRAIN, *weights[:2])), len(TRAIN), CODE)
    mean = codes.mean(axis=0)
    varied = np.tile(mean, (CODE, 1))
    np.fill_diagonal(varied, codes.max(axis=0))
    drawn = numbers((yield call("decode", varied, *weights[2:])), CODE, 64)
    at_mean = numbers((yield call("decode", mean[None], *weights[2:])), 1, 64)
    names = tuple(_("number {place}").format(place=place) for place in range(CODE))
    yield grid(
        _("what changes when one number is large"), (drawn - at_mean).reshape(-1, 8, 8), names=names, columns=8, scale="signed"
    )
