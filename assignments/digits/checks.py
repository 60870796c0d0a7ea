"""The rubric of `digits`: ten points for a small convolutional network, its layers and its training, lecture L1."""

from pathlib import Path

import numpy as np

from grader.course.arithmetic import number, products, term, total
from grader.course.authoring import _, agrees, call, examples, exercise, gradient, has_property, policy, raises, ref, within
from grader.course.cases import changed, normal, of_shapes, of_sizes, ones, orders, single, with_upstream
from grader.course.laws import apart

rules = policy(
    forbidden=("np.convolve", "np.correlate", "np.polymul"),
    instead=_("add up the products yourself, with loops or by slicing"),
)

DATA = np.load(Path(__file__).with_name("digits.npz"))
SINGLE = 1e-5  # of what takes several steps: room for layers that compute in single precision
IMAGES, LABELS = DATA["images"][:, None] / 16.0, DATA["labels"].astype(np.int64)  # pixels from 0 to 1


def spread(rng, *shape):
    """Distinct numbers of both signs: no two nearer than 0.1 to each other, none nearer than 0.05 to 0."""
    count = int(np.prod(shape))
    return 0.1 * (rng.permutation(count) - count // 2 + 0.5).reshape(shape)


# --- convolution -----------------------------------------------------------------------------------------------------------


def conv_sum(inputs, result, index):
    """One number of the convolution: products and bias."""
    n, f, i, j = index
    w, bias = inputs["w"][f], inputs["b"][f]
    window = inputs["x"][n, :, i : i + w.shape[1], j : j + w.shape[2]]
    return f"{number(bias)} + {products(window, w)} = {number(np.sum(window * w) + bias)}"


def conv_backward_sum(inputs, result, index):
    """One number of a gradient: the products of dout with what it met."""
    dout, x, w = inputs["dout"], inputs["x"], inputs["w"]
    rows, columns = dout.shape[2:]
    if result == "db":
        return f"{total(dout[:, index[0]])} = {number(dout[:, index[0]].sum())}"
    if result == "dw":
        f, c, p, q = index
        pairs = [dout[:, f], x[:, c, p : p + rows, q : q + columns]]
    else:
        n, c, k, m = index
        near = [
            (dout[n, f, i, j], w[f, c, k - i, m - j])
            for f, i, j in np.ndindex(dout.shape[1:])
            if 0 <= k - i < w.shape[2] and 0 <= m - j < w.shape[3]
        ]
        pairs = [np.array(one) for one in zip(*near, strict=True)]
    return f"{products(*pairs)} = {number(np.sum(pairs[0] * pairs[1]))}"


def without_bias(case):
    """The same case with biases that are 0."""
    return dict(case, b=np.zeros_like(case["b"]))


def conv_case(rng, batch, channels, height, width, filters, size):
    """The arguments of one convolution."""
    return normal(rng, x=(batch, channels, height, width), w=(filters, channels, size, size), b=filters)


def conv_output(case):
    """The shape of its output."""
    (n, _c, h, w), (f, _c, k, _k) = case["x"].shape, case["w"].shape
    return n, f, h - k + 1, w - k + 1


# Wide and high images; the numbers of images, channels, filters, rows and columns differ; one in single precision.
convolutions = of_sizes(conv_case, (2, 3, 4, 6, 4, 3), (3, 1, 5, 4, 2, 2), (1, 2, 3, 3, 1, 3), in_single=(1, 2, 3, 4, 3, 2))
unbiased_convolutions = changed(of_sizes(conv_case, (2, 1, 4, 4, 3, 3), (1, 2, 3, 3, 2, 2)), without_bias)
convolutions_backward = with_upstream(
    of_sizes(conv_case, (2, 3, 4, 6, 4, 3), (3, 1, 5, 4, 2, 2), in_single=(1, 2, 3, 4, 3, 2)), conv_output
)
tiny_convolutions = with_upstream(of_sizes(conv_case, (2, 1, 2, 3, 2, 2)), conv_output)


@exercise(points=1, returns=("O",))
def conv_forward():
    """Convolution, forward."""
    yield from examples(explain=conv_sum)
    yield agrees("random square images, b = 0", cases=unbiased_convolutions)
    yield agrees("random batches, square and not", cases=convolutions)
    yield raises(
        ValueError,
        "filters with another number of channels than the images are refused",
        args=ones(x=(1, 3, 4, 4), w=(2, 1, 2, 2), b=2),
    )
    yield raises(ValueError, "a filter larger than the images is refused", args=ones(x=(1, 1, 2, 4), w=(1, 1, 3, 3), b=1))


large_convolution = with_upstream(of_sizes(conv_case, (1, 8, 28, 28, 1, 2)), conv_output)


@exercise(points=1.25, returns=("dx", "dw", "db"))
def conv_backward():
    """Convolution, backward."""
    yield from examples(explain=conv_backward_sum)
    yield agrees("random batches, square and not", cases=convolutions_backward, share=1.5)
    yield gradient(of="conv_forward", cases=tiny_convolutions)
    yield within(cases=large_convolution, times=20)


# --- ReLU, pooling, flatten --------------------------------------------------------------------------------------------------


def numbers_of_both_signs(rng):
    """Numbers away from 0, in several shapes."""
    yield dict(x=spread(rng, 3, 4))
    yield dict(x=spread(rng, 2, 3, 2, 3))


# The same with a gradient, whose signs have nothing to do with those of x.
gated = with_upstream(numbers_of_both_signs, lambda case: case["x"].shape)


def clipped(inputs, result, index):
    """The larger of 0 and x."""
    x = inputs["x"][index]
    return f"max(0, {number(x)}) = {number(max(x, 0))}"


@exercise(points=0.25, returns=("O",))
def relu():
    """ReLU, forward."""
    yield from examples(explain=clipped)
    yield agrees("numbers of both signs, in several shapes", cases=numbers_of_both_signs)


def gate(inputs, result, index):
    """Whether the gradient passes."""
    x = number(inputs["x"][index])
    if inputs["x"][index] > 0:
        return _("{got}, because x = {x} is positive").format(x=x, got=number(inputs["dout"][index]))
    return _("0, because x = {x} is negative").format(x=x)


def near_and_far(rng):
    """Many numbers: next to the corner, and so large that a small step is lost."""
    x = rng.uniform(1, 2, size=(100, 100)) * rng.choice([-1.0, 1.0], size=(100, 100))
    x[:50] *= 1e-9
    x[50:] *= 1e9
    yield dict(dout=rng.normal(size=x.shape), x=x)


@exercise(points=0.5, returns=("dx",))
def relu_backward():
    """ReLU, backward."""
    yield from examples(explain=gate)
    yield agrees("numbers of both signs, in several shapes", cases=gated)
    yield gradient(of="relu", cases=gated, n=1, share=0.5)
    yield within(cases=near_and_far, times=50)


def pools(rng):
    """Images that are not square, with rows or columns left over, negative numbers alone, windows of 2 and 3."""
    yield dict(x=rng.normal(size=(2, 3, 4, 6)), size=2)
    yield dict(x=rng.normal(size=(3, 2, 5, 7)), size=2)
    yield dict(x=-1 - rng.random(size=(1, 2, 3, 6)), size=3)


def positive_squares(rng):
    """Square images of positive numbers that the windows cover."""
    for channels, side, size in [(2, 4, 2), (1, 6, 3)]:
        yield dict(x=rng.uniform(0.5, 9.5, size=(2, channels, side, side)), size=size)


def pools_backward(rng):
    """Distinct numbers with a gradient for each window."""
    for n, c, h, w, size in [(2, 3, 4, 6, 2), (3, 2, 5, 7, 2), (1, 2, 3, 6, 3)]:
        yield dict(dout=rng.normal(size=(n, c, h // size, w // size)), x=spread(rng, n, c, h, w), size=size)


def tiny_pools(rng):
    """Few numbers, one row left over."""
    yield dict(dout=rng.normal(size=(2, 1, 1, 2)), x=spread(rng, 2, 1, 3, 4), size=2)


def equal_numbers(rng):
    """Windows whose largest number occurs more than once."""
    x = rng.normal(size=(1, 2, 2, 4))
    x[0, 0, :, :2] = x.max() + 1.0  # all four are equal
    x[0, 1, :, 2] = x.max() + 1.0  # two of four
    yield dict(dout=rng.uniform(1, 2, size=(1, 2, 1, 2)), x=x, size=2)


def parts_add_up(case, results):
    """What the largest numbers of a window receive adds up to its gradient, and the others receive nothing."""
    size, x, dx = case["size"], case["x"], results[0]
    for n, c, i, j in np.ndindex(case["dout"].shape):
        place = np.s_[n, c, size * i : size * i + size, size * j : size * j + size]
        largest, want = x[place] == x[place].max(), case["dout"][n, c, i, j]
        got = float(dx[place][largest].sum())
        if abs(got - want) > 1e-5 or np.abs(dx[place][~largest]).max(initial=0.0) > 1e-5:
            return _(
                "the equal largest numbers of window ({i}, {j}) receive {got} together, "
                "and its gradient is {want}; the parts should add up, and the others get 0"
            ).format(i=i, j=j, got=f"{got:.4g}", want=f"{want:.4g}")
    return None


def window_at(inputs, i, j):
    """The numbers of a window of the first image's first channel."""
    size = inputs["size"]
    return inputs["x"][0, 0, size * i : size * i + size, size * j : size * j + size]


def largest_of(inputs, result, index):
    """The largest number of a window."""
    window = window_at(inputs, *index[2:])
    return f"max({', '.join(map(number, window.ravel()))}) = {number(window.max())}"


def goes_to(inputs, result, index):
    """Whether this number is the largest of its window."""
    (i, j), x, size = index[2:], inputs["x"][0, 0], inputs["size"]
    if i // size >= x.shape[0] // size or j // size >= x.shape[1] // size:
        return _("0, because it is in no window")
    window = window_at(inputs, i // size, j // size)
    numbers = ", ".join(map(number, window.ravel()))
    if x[i, j] < window.max():
        return _("0, because {x} is not the largest of {numbers}").format(x=number(x[i, j]), numbers=numbers)
    got = number(inputs["dout"][0, 0, i // size, j // size])
    return _("{got}, because {x} is the largest of {numbers}").format(x=number(x[i, j]), numbers=numbers, got=got)


@exercise(points=0.5, returns=("O",))
def max_pool():
    """Max pooling, forward."""
    yield from examples(explain=largest_of)
    yield agrees("square images of positive numbers", cases=positive_squares)
    yield agrees("random batches, with rows and columns left over", cases=pools)


def large_pools(rng):
    """Large images."""
    yield dict(dout=rng.normal(size=(1, 4, 30, 30)), x=spread(rng, 1, 4, 60, 60), size=2)


@exercise(points=1, returns=("dx",))
def max_pool_backward():
    """Max pooling, backward."""
    yield from examples(explain=goes_to)
    yield agrees("random batches, with rows and columns left over", cases=pools_backward, share=1.5)
    yield gradient(of="max_pool", cases=tiny_pools)
    yield has_property("equal largest numbers share the gradient", cases=equal_numbers, law=parts_add_up, shape="x", share=0.75)
    yield within(cases=large_pools, times=8)


maps = of_shapes(dict(x=(2, 3, 4, 5)), dict(x=(3, 2, 1, 4)))  # all four sizes differ
rows_and_maps = with_upstream(maps, lambda case: (len(case["x"]), case["x"][0].size))


@exercise(points=0.25, returns=("O",))
def flatten():
    """Flatten, forward."""
    yield from examples()
    yield agrees("random batches", cases=maps)


large_maps = with_upstream(of_shapes(dict(x=(4, 5, 30, 30))), lambda case: (4, 4500))


@exercise(points=0.25, returns=("dx",))
def flatten_backward():
    """Flatten, backward."""
    yield from examples()
    yield agrees("random batches", cases=rows_and_maps)
    yield within(cases=large_maps, times=50)


# --- dense layer and loss ------------------------------------------------------------------------------------------------------


def dense_sum(inputs, result, index):
    """One number of the dense layer's results."""
    x, w, b, dout = (inputs.get(name) for name in ("x", "w", "b", "dout"))
    if dout is None:
        n, k = index
        return f"{products(x[n], w[:, k])} + {number(b[k])} = {number(x[n] @ w[:, k] + b[k])}"
    if result == "db":
        return f"{total(dout[:, index[0]])} = {number(dout[:, index[0]].sum())}"
    first, second = (dout[index[0]], w[index[1]]) if result == "dx" else (x[:, index[0]], dout[:, index[1]])
    return f"{products(first, second)} = {number(first @ second)}"


# Wide and narrow layers; a square one, where a transposed matrix fits too.
dense_layers = of_shapes(*(dict(x=(n, d), w=(d, k), b=k) for n, d, k in [(4, 3, 2), (1, 2, 5), (2, 3, 3)]))
unbiased_dense_layers = changed(of_shapes(dict(x=(4, 3), w=(3, 2), b=2), dict(x=(2, 2), w=(2, 3), b=3)), without_bias)
dense_layers_backward = with_upstream(dense_layers, lambda case: (len(case["x"]), len(case["b"])))


@exercise(points=0.25, returns=("O",))
def dense_forward():
    """Dense layer, forward."""
    yield from examples(explain=dense_sum)
    yield agrees("random layers, b = 0", cases=unbiased_dense_layers)
    yield agrees("random layers", cases=dense_layers)


large_layer = with_upstream(of_shapes(dict(x=(2, 120), w=(120, 200), b=200)), lambda case: (2, 200))


@exercise(points=0.5, returns=("dx", "dw", "db"))
def dense_backward():
    """Dense layer, backward."""
    yield from examples(explain=dense_sum)
    yield agrees("random layers", cases=dense_layers_backward, share=1.5)
    yield gradient(of="dense_forward", cases=dense_layers_backward, n=1)
    yield within(cases=large_layer, times=10)


single_rows = of_sizes(lambda rng, k: dict(logits=2 * rng.normal(size=(1, k)), labels=rng.integers(k, size=1)), (3,), (5,))


def classified(rng):
    """Logits with labels; numbers of images and classes differ; one batch of one, one in single precision."""
    for n, k in [(4, 3), (1, 5), (3, 2)]:
        yield dict(logits=2 * rng.normal(size=(n, k)), labels=rng.integers(k, size=n))
    yield single(dict(logits=rng.normal(size=(2, 4)), labels=rng.integers(4, size=2)))


def huge_logits(rng):
    """Rows of very different size, right and wrong: where a probability is 0 to the computer, its logarithm is not."""
    yield dict(logits=np.array([[1000.0, 0.0, -1000.0], [-3.0, rng.normal(), 0.5]]), labels=np.array([0, 1]))
    yield dict(logits=np.array([[1000.0, 0.0, -1000.0], [-1000.0, -1001.0, -999.0]]), labels=np.array([2, 1]))


def loss_terms(inputs, result, index):
    """The mean of the -log p."""
    logits, labels = np.asarray(inputs["logits"], dtype=float), inputs["labels"]
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    p = np.exp(log_p)
    if index:
        n, k = index
        return f"({p[n, k]:.6f} - {int(labels[n] == k)})/{len(labels)} = {(p[n, k] - (labels[n] == k)) / len(labels):.6f}"
    right = log_p[np.arange(len(labels)), labels]
    if right.min() < -700:  # e^-700 is 0 to the reader
        return f"({' + '.join(f'{0 - one:.6f}' for one in right)})/{len(labels)} = {-right.mean():.6f}"
    return f"(-log {' - log '.join(f'{one:.6f}' for one in np.exp(right))})/{len(labels)} = {-right.mean():.6f}"


@exercise(points=0.75, returns=("loss",))
def softmax_cross_entropy():
    """Softmax and cross-entropy."""
    yield from examples(explain=loss_terms)
    yield agrees("random logits of one image", cases=single_rows)
    yield agrees("random logits", cases=classified)
    yield agrees("logits of ±1000", cases=huge_logits, share=0.75)


def many_images(rng):
    """A large batch."""
    yield dict(logits=rng.normal(size=(800, 10)), labels=rng.integers(10, size=800))


@exercise(points=0.5, returns=("dlogits",))
def softmax_cross_entropy_backward():
    """The gradient of softmax and cross-entropy."""
    yield from examples(explain=loss_terms)
    yield agrees("random logits of one image", cases=single_rows)
    yield agrees("random logits", cases=classified)
    yield gradient(of="softmax_cross_entropy", cases=classified, n=1, upstream=None)
    yield agrees("logits of ±1000", cases=huge_logits)
    yield within(cases=many_images, times=10)


# --- the network ---------------------------------------------------------------------------------------------------------------


def small_parameters(rng, channels, filters, size, pooled, classes):
    """Parameters of a network; biases that are not 0, so that no sum is exactly 0."""
    return [
        rng.normal(size=(filters, channels, size, size)),
        rng.uniform(0.1, 0.5, size=filters) * rng.choice([-1.0, 1.0], size=filters),
        rng.normal(size=(filters * pooled, classes)),
        rng.normal(size=classes),
    ]


def small_networks(rng, count=3):
    """A network for images of 4 x 7 numbers with two channels, and one for real digits."""
    images, labels = rng.normal(size=(count, 2, 4, 7)), rng.integers(4, size=count)
    yield dict(parameters=small_parameters(rng, 2, 3, 2, 3, 4), images=images, labels=labels)
    chosen = rng.choice(len(IMAGES), size=count + 1, replace=False)
    yield dict(parameters=small_parameters(rng, 1, 4, 3, 9, 10), images=IMAGES[chosen], labels=LABELS[chosen])


without_labels = changed(small_networks, lambda case: dict(parameters=case["parameters"], images=case["images"]))


def own_layers(rng):
    """The layers one by one, then the network."""
    case = next(without_labels(rng))
    conv_w, conv_b, dense_w, dense_b = case["parameters"]
    yield [
        call("conv_forward", case["images"], conv_w, conv_b, save="sums"),
        call("relu", ref("sums"), save="maps"),
        call("max_pool", ref("maps"), save="pooled"),
        call("flatten", ref("pooled"), save="row"),
        call("dense_forward", ref("row"), dense_w, dense_b),
        call("network", case["parameters"], case["images"]),
    ]


def is_the_layers(case, results):
    """The network is the five layers, each given what the one before it returned."""
    if apart(results[5], results[4], SINGLE):
        return _("network should give what your layers give one after the other: convolution, ReLU, pooling, flatten, dense")
    return None


def largest_sums(inputs):
    """For filters of a single number, and images that are one window: what is left of each map, and the pixels under it."""
    conv_w, conv_b, _dense_w, _dense_b = inputs["parameters"]
    sums = np.einsum("ncij,fc->nfij", inputs["images"], conv_w[:, :, 0, 0]) + conv_b[:, None, None]
    flat = sums.reshape(*sums.shape[:2], -1)
    pixels = inputs["images"].reshape(*inputs["images"].shape[:2], -1)
    return np.maximum(flat.max(axis=2), 0), np.moveaxis(pixels, 1, 2)[np.arange(len(flat))[:, None], flat.argmax(axis=2)]


def speaks_for(inputs, result, index):
    """What the pooled image says for a class."""
    (n, k), (_conv_w, _conv_b, dense_w, dense_b) = index, inputs["parameters"]
    row = largest_sums(inputs)[0][n]
    return f"{products(row, dense_w[:, k])} + {number(dense_b[k])} = {number(row @ dense_w[:, k] + dense_b[k])}"


@exercise(points=0.5, returns=("logits",))
def network():
    """The whole network, forward."""
    yield from examples(explain=speaks_for)
    yield agrees("random images and real digits", cases=without_labels, share=1.5, rtol=SINGLE)
    yield has_property("it is your own layers in a row", cases=own_layers, law=is_the_layers)


def own_way_back(rng):
    """The layers one by one, there and back, then the gradients of the network."""
    case = next(small_networks(rng))
    (conv_w, conv_b, dense_w, dense_b), images, labels = case.values()
    yield [
        call("conv_forward", images, conv_w, conv_b, save="sums"),
        call("relu", ref("sums"), save="maps"),
        call("max_pool", ref("maps"), save="pooled"),
        call("flatten", ref("pooled"), save="row"),
        call("dense_forward", ref("row"), dense_w, dense_b, save="logits"),
        call("softmax_cross_entropy_backward", ref("logits"), labels, save="dlogits"),
        call("dense_backward", ref("dlogits"), ref("row"), dense_w, dense_b, save="dense"),
        call("flatten_backward", ref("dense", 0), ref("pooled"), save="dpooled"),
        call("max_pool_backward", ref("dpooled"), ref("maps"), save="dmaps"),
        call("relu_backward", ref("dmaps"), ref("sums"), save="dsums"),
        call("conv_backward", ref("dsums"), images, conv_w, conv_b),
        call("network_gradients", *case.values()),
    ]


def is_the_way_back(case, results):
    """The gradients are those of your own backward functions."""
    (_dx, ddense_w, ddense_b), (_dimages, dconv_w, dconv_b), gradients = results[6], results[10], results[11]
    if apart(gradients, [dconv_w, dconv_b, ddense_w, ddense_b], SINGLE):
        return _(
            "network_gradients should give what your backward functions give one after the other: "
            "loss, dense, flatten, pooling, ReLU, convolution"
        )
    return None


def smooth_networks(rng):
    """Filters of a single number, chosen so that no sum is near 0 and no two are alike: the loss has no kink nearby."""
    conv_w = rng.uniform(0.5, 1.0, size=(2, 1, 1, 1)) * rng.choice([-1.0, 1.0], size=(2, 1, 1, 1))
    conv_b = 0.1 * conv_w.ravel() * rng.integers(-2, 3, size=2)
    parameters = [conv_w, conv_b, rng.normal(size=(4, 3)), rng.normal(size=3)]
    yield dict(parameters=parameters, images=spread(rng, 2, 1, 2, 5), labels=rng.integers(3, size=2))


def large_network(rng):
    """A dense layer with many weights."""
    parameters = [rng.normal(size=(2, 1, 3, 3)), rng.normal(size=2), rng.normal(size=(98, 60)) / 10, rng.normal(size=60)]
    yield dict(parameters=parameters, images=rng.normal(size=(1, 1, 16, 16)), labels=rng.integers(60, size=1))


def one_way_back(inputs, result, index):
    """What a parameter receives, for one image as in `largest_sums`."""
    _conv_w, _conv_b, dense_w, dense_b = inputs["parameters"]
    rows, pixels = largest_sums(inputs)
    e = np.exp(rows[0] @ dense_w + dense_b)
    p, right = e / e.sum(), np.arange(len(dense_b)) == inputs["labels"][0]
    handed_on = dense_w @ (p - right) * (rows[0] > 0)
    match result:
        case "ddense_b":
            k = index[0]
            return f"{number(p[k])} - {number(right[k])} = {number(p[k] - right[k])}"
        case "ddense_w":
            d, k = index
            return f"{number(rows[0, d])}*{term(p[k] - right[k])} = {number(rows[0, d] * (p[k] - right[k]))}"
        case "dconv_b":
            return f"{products(p - right, dense_w[index[0]])} = {number(handed_on[index[0]])}"
    f, c = index[:2]
    return f"{number(handed_on[f])}*{term(pixels[0, f, c])} = {number(handed_on[f] * pixels[0, f, c])}"


@exercise(points=1.25, returns=("dconv_w", "dconv_b", "ddense_w", "ddense_b"))
def network_gradients():
    """The whole network, backward."""
    yield from examples(explain=one_way_back)
    yield agrees("random images and real digits", cases=small_networks, share=1.5, rtol=SINGLE)
    yield gradient(of="network_loss", wrt=("parameters",), cases=smooth_networks, upstream=None, share=0.75)
    yield has_property("it is your own backward functions in a row", cases=own_way_back, law=is_the_way_back)
    yield within(cases=large_network, times=8)


# --- training ------------------------------------------------------------------------------------------------------------------


def steps(rng):
    """Lists of two and of four parameters."""
    for shapes in [((2, 3), (3,)), ((2, 1, 2, 2), (2,), (4, 3), (3,))]:
        parameters, gradients = ([rng.normal(size=shape) for shape in shapes] for _which in range(2))
        yield dict(parameters=parameters, gradients=gradients, learning_rate=float(rng.uniform(0.1, 0.9)))


@exercise(points=0.25)
def sgd_step():
    """One step of gradient descent."""
    yield from examples()
    yield agrees("lists of two and of four parameters", cases=steps)


def readings(rng):
    """Logits of more and of fewer images than classes, about half of them read right."""
    for n, k in [(8, 3), (3, 6), (5, 5)]:
        labels = rng.integers(k, size=n)
        logits = rng.normal(size=(n, k))
        logits[np.arange(0, n, 2), labels[::2]] += 3.0
        yield dict(logits=logits, labels=labels)


@exercise(points=0.25, returns=("share",))
def accuracy():
    """How many images are read right."""
    yield from examples()
    yield agrees("random logits", cases=readings)


def short_trainings(rng):
    """Two epochs in different orders, with a smaller last batch."""
    case = next(small_networks(rng, count=5))
    order = rng.permutation(5)
    yield dict(**case, orders=np.array([order, order[::-1]]), batch_size=2, learning_rate=0.1)


def whole_batches(rng):
    """One epoch with all images in one batch, as they come."""
    yield dict(**next(small_networks(rng, count=5)), orders=np.arange(5)[None], batch_size=5, learning_rate=0.1)


def training_and_steps(rng):
    """Two epochs step by step, in opposite orders, then a training of the same steps."""
    case = next(small_networks(rng, count=5))
    (parameters, images, labels), order = case.values(), rng.permutation(5)
    orders = np.array([order, order[::-1]])
    steps, last = [], parameters
    for epoch, row in enumerate(orders):
        for batch in (row[:3], row[3:]):
            steps.append(call("network_gradients", last, images[batch], labels[batch], save=f"slopes{len(steps)}"))
            steps.append(call("sgd_step", last, ref(f"slopes{len(steps) - 1}"), 0.1, save=f"stepped{len(steps)}"))
            last = ref(f"stepped{len(steps) - 1}")
        steps.append(call("network_loss", last, images, labels, save=f"loss{epoch}"))
    yield [*steps, call("train", parameters, images, labels, orders, 3, 0.1)]


def is_your_steps(case, results):
    """train leaves the parameters and the losses that the steps leave."""
    stepped, losses, (trained, history) = results[8], [results[4], results[9]], results[10]
    if not apart(results[1], case[0].args[0], SINGLE):
        return _("your network_gradients and sgd_step do not move the parameters yet")
    if apart(trained, stepped, SINGLE):
        return _("train should leave the parameters that your network_gradients and sgd_step leave, batch after batch")
    if apart(history, np.array(losses), SINGLE):
        return _("history[e] should be your network_loss of all images at the end of epoch e")
    return None


def whole_training(rng):
    """300 real digits, five times; then 300 digits that the network has not seen."""
    chosen = rng.permutation(len(IMAGES))
    seen, unseen = chosen[:300], chosen[300:600]
    turn = 2 * np.pi * np.arange(8) / 8
    down, right = np.mgrid[-1:2, -1:2]
    edges = 0.5 * (
        np.cos(turn)[:, None, None] * down + np.sin(turn)[:, None, None] * right
    )  # each filter sees edges of one direction
    parameters = [
        edges[:, None] + 0.1 * rng.normal(size=(8, 1, 3, 3)),
        np.zeros(8),
        0.1 * rng.normal(size=(72, 10)),
        np.zeros(10),
    ]
    yield [
        call("train", parameters, IMAGES[seen], LABELS[seen], orders(rng, 5, 300), 15, 0.13, save="trained"),
        call("network", ref("trained", 0), IMAGES[unseen], save="logits"),
        call("softmax_cross_entropy", ref("logits"), LABELS[unseen]),
    ]


def reads_digits(case, results):
    """Seven of ten digits that it has not seen are read right, and the loss has fallen."""
    (_parameters, history), logits, _loss = results
    labels = case[2].args[1]
    right = float(np.mean(np.argmax(logits, axis=1) == labels))
    if right < 0.7:
        return _("after the training, {percent} % of 300 unseen digits are read right; it should be 70 % or more").format(
            percent=round(100 * right)
        )
    if not history[-1] < 0.6 * history[0]:
        return _("the loss should keep falling from the first epoch to the last; history goes from {first} to {last}").format(
            first=f"{history[0]:.3g}", last=f"{history[-1]:.3g}"
        )
    return None


@exercise(points=0.75, seconds=30)
def train():
    """Training with mini-batches, and 300 digits that the network has not seen."""
    yield agrees("one epoch with all images in one batch", cases=whole_batches, rtol=SINGLE)
    yield agrees("two epochs with a smaller last batch", cases=short_trainings, rtol=SINGLE)
    yield has_property("it is your own gradients and steps, batch after batch", cases=training_and_steps, law=is_your_steps)
    yield has_property("trained on 300 real digits, it reads unseen ones", cases=whole_training, law=reads_digits, share=1.5)
