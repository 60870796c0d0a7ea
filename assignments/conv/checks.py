"""The rubric of `conv`: what each function must do, and for how many points."""

import numpy as np

from grader.course.arithmetic import number, products, total
from grader.course.authoring import _, agrees, call, examples, exercise, gradient, has_property, policy, raises, within
from grader.course.cases import changed, normal, of_shapes, of_sizes, ones, with_upstream

rules = policy(
    forbidden=("np.convolve", "np.correlate", "np.polymul"),
    instead=_("add up the products yourself, with loops or by slicing"),
)

NEAR = 1e-5  # of laws, relative to what the inputs can add up to: leaves room for an answer computed in float32


def slide_sum(inputs, result, index):
    """One element of a convolution as on the slide: 2*1 + 1*0 + 3*2 + 1*1 = 9."""
    kernel, stride = inputs["kernel"], inputs.get("stride", 1)
    padded = np.pad(inputs["image"], inputs.get("pad", 0))
    top, left = stride * index[0], stride * index[1]
    window = padded[top : top + len(kernel), left : left + len(kernel)]
    return f"{products(window, kernel)} = {number(np.sum(window * kernel))}"


def forward_sum(inputs, result, index):
    """One element of the forward pass: the products of all channels, and the bias."""
    n, f, i, j = index
    w, pad, stride = inputs["w"], inputs.get("pad", 0), inputs.get("stride", 1)
    size = w.shape[2]
    padded = np.pad(inputs["x"][n], ((0, 0), (pad, pad), (pad, pad)))
    window = padded[:, stride * i : stride * i + size, stride * j : stride * j + size]
    bias = inputs["b"][f]
    return f"{products(window, w[f])} + {number(bias)} = {number(np.sum(window * w[f]) + bias)}"


def backward_sum(inputs, result, index):
    """One element of a gradient: the products of dout with what it met."""
    dout, x, w = inputs["dout"], inputs["x"], inputs["w"]
    stride, pad = inputs.get("stride", 1), inputs.get("pad", 0)
    if result == "db":
        terms = dout[:, index[0]].ravel()
        return f"{total(terms)} = {number(terms.sum())}"
    rows, columns = dout.shape[2:]
    if result == "dw":
        f, c, p, q = index
        padded = np.pad(x[:, c], ((0, 0), (pad, pad), (pad, pad)))
        upstream, met = dout[:, f], padded[:, p : p + stride * rows : stride, q : q + stride * columns : stride]
        return f"{products(upstream, met)} = {number(np.sum(upstream * met))}"
    n, c, k, m = index
    places = [(f, i, j, k + pad - stride * i, m + pad - stride * j) for f, i, j in np.ndindex(dout.shape[1:])]
    size = w.shape[2]
    pairs = [(dout[n, f, i, j], w[f, c, p, q]) for f, i, j, p, q in places if 0 <= p < size and 0 <= q < size]
    if not pairs:
        return _("0 (no window holds it)")
    return f"{products(*zip(*pairs, strict=True))} = {number(sum(g * v for g, v in pairs))}"


def rounded(case):
    """The same case with whole numbers."""
    return {name: np.round(3 * value) if isinstance(value, np.ndarray) else value for name, value in case.items()}


# Square images of whole numbers. Wide and high ones, one in single precision; kernels of 1 x 1 up to the whole image.
square_images = changed(of_shapes(dict(image=(5, 5), kernel=(3, 3)), dict(image=(3, 3), kernel=(3, 3))), rounded)
valid_images = of_shapes(
    dict(image=(4, 7), kernel=(3, 3)),
    dict(image=(6, 4), kernel=(2, 2)),
    dict(image=(2, 3), kernel=(1, 1)),
    in_single=dict(image=(4, 5), kernel=(3, 3)),
)


def pick_kernels(rng):
    """Kernels that are 1 at one place, and 0 elsewhere."""
    for p, q in [(0, 1), (2, 0)]:
        kernel = np.zeros((3, 3))
        kernel[p, q] = 1.0
        yield dict(image=rng.integers(-9, 10, size=(5, 4)).astype(float), kernel=kernel)


def copies_the_image(case, results):
    """A kernel with a single 1 at [p, q] copies the part of the image that starts at [p, q]."""
    (p,), (q,) = np.nonzero(case["kernel"])
    height, width = results[0].shape
    part = case["image"][p : p + height, q : q + width]
    if part.shape == results[0].shape and np.allclose(results[0], part):
        return None
    return _(
        "with a kernel that is 1 at [{p}, {q}] and 0 elsewhere, O[0, 0] is image[{p}, {q}] and O[0, 1] is image[{p}, {next}]"
    ).format(p=p, q=q, next=q + 1)


@exercise(points=2, returns=("O",))
def conv2d_valid():
    """Convolution of one image with one kernel."""
    yield from examples(explain=slide_sum, share=0.75)
    yield agrees("square images of whole numbers", cases=square_images, share=0.75)
    yield agrees("random images, square and not", cases=valid_images)
    yield has_property(
        "a kernel with a single 1 copies part of the image",
        cases=pick_kernels,
        law=copies_the_image,
        shape=lambda case: np.array(case["image"].shape) - case["kernel"].shape + 1,
        share=0.75,
    )
    yield raises(ValueError, "a kernel larger than the image is refused", args=ones(image=(3, 5), kernel=(4, 4)))


def drawn(rng, height, width, size, stride, pad):
    """The arguments of one convolution."""
    return dict(**normal(rng, image=(height, width), kernel=(size, size)), stride=stride, pad=pad)


# Neither padding nor stride; padding only; every padding and stride, with strides that divide; strides that leave a row over, and a column.
plain_images = changed(of_sizes(drawn, (5, 5, 3, 1, 0), (4, 4, 2, 1, 0)), rounded)
padded_images = of_sizes(drawn, (4, 6, 3, 1, 1), (5, 5, 2, 1, 1))
images = of_sizes(
    drawn,
    *[(7, 5, 3, 2, 0), (6, 4, 2, 2, 1), (4, 4, 3, 1, 2), (5, 8, 2, 3, 0), (5, 3, 1, 2, 0), (4, 5, 2, 1, 0)],
    in_single=(5, 4, 3, 1, 1),
)
left_over = of_sizes(drawn, (5, 4, 2, 2, 0), (5, 6, 3, 2, 0))


def with_and_without_stride(rng):
    """The same image at stride 1 and at a larger one."""
    for height, width, size, stride, pad in [(5, 7, 3, 2, 1), (3, 6, 2, 3, 1)]:
        case = drawn(rng, height, width, size, 1, pad)
        yield [case, dict(case, stride=stride)]


def result_shape(case):
    """The shape of the result for one image and one kernel."""
    (height, width), (rows, columns) = case["image"].shape, case["kernel"].shape
    stride, pad = case["stride"], case["pad"]
    return (height + 2 * pad - rows) // stride + 1, (width + 2 * pad - columns) // stride + 1


def skips_places(case, results):
    """Stride S keeps every S-th row and column of the result at stride 1, and no sum is larger than its products allow."""
    stride = case[1]["stride"]
    kept = results[0][::stride, ::stride]
    largest = np.abs(case[0]["image"]).max() * np.abs(case[0]["kernel"]).sum()
    if max(np.abs(result).max() for result in results) > (1 + NEAR) * largest:
        return _("O has a number beyond ±{largest}, the largest sum that these images and kernels can give").format(
            largest=number(largest)
        )
    if kept.shape == results[1].shape and np.abs(kept - results[1]).max() <= NEAR * largest:
        return None
    return _("O[i, j] at stride {stride} is O[{stride}*i, {stride}*j] of the result at stride 1").format(stride=stride)


@exercise(points=2, returns=("O",))
def conv2d():
    """Convolution with padding and stride."""
    yield from examples(explain=slide_sum, share=0.25)
    yield agrees("square images of whole numbers, stride 1, no padding", cases=plain_images)
    yield agrees("a padding of 1, stride 1", cases=padded_images, share=0.75)
    yield agrees("random images, every padding and stride", cases=images, share=0.75)
    yield has_property(
        "a stride skips rows and columns", cases=with_and_without_stride, law=skips_places, shape=result_shape, share=0.25
    )
    yield agrees("a stride that leaves rows or columns over", cases=left_over, share=0.5)
    yield raises(
        ValueError,
        "a kernel larger than the padded image is refused",
        args=dict(**ones(image=(2, 4), kernel=(5, 5)), stride=1, pad=1),
    )


def layer(rng, batch, channels, height, width, filters, size, stride, pad):
    """The arguments of one convolutional layer."""
    shapes = dict(x=(batch, channels, height, width), w=(filters, channels, size, size), b=filters)
    return dict(**normal(rng, **shapes), stride=stride, pad=pad)


def output_shape(case):
    """The shape of the layer's output."""
    filters, size = case["w"].shape[0], case["w"].shape[2]
    height, width = ((n + 2 * case["pad"] - size) // case["stride"] + 1 for n in case["x"].shape[2:])
    return case["x"].shape[0], filters, height, width


layers_with_stride_and_pad = of_sizes(
    layer,
    *[
        (2, 3, 5, 3, 4, 3, 2, 1),
        (1, 2, 6, 4, 3, 2, 2, 1),
        (2, 1, 5, 7, 2, 3, 2, 0),
        (1, 3, 3, 4, 1, 3, 1, 2),
        (2, 2, 3, 5, 3, 1, 2, 0),
    ],
    in_single=(1, 2, 3, 4, 1, 2, 1, 1),
)


def layers(rng):
    """Batches of every kind; the numbers of images, channels, filters, rows and columns differ from each other."""
    yield normal(rng, x=(3, 2, 5, 3), w=(1, 2, 2, 2), b=1)  # the defaults
    yield from layers_with_stride_and_pad(rng)


def without_bias(case):
    """The same case with biases that are 0."""
    return dict(case, b=np.zeros_like(case["b"]))


# Neither padding, stride nor bias; padding only; a row and a column left over.
plain_layers = changed(changed(of_sizes(layer, (1, 1, 4, 4, 3, 3, 1, 0), (1, 1, 3, 3, 2, 2, 1, 0)), without_bias), rounded)
padded_layers = changed(of_sizes(layer, (2, 2, 3, 5, 3, 2, 1, 1), (1, 1, 4, 3, 2, 3, 1, 1)), without_bias)
layers_left_over = changed(of_sizes(layer, (1, 2, 5, 4, 3, 2, 2, 1), (2, 1, 5, 6, 2, 3, 2, 1)), without_bias)


def two_biases(rng):
    """The same layer with two biases."""
    case = layer(rng, 2, 2, 3, 4, 3, 2, 1, 0)
    yield [case, dict(case, b=case["b"] + np.array([1.0, -2.0, 3.0]))]


def each_filter_has_its_bias(case, results):
    """What is added to b[f] is added to every number of channel f."""
    added = case[1]["b"] - case[0]["b"]
    moved = results[1] - results[0]
    if np.allclose(moved, np.broadcast_to(added[:, None, None], moved.shape), rtol=0, atol=NEAR * np.abs(added).max()):
        return None
    return _("when b[f] grows by d, every number of O[:, f] grows by d, and nothing else changes")


@exercise(points=3, returns=("O",))
def conv_forward():
    """Forward pass of a convolutional layer: batches, channels, filters, biases."""
    yield from examples(explain=forward_sum, share=0.5)
    yield agrees("one channel of whole numbers, stride 1, no padding, b = 0", cases=plain_layers)
    yield agrees("a padding of 1, stride 1, b = 0", cases=padded_layers, share=0.75)
    yield agrees("random batches, every padding and stride", cases=layers, share=0.75)
    yield has_property(
        "every filter adds its own bias",
        cases=two_biases,
        law=each_filter_has_its_bias,
        shape=lambda case: (
            len(case["x"]),
            len(case["b"]),
            *result_shape(dict(case, image=case["x"][0, 0], kernel=case["w"][0, 0])),
        ),
        share=0.5,
    )
    yield agrees("a stride that leaves rows or columns over", cases=layers_left_over, share=0.5)
    yield raises(
        ValueError,
        "filters with another number of channels than the images are refused",
        args=dict(**ones(x=(1, 3, 4, 4), w=(2, 2, 2, 2), b=2), stride=1, pad=0),
    )
    yield raises(
        ValueError,
        "a filter larger than the padded image is refused",
        args=dict(**ones(x=(1, 1, 2, 4), w=(1, 1, 5, 5), b=1), stride=1, pad=1),
    )


def backward(*sizes, in_single=None):
    """Cases of the backward pass."""
    return with_upstream(of_sizes(layer, *sizes, in_single=in_single), output_shape)


# Padded batches of every kind, with strides that divide; a row and a column left over; square images without padding; few numbers,
# with windows that overlap and windows side by side.
layers_backward = backward(
    *[
        (2, 3, 5, 3, 2, 3, 2, 1),
        (3, 2, 4, 3, 1, 2, 1, 1),
        (1, 2, 6, 4, 3, 2, 2, 1),
        (2, 1, 4, 7, 2, 3, 3, 1),
        (1, 2, 3, 5, 4, 3, 2, 2),
    ],
    in_single=(1, 2, 4, 3, 1, 2, 1, 1),
)
backward_left_over = backward((1, 2, 5, 4, 3, 2, 2, 1), (2, 1, 3, 4, 1, 3, 2, 1))
backward_without_padding = backward((3, 2, 4, 4, 1, 2, 1, 0), (1, 1, 5, 5, 2, 3, 1, 0))
tiny_layers = backward((2, 1, 2, 3, 1, 2, 1, 1), (1, 2, 2, 4, 2, 2, 2, 0))


large_layer = backward((1, 12, 26, 26, 1, 2, 2, 0))


@exercise(points=3, returns=("dx", "dw", "db"))
def conv_backward():
    """Backward pass of a convolutional layer: gradients of x, w and b."""
    yield from examples(explain=backward_sum, share=0.75)
    yield agrees("random padded batches, every stride", cases=layers_backward, share=1.25)
    yield gradient("it is the derivative of conv_forward", of="conv_forward", cases=tiny_layers)
    yield agrees("a stride that leaves rows or columns over", cases=backward_left_over, share=0.5)
    yield agrees("no padding: pad = 0", cases=backward_without_padding, share=1.25)
    yield within(cases=large_layer, times=20)


def with_the_loops(rng):
    """What takes the place of the loops, then the loops, on the same arrays."""
    for case in layers_left_over(rng):
        yield [call("fast_conv_forward", **case), call("conv_forward", **case)]


def as_the_loops(case, results):
    """Both give the same numbers."""
    fast, slow = results
    if slow.shape != fast.shape:
        return _("fast_conv_forward returns the shape {got}, and conv_forward {want}").format(got=fast.shape, want=slow.shape)
    if np.allclose(slow, fast, rtol=1e-5, atol=1e-6):
        return None
    place = np.unravel_index(np.argmax(np.abs(fast - slow)), slow.shape)
    return _("O[{place}] of fast_conv_forward is {got}, and of your own conv_forward {want}").format(
        place=", ".join(map(str, place)), got=number(fast[place]), want=number(slow[place])
    )


many_places = of_sizes(layer, (8, 3, 50, 50, 8, 3, 1, 0))


@exercise(points=1, optional=True, returns=("O",))
def fast_conv_forward():
    """Now make it fast: conv_forward without loops."""
    yield agrees("random batches, every padding and stride", cases=layers)
    yield has_property("the same as your own loops", cases=with_the_loops, law=as_the_loops, share=0.5)
    yield within("whole arrays in place of loops", cases=many_places, times=10, gate=False, share=2)
