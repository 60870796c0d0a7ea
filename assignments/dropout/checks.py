"""The rubric of `dropout`: what each function must do, and for how many points."""

import math

import numpy as np

from grader.course.arithmetic import number
from grader.course.authoring import (
    _,
    agrees,
    call,
    examples,
    exercise,
    gradient,
    has_property,
    hidden,
    new,
    policy,
    raises,
    within,
)
from grader.course.cases import changed, of_sizes

rules = policy()


def counted(inputs, index, start):
    """What becomes of `start` at one place: kept and divided by 1 - p, or dropped."""
    draw, p = inputs["draws"][index], inputs["p"]
    if draw < p:
        return _("0 (dropped: {draw} < {p})").format(draw=number(draw), p=number(p))
    return _("{start} / (1 - {p}) = {result} (kept: {draw} >= {p})").format(
        draw=number(draw), p=number(p), start=number(start), result=number(start / (1 - p))
    )


def slide_mask(inputs, result, index):
    """One element of the mask: 1 / (1 - 0.2) = 1.25 (kept: 0.9 >= 0.2)."""
    return counted(inputs, index, 1)


def slide(name):
    """One element of the output, 1 / (1 - 0.5) = 2 (kept: 0.6 >= 0.5), or of the gradient, which meets the same fate."""

    def explain(inputs, result, index):
        if not inputs.get("training", True):
            return _("{name}[{index}] = {value} (inference)").format(name=name, index=index[0], value=number(inputs[name][index]))
        return counted(inputs, index, inputs[name][index])

    return explain


slide_forward, slide_backward = slide("x"), slide("dout")


def uniform(rng, shape, p):
    """Draws clear of p, 0 and 1: some below p and some above, about as many as p says but not exactly."""
    count = math.prod(shape)
    below = int(np.clip(rng.binomial(count, p), 1, count - 1))
    low, high = rng.uniform(0.05 * p, 0.9 * p, size=below), rng.uniform(p + 0.1 * (1 - p), 1.0, size=count - below)
    return rng.permutation(np.concatenate([low, high])).reshape(shape)


SHAPES = [((3, 5), 0.2), ((7,), 0.75), ((2, 3, 2, 4), 0.3), ((1, 6), 0.6), ((4, 3), 0.5)]  # with a p for each
HALVES = [((3, 5), 0.5), ((2, 3, 2), 0.5)]  # what is kept and what is dropped have the same share


def drawn_mask(rng, shape, p):
    """The arguments of dropout_mask."""
    return dict(draws=uniform(rng, shape, p), p=p)


masks, halved_masks = of_sizes(drawn_mask, *SHAPES), of_sizes(drawn_mask, *HALVES)


def nothing_dropped(rng):
    """p = 0."""
    yield dict(draws=rng.uniform(0.05, 1.0, size=(2, 3)), p=0.0)


def keeps_everything(case, results):
    """The mask is 1 everywhere."""
    other = results[0][np.abs(results[0] - 1.0) > 1e-6]
    if not other.size:
        return None
    return _("{count} of the {all} numbers of your mask are not 1; the first of them is {value}").format(
        count=other.size, all=results[0].size, value=number(other[0])
    )


@exercise(points=2, returns=("M",))
def dropout_mask():
    """The mask for given draws."""
    yield from examples(explain=slide_mask, share=0.75)
    yield agrees("draws of every shape, p = 1/2", cases=halved_masks, share=1.5)
    yield agrees("draws of every shape, p above and below 1/2", cases=masks)
    yield has_property("p = 0 drops nothing", cases=nothing_dropped, law=keeps_everything, shape="draws", share=0.25)
    yield raises(ValueError, "p = 1 is refused", args=dict(draws=np.array([0.3, 0.6]), p=1.0))
    yield raises(ValueError, "a negative p is refused", args=dict(draws=np.array([0.3, 0.6]), p=-0.25))


def batch(rng, shape, p):
    """The arguments of dropout_forward in training."""
    return dict(x=rng.normal(size=shape), draws=uniform(rng, shape, p), p=p)


halved_batches = of_sizes(batch, *HALVES)


def batches(rng):
    """Inputs of one to four axes, and one of single precision."""
    yield from of_sizes(batch, *SHAPES)(rng)
    yield dict(x=rng.normal(size=(2, 5)).astype(np.float32), draws=uniform(rng, (2, 5), 0.3), p=0.3)


def at_inference(rng):
    """The network is being used."""
    for sizes in SHAPES[:2]:
        yield dict(batch(rng, *sizes), training=False)


def evenly_spread(rng):
    """One number many times, with draws that are spread evenly over [0, 1): just the share p of them lies below p."""
    for count, p in [(20, 0.2), (16, 0.75)]:
        yield dict(x=np.full(count, rng.uniform(2.0, 5.0)), draws=(rng.permutation(count) + 0.5) / count, p=p)


def keeps_the_mean(case, results):
    """Exactly p of the numbers are 0, and the mean of all is what it was."""
    out, x, p = results[0], case["x"], case["p"]
    dropped, meant = int(np.sum(out == 0)), round(p * x.size)
    if dropped != meant:
        return _("{meant} of the {count} draws are below p = {p}, but {dropped} numbers of O are 0").format(
            meant=meant, count=x.size, p=number(p), dropped=dropped
        )
    if not abs(out.mean() - x[0]) <= 1e-6 * x[0]:
        return _("every number of x is {value} and p = {p}: O has the mean {value} too, yours has {mean}").format(
            value=number(x[0]), p=number(p), mean=number(out.mean())
        )
    return None


def zero_p(rng):
    """p = 0 in training."""
    yield dict(x=rng.normal(size=(2, 3)), draws=rng.uniform(0.05, 1.0, size=(2, 3)), p=0.0)


def gives_x_back(case, results):
    """O is x."""
    place = np.unravel_index(np.argmax(np.abs(results[0] - case["x"])), results[0].shape)
    if abs(results[0][place] - case["x"][place]) <= 1e-6:
        return None
    return _("O[{place}] is {got}, but x[{place}] is {want}").format(
        place=",".join(map(str, place)), got=number(results[0][place]), want=number(case["x"][place])
    )


@exercise(points=2.5, returns=("O",))
def dropout_forward():
    """Dropout in training and at inference."""
    yield from examples(explain=slide_forward, share=0.5)
    yield agrees("random inputs of every shape, p = 1/2", cases=halved_batches)
    yield agrees("random inputs of every shape, p above and below 1/2", cases=batches)
    yield has_property("the mean stays what it was", cases=evenly_spread, law=keeps_the_mean, shape="x", share=0.75)
    yield agrees("at inference x comes back as it is", cases=at_inference, share=0.75)
    yield has_property("p = 0 changes nothing", cases=zero_p, law=gives_x_back, shape="x", share=0.25)
    yield raises(ValueError, "p = 1 is refused", args=dict(x=np.array([2.0, 3.0]), draws=np.array([0.3, 0.6]), p=1.0))


def upstream_for_x(case):
    """A gradient in the place of x."""
    return {"dout" if name == "x" else name: value for name, value in case.items()}


with_upstream, upstream_at_inference = changed(batches, upstream_for_x), changed(at_inference, upstream_for_x)
halved_upstream = changed(halved_batches, upstream_for_x)


def tiny(rng):
    """Few numbers, p below and above 1/2."""
    for shape, p in [((2, 3), 0.2), ((5,), 0.7)]:
        yield dict(dout=rng.normal(size=shape), x=rng.normal(size=shape), draws=uniform(rng, shape, p), p=p)


def without_x(case):
    """The arguments of the backward pass: it needs the draws, and not x."""
    return dict(dout=case["dout"], draws=case["draws"], p=case["p"])


def large_upstream(rng):
    """A large batch."""
    yield dict(dout=rng.normal(size=(80, 100)), draws=uniform(rng, (80, 100), 0.4), p=0.4)


@exercise(points=2, returns=("dx",))
def dropout_backward():
    """Gradient of dropout."""
    yield from examples(explain=slide_backward, share=0.75)
    yield agrees("random gradients of every shape, p = 1/2", cases=halved_upstream, share=1.5)
    yield agrees("random gradients of every shape, p above and below 1/2", cases=with_upstream)
    yield gradient("it is the derivative of dropout_forward", of="dropout_forward", cases=tiny, call=without_x)
    yield agrees("at inference dout comes back as it is", cases=upstream_at_inference, share=0.75)
    yield within(cases=large_upstream, times=50)


def drawn(rng):
    """Masks of two and four axes, p below and above 1/2."""
    for shape, p in [((40, 50), 0.2), ((4, 5, 10, 12), 0.7)]:
        yield dict(shape=shape, p=p, seed=int(rng.integers(1, 1000)))


def drawn_shape(case):
    """The shape that was asked for."""
    return case["shape"]


def two_values(case, results):
    """The mask has the values 0 and 1/(1 - p)."""
    mask, kept = results[0], 1 / (1 - case["p"])
    other = mask[(mask != 0) & ~(np.abs(mask - kept) <= 1e-6 * kept)]
    if other.size:
        return _("p = {p}: the mask has the values 0 and 1/(1 - p), yours has {other} too").format(
            p=number(case["p"]), other=number(other[0])
        )
    return None if (mask == 0).any() else _("p = {p}, but nothing is dropped").format(p=number(case["p"]))


def dropped_as_often_as_p_says(case, results):
    """The share of zeros is p, up to five standard deviations: right draws lie outside of it once in two million times."""
    dropped, count, p = int(np.sum(results[0] == 0)), results[0].size, case["p"]
    if abs(dropped - p * count) <= 5 * math.sqrt(p * (1 - p) * count):
        return None
    return _("{dropped} of {count} numbers are dropped, but with p = {p} it should be about {meant}").format(
        dropped=dropped, count=count, p=number(p), meant=round(p * count)
    )


def every_place_for_itself(case, results):
    """The mask changes along each of its axes."""
    for axis in range(results[0].ndim):
        if np.ptp(results[0], axis=axis).max() == 0:
            return _("the mask is the same all along axis {axis}: was every number drawn for itself?").format(axis=axis)
    return None


def seeds(rng):
    """One seed twice, then another."""
    first, other = (int(seed) for seed in rng.choice(1000, size=2, replace=False))
    yield [dict(shape=(6, 8), p=0.4, seed=seed) for seed in (first, first, other)]


def follows_the_seed(case, results):
    """The same seed gives the same mask, another seed another one."""
    if not np.array_equal(results[0], results[1]):
        return _("seed {seed} gave two masks that differ").format(seed=case[0]["seed"])
    if np.array_equal(results[0], results[2]):
        return _("seeds {first} and {other} gave the same mask").format(first=case[0]["seed"], other=case[2]["seed"])
    return None


def drawn_without_dropping(rng):
    """p = 0."""
    yield dict(shape=(2, 5), p=0.0, seed=int(rng.integers(1, 1000)))


@exercise(points=1.5, returns=("M",))
def random_mask():
    """A mask drawn from a seed."""
    yield has_property("its values are 0 and 1/(1 - p)", cases=drawn, law=two_values, shape=drawn_shape)
    yield has_property("as many are dropped as p says", cases=drawn, law=dropped_as_often_as_p_says, shape=drawn_shape)
    yield has_property("every place is drawn for itself", cases=drawn, law=every_place_for_itself, shape=drawn_shape, share=0.5)
    yield has_property("the seed decides", cases=seeds, law=follows_the_seed, shape=drawn_shape, share=0.75)
    yield has_property("p = 0 drops nothing", cases=drawn_without_dropping, law=keeps_everything, shape=drawn_shape, share=0.25)
    yield raises(ValueError, "p = 1 is refused", args=dict(shape=(2, 3), p=1.0, seed=1))


def training_step(rng, shape, p, zeros=0):
    """A forward and a backward pass of `layer`; the first `zeros` numbers of x are 0, and kept."""
    x, draws = rng.normal(size=shape), uniform(rng, shape, p)
    x.flat[:zeros] = 0.0
    draws.flat[:zeros] = (1 + p) / 2
    return [call("layer.forward", x, draws), call("layer.backward", rng.normal(size=shape))]


def docstring_steps(rng):
    """The example of the docstring."""
    x, draws, dout = np.array([1.0, 2.0, 3.0, 4.0]), np.array([0.9, 0.1, 0.5, 0.3]), np.array([4.0, 8.0, -2.0, 6.0])
    forward, backward = call("layer.forward", x, draws), call("layer.backward", dout)
    yield [new("Dropout", 0.2, save="layer"), forward, backward, call("layer.eval"), forward]


AS_SHOWN = ([1.25, 0, 3.75, 5], [5, 0, -2.5, 7.5], [1, 2, 3, 4])  # what forward, backward and forward after eval give there


def misshapen(method, result, given, came):
    """That a result has not the shape of what was given."""
    return _("{method}: {result} should have the shape {want}, as what was given, but has {got}").format(
        method=method, result=result, want=given.shape, got=np.shape(came)
    )


def is_as_shown(case, results):
    """The layer gives what the docstring says."""
    for use, shown, came in zip((case[1], case[2], case[4]), AS_SHOWN, (results[0], results[1], results[3]), strict=True):
        method = use.target.partition(".")[2]
        if np.shape(came) != np.shape(shown):
            return misshapen(method, "dx" if method == "backward" else "O", np.array(shown), came)
        wrong = np.flatnonzero(np.abs(came - shown) > 1e-6)
        if wrong.size:
            return _("{method} gives {got} at [{place}]; the docstring shows another number there").format(
                method=method, got=number(came[wrong[0]]), place=wrong[0]
            )
    return None


@hidden
def has_its_mask(case, results):
    """In training, each forward pass has the mask of its draws, and the backward pass after it has the same one; else none.

    Each layer has a p, a mode and draws of its own.
    """
    layers = {use.save: dict(p=use.args[0], training=True) for use in case if use.op == "new"}
    for use, came in zip((use for use in case if use.op != "new"), results, strict=True):
        layer, _dot, method = use.target.partition(".")
        if method in ("train", "eval"):
            layers[layer]["training"] = method == "train"
            continue
        given, result = use.args[0], "O" if method == "forward" else "dx"
        if method == "forward":
            layers[layer]["draws"] = use.args[1]
        p, training, draws = (layers[layer][name] for name in ("p", "training", "draws"))
        want = np.where(draws < p, 0.0, given / (1 - p)) if training else given
        if np.shape(came) != given.shape:
            return misshapen(method, result, given, came)
        wrong = np.argwhere(~(np.abs(came - want) <= 1e-5 * np.abs(given).max() / (1 - p)))
        if wrong.size:
            place = tuple(wrong[0])
            steps = counted(dict(draws=draws, p=p), place, given[place]) if training else _("as it was given, after eval")
            return _("{method}: {result}[{place}] = {steps}, yours {got}").format(
                method=method, result=result, place=",".join(map(str, place)), steps=steps, got=number(came[place])
            )
    return None


def single_steps(rng):
    """A new layer, a forward and a backward pass."""
    for shape, p in [((3, 4), 0.2), ((1, 2, 3, 3), 0.7)]:
        yield [new("Dropout", p, save="layer"), *training_step(rng, shape, p)]


def two_steps(rng):
    """Two steps of one layer, with batches of one size and with a smaller last one."""
    for last in (3, 2):
        yield [new("Dropout", 0.4, save="layer"), *training_step(rng, (3, 4), 0.4), *training_step(rng, (last, 4), 0.4)]


def relu_before(rng):
    """An input with zeros that are kept, as a ReLU leaves them."""
    yield [new("Dropout", 0.4, save="layer"), *training_step(rng, (2, 5), 0.4, zeros=4)]


def inference(rng):
    """A step of training, then the network is used."""
    yield [
        new("Dropout", 0.4, save="layer"),
        *training_step(rng, (2, 4), 0.4),
        call("layer.eval"),
        *training_step(rng, (2, 4), 0.4),
    ]


def two_layers(rng):
    """Two layers of one network: their passes in turns, then one of them is used, then the other."""
    made = {"first": 0.4, "second": 0.7}
    yield [new("Dropout", p, save=name) for name, p in made.items()] + [
        *in_turns(rng, made, (3, 4)),
        call("first.eval"),
        *in_turns(rng, made, (3, 4)),
        call("first.train"),
        call("second.eval"),
        *in_turns(rng, made, (3, 4)),
    ]


def in_turns(rng, made, shape):
    """The forward passes of all layers, then their backward passes from the last to the first."""
    forward = [call(f"{name}.forward", rng.normal(size=shape), uniform(rng, shape, p)) for name, p in made.items()]
    return forward + [call(f"{name}.backward", rng.normal(size=shape)) for name in reversed(made)]


def is_identity(case, results):
    """In inference mode O = x and dx = dout, for the last two calls."""
    calls = [("forward", "x", case[-2].args[0], results[-2]), ("backward", "dout", case[-1].args[0], results[-1])]
    for method, name, given, came in calls:
        if np.shape(came) != given.shape:
            return misshapen(method, "O" if method == "forward" else "dx", given, came)
        if not np.allclose(came, given, rtol=1e-6, atol=1e-6):
            return _("after eval, {method} gives {name} back as it is; yours begins with {came} in the place of {given}").format(
                method=method, name=name, came=number(came.flat[0]), given=number(given.flat[0])
            )
    return None


def back_in_training(rng):
    """The network is used, then trained again."""
    yield [
        new("Dropout", 0.4, save="layer"),
        call("layer.eval"),
        *training_step(rng, (2, 4), 0.4),
        call("layer.train"),
        *training_step(rng, (2, 4), 0.4),
    ]


PAIRS = (
    "a training step: forward, then backward",
    "the next step has a mask of its own",
    "zeros of x that are kept have a gradient",
)


def large_step(rng):
    """A training step with a large batch."""
    yield [new("Dropout", 0.4, save="layer"), *training_step(rng, (80, 100), 0.4)]


@exercise(points=2)
def Dropout():  # noqa: N802 - the class's name
    """Dropout as a layer that remembers its mask."""
    yield has_property("the example of the docstring", cases=docstring_steps, law=is_as_shown, share=0.5)
    yield has_property("forward in training", cases=changed(single_steps, lambda case: case[:2]), law=has_its_mask, share=2)
    yield has_property("a training step: forward, then backward", cases=single_steps, law=has_its_mask, share=0.75)
    yield has_property("the next step has a mask of its own", cases=two_steps, law=has_its_mask, share=0.5)
    yield has_property("zeros of x that are kept have a gradient", cases=relu_before, law=has_its_mask, share=0.5)
    yield has_property("after eval nothing is dropped", cases=inference, law=is_identity, share=0.75)
    yield has_property("after train numbers are dropped again", cases=back_in_training, law=has_its_mask, share=0.25)
    yield has_property("two layers at once keep apart", cases=two_layers, law=has_its_mask, share=0.75)
    yield raises(ValueError, "p = 1 is refused", args=dict(p=1.0))
    yield within(cases=large_step, times=50, gate=PAIRS)


def with_the_loops(rng):
    """What takes the place of the loops, then the loops, on the same arrays."""
    for case in halved_batches(rng):
        yield [call("fast_dropout_forward", **case), call("dropout_forward", **case)]


def as_the_loops(case, results):
    """Both give the same numbers."""
    fast, slow = results
    if slow.shape != fast.shape:
        return _("fast_dropout_forward returns the shape {got}, and dropout_forward {want}").format(
            got=fast.shape, want=slow.shape
        )
    if np.allclose(slow, fast, rtol=1e-5, atol=1e-6):
        return None
    place = np.unravel_index(np.argmax(np.abs(fast - slow)), slow.shape)
    return _("O[{place}] of fast_dropout_forward is {got}, and of your own dropout_forward {want}").format(
        place=", ".join(map(str, place)), got=number(fast[place]), want=number(slow[place])
    )


def many_places(rng):
    """A large batch."""
    yield dict(x=rng.normal(size=(800, 1000)), draws=rng.uniform(size=(800, 1000)), p=0.3)


@exercise(points=1, optional=True, returns=("O",))
def fast_dropout_forward():
    """Now make it fast: dropout_forward without loops."""
    yield agrees("random inputs of every shape", cases=batches)
    yield has_property("the same as your own loops", cases=with_the_loops, law=as_the_loops, share=0.5)
    yield within("whole arrays in place of loops", cases=many_places, times=5, gate=False, share=2)
