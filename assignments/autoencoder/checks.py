"""The rubric of `autoencoder`: images through a narrow layer, and training with mini-batches on real digits."""

import functools
from pathlib import Path

import numpy as np

from grader.course.authoring import (
    STANDARD_LIBRARY,
    _,
    agrees,
    call,
    example,
    exercise,
    gradient,
    has_property,
    policy,
    raises,
    ref,
    unchanged,
)

rules = policy(imports=(STANDARD_LIBRARY,))

WIDTH = 8  # numbers in the code of the digits
NEAR_PCA = 1.7  # times the error of PCA with as many numbers; training as stated comes to about 1.3, the mean image to 2.9
NEAR = 1e-4  # leaves room for an answer computed in float32


def number(value):
    """A number in the text of an example, with at most four decimals."""
    return f"{round(float(value), 4):g}"


def products(pairs):
    """1*0.5 + 2*-0.5."""
    return " + ".join(f"{number(a)}*{number(b)}" for a, b in pairs)


def sigmoid(s):
    """1 / (1 + e^-s) = (1 + tanh(s/2)) / 2."""
    return (1 + np.tanh(np.asarray(s, dtype=np.float64) / 2)) / 2


def codes(x, we, be):
    """What the encoder makes of x."""
    return np.tanh(x @ we + be)


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


def single(case):
    """The same arguments in single precision."""
    return {name: value.astype(np.float32) if isinstance(value, np.ndarray) else value for name, value in case.items()}


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


def encoders(rng):
    """Batches of every kind, one of them square, one in single precision."""
    for sizes in [(2, 5, 3), (1, 2, 4), (3, 3, 3)]:
        yield layer(rng, *sizes)
    yield single(layer(rng, 4, 6, 2))


def decoders(rng):
    """The same for decoders: from few numbers to many."""
    for sizes in [(2, 3, 5), (1, 4, 2), (3, 3, 3)]:
        yield layer(rng, *sizes, x="code")
    yield single(layer(rng, 4, 2, 6, x="code"))


def moved(rng, case):
    """The same batch with another bias."""
    return [case, dict(case, b=case["b"] + rng.choice([-0.5, 0.5], size=case["b"].shape))]


def encoders_with_two_biases(rng):
    """The same batch with two biases."""
    yield moved(rng, layer(rng, 3, 4, 2))


def decoders_with_two_biases(rng):
    """The same codes with two biases."""
    yield moved(rng, layer(rng, 3, 2, 4, x="code"))


def networks(rng):
    """Batches and networks of every size, one in single precision."""
    for sizes in [(3, 5, 2), (2, 3, 3), (1, 6, 4)]:
        yield network(rng, *sizes)
    yield single(network(rng, 4, 5, 3))


def blind_decoders(rng):
    """Decoders without weights: the output is the same grey whatever the code."""
    for grey in (0.25, 0.75):
        case = network(rng, 3, 4, 2)
        yield dict(case, wd=np.zeros((2, 4)), bd=np.full(4, np.log(grey / (1 - grey))))


def decoders_backward(rng):
    """Upstream gradients for the decoders."""
    for case in decoders(rng):
        dout = rng.normal(size=(len(case["code"]), len(case["b"])))
        yield dict(dout=dout.astype(case["code"].dtype), **case)


def tiny_decoder(rng):
    """A decoder with few numbers."""
    yield dict(dout=rng.normal(size=(2, 3)), **layer(rng, 2, 2, 3, x="code"))


def tiny_network(rng):
    """A network with few numbers."""
    yield network(rng, 2, 4, 2)


def single_steps(rng):
    """Steps with several rates, one of them of a single image."""
    for sizes, rate in [((3, 5, 2), 2.0), ((1, 4, 3), 0.3)]:
        yield training(network(rng, *sizes), rate=rate)
    yield training(single(network(rng, 2, 3, 2)), rate=1.0)


def orders(rng, epochs, count):
    """Random orders of the images, one for each epoch."""
    return np.array([rng.permutation(count) for _epoch in range(epochs)], dtype=np.int64).reshape(epochs, count)


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
        if not np.array_equal(rows[n], wanted):
            return _(
                "an image of {height}x{width} that is black at ({i}, {j}) only should be 1 at {place} and 0 elsewhere"
            ).format(height=image.shape[0], width=image.shape[1], i=i, j=j, place=image.shape[1] * i + j)
    return None


def bias_under_tanh(cases, results):
    """The bias is added to the sum, before tanh."""
    first, second = (np.arctanh(np.asarray(result, dtype=np.float64)) for result in results)
    return _bias_moves_the_sum(cases, second - first)


def bias_under_sigmoid(cases, results):
    """The bias is added to the sum, before the sigmoid."""
    first, second = (np.asarray(result, dtype=np.float64) for result in results)
    return _bias_moves_the_sum(cases, np.log(second / (1 - second)) - np.log(first / (1 - first)))


def _bias_moves_the_sum(cases, grown):
    if np.abs(grown - (cases[1]["b"] - cases[0]["b"])).max() <= NEAR:
        return None
    return _("when b grows by d, the sum inside the activation should grow by d, for every image")


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


def apart(first, second):
    """Whether two lists of arrays differ by more than rounding."""
    pairs = [(np.asarray(a, dtype=float), np.asarray(b, dtype=float)) for a, b in zip(first, second, strict=True)]
    return any(a.shape != b.shape or np.abs(a - b).max() > NEAR for a, b in pairs)


def is_your_steps(case, results):
    """train leaves the weights and the losses that the steps leave."""
    stepped, losses, (weights, history) = results[4], [results[2], results[5]], results[6]
    if not apart(results[0], case[0].args[1]):
        return _("your train_step does not move the weights yet")
    if apart(weights, stepped):
        return _("train should leave the weights that your train_step leaves, batch after batch")
    if apart([history], [losses]):
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
    terms = products(zip(inputs[x][n], weights, strict=True))
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
    text = f"({products(zip(ds, inputs['wd'][0], strict=True))})*(1 - {number(code)}^2)"
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
    yield example("autoencoder-pixels", explain=sixteenths)
    yield example("autoencoder-pixels-light", explain=sixteenths, share=0.5)
    yield agrees("random images that are not square", cases=images, n=3)
    yield has_property("row by row", cases=single_pixels, law=pixels_stay_in_their_row, n=1, share=0.5)
    yield raises(ValueError, "a pixel above 16 is refused", args=dict(images=np.array([[[3, 17], [0, 1]]])), share=0.25)
    yield raises(ValueError, "a pixel below 0 is refused", args=dict(images=np.array([[[3, -1], [0, 1]]])), share=0.25)


@exercise(points=0.75, returns=("code",), array_like=True)
def encode():
    """The encoder: from an image to its code."""
    yield example("autoencoder-encode", explain=sum_of_layer)
    yield agrees("random batches", cases=encoders, n=4, share=2)
    yield has_property("b is added before the activation", cases=encoders_with_two_biases, law=bias_under_tanh, n=1, share=0.5)


@exercise(points=1, returns=("output",), array_like=True)
def decode():
    """The decoder: from a code to an image."""
    yield example("autoencoder-decode", explain=sum_of_layer)
    yield agrees("random codes", cases=decoders, n=4, share=2)
    yield has_property("b is added before the activation", cases=decoders_with_two_biases, law=bias_under_sigmoid, n=1, share=0.5)
    yield example("autoencoder-decode-far-out", explain=sum_of_layer, share=0.5)


@exercise(points=0.75, returns=("loss",), array_like=True)
def reconstruction_loss():
    """The mean squared error, with the input as target."""
    yield example("autoencoder-loss", explain=mean_of_squares)
    yield agrees("random networks", cases=networks, n=4, share=2)
    yield has_property("the loss of a grey image", cases=blind_decoders, law=grey_output, n=2, share=0.5)


@exercise(points=1.75, returns=("dcode", "dw", "db"), array_like=True)
def decode_backward():
    """Backward pass of the decoder."""
    yield example("autoencoder-decode-backward", explain=sum_of_decoder)
    yield agrees("random codes", cases=decoders_backward, n=4, share=2)
    yield gradient("it is the derivative of decode", of="decode", wrt=("code", "w", "b"), cases=tiny_decoder, n=1)
    yield unchanged("the arguments are left as they were", cases=decoders_backward, share=0.25)


@exercise(points=2, returns=("dwe", "dbe", "dwd", "dbd"), array_like=True)
def gradients():
    """Gradients of the loss with respect to all weights."""
    yield example("autoencoder-gradients", explain=sum_of_network)
    yield agrees("random networks", cases=networks, n=4, share=2)
    yield gradient(
        "it is the derivative of reconstruction_loss",
        of="reconstruction_loss",
        wrt=("we", "be", "wd", "bd"),
        cases=tiny_network,
        n=1,
        upstream=None,
    )
    yield unchanged("the arguments are left as they were", cases=networks, share=0.25)


@exercise(points=0.75, returns=("we", "be", "wd", "bd"), array_like=True)
def train_step():
    """One step of gradient descent."""
    yield example("autoencoder-step", explain=slide_step)
    yield agrees("random networks", cases=single_steps, n=3, share=2)
    yield has_property("a step lowers the loss", cases=single_steps, law=step_goes_downhill, n=2)
    yield unchanged("the given weights are left as they were", cases=single_steps, share=0.25)


@exercise(points=2.5, returns=("weights", "losses"), array_like=True, seconds=10)
def train():
    """Training with mini-batches."""
    yield agrees("a few epochs, the last batch smaller or not", cases=short_training, n=6, share=2)
    yield has_property("two epochs, step by step with your train_step", cases=step_by_step, law=is_your_steps, n=1)
    yield has_property(
        "a trained network rebuilds new digits nearly as well as PCA", cases=digit_training, law=rebuilds_digits, n=1, share=1.5
    )
    yield agrees("no epoch leaves the weights as they are", cases=no_training, n=1, share=0.25)
    yield raises(
        ValueError,
        "a batch of 0 images is refused",
        args=dict(
            x=np.ones((2, 2)),
            weights=[np.ones((2, 1)), np.ones(1), np.ones((1, 2)), np.ones(2)],
            rate=1.0,
            permutations=np.array([[0, 1]]),
            batch_size=0,
        ),
        share=0.25,
    )
    yield unchanged("the given weights are left as they were", cases=short_training, share=0.25)
