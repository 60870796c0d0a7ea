"""The pictures of `resnet`: what `grader plot resnet` draws with a student's functions."""

import numpy as np

from grader.course.pictures import _, apart, call, lines, numbers, picture, told

DEPTHS = np.array([1, 2, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50])
WIDTH, EXAMPLES, STACKS = 16, 8, 5
SMALLEST = float(np.finfo(np.float32).smallest_subnormal)


def stack(seed, scale):
    """x, dout, weights and biases of the deepest stack; a shallower one is its first blocks."""
    rng = np.random.default_rng(seed)
    x, dout = rng.normal(size=(2, EXAMPLES, WIDTH))
    w1, w2 = scale / np.sqrt(WIDTH) * rng.normal(size=(2, DEPTHS.max(), WIDTH, WIDTH))
    b1, b2 = np.zeros((2, DEPTHS.max(), WIDTH))
    return x, dout, w1, b1, w2, b2


def first_norms(skip, scale):
    """The norm at the first block, relative to dout's, by depth: the median of a few random stacks."""
    found = np.empty((STACKS, len(DEPTHS)))
    for seed in range(STACKS):
        x, dout, *weights = stack(seed, scale)
        for place, depth in enumerate(DEPTHS):
            norms = numbers((yield call("gradient_norms", x, dout, *(values[:depth] for values in weights), skip)), depth)
            found[seed, place] = norms[0] / np.linalg.norm(dout)
    return np.median(found, axis=0)


def by_depth(title, scale):
    """Both kinds of stacks in one panel."""
    curves = {}
    for skip, name in ((True, _("with skip connections")), (False, _("plain"))):
        curves[name] = yield from first_norms(skip, scale)
    yield lines(
        title,
        curves,
        x=DEPTHS,
        log=True,
        markers=True,
        xlabel=_("depth (blocks)"),
        ylabel=_("|gradient| / |dout|"),
        level=SMALLEST if scale < 1 else None,
        level_name=_("below this line a float32 number is 0"),
    )
    return curves


@picture(_("How much of the gradient reaches the first block?"), columns=1)
def gradient_norm():
    """The gradient's norm at the first block against the depth."""
    curves = yield from by_depth(_("weights with standard deviation 0.5/√16"), 0.5)
    skip, plain = (f"{values[-1]:.1e}" for values in curves.values())
    yield told(_("After 50 blocks: {plain} of it in plain stacks, {skip} with skip connections.").format(plain=plain, skip=skip))


@picture(_("And with larger weights?"), columns=1)
def larger_weights():
    """The same with weights nearly three times as large: the skip connection does not promise anything."""
    yield from apart(panel_only(by_depth(_("weights with standard deviation 1.4/√16"), 1.4)))


def panel_only(part):
    """The panels of a part, without what it returns."""
    yield from part


@picture(_("Along one stack of 30 blocks: where does the gradient get lost?"), columns=1)
def along():
    """The norms at every block of one stack."""
    x, dout, *weights = stack(0, 0.5)
    curves = {}
    for skip, name in ((True, _("with skip connections")), (False, _("plain"))):
        curves[name] = numbers((yield call("gradient_norms", x, dout, *(values[:30] for values in weights), skip)), 30)
    yield lines(_("norm of the gradient at the input of each block"), curves, log=True, xlabel=_("block, the first on the left"))
