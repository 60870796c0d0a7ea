"""The rubric of `capstone`: ten points for a network of layers that are the student's own, and for what it reads."""

from pathlib import Path

import numpy as np

from grader.course.arithmetic import number
from grader.course.authoring import _, agrees, call, examples, exercise, gradient, has_property, policy, ref
from grader.course.cases import changed, normal, of_sizes, with_upstream
from grader.course.laws import apart

rules = policy()

with np.load(Path(__file__).with_name("digits.npz")) as DATA:
    IMAGES, LABELS = DATA["images"][:, None] / 16, DATA["labels"].astype(np.int64)
NEARLY = 1e-4  # of what takes several steps: room for layers in single precision
ASKED = 75  # percent of the unseen digits


# --- the layers, as far as the network needs them: their own topics look closely ---------------------------------------------------


def conv_case(rng, batch, channels, height, width, filters, size):
    """The arguments of one convolution, stride 1, without padding."""
    return normal(rng, x=(batch, channels, height, width), w=(filters, channels, size, size), b=filters)


def conv_shape(case):
    """The shape of its output."""
    (n, _c, h, w), (f, _c, k, _k) = case["x"].shape, case["w"].shape
    return n, f, h - k + 1, w - k + 1


convolutions = of_sizes(conv_case, (2, 2, 5, 4, 3, 3), (1, 1, 4, 6, 2, 2))
tiny_convolutions = with_upstream(of_sizes(conv_case, (2, 1, 3, 4, 2, 2)), conv_shape)


@exercise(points=1, optional=True, returns=("O",))
def conv_forward():
    """From `conv`: where it is wrong, finish conv first."""
    yield from examples()
    yield agrees("random batches, stride 1, no padding", cases=convolutions)


@exercise(points=1, optional=True, returns=("dx", "dw", "db"), unchanged=False)
def conv_backward():
    """From `conv`: where it is wrong, finish conv first."""
    yield gradient("it is the derivative of conv_forward", of="conv_forward", cases=tiny_convolutions)


def scattered(rng, *shape):
    """Channels of different means and spreads, none of them nearly constant."""
    x = rng.normal(size=shape)
    x /= np.maximum(x.std(axis=(0, 2, 3), keepdims=True), 0.1)
    return x * rng.uniform(0.7, 3.0, size=(shape[1], 1, 1)) + rng.uniform(-3.0, 3.0, size=(shape[1], 1, 1))


def norm_case(rng, *shape):
    """The arguments of one batch norm of images."""
    learned = dict(gamma=rng.uniform(0.5, 2.0, size=shape[1]), beta=rng.uniform(2.5, 4.0, size=shape[1]))
    return dict(x=scattered(rng, *shape), **learned)


def with_history(case):
    """The same layer in use."""
    count = len(case["gamma"])
    return dict(case, running_mean=np.linspace(-2.0, 3.0, count), running_var=np.linspace(4.0, 9.0, count))


def without_learned(case):
    """What the running statistics take."""
    return {name: value for name, value in with_history(case).items() if name not in ("gamma", "beta")}


def without_beta(case):
    """What the backward pass takes."""
    return dict(dout=case["dout"], x=case["x"], gamma=case["gamma"])


norms = of_sizes(norm_case, (2, 3, 4, 5), (3, 2, 2, 3))
tiny_norms = with_upstream(of_sizes(norm_case, (2, 2, 1, 3)), lambda case: case["x"].shape)


@exercise(points=1, optional=True, returns=("O",))
def batchnorm_forward_spatial():
    """From `batchnorm`: where it is wrong, finish batchnorm first."""
    yield from examples()
    yield agrees("random images", cases=norms)


@exercise(points=1, optional=True, returns=("dx", "dgamma", "dbeta"), unchanged=False)
def batchnorm_backward_spatial():
    """From `batchnorm`: where it is wrong, finish batchnorm first."""
    yield gradient(
        "they are the derivatives of batchnorm_forward_spatial",
        of="batchnorm_forward_spatial",
        cases=tiny_norms,
        call=without_beta,
    )


@exercise(points=1, optional=True, returns=("O",))
def batchnorm_inference():
    """From `batchnorm`: where it is wrong, finish batchnorm first."""
    yield from examples()
    yield agrees("random images", cases=changed(norms, with_history))


@exercise(points=1, optional=True, returns=("mean", "var"))
def running_statistics():
    """From `batchnorm`: where it is wrong, finish batchnorm first."""
    yield from examples()
    yield agrees("random images", cases=changed(norms, without_learned))


def any_numbers(rng):
    """Numbers of both signs."""
    for shape in [(2, 3, 4, 4), (3, 1, 2, 5)]:
        yield dict(z=rng.choice([-1, 1], size=shape) * rng.uniform(0.2, 3.0, size=shape))


@exercise(points=1, optional=True, returns=("a",))
def relu():
    """From `activations`: where it is wrong, finish activations first."""
    yield from examples()
    yield agrees("random images", cases=any_numbers)


def distinct(rng, *shape):
    """The arguments of one pooling: no two numbers alike."""
    count = int(np.prod(shape))
    return dict(x=0.1 * (rng.permutation(count) - count // 2 + 0.5).reshape(shape), size=2)


def pooled_shape(case):
    """The shape of what pooling leaves."""
    n, c, h, w = case["x"].shape
    return n, c, h // 2, w // 2


pools = of_sizes(distinct, (2, 3, 4, 6), (1, 2, 5, 4))
tiny_pools = with_upstream(of_sizes(distinct, (1, 2, 4, 4)), pooled_shape)


@exercise(points=1, optional=True, returns=("O",))
def max_pool():
    """From `pooling`: where it is wrong, finish pooling first."""
    yield from examples()
    yield agrees("random images, windows side by side", cases=pools)


@exercise(points=1, optional=True, returns=("dx",), unchanged=False)
def max_pool_backward():
    """From `pooling`: where it is wrong, finish pooling first."""
    yield gradient("it is the derivative of max_pool", of="max_pool", cases=tiny_pools)


def dropouts(rng):
    """Rows, with draws clear of p."""
    for shape, p in [((3, 5), 0.25), ((2, 6), 0.5)]:
        draws = np.where(rng.permutation(np.arange(np.prod(shape)) % 2 == 0), 0.5 * p, 0.5 + 0.5 * p).reshape(shape)
        yield dict(x=rng.normal(size=shape), draws=draws, p=p)


@exercise(points=1, optional=True, returns=("O",))
def dropout_forward():
    """From `dropout`: where it is wrong, finish dropout first."""
    yield from examples()
    yield agrees("random rows", cases=dropouts)


def classified(rng):
    """Logits and targets."""
    for n, k in [(3, 4), (2, 10)]:
        yield dict(logits=rng.normal(size=(n, k)), target=np.eye(k)[rng.integers(k, size=n)])


@exercise(points=1, optional=True, returns=("dlogits",))
def softmax_ce_gradient():
    """From `softmax_ce`: where it is wrong, finish softmax_ce first."""
    yield from examples()
    yield agrees("random logits", cases=classified)


def adam_case(rng, *shape):
    """A step in the middle of a training."""
    arrays = {name: rng.normal(size=shape) for name in ("theta", "gradient", "m")}
    return dict(**arrays, v=rng.uniform(0.1, 1.0, size=shape), t=7, rate=0.05)


@exercise(points=1, optional=True, returns=("theta", "m", "v"))
def adam_step():
    """From `optimizers`: where it is wrong, finish optimizers first."""
    yield from examples()
    yield agrees("steps of vectors and filters", cases=of_sizes(adam_case, (3,), (2, 1, 3, 3)))


# --- the network -----------------------------------------------------------------------------------------------------------------------


def parameters(rng, channels, filters, size, rows, classes):
    """The six arrays; `rows`: how many numbers `flatten` leaves."""
    return dict(
        w=rng.normal(size=(filters, channels, size, size)),
        b=rng.normal(size=filters),
        gamma=rng.uniform(0.5, 1.5, size=filters),
        beta=rng.uniform(-1.0, 0.3, size=filters),
        wd=rng.normal(size=(rows, classes)),
        bd=rng.normal(size=classes),
    )


def chances(rng, *shape, drop):
    """Draws of which a part lies below `drop`, all of them clear of it."""
    below = rng.permutation(np.arange(int(np.prod(shape))) % 3 == 0).reshape(shape)
    return np.where(below, rng.uniform(0.1, 0.8, size=shape) * drop, drop + rng.uniform(0.1, 0.9, size=shape) * (1 - drop))


def network(rng, batch, channels, height, width, filters, size, classes, drop):
    """The arguments of `forward`."""
    rows = filters * ((height - size + 1) // 2) * ((width - size + 1) // 2)
    return dict(
        p=parameters(rng, channels, filters, size, rows, classes),
        images=rng.normal(size=(batch, channels, height, width)),
        draws=chances(rng, batch, rows, drop=drop),
        drop=drop,
    )


# The numbers of images, channels, rows, columns, filters and classes differ.
undropped = changed(of_sizes(network, (3, 1, 5, 7, 2, 2, 4, 0.4)), lambda case: dict(case, drop=0.0))
networks = of_sizes(network, (3, 1, 6, 8, 2, 3, 4, 0.25), (2, 2, 5, 7, 3, 2, 10, 0.5))


def own_forward(rng):
    """The layers one by one, then the network; nothing is dropped."""
    case = next(undropped(rng))
    p = case["p"]
    yield [
        call("conv_forward", case["images"], p["w"], p["b"], save="sums"),
        call("batchnorm_forward_spatial", ref("sums"), p["gamma"], p["beta"], save="normal"),
        call("relu", ref("normal"), save="maps"),
        call("max_pool", ref("maps"), 2, save="pooled"),
        call("forward", **case),
    ]


def is_the_layers(case, results):
    """The logits are the dense layer of what one's own layers leave, one after the other."""
    p, pooled = case[-1].kwargs["p"], results[3]
    if apart(results[-1], pooled.reshape(len(pooled), -1) @ p["wd"] + p["bd"], NEARLY):
        return _(
            "the logits should be what your own layers give one after the other: convolution, batch norm, ReLU, pooling, dense"
        )
    return None


THERE = ("conv_forward", "batchnorm_forward_spatial", "relu", "max_pool", "dropout_forward")
BACK = (*THERE, "softmax_ce_gradient", "max_pool_backward", "batchnorm_backward_spatial", "conv_backward")
IN_USE = ("conv_forward", "batchnorm_inference", "relu", "max_pool")


@exercise(points=2, returns=("logits",), uses=THERE)
def forward():
    """The whole network in training."""
    yield from examples(share=0.5)
    yield agrees("random images, nothing is dropped", cases=undropped, share=1, rtol=NEARLY)
    yield agrees("random images, a part is dropped", cases=networks, share=1, rtol=NEARLY)
    yield has_property("it is your own layers in a row", cases=own_forward, law=is_the_layers, share=0.5)


def in_use(case):
    """The arguments of `predict`."""
    count = len(case["p"]["b"])
    return dict(p=case["p"], mean=np.linspace(-0.5, 0.7, count), var=np.linspace(0.5, 2.0, count), images=case["images"])


def alone_and_together(rng):
    """A batch, and its first image by itself."""
    case = in_use(next(undropped(rng)))
    yield [case, dict(case, images=case["images"][:1])]


def looks_at_one_image(case, results):
    """What is read of an image does not depend on the others."""
    together, alone = results
    if not np.abs(together).max() > 0:
        return _("all logits are 0")
    if apart(together[:1], alone, NEARLY):
        return _(
            "the logits of an image should be the same alone and in a batch: which mean and variance does your batch norm use?"
        )
    return None


@exercise(points=2, returns=("logits",), uses=IN_USE)
def predict():
    """The whole network when it is used."""
    yield from examples(share=0.5)
    yield agrees("random images and running statistics", cases=changed(networks, in_use), share=2, rtol=NEARLY)
    yield has_property("an image is read alone as in a batch", cases=alone_and_together, law=looks_at_one_image, share=0.5)


def with_target(case):
    """The arguments of `gradients`."""
    n, k = len(case["images"]), len(case["p"]["bd"])
    target = np.eye(k)[(3 * np.arange(n) + 1) % k]
    return dict(p=case["p"], images=case["images"], target=target, draws=case["draws"], drop=case["drop"])


def moved(rng):
    """The gradients, then the logits on both sides of the parameters, along a direction for each of the six."""
    case = with_target(next(of_sizes(network, (3, 1, 4, 6, 2, 2, 3, 0.25))(rng)))
    steps = [call("gradients", *case.values())]
    del case["target"]
    for name, value in case["p"].items():
        way = rng.normal(size=value.shape)
        for sign in (1, -1):
            steps.append(call("forward", **dict(case, p=dict(case["p"], **{name: value + sign * STEP * way}))))
    yield steps


STEP = 1e-5


def loss(logits, target):
    """The mean cross-entropy."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    return float(np.mean(np.log(np.exp(shifted).sum(axis=1)) - (shifted * target).sum(axis=1)))


def is_the_slope(case, results):
    """Each gradient says how the loss of one's own `forward` changes along a direction."""
    given, _images, target, *_dropout = case[0].args
    for place, name in enumerate(given):
        up, down = results[1 + 2 * place], results[2 + 2 * place]
        way = (case[1 + 2 * place].kwargs["p"][name] - given[name]) / STEP
        want, got = (loss(up, target) - loss(down, target)) / (2 * STEP), float(np.sum(way * results[0][name]))
        if not abs(got - want) <= 1e-4 * max(1.0, abs(want)):
            return _(
                "along a direction of {name}, the loss of your forward changes by {want}, and your gradient says {got}"
            ).format(name=name, want=number(want), got=number(got))
    return None


@exercise(points=3, returns=("gradients",), uses=BACK)
def gradients():
    """The gradients of the whole network."""
    yield agrees("random images, nothing is dropped", cases=changed(undropped, with_target), share=1.5, rtol=NEARLY)
    yield agrees("random images, a part is dropped", cases=changed(networks, with_target), share=1.5, rtol=NEARLY)
    yield has_property("they are the slopes of your own forward", cases=moved, law=is_the_slope, share=1)


def training(rng, count, epochs, batch_size):
    """The arguments of a short training."""
    case = network(rng, count, 1, 5, 5, 2, 2, 3, 0.25)
    rows = case["draws"].shape[1]
    return dict(
        p=case["p"],
        images=case["images"],
        labels=np.arange(count) % 3,
        orders=np.array([rng.permutation(count) for _epoch in range(epochs)]),
        draws=chances(rng, epochs, count, rows, drop=0.25),
        batch_size=batch_size,
        drop=0.25,
        rate=0.01,
    )


one_step, short_trainings = of_sizes(training, (3, 1, 3)), of_sizes(training, (5, 2, 2))


def whole_training(rng):
    """200 real digits, five times; then 200 digits that the network has not seen."""
    chosen, epochs = rng.permutation(len(IMAGES)), 5
    seen, unseen = chosen[:200], chosen[200:400]
    p = dict(w=rng.normal(size=(8, 1, 3, 3)) / 3, b=np.zeros(8), gamma=np.ones(8), beta=np.zeros(8))
    p |= dict(wd=0.1 * rng.normal(size=(72, 10)), bd=np.zeros(10))
    orders = np.array([rng.permutation(200) for _epoch in range(epochs)])
    draws = rng.uniform(size=(epochs, 200, 72))
    yield [
        call("train", p, IMAGES[seen], LABELS[seen], orders, draws, 20, 0.2, 0.02, save="trained"),
        call("predict", ref("trained", 0), ref("trained", 1), ref("trained", 2), IMAGES[unseen], save="logits"),
        call("softmax_ce_gradient", ref("logits"), np.eye(10)[LABELS[unseen]]),
    ]


def reads_digits(case, results):
    """Three of four digits that it has not seen are read right."""
    logits, target = results[1], case[2].args[1]
    if logits.shape != target.shape:
        return _("the logits of 200 images should have the shape {want}, and have {got}").format(
            want=target.shape, got=logits.shape
        )
    percent = round(100 * float(np.mean(logits.argmax(axis=1) == target.argmax(axis=1))))
    if percent < ASKED:
        return _("after the training, {percent} % of 200 unseen digits are read right; it should be {asked} % or more").format(
            percent=percent, asked=ASKED
        )
    return None


@exercise(points=3, returns=("p", "mean", "var"), uses=("gradients", "running_statistics", "adam_step"), seconds=40)
def train():
    """Training with Adam, and 200 digits that the network has not seen."""
    yield agrees("one batch", cases=one_step, share=1, rtol=NEARLY)
    yield agrees("two epochs with a smaller last batch", cases=short_trainings, share=1, rtol=NEARLY)
    yield has_property("trained on 200 digits, it reads 75 % of 200 unseen ones", cases=whole_training, law=reads_digits, share=2)
