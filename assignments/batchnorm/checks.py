"""The rubric of `batchnorm`: what each function must do, and for how many points."""

import numpy as np

from grader.course.authoring import (
    STANDARD_LIBRARY,
    _,
    agrees,
    example,
    exercise,
    gradient,
    has_property,
    policy,
    raises,
    unchanged,
)

rules = policy(imports=(STANDARD_LIBRARY,))


def number(value):
    """A number as it stands on a slide: integers without a point."""
    return f"{float(value):g}"


def term(value):
    """A number inside of a sum or a product: negative ones in brackets."""
    return f"({number(value)})" if value < 0 else number(value)


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
        products = [f"{term(g)}*{term(h)}" for g, h in zip(dout.flat, hat.flat, strict=True)]
        return f"{' + '.join(products)} = {number(dgamma)}"
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


def single(case):
    """The same arguments in single precision."""
    return {name: value.astype(np.float32) if isinstance(value, np.ndarray) else value for name, value in case.items()}


VECTORS = [(5, 3), (4, 6), (8, 1), (3, 2)]
IMAGES = [(2, 3, 4, 5), (1, 2, 3, 4), (3, 1, 2, 5), (2, 4, 3, 4)]
NEARLY = 1e-4  # where eps is small, its right place in the formula is another check's business


def inputs_of(rng, shapes):
    """x, gamma and beta, with the default eps; then in single precision."""
    for shape in shapes:
        yield dict(x=batch(rng, *shape), **learned(rng, shape[1]))
    yield single(dict(x=batch(rng, *shapes[0]), **learned(rng, shapes[0][1])))


def vectors(rng):
    """Batches of vectors: more examples than features, fewer, one feature."""
    yield from inputs_of(rng, VECTORS)


def images(rng):
    """Batches of images: high and wide, one image, one channel, as many channels as columns."""
    yield from inputs_of(rng, IMAGES)


def vectors_with_eps(rng):
    """A large eps, then the default."""
    yield dict(x=batch(rng, 5, 3), **learned(rng, 3), eps=0.5)
    yield dict(x=batch(rng, 4, 2), **learned(rng, 2))


def images_with_eps(rng):
    """A large eps, then the default."""
    yield dict(x=batch(rng, 2, 3, 1, 2), **learned(rng, 3), eps=0.5)
    yield dict(x=batch(rng, 3, 2, 2, 1), **learned(rng, 2))


def standardized(case, results):
    """Every feature (or channel) has mean beta and the standard deviation |gamma|, nearly: eps is small."""
    out = results[0]
    for j, (gamma, beta) in enumerate(zip(case["gamma"], case["beta"], strict=True)):
        for what, meant, got in [
            (_("mean"), beta, out[:, j].mean()),
            (_("standard deviation"), abs(gamma), out[:, j].std()),
        ]:
            if not abs(got - meant) <= NEARLY * (abs(beta) + abs(gamma)):
                return _("O[:, {j}] should have the {what} {meant}, but has {got}").format(
                    j=j, what=what, meant=number(meant), got=number(got)
                )
    return None


def constant(rng):
    """One feature that is the same in all examples, with others that are not; then a batch of one example."""
    x = batch(rng, 4, 3)
    x[:, 1] = 3.0
    yield dict(x=x, **learned(rng, 3))
    yield dict(x=batch(rng, 1, 2), **learned(rng, 2))


def far_away(rng):
    """Numbers around ten millions that differ by about one."""
    yield dict(x=batch(rng, 6, 2) + 1e7, **learned(rng, 2))


@exercise(points=2, returns=("O",))
def batchnorm_forward():
    """Batch normalization of vectors, in training."""
    yield example("batchnorm-forward", explain=slide_forward)
    yield agrees("random batches", cases=vectors, n=5, share=2, rtol=NEARLY)
    yield agrees("eps has its place in the formula, and its default value", cases=vectors_with_eps, n=2)
    yield has_property("every feature has mean beta and spread gamma", cases=vectors, law=standardized, n=1, share=0.5)
    yield agrees("a feature without variance becomes beta", cases=constant, n=2, share=0.25, rtol=NEARLY)
    yield agrees("numbers far from zero keep their digits", cases=far_away, n=1, share=0.25, rtol=NEARLY)
    yield raises(
        ValueError,
        "a gamma of the wrong length is refused",
        args=dict(x=np.ones((4, 3)), gamma=np.ones(2), beta=np.ones(3)),
        share=0.25,
    )
    yield raises(
        ValueError,
        "images are refused",
        args=dict(x=np.ones((2, 3, 4, 3)), gamma=np.ones(3), beta=np.ones(3)),
        share=0.25,
    )
    yield unchanged("x, gamma and beta are left as they were", cases=vectors, share=0.25)


def upstream_of(rng, cases):
    """Upstream gradients for the cases of the forward pass."""
    for case in cases:
        dout = rng.normal(size=case["x"].shape).astype(case["x"].dtype)
        yield {"dout": dout, **{name: value for name, value in case.items() if name != "beta"}}


def vectors_backward(rng):
    """The batches of vectors with upstream gradients."""
    yield from upstream_of(rng, vectors(rng))


def images_backward(rng):
    """The batches of images with upstream gradients."""
    yield from upstream_of(rng, images(rng))


def vectors_backward_with_eps(rng):
    """A large eps, then the default."""
    yield from upstream_of(rng, vectors_with_eps(rng))


def images_backward_with_eps(rng):
    """A large eps, then the default."""
    yield from upstream_of(rng, images_with_eps(rng))


def constant_backward(rng):
    """A feature without variance, and a batch of one example."""
    yield from upstream_of(rng, constant(rng))


def without_beta(case):
    """The arguments of the backward pass."""
    return {name: value for name, value in case.items() if name != "beta"}


def tiny(rng):
    """Few numbers: more examples than features, and fewer. eps is so small that its place does not matter."""
    for shape in [(4, 2), (3, 4)]:
        yield dict(dout=rng.normal(size=shape), x=batch(rng, *shape), **learned(rng, shape[1]), eps=1e-10)


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


@exercise(points=3, returns=("dx", "dgamma", "dbeta"))
def batchnorm_backward():
    """Gradients of batch normalization of vectors."""
    yield example("batchnorm-backward", explain=slide_backward)
    yield agrees("random batches", cases=vectors_backward, n=5, share=2, rtol=NEARLY)
    yield agrees("eps has its place in the formula, and its default value", cases=vectors_backward_with_eps, n=2, share=0.75)
    yield gradient(
        "they are the derivatives of batchnorm_forward",
        of="batchnorm_forward",
        wrt=("x", "gamma", "beta"),
        cases=tiny,
        n=2,
        call=without_beta,
        share=1.5,
    )
    yield has_property("dx of every feature adds up to 0", cases=vectors_backward, law=ignores_shifts, n=1, share=0.25)
    yield agrees("a feature without variance", cases=constant_backward, n=2, share=0.25)
    yield unchanged("dout, x and gamma are left as they were", cases=vectors_backward, share=0.25)


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
    yield example("running-statistics", explain=slide_running)
    yield example("running-statistics-images", explain=slide_running)
    yield agrees("vectors and images, every momentum", cases=histories, n=5, share=2)
    yield agrees("momentum 0 and 1", cases=ends, n=2, share=0.25)
    yield unchanged("x and the statistics so far are left as they were", cases=histories, share=0.25)


def in_use(rng):
    """Vectors and images with running statistics that are not the batch's; single precision."""
    for shape in [(4, 3), (1, 5), (2, 3, 4, 5), (1, 4, 3, 4)]:
        yield dict(x=batch(rng, *shape), **learned(rng, shape[1]), **history(rng, shape[1]))
    yield single(dict(x=batch(rng, 2, 3, 2, 2), **learned(rng, 3), **history(rng, 3)))


def in_use_with_eps(rng):
    """A large eps, then the default."""
    yield dict(x=batch(rng, 3, 2), **learned(rng, 2), **history(rng, 2), eps=0.5)
    yield dict(x=batch(rng, 2, 3, 1, 2), **learned(rng, 3), **history(rng, 3))


def alone_and_together(rng):
    """A batch whose first example is the running mean, then that example alone."""
    case = dict(x=batch(rng, 4, 3), **learned(rng, 3), **history(rng, 3))
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
    yield example("batchnorm-inference", explain=slide_inference)
    yield example("batchnorm-inference-images", explain=slide_inference)
    yield agrees("vectors and images", cases=in_use, n=5, share=2, rtol=NEARLY)
    yield agrees("eps has its place in the formula, and its default value", cases=in_use_with_eps, n=2)
    yield has_property(
        "an example does not depend on its neighbours", cases=alone_and_together, law=looks_at_no_neighbours, n=1, share=0.5
    )
    yield raises(
        ValueError,
        "a running mean of the wrong length is refused",
        args=dict(
            x=np.ones((2, 3, 4, 5)), gamma=np.ones(3), beta=np.ones(3), running_mean=np.ones(5), running_var=np.ones(3), eps=1e-5
        ),
        share=0.25,
    )
    yield unchanged("the arguments are left as they were", cases=in_use, share=0.25)


def constant_images(rng):
    """A channel that is the same everywhere."""
    x = batch(rng, 2, 3, 2, 4)
    x[:, 1] = 3.0
    yield dict(x=x, **learned(rng, 3))


@exercise(points=1.5, returns=("O",))
def batchnorm_forward_spatial():
    """Batch normalization of images, in training."""
    yield example("batchnorm-forward-spatial", explain=slide_forward)
    yield agrees("random images", cases=images, n=5, share=2, rtol=NEARLY)
    yield agrees("eps has its place in the formula, and its default value", cases=images_with_eps, n=2)
    yield has_property("every channel has mean beta and spread gamma", cases=images, law=standardized, n=1, share=0.5)
    yield agrees("a channel without variance becomes beta", cases=constant_images, n=1, share=0.25, rtol=NEARLY)
    yield raises(
        ValueError,
        "a gamma of one number for each column is refused",
        args=dict(x=np.ones((2, 3, 4, 5)), gamma=np.ones(5), beta=np.ones(3)),
        share=0.25,
    )
    yield raises(ValueError, "vectors are refused", args=dict(x=np.ones((4, 3)), gamma=np.ones(3), beta=np.ones(3)), share=0.25)
    yield unchanged("x, gamma and beta are left as they were", cases=images, share=0.25)


def tiny_images(rng):
    """Two images of two channels."""
    shape = (2, 2, 1, 3)
    yield dict(dout=rng.normal(size=shape), x=batch(rng, *shape), **learned(rng, 2), eps=1e-10)


@exercise(points=1.5, returns=("dx", "dgamma", "dbeta"))
def batchnorm_backward_spatial():
    """Gradients of batch normalization of images."""
    yield example("batchnorm-backward-spatial", explain=slide_backward)
    yield agrees("random images", cases=images_backward, n=5, share=2, rtol=NEARLY)
    yield agrees("eps has its place in the formula, and its default value", cases=images_backward_with_eps, n=2, share=0.75)
    yield gradient(
        "they are the derivatives of batchnorm_forward_spatial",
        of="batchnorm_forward_spatial",
        wrt=("x", "gamma", "beta"),
        cases=tiny_images,
        n=1,
        call=without_beta,
    )
    yield has_property("dx of every channel adds up to 0", cases=images_backward, law=ignores_shifts, n=1, share=0.25)
    yield unchanged("dout, x and gamma are left as they were", cases=images_backward, share=0.25)
