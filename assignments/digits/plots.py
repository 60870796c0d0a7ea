"""The pictures of `digits`: what `grader plot digits` draws with a student's functions."""

from pathlib import Path

import numpy as np

from grader.course.pictures import _, call, cells, grid, lines, numbers, of, picture, told

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


# --- the layers of six topics, put together ----------------------------------------------------------------------------------

FEW, STEP, DROPPED, TOGETHER = 200, 20, 0.2, 4  # images to learn from and in a batch, the share that dropout drops, epochs
TOPICS = ("conv", "batchnorm", "activations", "pooling", "dropout", "softmax_ce", "optimizers")


def features(x, p, statistics=None):
    """Convolution, batch norm (with the running statistics where they are given), ReLU, pooling; what the way back needs."""
    c = yield of("conv", call("conv_forward", x, p["w"], p["b"]))
    if statistics is None:
        n = yield of("batchnorm", call("batchnorm_forward_spatial", c, p["gamma"], p["beta"]))
    else:
        n = yield of("batchnorm", call("batchnorm_inference", c, p["gamma"], p["beta"], *statistics))
    r = yield of("activations", call("relu", n))
    q = yield of("pooling", call("max_pool", r, 2))
    return c, n, r, numbers(np.reshape(q, (len(x), -1)), len(x), 72)


def gradients(x, target, p, draws):
    """The gradients of one batch, layer after layer, each by its own topic; and what the convolution gave."""
    c, n, r, flat = yield from features(x, p)
    kept = yield of("dropout", call("dropout_forward", flat, draws, DROPPED))
    logits = yield call("dense_forward", kept, p["wd"], p["bd"])
    dlogits = yield of("softmax_ce", call("softmax_ce_gradient", logits, target))
    dkept, dwd, dbd = yield call("dense_backward", dlogits, kept, p["wd"], p["bd"])
    dflat = yield of("dropout", call("dropout_backward", dkept, draws, DROPPED))
    dr = yield of("pooling", call("max_pool_backward", np.reshape(dflat, (len(x), 8, 3, 3)), r, 2))
    slope = yield of("activations", call("relu_prime", n))
    dc, dgamma, dbeta = yield of("batchnorm", call("batchnorm_backward_spatial", numbers(dr * slope, *c.shape), c, p["gamma"]))
    _dx, dw, db = yield of("conv", call("conv_backward", dc, x, p["w"], p["b"]))
    return c, {"w": dw, "b": db, "gamma": dgamma, "beta": dbeta, "wd": dwd, "bd": dbd}


@picture(_("All of it your own: does a network of your layers read?"), columns=2, topics=TOPICS)
def together():
    """A network of the layers of seven topics, trained with Adam, and what it reads."""
    rng = np.random.default_rng(3)
    w, b, wd, bd = start()
    p = {"w": w, "b": b, "gamma": np.ones(8), "beta": np.zeros(8), "wd": wd, "bd": bd}
    moments = {name: (np.zeros_like(value), np.zeros_like(value)) for name, value in p.items()}
    statistics = (np.zeros(8), np.ones(8))
    labels, step, right, said = LABELS[UNSEEN], 0, [], np.zeros(len(UNSEEN))
    for _epoch in range(TOGETHER):
        for batch in rng.permutation(SEEN[:FEW]).reshape(-1, STEP):
            step += 1
            c, found = yield from gradients(IMAGES[batch], np.eye(10)[LABELS[batch]], p, rng.uniform(size=(STEP, 72)))
            statistics = yield of("batchnorm", call("running_statistics", c, *statistics))
            for name, gradient in found.items():
                p[name], *moments[name] = yield of("optimizers", call("adam_step", p[name], gradient, *moments[name], step, 0.02))
        flat = (yield from features(IMAGES[UNSEEN], p, statistics))[-1]
        said = np.argmax(numbers((yield call("dense_forward", flat, p["wd"], p["bd"])), len(UNSEEN), 10), axis=1)
        right.append(np.mean(said == labels))
    counts = np.zeros((10, 10))
    np.add.at(counts, (labels, said), 1)
    epochs = np.arange(1, TOGETHER + 1)
    yield lines(_("accuracy on 200 unseen digits"), {_("accuracy"): right}, x=epochs, xlabel=_("epoch"), markers=True)
    yield cells(
        _("what it reads"), counts, scale="ink", written=True, rows=NAMES, columns=NAMES, xlabel=_("read as"), ylabel=_("is a")
    )
    words = _("A network of the layers of seven topics, and Adam: {percent} % of 200 unseen digits are read right.")
    yield told(words.format(percent=f"{100 * right[-1]:.0f}"))
