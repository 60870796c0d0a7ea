"""The rubric of `autoencoder`: images through a narrow layer, and training with mini-batches on real digits."""

import functools
from pathlib import Path

import numpy as np

from grader.course.arithmetic import Writing
from grader.course.authoring import (
    _,
    agrees,
    call,
    examples,
    exercise,
    gradient,
    has_property,
    hidden,
    policy,
    raises,
    ref,
    within,
)
from grader.course.cases import changed, of_sizes, ones, orders, single, with_upstream
from grader.course.laws import apart

rules = policy()

WIDTH = 8  # numbers in the code of the digits
NEAR_PCA = 1.7  # times the error of PCA with as many numbers; training as stated comes to about 1.3, the mean image to 2.9
NEAR = 1e-4  # leaves room for an answer computed in float32

hand = Writing(decimals=4)
number, products = hand.number, hand.products


@hidden
def sigmoid(z):
    """1 / (1 + e^-z), which is (1 + tanh(z/2)) / 2: finite wherever z is."""
    return (1 + np.tanh(np.asarray(z, dtype=float) / 2)) / 2


@hidden
def codes(x, we, be):
    """What the encoder makes of x."""
    return np.tanh(x @ we + be)


@hidden
def outputs(x, we, be, wd, bd):
    """What the network makes of x."""
    return sigmoid(codes(x, we, be) @ wd + bd)


def error_of(weights, x):
    """The mean squared error of a network with these weights."""
    return float(np.mean((outputs(x, *(np.asarray(weight, dtype=np.float64) for weight in weights)) - x) ** 2))


# --- the digits ------------------------------------------------------------------------------------------------------------------


@functools.cache
def digits():
    """Rows of pixels between 0 and 1: 300 images to train with, 100 others."""
    with np.load(Path(__file__).with_name("digits.npz")) as file:
        return tuple(file[name].reshape(-1, 64) / 16 for name in ("train", "test"))


@functools.cache
def opponents():
    """The errors on the test images of the mean image, and of PCA with WIDTH numbers, both learned from the training images."""
    train, test = digits()
    mean = train.mean(axis=0)
    _left, _values, axes = np.linalg.svd(train - mean, full_matrices=False)
    rest = test - mean
    return float(np.mean(rest**2)), float(np.mean((rest - rest @ axes[:WIDTH].T @ axes[:WIDTH]) ** 2))


# --- cases -----------------------------------------------------------------------------------------------------------------------


def layer(rng, count, inputs, units, x="x"):
    """A batch and a layer; sums of moderate size."""
    return {
        x: rng.uniform(-1, 1, size=(count, inputs)),
        "w": rng.normal(scale=inputs**-0.5, size=(inputs, units)),
        "b": rng.normal(scale=0.5, size=units),
    }


def network(rng, count, size, width):
    """A batch of images and the weights of an autoencoder."""
    encoder, decoder = layer(rng, count, size, width), layer(rng, count, width, size)
    x = rng.uniform(0, 1, size=(count, size))
    return dict(x=x, we=encoder["w"], be=encoder["b"], wd=2 * decoder["w"], bd=decoder["b"])


code_layer = functools.partial(layer, x="code")
# Batches of every kind, one of them square, one in single precision; decoders go from few numbers to many.
encoders = of_sizes(layer, (2, 5, 3), (1, 2, 4), (3, 3, 3), in_single=(4, 6, 2))
decoders = of_sizes(code_layer, (2, 3, 5), (1, 4, 2), (3, 3, 3), in_single=(4, 2, 6))
decoders_backward = with_upstream(decoders, lambda case: (len(case["code"]), len(case["b"])))
networks = of_sizes(network, (3, 5, 2), (2, 3, 3), (1, 6, 4), in_single=(4, 5, 3))
tiny_network = of_sizes(network, (2, 4, 2))
one_pixel = of_sizes(network, (1, 1, 2), (1, 1, 3))


def without_bias(cases):
    """The cases with all biases 0."""
    return changed(cases, lambda case: dict(case, b=np.zeros_like(case["b"])))


def decoders_far_out(rng):
    """Sums of ±1000 beside moderate ones."""
    yield dict(code=np.array([[1.0, -1.0]]), w=np.array([[500.0, -500.0, 1.0], [-500.0, 500.0, 1.0]]), b=rng.normal(size=3))


def training(case, **after):
    """The arguments of train or train_step from those of gradients."""
    return dict(x=case["x"], weights=[case[name] for name in ("we", "be", "wd", "bd")], **after)


def images(rng):
    """Images that are not square, small and unsigned integers; the darkest pixel is seldom 16."""
    yield dict(images=rng.integers(0, 15, size=(3, 2, 4)))
    yield dict(images=rng.integers(0, 17, size=(2, 5, 3)).astype(np.uint8))
    yield dict(images=rng.integers(0, 12, size=(1, 3, 3)).astype(np.uint8))


def single_pixels(rng):
    """Images with one black pixel each, at different places."""
    black = np.zeros((4, 3, 5), dtype=np.int64)
    for n, place in enumerate(rng.choice(15, size=4, replace=False)):
        black[n].flat[place] = 16
    yield dict(images=black)


def two_biases(rng, draw, *sizes):
    """The same batch with two biases."""
    case = draw(rng, *sizes)
    return [case, dict(case, b=case["b"] + rng.choice([-0.5, 0.5], size=case["b"].shape))]


encoders_with_two_biases = of_sizes(two_biases, (layer, 3, 4, 2))
decoders_with_two_biases = of_sizes(two_biases, (code_layer, 3, 2, 4))


def blind_decoders(rng):
    """Decoders without weights: the output is the same grey whatever the code."""
    for grey in (0.25, 0.75):
        case = network(rng, 3, 4, 2)
        yield dict(case, wd=np.zeros((2, 4)), bd=np.full(4, np.log(grey / (1 - grey))))


def tiny_decoder(rng):
    """A decoder with few numbers."""
    yield dict(dout=rng.normal(size=(2, 3)), **layer(rng, 2, 2, 3, x="code"))


def single_steps(rng):
    """Steps with several rates, one of them of a single image."""
    for sizes, rate in [((3, 5, 2), 2.0), ((1, 4, 3), 0.3)]:
        yield training(network(rng, *sizes), rate=rate)
    yield training(single(network(rng, 2, 3, 2)), rate=1.0)


def short_training(rng):
    """Epochs whose last batch is smaller or not, batches of one image and of all; single precision."""
    for (count, *sizes), epochs, batch_size, rate in [
        ((5, 4, 2), 2, 2, 2.0),
        ((6, 3, 2), 1, 3, 1.0),
        ((3, 4, 2), 1, 1, 1.0),
        ((4, 5, 3), 2, 9, 3.0),
        ((7, 3, 2), 2, 3, 0.5),
    ]:
        case = training(network(rng, count, *sizes), rate=rate)
        yield dict(case, permutations=orders(rng, epochs, count), batch_size=batch_size)
    yield dict(training(single(network(rng, 5, 4, 3)), rate=1.0), permutations=orders(rng, 2, 5), batch_size=3)


def one_batch_training(rng):
    """One epoch whose only batch holds all images."""
    for sizes in [(3, 4, 2), (4, 3, 3)]:
        case = training(network(rng, *sizes), rate=1.5)
        yield dict(case, permutations=orders(rng, 1, sizes[0]), batch_size=sizes[0])


def step_by_step(rng):
    """Two epochs in opposite orders with your own steps, the last batch smaller, then a training of the same steps."""
    case = training(network(rng, 3, 4, 2), rate=2.0)
    order = rng.permutation(3)
    permutations = np.array([order, order[::-1]])
    uses, last = [], case["weights"]
    for epoch, row in enumerate(permutations):
        for part, batch in enumerate((row[:2], row[2:])):
            uses.append(call("train_step", case["x"][batch], last, case["rate"], save=f"step{epoch}{part}"))
            last = ref(f"step{epoch}{part}")
        uses.append(call("reconstruction_loss", case["x"], *(ref(f"step{epoch}1", item) for item in range(4))))
    yield [*uses, call("train", *case.values(), permutations, 2)]


def no_training(rng):
    """No epoch at all."""
    yield dict(training(network(rng, 4, 3, 2), rate=1.0), permutations=orders(rng, 0, 4), batch_size=2)


def digit_training(rng):
    """The digits, small random weights, and 50 epochs."""
    x, _test = digits()
    count, size = x.shape
    weights = [
        rng.normal(scale=2 * size**-0.5, size=(size, WIDTH)),
        np.zeros(WIDTH),
        rng.normal(scale=2 * WIDTH**-0.5, size=(WIDTH, size)),
        np.zeros(size),
    ]
    permutations = orders(rng, 50, count).astype(np.uint16)
    yield dict(x=x, weights=weights, rate=8.0, permutations=permutations, batch_size=10)


# --- what must hold --------------------------------------------------------------------------------------------------------------


def pixels_stay_in_their_row(case, results):
    """Pixel (i, j) of an image is number W·i + j of its row."""
    rows = np.asarray(results[0])
    for n, image in enumerate(case["images"]):
        (i, j) = (int(place[0]) for place in np.nonzero(image))
        wanted = np.zeros(image.size)
        wanted[image.shape[1] * i + j] = 1
        if not np.allclose(rows[n], wanted, rtol=1e-6, atol=1e-9):
            return _(
                "an image of {height}x{width} that is black at ({i}, {j}) only should be 1 at {place} and 0 elsewhere"
            ).format(height=image.shape[0], width=image.shape[1], i=i, j=j, place=image.shape[1] * i + j)
    return None


def bias_moves_the_sum(inverse):
    """The law that the bias is added to the sum inside the activation, which `inverse` undoes."""

    def law(cases, results):
        first, second = (inverse(np.asarray(result, dtype=np.float64)) for result in results)
        if np.abs(second - first - (cases[1]["b"] - cases[0]["b"])).max() <= NEAR:
            return None
        return _("when b grows by d, the sum inside the activation should grow by d, for every image")

    return law


def grey_output(case, results):
    """With one grey for every pixel, the loss is the mean of (grey - x)²."""
    grey = sigmoid(case["bd"][0])
    wanted = float(np.mean((grey - case["x"]) ** 2))
    if abs(float(results[0]) - wanted) <= NEAR * wanted:
        return None
    return _("when every output is {grey}, the loss is the mean of ({grey} - x)^2, {wanted}, but yours is {got}").format(
        grey=number(grey), wanted=number(wanted), got=number(results[0])
    )


def step_goes_downhill(case, results):
    """A step lowers the error of its batch."""
    before, after = error_of(case["weights"], case["x"]), error_of(results[0], case["x"])
    if after < before:
        return None
    return _("after the step the loss should be smaller than {before}, but it is {after}").format(
        before=number(before), after=number(after)
    )


def is_your_steps(case, results):
    """train leaves the weights and the losses that the steps leave."""
    stepped, losses, (weights, history) = results[4], [results[2], results[5]], results[6]
    if not apart(results[0], case[0].args[1], NEAR):
        return _("your train_step does not move the weights yet")
    if apart(weights, stepped, NEAR):
        return _("train should leave the weights that your train_step leaves, batch after batch")
    if apart(history, losses, NEAR):
        return _("losses[e] should be your reconstruction_loss of all images at the end of epoch e")
    return None


def rebuilds_digits(case, results):
    """The trained network rebuilds digits that it has not seen, nearly as well as PCA, and its losses tell its errors."""
    weights, losses = results[0]
    mean, pca = opponents()
    error = error_of(weights, digits()[1])
    if not error < mean:
        return _("on new digits its error is {error}; the same grey mean image for all of them has {mean}").format(
            error=number(error), mean=number(mean)
        )
    if not error <= NEAR_PCA * pca:
        return _(
            "on new digits its error is {error}; PCA with {width} numbers has {pca}, so yours should be below {wanted}"
        ).format(error=number(error), width=WIDTH, pca=number(pca), wanted=number(NEAR_PCA * pca))
    last = error_of(weights, case["x"])
    if not abs(float(losses[-1]) - last) <= 1e-3 * last:
        return _("the last loss should be that of the weights you return, {last}, but it is {got}").format(
            last=number(last), got=number(losses[-1])
        )
    return None if losses[-1] < losses[0] else _("the loss should fall from the first epoch to the last")


# --- the arithmetic of the examples ----------------------------------------------------------------------------------------------


def sixteenths(inputs, result, index):
    """pixel / 16."""
    value = inputs["images"][index[0]].ravel()[index[1]]
    return f"{number(value)}/16 = {number(value / 16)}"


def sum_of_layer(inputs, result, index):
    """tanh or sigmoid of a sum of products."""
    name, activation, x = ("tanh", np.tanh, "x") if "x" in inputs else ("sigmoid", sigmoid, "code")
    n, j = index
    weights, bias = inputs["w"][:, j], inputs["b"][j]
    total = inputs[x][n] @ weights + bias
    terms = products(inputs[x][n], weights)
    return f"{name}({terms} + {number(bias)}) = {name}({number(total)}) = {number(activation(total))}"


def mean_of_squares(inputs, result, index):
    """The mean of the squared differences."""
    pairs = list(zip(outputs(**inputs).ravel(), inputs["x"].ravel(), strict=True))
    terms = " + ".join(f"({number(o)} - {number(x)})^2" for o, x in pairs)
    return f"({terms})/{len(pairs)} = {number(np.mean([(o - x) ** 2 for o, x in pairs]))}"


def sum_of_decoder(inputs, result, index):
    """One gradient of the decoder for a single code."""
    o = sigmoid(inputs["code"] @ inputs["w"] + inputs["b"])[0]
    texts = [f"{number(g)}*{number(v)}*(1 - {number(v)})" for g, v in zip(inputs["dout"][0], o, strict=True)]
    ds = inputs["dout"][0] * o * (1 - o)
    if result == "db":
        return f"{texts[index[0]]} = {number(ds[index[0]])}"
    if result == "dw":
        code = inputs["code"][0, index[0]]
        return f"{number(code)}*{texts[index[1]]} = {number(code * ds[index[1]])}"
    weights = inputs["w"][index[1]]
    terms = " + ".join(f"{text}*{number(w)}" for text, w in zip(texts, weights, strict=True))
    return f"{terms} = {number(ds @ weights)}"


def sum_of_network(inputs, result, index):
    """One gradient of the network for a single image and a code of one number."""
    x, o, code = inputs["x"][0], outputs(**inputs)[0], codes(inputs["x"], inputs["we"], inputs["be"])[0, 0]
    dout = 2 * (o - x) / x.size
    ds = dout * o * (1 - o)
    if result in ("dbd", "dwd"):
        d = index[-1]
        text = f"2*({number(o[d])} - {number(x[d])})/{x.size}*{number(o[d])}*(1 - {number(o[d])})"
        return f"{text} = {number(ds[d])}" if result == "dbd" else f"{number(code)}*{text} = {number(code * ds[d])}"
    dz = ds @ inputs["wd"][0] * (1 - code**2)
    text = f"({products(ds, inputs['wd'][0])})*(1 - {number(code)}^2)"
    return f"{text} = {number(dz)}" if result == "dbe" else f"{number(x[index[0]])}*{text} = {number(x[index[0]] * dz)}"


WEIGHTS = ("we", "be", "wd", "bd")


def slide_step(inputs, result, index):
    """old - rate * gradient, the gradient measured with a small step."""
    place, ends = WEIGHTS.index(result), []
    for step in (1e-5, -1e-5):
        weights = [weight.copy() for weight in inputs["weights"]]
        weights[place][index] += step
        ends.append(error_of(weights, inputs["x"]))
    old, rate, slope = inputs["weights"][place][index], inputs["rate"], (ends[0] - ends[1]) / 2e-5
    return f"{number(old)} - {number(rate)}*{number(slope)} = {number(old - rate * slope)}"


# --- the exercises ---------------------------------------------------------------------------------------------------------------


@exercise(points=0.5, returns=("x",), array_like=True)
def pixels():
    """Images as rows of numbers between 0 and 1."""
    yield from examples(explain=sixteenths)
    yield agrees("random images that are not square", cases=images)
    yield has_property(
        "row by row",
        cases=single_pixels,
        law=pixels_stay_in_their_row,
        shape=lambda case: (len(case["images"]), case["images"][0].size),
        share=0.5,
    )
    yield raises(ValueError, "a pixel above 16 is refused", args=dict(images=np.array([[[3, 17], [0, 1]]])))
    yield raises(ValueError, "a pixel below 0 is refused", args=dict(images=np.array([[[3, -1], [0, 1]]])))


@exercise(points=0.75, returns=("code",), array_like=True)
def encode():
    """The encoder: from an image to its code."""
    yield from examples(explain=sum_of_layer)
    yield agrees("biases 0", cases=without_bias(encoders), share=2)
    yield agrees("random batches", cases=encoders, share=0.75)
    yield has_property(
        "b is added before the activation",
        cases=encoders_with_two_biases,
        law=bias_moves_the_sum(np.arctanh),
        shape=lambda case: (len(case["x"]), len(case["b"])),
        share=0.25,
    )


@exercise(points=1, returns=("output",), array_like=True)
def decode():
    """The decoder: from a code to an image."""
    yield from examples(explain=sum_of_layer)
    yield agrees("biases 0", cases=without_bias(decoders), share=2)
    yield agrees("random codes", cases=decoders, share=0.75)
    yield agrees("finite for sums of ±1000", cases=decoders_far_out, share=0.75)
    yield has_property(
        "b is added before the activation",
        cases=decoders_with_two_biases,
        law=bias_moves_the_sum(lambda y: np.log(y / (1 - y))),
        shape=lambda case: (len(case["code"]), len(case["b"])),
        share=0.25,
    )


@exercise(points=0.75, returns=("loss",), array_like=True)
def reconstruction_loss():
    """The mean squared error, with the input as target."""
    yield from examples(explain=mean_of_squares)
    yield agrees("one image of one pixel", cases=one_pixel, share=2)
    yield agrees("random networks", cases=networks, share=0.75)
    yield has_property("the loss of a grey image", cases=blind_decoders, law=grey_output, share=0.25)


large_decoder = with_upstream(of_sizes(code_layer, (2, 80, 200)), lambda case: (2, 200))
large_network = of_sizes(network, (2, 200, 40))


@exercise(points=1.75, returns=("dcode", "dw", "db"), array_like=True)
def decode_backward():
    """Backward pass of the decoder."""
    yield from examples(explain=sum_of_decoder)
    yield agrees("random codes", cases=decoders_backward, share=2)
    yield gradient("it is the derivative of decode", of="decode", cases=tiny_decoder)
    yield within(cases=large_decoder, times=50)


@exercise(points=2, returns=("dwe", "dbe", "dwd", "dbd"), array_like=True)
def gradients():
    """Gradients of the loss with respect to all weights."""
    yield from examples(explain=sum_of_network)
    yield agrees("one image of one pixel", cases=one_pixel, share=2)
    yield agrees("random networks", cases=networks)
    yield gradient(
        "it is the derivative of reconstruction_loss", of="reconstruction_loss", cases=tiny_network, upstream=None, share=0.5
    )
    yield within(cases=large_network, times=10)


@exercise(points=0.75, returns=("we", "be", "wd", "bd"), array_like=True)
def train_step():
    """One step of gradient descent."""
    yield from examples(explain=slide_step)
    yield agrees("random networks", cases=single_steps, share=2)
    yield has_property("a step lowers the loss", cases=single_steps, law=step_goes_downhill, n=2)


@exercise(points=2.5, returns=("weights", "losses"), array_like=True, seconds=10)
def train():
    """Training with mini-batches."""
    yield agrees("one epoch in one batch", cases=one_batch_training)
    yield agrees("a few epochs, the last batch smaller or not", cases=short_training, share=1.25)
    yield has_property("two epochs, step by step with your train_step", cases=step_by_step, law=is_your_steps, share=0.75)
    yield has_property(
        "a trained network rebuilds new digits nearly as well as PCA", cases=digit_training, law=rebuilds_digits, share=1.25
    )
    yield agrees("no epoch leaves the weights as they are", cases=no_training, share=0.25)
    yield raises(
        ValueError,
        "a batch of 0 images is refused",
        args=dict(
            **training(ones(x=(2, 2), we=(2, 1), be=1, wd=(1, 2), bd=2), rate=1.0), permutations=np.array([[0, 1]]), batch_size=0
        ),
    )
