"""The rubric of `batchnorm`: what each function must do, and for how many points."""

import numpy as np

from grader.course.arithmetic import number, products, term
from grader.course.authoring import _, agrees, call, examples, exercise, gradient, has_property, policy, raises, within
from grader.course.cases import changed, of_sizes, ones, with_upstream

rules = policy()


def normalized(value, mean, variance, inputs, j):
    """One element of the output: (0 - 4) / sqrt(8 + 1) * 3 + 1 = -3."""
    gamma, beta, eps = inputs["gamma"][j], inputs["beta"][j], inputs["eps"]
    result = (value - mean) / np.sqrt(variance + eps) * gamma + beta
    root = f"sqrt({number(variance)} + {number(eps)})"
    return f"({number(value)} - {term(mean)}) / {root} * {term(gamma)} + {term(beta)} = {number(result)}"


def slide_forward(inputs, result, index):
    """One element of the output, with the batch's mean and variance."""
    values = inputs["x"][:, index[1]]
    return normalized(inputs["x"][index], values.mean(), values.var(), inputs, index[1])


def slide_inference(inputs, result, index):
    """One element of the output, with the running mean and variance."""
    j = index[1]
    return normalized(inputs["x"][index], inputs["running_mean"][j], inputs["running_var"][j], inputs, j)


def slide_backward(inputs, result, index):
    """One element of a gradient: dbeta a sum, dgamma a sum of products, dx the three terms."""
    j = index[0] if len(index) == 1 else index[1]
    values, dout, eps = inputs["x"][:, j], inputs["dout"][:, j], inputs["eps"]
    root = np.sqrt(values.var() + eps)
    hat = (values - values.mean()) / root
    dbeta, dgamma = dout.sum(), (dout * hat).sum()
    if result == "dbeta":
        return f"{' + '.join(map(term, dout.flat))} = {number(dbeta)}"
    if result == "dgamma":
        return f"{products(dout, hat, brackets=True)} = {number(dgamma)}"
    place = (index[0], *index[2:])
    g, h, gamma = dout[place], hat[place], inputs["gamma"][j]
    dx = gamma / root * (g - dbeta / dout.size - h * dgamma / dout.size)
    terms = f"{number(g)} - {term(dbeta)}/{dout.size} - {term(h)}*{term(dgamma)}/{dout.size}"
    return f"{number(gamma)} / sqrt({number(values.var())} + {number(eps)}) * ({terms}) = {number(dx)}"


def slide_running(inputs, result, index):
    """One element of a running average: 0.75*0 + 0.25*4 = 1."""
    values, momentum = inputs["x"][:, index[0]], inputs["momentum"]
    old, new = inputs[f"running_{result}"][index], values.mean() if result == "mean" else values.var()
    total = (1 - momentum) * old + momentum * new
    return f"{number(1 - momentum)}*{term(old)} + {number(momentum)}*{term(new)} = {number(total)}"


def along(x, values):
    """One number for each feature or channel, in the shape that goes with x."""
    return np.reshape(values, (-1, *[1] * (x.ndim - 2)))


def others(x):
    """All axes but that of features or channels."""
    return (0, *range(2, x.ndim))


def batch(rng, *shape):
    """Features (or channels) of different means and spreads, none of them nearly constant."""
    x = rng.normal(size=shape)
    centred = x - x.mean(axis=others(x), keepdims=True)
    x = centred / np.maximum(centred.std(axis=others(x), keepdims=True), 1e-3)
    return along(x, rng.uniform(0.7, 3.0, size=shape[1])) * x + along(x, rng.uniform(-3.0, 3.0, size=shape[1]))


def learned(rng, count):
    """gamma and beta, clear of zero and of each other."""
    return dict(gamma=rng.choice([-1, 1], size=count) * rng.uniform(0.5, 2.0, size=count), beta=rng.uniform(2.5, 4.0, size=count))


VECTORS = [(5, 3), (4, 6), (8, 1), (3, 2)]
IMAGES = [(2, 3, 4, 5), (1, 2, 3, 4), (3, 1, 2, 5), (2, 4, 3, 4)]
NEARLY = 1e-4  # where eps is small, its right place in the formula is another check's business


def drawn(rng, *shape):
    """x, gamma and beta."""
    return dict(x=batch(rng, *shape), **learned(rng, shape[1]))


def without_variance(rng, *shape):
    """The same; one feature (or channel) is the same everywhere, others are not."""
    case = drawn(rng, *shape)
    case["x"][:, 1] = 3.0
    return case


# More examples than features, fewer, one feature; images high and wide, one image, one channel, as many channels as columns.
vectors, images = of_sizes(drawn, *VECTORS, in_single=VECTORS[0]), of_sizes(drawn, *IMAGES, in_single=IMAGES[0])


def unlearned(case):
    """The same with the gamma and beta of a layer that has learned nothing yet."""
    return dict(case, gamma=np.ones_like(case["gamma"]), beta=np.zeros_like(case["beta"]))


unlearned_vectors, unlearned_images = changed(vectors, unlearned), changed(images, unlearned)
constant_images = of_sizes(without_variance, (2, 3, 2, 4))


def then_default(draw, first, second):
    """A large eps, then the default."""

    def cases(rng):
        yield dict(draw(rng, *first), eps=0.5)
        yield draw(rng, *second)

    return cases


vectors_with_eps = then_default(drawn, (5, 3), (4, 2))
images_with_eps = then_default(drawn, (2, 3, 1, 2), (3, 2, 2, 1))


def standardized(case, results):
    """Every feature (or channel) has mean beta and the standard deviation |gamma|, nearly: eps is small."""
    out = results[0]
    for j, (gamma, beta) in enumerate(zip(case["gamma"], case["beta"], strict=True)):
        for what, meant, got in [(_("mean"), beta, out[:, j].mean()), (_("standard deviation"), abs(gamma), out[:, j].std())]:
            if not abs(got - meant) <= NEARLY * (abs(beta) + abs(gamma)):
                return _("O[:, {j}] should have the {what} {meant}, but has {got}").format(
                    j=j, what=what, meant=number(meant), got=number(got)
                )
    return None


def constant(rng):
    """A feature without variance, then a batch of one example."""
    yield without_variance(rng, 4, 3)
    yield drawn(rng, 1, 2)


def far_from_zero(rng, *shape):
    """Numbers around ten millions that differ by about one."""
    case = drawn(rng, *shape)
    return dict(case, x=case["x"] + 1e7)


far_away, far_away_images = of_sizes(far_from_zero, (6, 2)), of_sizes(far_from_zero, (2, 2, 3, 2))


@exercise(points=2, returns=("O",))
def batchnorm_forward():
    """Batch normalization of vectors, in training."""
    yield from examples(explain=slide_forward)
    yield agrees("random batches, gamma = 1 and beta = 0", cases=unlearned_vectors, n=3, rtol=NEARLY)
    yield agrees("random batches", cases=vectors, rtol=NEARLY)
    yield agrees("eps has its place in the formula, and its default value", cases=changed(vectors_with_eps, unlearned))
    yield has_property("every feature has mean beta and spread gamma", cases=vectors, law=standardized, shape="x", n=1, share=0.5)
    yield agrees("a feature without variance becomes beta", cases=constant, share=0.25, rtol=NEARLY)
    yield agrees("numbers far from zero keep their digits", cases=changed(far_away, unlearned), rtol=NEARLY)
    yield raises(ValueError, "a gamma of the wrong length is refused", args=ones(x=(4, 3), gamma=2, beta=3))
    yield raises(ValueError, "images are refused", args=ones(x=(2, 3, 4, 3), gamma=3, beta=3))


def without_beta(case):
    """The arguments of the backward pass."""
    return {name: value for name, value in case.items() if name != "beta"}


def backward(cases):
    """The cases of the forward pass with upstream gradients."""
    return with_upstream(changed(cases, without_beta), lambda case: case["x"].shape)


vectors_backward, images_backward, constant_backward = backward(vectors), backward(images), backward(constant)
vectors_backward_with_eps, images_backward_with_eps = backward(vectors_with_eps), backward(images_with_eps)


def few_numbers(rng, *shape):
    """A small batch with upstream gradients; eps is so small that its place does not matter."""
    return dict(dout=rng.normal(size=shape), **drawn(rng, *shape), eps=1e-10)


tiny, tiny_images = of_sizes(few_numbers, (4, 2), (3, 4)), of_sizes(few_numbers, (2, 2, 1, 3))


def ignores_shifts(case, results):
    """Adding one number to a whole feature changes nothing, so its gradients add up to 0 (and are not all 0 themselves)."""
    dx, x, dout = results[0][0], case["x"], case["dout"]
    for j, gamma in enumerate(case["gamma"]):
        scale = abs(gamma) * np.abs(dout[:, j]).sum() / x[:, j].std()
        if not np.abs(dx[:, j]).sum() > 1e-6 * scale:
            return _("dx[:, {j}] is 0 everywhere").format(j=j)
        if not abs(dx[:, j].sum()) <= 1e-6 * scale:
            return _(
                "adding 1 to all of x[:, {j}] does not change O, but your dx[:, {j}] adds up to {total} instead of 0"
            ).format(j=j, total=number(dx[:, j].sum()))
    return None


large_batch, large_images = backward(of_sizes(drawn, (10, 800))), backward(of_sizes(drawn, (2, 400, 3, 3)))


@exercise(points=3, returns=("dx", "dgamma", "dbeta"))
def batchnorm_backward():
    """Gradients of batch normalization of vectors."""
    yield from examples(explain=slide_backward)
    yield agrees("random batches", cases=vectors_backward, share=2, rtol=NEARLY)
    yield agrees("eps has its place in the formula, and its default value", cases=vectors_backward_with_eps, share=0.75)
    yield gradient(
        "they are the derivatives of batchnorm_forward", of="batchnorm_forward", cases=tiny, call=without_beta, share=1.5
    )
    yield has_property(
        "dx of every feature adds up to 0",
        cases=vectors_backward,
        law=ignores_shifts,
        shape=lambda case: [case["x"].shape, case["gamma"].shape, case["gamma"].shape],
        n=1,
        share=0.25,
    )
    yield agrees("a feature without variance", cases=constant_backward, share=0.25)
    yield within(cases=large_batch, times=10)


def histories(rng):
    """Vectors and images, with momentum below and above 1/2, and without (it has a default value)."""
    for shape, momentum in [((5, 3), 0.2), ((3, 4), 0.7), ((2, 3, 4, 5), 0.3), ((1, 2, 3, 2), 0.9)]:
        yield dict(x=batch(rng, *shape), **history(rng, shape[1]), momentum=momentum)
    yield dict(x=batch(rng, 4, 2), **history(rng, 2))


def history(rng, count):
    """Running statistics so far."""
    return dict(running_mean=rng.uniform(-3.0, 3.0, size=count), running_var=rng.uniform(4.0, 9.0, size=count))


def ends(rng):
    """momentum 0 and 1."""
    for momentum in (0.0, 1.0):
        yield dict(x=batch(rng, 4, 2), **history(rng, 2), momentum=momentum)


@exercise(points=1, returns=("mean", "var"))
def running_statistics():
    """Running mean and variance."""
    yield from examples(explain=slide_running)
    yield agrees("vectors and images, every momentum", cases=histories, share=2)
    yield agrees("momentum 0 and 1", cases=ends, share=0.25)


def used(rng, *shape):
    """A batch with running statistics that are not its own."""
    return dict(**drawn(rng, *shape), **history(rng, shape[1]))


in_use = of_sizes(used, (4, 3), (1, 5), (2, 3, 4, 5), (1, 4, 3, 4), in_single=(2, 3, 2, 2))
vectors_in_use = changed(of_sizes(used, (4, 3), (1, 5)), unlearned)
in_use_with_eps = then_default(used, (3, 2), (2, 3, 1, 2))


def alone_and_together(rng):
    """A batch whose first example is the running mean, then that example alone."""
    case = used(rng, 4, 3)
    case["x"][0] = case["running_mean"]
    yield [case, {**case, "x": case["x"][:1]}]


def looks_at_no_neighbours(case, results):
    """An example gets the same result alone and in a batch; the running mean gets beta."""
    together, alone, beta = results[0][0], results[1][0], case[0]["beta"]
    scale = np.abs(beta).max()
    if not np.abs(together - alone).max() <= 1e-6 * scale:
        return _("the first example gives {together} in its batch, but {alone} alone").format(
            together=number(together[0]), alone=number(alone[0])
        )
    if not np.abs(alone - beta).max() <= 1e-6 * scale:
        return _("x = running_mean should give beta = {beta}, but gives {alone}").format(
            beta=number(beta[0]), alone=number(alone[0])
        )
    return None


@exercise(points=1, returns=("O",))
def batchnorm_inference():
    """Batch normalization at inference."""
    yield from examples(explain=slide_inference)
    yield agrees("vectors, gamma = 1 and beta = 0", cases=vectors_in_use, rtol=NEARLY)
    yield agrees("vectors and images", cases=in_use, rtol=NEARLY)
    yield agrees("eps has its place in the formula, and its default value", cases=changed(in_use_with_eps, unlearned))
    yield has_property(
        "an example does not depend on its neighbours", cases=alone_and_together, law=looks_at_no_neighbours, shape="x", share=0.5
    )
    yield raises(
        ValueError,
        "a running mean of the wrong length is refused",
        args=dict(**ones(x=(2, 3, 4, 5), gamma=3, beta=3, running_mean=5, running_var=3), eps=1e-5),
    )


@exercise(points=1.5, returns=("O",))
def batchnorm_forward_spatial():
    """Batch normalization of images, in training."""
    yield from examples(explain=slide_forward)
    yield agrees("random images, gamma = 1 and beta = 0", cases=unlearned_images, n=3, rtol=NEARLY)
    yield agrees("random images", cases=images, rtol=NEARLY)
    yield agrees("eps has its place in the formula, and its default value", cases=changed(images_with_eps, unlearned))
    yield has_property("every channel has mean beta and spread gamma", cases=images, law=standardized, shape="x", n=1, share=0.5)
    yield agrees("a channel without variance becomes beta", cases=constant_images, share=0.25, rtol=NEARLY)
    yield agrees("numbers far from zero keep their digits", cases=changed(far_away_images, unlearned), rtol=NEARLY)
    yield raises(ValueError, "a gamma of one number for each column is refused", args=ones(x=(2, 3, 4, 5), gamma=5, beta=3))
    yield raises(ValueError, "vectors are refused", args=ones(x=(4, 3), gamma=3, beta=3))


@exercise(points=1.5, returns=("dx", "dgamma", "dbeta"))
def batchnorm_backward_spatial():
    """Gradients of batch normalization of images."""
    yield from examples(explain=slide_backward)
    yield agrees("random images", cases=images_backward, share=2, rtol=NEARLY)
    yield agrees("eps has its place in the formula, and its default value", cases=images_backward_with_eps, share=0.75)
    yield gradient(
        "they are the derivatives of batchnorm_forward_spatial",
        of="batchnorm_forward_spatial",
        cases=tiny_images,
        call=without_beta,
    )
    yield has_property(
        "dx of every channel adds up to 0",
        cases=images_backward,
        law=ignores_shifts,
        shape=lambda case: [case["x"].shape, case["gamma"].shape, case["gamma"].shape],
        n=1,
        share=0.25,
    )
    yield within(cases=large_images, times=10)


def with_the_loops(rng):
    """What takes the place of the loops, then the loops, on the same arrays."""
    for case in unlearned_vectors(rng):
        yield [call("fast_batchnorm_forward", **case), call("batchnorm_forward", **case)]


def as_the_loops(case, results):
    """Both give the same numbers."""
    fast, slow = results
    if slow.shape != fast.shape:
        return _("fast_batchnorm_forward returns the shape {got}, and batchnorm_forward {want}").format(
            got=fast.shape, want=slow.shape
        )
    if np.allclose(slow, fast, rtol=1e-5, atol=1e-6):
        return None
    place = np.unravel_index(np.argmax(np.abs(fast - slow)), slow.shape)
    return _("O[{place}] of fast_batchnorm_forward is {got}, and of your own batchnorm_forward {want}").format(
        place=", ".join(map(str, place)), got=number(fast[place]), want=number(slow[place])
    )


many_features = of_sizes(drawn, (4, 100_000))


@exercise(points=1, optional=True, returns=("O",))
def fast_batchnorm_forward():
    """Now make it fast: batchnorm_forward without loops."""
    yield agrees("random batches", cases=vectors)
    yield has_property("the same as your own loops", cases=with_the_loops, law=as_the_loops, share=0.5)
    yield within("whole arrays in place of loops", cases=many_features, times=10, gate=False, share=2)
