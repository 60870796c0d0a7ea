"""The rubric of `resnet`: what each function must do, and for how many points."""

import numpy as np

from grader.course.arithmetic import number, products, total
from grader.course.authoring import _, agrees, call, examples, exercise, gradient, has_property, policy, raises, ref, within
from grader.course.cases import changed, normal, of_sizes, ones, single, with_upstream

rules = policy()

TOLERANCE = 1e-4  # of the laws, leaves room for an answer computed in float32


# --- the arithmetic of the worked examples -------------------------------------------------------------------------------------


def met(pairs):
    """The products of numbers that meet in pairs: 1*1 + 0*4 + 1*-2; 0 where there is none."""
    return products([a for a, _b in pairs], [b for _a, b in pairs])


def dense_sums(case):
    """The sums s and z that go into the two ReLUs of a dense block, and the residual r."""
    s = case["x"] @ case["w1"] + case["b1"]
    r = np.maximum(s, 0) @ case["w2"] + case["b2"]
    return s, r, case["x"] + r if case.get("skip", True) else r


def block_steps(inputs, result, index):
    """One number of a residual block: relu(2 + (1*1 + 0*4 + 1*-2 + 0)) = relu(1) = 1."""
    n, d = index
    s, _r, z = dense_sums(inputs)
    residual = f"{products(np.maximum(s, 0)[n], inputs['w2'][:, d])} + {number(inputs['b2'][d])}"
    total = f"{number(inputs['x'][n, d])} + ({residual})" if inputs.get("skip", True) else residual
    return f"relu({total}) = relu({number(z[n, d])}) = {number(max(z[n, d], 0))}"


def block_backward_steps(inputs, result, index):
    """One number of a gradient of the block: dx is the shortcut's part and the branch's, 3 + (3*1 + 0*0 + -6*-1) = 12."""
    x, dout, w1, w2 = (inputs[name] for name in ("x", "dout", "w1", "w2"))
    s, _r, z = dense_sums(inputs)
    dz = dout * (z > 0)
    ds = (dz @ w2.T) * (s > 0)
    if result == "dx":
        n, d = index
        branch = products(ds[n], w1[d])
        if not inputs.get("skip", True):
            return f"{branch} = {number(ds[n] @ w1[d])}"
        return f"{number(dz[n, d])} + ({branch}) = {number(dz[n, d] + ds[n] @ w1[d])}"
    if result in ("dw1", "dw2"):
        i, j = index
        met, upstream = (x[:, i], ds[:, j]) if result == "dw1" else (np.maximum(s, 0)[:, i], dz[:, j])
        return f"{products(met, upstream)} = {number(met @ upstream)}"
    (j,) = index
    if result == "db1":
        terms = [f"({products(dz[n], w2[j])}) * [{number(s[n, j])} > 0]" for n in range(len(x))]
        return f"{' + '.join(terms)} = {number(ds[:, j].sum())}"
    terms = [f"{number(dout[n, j])} * [{number(z[n, j])} > 0]" for n in range(len(x))]
    return f"{' + '.join(terms)} = {number(dz[:, j].sum())}"


def meetings(x, w, stride, pad):
    """Every product of a convolution: the places of its output, of its pixel and of its filter's number."""
    rows, columns = ((n + 2 * pad - w.shape[2]) // stride + 1 for n in x.shape[2:])
    for n, f, i, j, c, p, q in np.ndindex(len(x), len(w), rows, columns, *w.shape[1:]):
        k, m = stride * i + p - pad, stride * j + q - pad
        if 0 <= k < x.shape[2] and 0 <= m < x.shape[3]:
            yield (n, f, i, j), (n, c, k, m), (f, c, p, q)


def conv(x, w, b, stride, pad):
    """A convolutional layer, product by product."""
    rows, columns = ((n + 2 * pad - w.shape[2]) // stride + 1 for n in x.shape[2:])
    out = np.zeros((len(x), len(w), rows, columns)) + b[:, None, None]
    for to, pixel, weight in meetings(x, w, stride, pad):
        out[to] += x[pixel] * w[weight]
    return out


def projection_sums(case):
    """The sums s and z that go into the two ReLUs of a block with a projection."""
    stride = case.get("stride", 1)
    s = conv(case["x"], case["w1"], case["b1"], stride, 1)
    r = conv(np.maximum(s, 0), case["w2"], case["b2"], 1, 1)
    return s, conv(case["x"], case["wp"], np.zeros(len(case["wp"])), stride, 0) + r


def projection_steps(inputs, result, index):
    """One number of the block: relu(1*2 + (1*-2 + 0*2 + 1)) = relu(1) = 1, without products with a 0 of a filter."""
    x, w2, wp, stride = inputs["x"], inputs["w2"], inputs["wp"], inputs["stride"]
    s, z = projection_sums(inputs)
    h = np.maximum(s, 0)
    shortcut = [(x[pixel], wp[weight]) for to, pixel, weight in meetings(x, wp, stride, 0) if to == index]
    residual = [(h[pixel], w2[weight]) for to, pixel, weight in meetings(h, w2, 1, 1) if to == index and w2[weight]]
    total = z[index]
    terms = f"{met(shortcut)} + ({met(residual)} + {number(inputs['b2'][index[1]])})"
    return f"relu({terms}) = relu({number(total)}) = {number(max(total, 0))}"


def projection_backward_steps(inputs, result, index):
    """One number of a gradient of the block; dx is the shortcut's part and the branch's, without products with a 0 of a filter."""
    x, w1, w2, wp, stride = (inputs[name] for name in ("x", "w1", "w2", "wp", "stride"))
    s, z = projection_sums(inputs)
    h, dz = np.maximum(s, 0), inputs["dout"] * (z > 0)
    dh = np.zeros(h.shape)
    for to, pixel, weight in meetings(h, w2, 1, 1):
        dh[pixel] += dz[to] * w2[weight]
    ds = dh * (s > 0)
    if result == "dx":
        shortcut = [(dz[to], wp[weight]) for to, pixel, weight in meetings(x, wp, stride, 0) if pixel == index]
        branch = [(ds[to], w1[weight]) for to, pixel, weight in meetings(x, w1, stride, 1) if pixel == index and w1[weight]]
        return f"{met(shortcut)} + ({met(branch)}) = {number(sum(g * v for g, v in shortcut + branch))}"
    if result in ("db1", "db2"):
        terms = (ds if result == "db1" else dz)[:, index[0]].ravel()
        return f"{total(terms)} = {number(terms.sum())}"
    upstream, of, w, move, pad = {"dw1": (ds, x, w1, stride, 1), "dw2": (dz, h, w2, 1, 1), "dwp": (dz, x, wp, stride, 0)}[result]
    pairs = [(upstream[to], of[pixel]) for to, pixel, weight in meetings(of, w, move, pad) if weight == index]
    return f"{met(pairs)} = {number(sum(g * v for g, v in pairs))}"


def stack_steps(inputs, result, index):
    """One norm of a stack of blocks of one unit whose sums are all positive: 1 * (1 + 0.5*1) * (1 + 0.5*1) = 2.25."""
    (k,) = index
    shortcut = "1 + " if inputs["skip"] else ""
    pairs = [(float(w1[0, 0]), float(w2[0, 0])) for w1, w2 in zip(inputs["w1"][k:], inputs["w2"][k:], strict=True)]
    gradient_here = float(inputs["dout"][0, 0]) * np.prod([inputs["skip"] + a * b for a, b in pairs])
    factors = " * ".join(f"({shortcut}{met([pair])})" for pair in pairs)
    return f"{number(inputs['dout'][0, 0])} * {factors} = {number(abs(gradient_here))}"


# --- dense blocks ----------------------------------------------------------------------------------------------------------------


def on_grid(values, step, aside=0.0):
    """Multiples of `step`, moved aside. With steps that are powers of 2 no sum before a ReLU is near 0, where it has its corner."""
    return np.round(values / step) * step + aside


def block(rng, examples, width, hidden, columns=None):
    """The arguments of one dense block; a plain one if the number of columns changes."""
    plain = dict() if columns is None else dict(skip=False)
    columns = columns or width
    return dict(
        x=on_grid(rng.normal(size=(examples, width)), 1 / 4, 1 / 8),
        w1=on_grid(rng.normal(size=(width, hidden)), 1 / 4),
        b1=on_grid(rng.normal(size=hidden), 1 / 32, 1 / 64),  # between the multiples of 1/32 that x @ w1 gives
        w2=on_grid(rng.normal(size=(hidden, columns)) / np.sqrt(hidden), 1 / 8),
        b2=on_grid(rng.normal(size=columns), 1 / 512, 1 / 1024),
        **plain,
    )


def skipping(rng, *sizes):
    """A block with skip connection."""
    return dict(**block(rng, *sizes), skip=True)


def blocks(rng):
    """Blocks whose hidden layer is wider, narrower and as wide as x; one example; float32."""
    yield skipping(rng, 4, 3, 5)
    yield skipping(rng, 2, 4, 2)
    yield block(rng, 3, 3, 3)  # skip is True unless it is said
    yield skipping(rng, 1, 5, 4)
    yield single(skipping(rng, 3, 2, 4))


def without_biases(case):
    """The same case with biases that are 0."""
    return dict(case, b1=np.zeros_like(case["b1"]), b2=np.zeros_like(case["b2"]))


# Blocks without biases; blocks without skip connection; one with fewer columns behind it than before it.
unbiased_blocks = changed(of_sizes(skipping, (4, 3, 5), (2, 4, 2)), without_biases)
plain_blocks = changed(of_sizes(block, (4, 3, 5), (1, 4, 3)), lambda case: dict(**case, skip=False))
narrowing_blocks = of_sizes(block, (3, 4, 2, 3))


def silent_branches(rng):
    """Blocks whose second layer is 0: the residual is 0."""
    for count, width, hidden in [(3, 4, 2), (2, 3, 5)]:
        case = block(rng, count, width, hidden)
        yield dict(case, w2=np.zeros((hidden, width)), b2=np.zeros(width), skip=True)


silent_positive_branches = changed(silent_branches, lambda case: dict(case, x=np.abs(case["x"])))


def close(got, want):
    """Whether two arrays agree, relative to the larger of what is wanted and 1."""
    return got.shape == want.shape and bool(np.all(np.abs(got - want) <= TOLERANCE * max(1.0, float(np.abs(want).max()))))


def changes_nothing(case, results):
    """With residual 0, the block hands x on."""
    if close(results[0], case["x"]):
        return None
    return _("the second layer is 0 and no number of x is negative: the block has nothing to add to x, so out is x")


@exercise(points=2, returns=("out",))
def residual_forward():
    """Forward pass of a residual block."""
    yield from examples(explain=block_steps, share=0.5)
    yield agrees("random blocks with skip connection, without biases", cases=unbiased_blocks, share=1.25)
    yield agrees("random blocks with skip connection", cases=blocks, share=0.75)
    yield agrees("random blocks without skip connection", cases=plain_blocks, share=0.5)
    yield agrees("a plain block may change the number of columns", cases=narrowing_blocks, share=0.25)
    yield has_property("a block whose residual is 0 hands x on", cases=silent_positive_branches, law=changes_nothing, share=0.5)
    yield raises(
        ValueError, "a residual that has not the shape of x is refused", args=ones(x=(2, 3), w1=(3, 4), b1=4, w2=(4, 1), b2=1)
    )


def dense_output(case):
    """The shape of what a dense block returns."""
    return len(case["x"]), case["w2"].shape[1]


blocks_backward, plain_blocks_backward = with_upstream(blocks, dense_output), with_upstream(plain_blocks, dense_output)
narrowing_blocks_backward = with_upstream(narrowing_blocks, dense_output)
silent_branches_backward = with_upstream(silent_branches, dense_output)


tiny_blocks = with_upstream(of_sizes(block, (4, 2, 3)), dense_output)


def passes_the_gradient_on(case, results):
    """With residual 0, the gradient takes the shortcut where the last ReLU is open."""
    if close(results[0][0], case["dout"] * (case["x"] > 0)):
        return None
    return _(
        "the residual is 0, so z is x and only the shortcut is left: dx is dout where x is positive, and 0 where it is negative"
    )


def large_block(rng):
    """A block with many weights."""
    shapes = dict(x=(1, 110), w1=(110, 100), b1=100, w2=(100, 110), b2=110)
    yield dict(**normal(rng, scale=0.3, dout=(1, 110), **shapes), skip=True)


@exercise(points=2.5, returns=("dx", "dw1", "db1", "dw2", "db2"))
def residual_backward():
    """Backward pass of a residual block: gradients of x, w1, b1, w2 and b2."""
    yield from examples(explain=block_backward_steps)
    yield agrees("random blocks with skip connection", cases=blocks_backward)
    yield agrees("random blocks without skip connection", cases=plain_blocks_backward, share=0.5)
    yield agrees("a plain block may change the number of columns", cases=narrowing_blocks_backward, share=0.25)
    yield gradient("it is the derivative of residual_forward", of="residual_forward", cases=tiny_blocks)
    yield has_property(
        "the gradient takes the shortcut unchanged", cases=silent_branches_backward, law=passes_the_gradient_on, share=0.5
    )
    yield within(cases=large_block, times=10)


# --- blocks with a projection ----------------------------------------------------------------------------------------------------


def projected(rng, batch, channels, height, width, filters, stride):
    """The arguments of one block with a projection."""
    shapes = dict(w1=(filters, channels, 3, 3), b1=filters, w2=(filters, filters, 3, 3), b2=filters, wp=(filters, channels, 1, 1))
    case = normal(rng, x=(batch, channels, height, width), **shapes)
    return dict(case, w1=case["w1"] / 3, w2=case["w2"] / 3, stride=stride)


def clear(rng, *sizes):
    """The same, with every sum before a ReLU clear of 0."""
    grid = dict(x=(1 / 4, 1 / 8), w1=(1 / 8,), b1=(1 / 64, 1 / 128), w2=(1 / 8,), b2=(1 / 1024, 1 / 2048), wp=(1 / 8,))
    case = projected(rng, *sizes)
    return case | {name: on_grid(case[name], *steps) for name, steps in grid.items()}


def images(rng):
    """Strides 1 to 3 on sizes that they divide and do not; the same shapes on both sides of a block; one image; float32."""
    for sizes in [(2, 3, 5, 4, 4, 2), (1, 2, 6, 7, 3, 2), (3, 2, 4, 3, 5, 1), (1, 2, 5, 8, 3, 3)]:
        yield projected(rng, *sizes)
    case = projected(rng, 2, 3, 3, 4, 3, 1)
    yield {name: value for name, value in case.items() if name != "stride"}  # it is 1 unless it is said
    yield single(clear(rng, 1, 2, 4, 3, 2, 2))


unbiased_images = changed(of_sizes(projected, (2, 3, 5, 4, 4, 1), (1, 2, 4, 5, 3, 1)), without_biases)


def silent_projections(rng):
    """Blocks whose branch is 0 and whose projection copies every channel."""
    for batch, channels, height, width, stride in [(2, 3, 5, 4, 2), (1, 2, 4, 7, 3)]:
        case = projected(rng, batch, channels, height, width, channels, stride)
        copy = np.eye(channels)[:, :, None, None]
        yield dict(case, x=np.abs(case["x"]) + 0.1, w2=np.zeros_like(case["w2"]), b2=np.zeros(channels), wp=copy)


def picks_pixels(case, results):
    """With residual 0 and a copying projection, every stride-th pixel is kept."""
    stride = case["stride"]
    if close(results[0], case["x"][:, :, ::stride, ::stride]):
        return None
    return _(
        "the residual is 0 and the projection copies each channel: out[n, f, i, j] is x[n, f, {stride}*i, {stride}*j]"
    ).format(stride=stride)


@exercise(points=1.5, returns=("out",))
def projection_forward():
    """Forward pass of a convolutional residual block with a projection."""
    yield from examples(explain=projection_steps, share=0.75)
    yield agrees("random images, stride 1, without biases", cases=unbiased_images, share=1.25)
    yield agrees("random images, several strides and numbers of channels", cases=images)
    yield has_property(
        "a projection that copies keeps every stride-th pixel", cases=silent_projections, law=picks_pixels, share=0.5
    )
    yield raises(
        ValueError,
        "a projection with another number of filters is refused",
        args=dict(**ones(x=(1, 3, 4, 5), w1=(2, 3, 3, 3), b1=2, w2=(2, 2, 3, 3), b2=2, wp=(1, 3, 1, 1)), stride=2),
    )


def projected_shape(case):
    """The shape of what a block with a projection returns."""
    rows, columns = ((n - 1) // case.get("stride", 1) + 1 for n in case["x"].shape[2:])
    return len(case["x"]), len(case["wp"]), rows, columns


images_backward = with_upstream(images, projected_shape)
unbiased_images_backward = with_upstream(unbiased_images, projected_shape)
tiny_images = with_upstream(of_sizes(clear, (2, 2, 3, 4, 2, 2)), projected_shape)
silent_projections_backward = with_upstream(silent_projections, projected_shape)


def hands_gradient_to_picked_pixels(case, results):
    """With residual 0 and a copying projection, the gradient goes to the pixels that were kept."""
    want = np.zeros(case["x"].shape)
    want[:, :, :: case["stride"], :: case["stride"]] = case["dout"]
    if close(results[0][0], want):
        return None
    return _(
        "the residual is 0 and the projection copies: dx[n, f, {stride}*i, {stride}*j] is dout[n, f, i, j], the rest is 0"
    ).format(stride=case["stride"])


large_image = with_upstream(of_sizes(projected, (1, 1, 40, 40, 1, 2)), projected_shape)


@exercise(points=2.5, returns=("dx", "dw1", "db1", "dw2", "db2", "dwp"))
def projection_backward():
    """Backward pass of the block with a projection: gradients of x, w1, b1, w2, b2 and wp."""
    yield from examples(explain=projection_backward_steps)
    yield agrees("random images, stride 1, without biases", cases=unbiased_images_backward)
    yield agrees("random images, several strides and numbers of channels", cases=images_backward)
    yield gradient("it is the derivative of projection_forward", of="projection_forward", cases=tiny_images)
    yield has_property(
        "the gradient takes the projection back to the pixels that were kept",
        cases=silent_projections_backward,
        law=hands_gradient_to_picked_pixels,
        share=0.5,
    )
    yield within(cases=large_image, times=8)


# --- stacks ------------------------------------------------------------------------------------------------------------------------


def stack(rng, depth, examples, width, hidden, skip):
    """The arguments of a stack that gradients can pass: no number of x is negative, so the first unit of every layer is always on."""
    case = dict(
        x=np.abs(rng.normal(size=(examples, width))),
        dout=rng.normal(size=(examples, width)),
        w1=rng.normal(size=(depth, width, hidden)) / np.sqrt(width),
        b1=rng.normal(size=(depth, hidden)) / 2,
        w2=rng.normal(size=(depth, hidden, width)) / np.sqrt(hidden),
        b2=rng.uniform(-0.2, 0.6, size=(depth, width)),
        skip=skip,
    )
    return case | {
        name: np.concatenate([np.abs(case[name][..., :1]), case[name][..., 1:]], axis=-1) for name in ("w1", "b1", "w2", "b2")
    }


def residual_stacks(rng):
    """Stacks with skip connections, of one block too; float32."""
    for depth, count, width, hidden in [(3, 2, 3, 4), (5, 1, 4, 3), (1, 3, 2, 3)]:
        case = stack(rng, depth, count, width, hidden, True)
        yield {name: value for name, value in case.items() if name != "skip" or depth != 5}  # skip is True unless it is said
    yield single(stack(rng, 4, 2, 3, 3, True))


plain_stacks = of_sizes(stack, (3, 2, 5, 4, False), (4, 1, 4, 6, False), (2, 3, 4, 5, False))


def scaling_blocks(rng):
    """Stacks whose residual is h times a number, with and without skip: every sum is positive, no ReLU cuts anything."""
    for depth, factor in [(6, 0.25), (4, 0.5)]:
        orders = [np.eye(3)[rng.permutation(3)] for _k in range(depth)]
        case = dict(
            x=rng.uniform(0.5, 1.5, size=(2, 3)),
            dout=rng.normal(size=(2, 3)),
            w1=np.stack([factor * order for order in orders]),
            b1=np.zeros((depth, 3)),
            w2=np.stack([order.T for order in orders]),
            b2=np.zeros((depth, 3)),
        )
        yield [dict(case, skip=skip) for skip in (False, True)]


def multiplies_by_the_factor(case, results):
    """Each block multiplies the norm by the factor, or by 1 + the factor where there is a skip."""
    for given, norms in zip(case, results, strict=True):
        factor = given["w1"][0].max() + given["skip"]
        depth = len(given["w1"])
        want = np.sqrt(np.sum(given["dout"] ** 2)) * factor ** np.arange(depth, 0, -1)
        for k in range(depth):
            if not abs(norms[k] - want[k]) <= TOLERANCE * want[k]:
                return _(
                    "skip={skip}: every block multiplies the gradient by {factor}, so norms[{k}] of {depth} blocks is "
                    "|dout| * {factor}^{power}, not {got}"
                ).format(
                    skip=given["skip"],
                    factor=number(factor),
                    k=k,
                    depth=depth,
                    power=depth - k,
                    got=number(norms[k]),
                )
    return None


def block_by_block(rng):
    """Three blocks there and back one by one, then the norms."""
    x, dout, w1, b1, w2, b2, skip = stack(rng, 3, 2, 3, 4, True).values()
    layers = [(w1[k], b1[k], w2[k], b2[k], skip) for k in range(3)]
    yield [
        call("residual_forward", x, *layers[0], save="first"),
        call("residual_forward", ref("first"), *layers[1], save="second"),
        call("residual_backward", dout, ref("second"), *layers[2], save="third_back"),
        call("residual_backward", ref("third_back", 0), ref("first"), *layers[1], save="second_back"),
        call("residual_backward", ref("second_back", 0), x, *layers[0]),
        call("gradient_norms", x, dout, w1, b1, w2, b2, skip),
    ]


def is_your_backward(case, results):
    """norms[k] is the norm of the dx that residual_backward returns for block k."""
    for k, (dx, *_others) in enumerate((results[4], results[3], results[2])):
        want, got = float(np.sqrt(np.sum(np.square(dx)))), float(results[5][k])
        if not abs(got - want) <= TOLERANCE * max(1.0, float(np.abs(case[2].args[0]).max())):
            return _(
                "norms[{k}] is {got}, which is not the norm of the dx that your residual_backward returns for block {k}"
            ).format(k=k, got=number(got))
    return None


@exercise(points=1.5, returns=("norms",), array_like=True)
def gradient_norms():
    """Norm of the gradient at every block of a stack, with and without skip connections."""
    yield from examples(explain=stack_steps)
    yield has_property("your own residual_backward, block after block", cases=block_by_block, law=is_your_backward)
    yield agrees("random stacks with skip connections", cases=residual_stacks, share=1.5)
    yield agrees("random stacks without skip connections", cases=plain_stacks, share=1.5)
    yield has_property(
        "plain blocks shrink the gradient, skip connections keep it",
        cases=scaling_blocks,
        law=multiplies_by_the_factor,
        shape=lambda case: case["w1"].shape[:1],
        share=0.5,
    )
