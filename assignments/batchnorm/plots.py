"""The pictures of `batchnorm`: what `grader plot batchnorm` draws with a student's functions."""

import numpy as np

from grader.course.pictures import _, call, cells, lines, numbers, picture, spread, told

_RNG = np.random.default_rng(8)
BATCH = np.stack([_RNG.normal(40, 12, 400), _RNG.normal(-3, 0.5, 400), _RNG.gamma(2, 4, 400)], axis=1)
NAMES = (_("feature 0"), _("feature 1"), _("feature 2"))


@picture(_("Three features on three scales: what does one batch norm do?"), columns=2)
def before_and_after():
    """The features' histograms before and after, with gamma 1 and beta 0."""
    after = numbers((yield call("batchnorm_forward", BATCH, np.ones(3), np.zeros(3))), *BATCH.shape)
    yield spread(_("before"), dict(zip(NAMES, BATCH.T, strict=True)), xlabel=_("value"), bins=50)
    yield spread(_("after"), dict(zip(NAMES, after.T, strict=True)), xlabel=_("value"), bins=50)
    yield told(
        _("Afterwards the means are {means} and the spreads {spreads}; the shapes of the histograms stay what they were.").format(
            means=", ".join(f"{abs(value):.2f}" for value in after.mean(axis=0)),
            spreads=", ".join(f"{value:.2f}" for value in after.std(axis=0)),
        )
    )


@picture(_("What do gamma and beta give back?"), columns=1)
def scale_and_shift():
    """One feature with three choices of gamma and beta."""
    found = {}
    for gamma, beta in ((1.0, 0.0), (2.0, 0.0), (1.0, 3.0)):
        after = yield call("batchnorm_forward", BATCH[:, :1], np.array([gamma]), np.array([beta]))
        found[f"γ = {gamma:g}, β = {beta:g}"] = numbers(after, 400, 1)
    yield spread(_("the same feature"), found, xlabel=_("value"), bins=60)


@picture(_("How soon do the running statistics know the data?"), columns=1)
def running():
    """The running mean over the batches, for three momenta."""
    curves = {}
    for momentum in (0.01, 0.1, 0.5):
        mean, var = np.zeros(1), np.ones(1)
        kept = []
        for batch in range(40):
            part = BATCH[10 * batch : 10 * batch + 10, :1]
            mean, var = yield call("running_statistics", part, mean, var, momentum)
            kept.append(numbers(mean, 1)[0])
        curves[_("momentum {momentum}").format(momentum=f"{momentum:g}")] = kept
    yield lines(
        _("running mean of a feature whose mean is near 40"),
        curves,
        xlabel=_("batches of 10"),
        level=float(BATCH[:, 0].mean()),
        level_name=_("the mean of all"),
    )
    yield told(_("A small momentum is slow and calm, a large one quick and restless."))


@picture(_("One example changes: whose output moves?"), columns=2)
def together():
    """The change of every output when a single number of the batch grows."""
    batch = _RNG.normal(size=(6, 3))
    moved = batch.copy()
    moved[1, 2] += 0.5
    outputs = []
    for x in (batch, moved):
        outputs.append(numbers((yield call("batchnorm_forward", x, np.ones(3), np.zeros(3))), 6, 3))
    yield cells(_("change of the input"), moved - batch, scale="signed", written=True, xlabel=_("feature"), ylabel=_("example"))
    yield cells(
        _("change of the output"), outputs[1] - outputs[0], scale="signed", written=True, xlabel=_("feature"), ylabel=_("example")
    )
    yield told(_("All examples of that feature move: each of them is in the mean and in the spread."))
