"""The rubric of `pooling`: what each function must do, and for how many points."""

import math

import numpy as np

from grader.course.arithmetic import number, total
from grader.course.authoring import _, agrees, call, examples, exercise, gradient, has_property, hidden, policy, raises, within
from grader.course.cases import changed, given, of_sizes, with_upstream

rules = policy()

NEAR = 1e-5  # of laws, relative to the numbers that come in: leaves room for an answer computed in float32


def step(case):
    """How far the window moves."""
    return case["size"] if case.get("stride") is None else case["stride"]


@hidden
def window_at(inputs, index):
    """The numbers of the window of one output."""
    n, c, i, j = index
    size, move = inputs["size"], step(inputs)
    return inputs["x"][n, c, move * i : move * i + size, move * j : move * j + size]


def slide_max(inputs, result, index):
    """One element of max pooling: max(1, 2, 2, 3) = 3."""
    window = window_at(inputs, index).ravel()
    return f"max({', '.join(map(number, window))}) = {number(window.max())}"


def mean_of(window):
    """A mean as on the slide: (1 + 2 + 2 + 3) / 4 = 2."""
    return f"({total(window)}) / {window.size} = {number(window.mean())}"


def slide_mean(inputs, result, index):
    """One element of average pooling: (1 + 2 + 2 + 3) / 4 = 2."""
    return mean_of(window_at(inputs, index))


def bounds(place, length, size):
    """First and last row (or column) of an adaptive window."""
    return math.floor(place * length / size), math.ceil((place + 1) * length / size) - 1


def slide_adaptive(inputs, result, index):
    """One element of adaptive pooling: rows 0..1, columns 1..2: (2 + 1 + 3 + 1) / 4 = 1.75."""
    x, size = inputs["x"], inputs["size"]
    n, c, i, j = index
    (top, bottom), (left, right) = bounds(i, x.shape[2], size), bounds(j, x.shape[3], size)
    return _("rows {top}..{bottom}, columns {left}..{right}: {mean}").format(
        top=top, bottom=bottom, left=left, right=right, mean=mean_of(x[n, c, top : bottom + 1, left : right + 1])
    )


def parts(pairs):
    """Parts of upstream gradients added up: 1/4 + 2/4 = 0.75."""
    if not pairs:
        return _("in no window: 0")
    return " + ".join(f"{number(g)}/{n}" for g, n in pairs) + f" = {number(sum(g / n for g, n in pairs))}"


def slide_mean_backward(inputs, result, index):
    """One element of the gradient of average pooling, from every window that holds it."""
    n, c, k, m = index
    dout, size, move = inputs["dout"], inputs["size"], step(inputs)
    return parts(
        [
            (dout[n, c, i, j], size**2)
            for i, j in np.ndindex(dout.shape[2:])
            if 0 <= k - move * i < size and 0 <= m - move * j < size
        ]
    )


def slide_max_backward(inputs, result, index):
    """One element of the gradient of max pooling: the windows in which it is the largest number."""
    n, c, k, m = index
    dout, x, size, move = inputs["dout"], inputs["x"], inputs["size"], step(inputs)
    won = [
        dout[n, c, i, j]
        for i, j in np.ndindex(dout.shape[2:])
        if 0 <= k - move * i < size and 0 <= m - move * j < size and x[n, c, k, m] == window_at(inputs, (n, c, i, j)).max()
    ]
    value = number(x[n, c, k, m])
    if not won:
        return _("{value} is the largest number of no window: 0").format(value=value)
    added = f"{total(won)} = {number(sum(won))}" if len(won) > 1 else number(won[0])
    return _("{value} is the largest number of its window: {total}").format(value=value, total=added)


def slide_adaptive_backward(inputs, result, index):
    """One element of the gradient of adaptive pooling, from every window that holds it."""
    n, c, k, m = index
    dout, (height, width), size = inputs["dout"], inputs["x"].shape[2:], inputs["size"]
    held = []
    for i, j in np.ndindex(size, size):
        (top, bottom), (left, right) = bounds(i, height, size), bounds(j, width, size)
        if top <= k <= bottom and left <= m <= right:
            held.append((dout[n, c, i, j], (bottom - top + 1) * (right - left + 1)))
    return parts(held)


def distinct(rng, *shape):
    """Numbers of both signs that differ by at least 0.1, so that every window has one largest number."""
    count = math.prod(shape)
    return (rng.permutation(count).reshape(shape) - count // 2) * 0.1 + rng.uniform(0.01, 0.09)


def output_shape(case):
    """The shape of what pooling makes of the case's x."""
    batch, channels, height, width = case["x"].shape
    return batch, channels, (height - case["size"]) // step(case) + 1, (width - case["size"]) // step(case) + 1


def drawn(rng, batch, channels, height, width, size, stride):
    """The arguments of one forward pass."""
    return dict(x=distinct(rng, batch, channels, height, width), size=size, stride=stride)


def rounded(case):
    """The same with numbers whose means over 4 and over 9 are whole."""
    return dict(case, x=36 * np.round(case["x"] * 10))


# One square channel of whole numbers, windows side by side. Wide, high and square images; windows side by side, overlapping and
# apart, with strides that divide; float32.
square_images = changed(of_sizes(drawn, (2, 1, 4, 4, 2, 2), (1, 1, 6, 6, 3, 3)), rounded)
batches = of_sizes(
    drawn,
    *[
        (2, 3, 4, 6, 2, None),
        (1, 2, 5, 7, 3, 2),
        (2, 1, 6, 4, 2, None),
        (1, 2, 4, 5, 3, 1),
        (1, 1, 8, 5, 2, 3),
        (3, 2, 4, 4, 2, 2),
    ],
    in_single=(1, 2, 5, 4, 2, 1),
)
left_over = of_sizes(drawn, (2, 1, 5, 4, 2, None), (1, 2, 5, 6, 3, 2))  # a row, and a column
batches_with_upstream, left_over_with_upstream = with_upstream(batches, output_shape), with_upstream(left_over, output_shape)
square_with_upstream = with_upstream(square_images, output_shape)


def negative(rng):
    """Images without a positive number."""
    yield dict(x=distinct(rng, 1, 2, 4, 4) - 10.0, size=2, stride=2)


def is_in_its_window(case, results):
    """Every result is a number of its window, and none of that window is larger."""
    near = NEAR * np.abs(case["x"]).max()
    for index in np.ndindex(results[0].shape):
        window, got = window_at(case, index), results[0][index]
        place = ", ".join(map(str, index))
        if np.abs(window - got).min() > near:
            return _("O[{place}] = {value} is not a number of its window").format(place=place, value=number(got))
        if abs(window.max() - got) > near:
            return _("O[{place}] = {value}, but its window has {largest}").format(
                place=place, value=number(got), largest=number(window.max())
            )
    return None


def tiny(rng):
    """Few numbers: overlapping windows, and windows side by side."""
    yield from with_upstream(given(drawn(rng, 1, 2, 3, 4, 2, 1), drawn(rng, 1, 1, 2, 6, 2, None)), output_shape)(rng)


TOO_LARGE = dict(x=np.ones((1, 1, 2, 5)), size=3, stride=None)


@exercise(points=2, returns=("O",))
def max_pool():
    """Max pooling."""
    yield from examples(explain=slide_max, share=0.5)
    yield agrees("square images of whole numbers, a stride as large as the window", cases=square_images)
    yield agrees("random batches, every size and stride", cases=batches)
    yield has_property(
        "the result is a number of the window, also of negative ones",
        cases=negative,
        law=is_in_its_window,
        shape=lambda case: (1, 2, 2, 2),
        share=0.5,
    )
    yield agrees("a stride that leaves rows or columns over", cases=left_over, share=0.25)
    yield raises(ValueError, "a window larger than the image is refused", args=TOO_LARGE)


def ties(rng):
    """Windows side by side in which the largest number occurs twice, three times and everywhere."""
    x = np.array([[[[2, 0, 1, 1], [0, 2, 1, 1], [3, 3, -1, 4], [1, 3, 4, -2]]]], dtype=float)
    yield dict(dout=rng.uniform(1.0, 2.0, size=(1, 1, 2, 2)), x=x, size=2, stride=None)


def shares_add_up(case, results):
    """Only largest numbers have a gradient, and those of a window add up to the window's."""
    dx, x, size = results[0], case["x"], case["size"]
    near = NEAR * np.abs(case["dout"]).max()
    for index in np.ndindex(case["dout"].shape):
        n, c, i, j = index
        place = np.s_[n, c, size * i : size * (i + 1), size * j : size * (j + 1)]
        largest = x[place] == x[place].max()
        if np.abs(dx[place][~largest]).max(initial=0.0) > near:
            return _("window ({i}, {j}): a number that is not its largest has a gradient").format(i=i, j=j)
        if abs(dx[place].sum() - case["dout"][index]) > near:
            return _(
                "window ({i}, {j}) has its largest number {times} times: their gradients add up to {total}, not to dout = {dout}"
            ).format(i=i, j=j, times=largest.sum(), total=number(dx[place].sum()), dout=number(case["dout"][index]))
    return None


large_images = with_upstream(of_sizes(drawn, (2, 1, 80, 80, 2, 2)), output_shape)


@exercise(points=2, returns=("dx",))
def max_pool_backward():
    """Gradient of max pooling."""
    yield from examples(explain=slide_max_backward)
    yield agrees("square images of whole numbers, a stride as large as the window", cases=square_with_upstream)
    yield agrees("random batches, every size and stride", cases=batches_with_upstream)
    yield gradient("it is the derivative of max_pool", of="max_pool", cases=tiny)
    yield agrees("a stride that leaves rows or columns over", cases=left_over_with_upstream, share=0.5)
    yield has_property("equal largest numbers share the gradient", cases=ties, law=shares_add_up, shape="x")
    yield within(cases=large_images, times=30)


@exercise(points=1, returns=("O",))
def avg_pool():
    """Average pooling."""
    yield from examples(explain=slide_mean, share=0.5)
    yield agrees("square images of whole numbers, a stride as large as the window", cases=square_images)
    yield agrees("random batches, every size and stride", cases=batches)
    yield agrees("a stride that leaves rows or columns over", cases=left_over, share=0.25)
    yield raises(ValueError, "a window larger than the image is refused", args=TOO_LARGE)


@exercise(points=2, returns=("dx",))
def avg_pool_backward():
    """Gradient of average pooling."""
    yield from examples(explain=slide_mean_backward, share=0.5)
    yield agrees("square images of whole numbers, a stride as large as the window", cases=square_with_upstream, share=1.5)
    yield agrees("random batches, every size and stride", cases=batches_with_upstream)
    yield gradient("it is the derivative of avg_pool", of="avg_pool", cases=tiny)
    yield agrees("a stride that leaves rows or columns over", cases=left_over_with_upstream, share=0.5)
    yield within(cases=large_images, times=30)


def adaptive(rng, batch, channels, height, width, size):
    """The arguments of one adaptive forward pass."""
    return dict(x=rng.normal(size=(batch, channels, height, width)), size=size)


def adaptive_shape(case):
    """The shape of what adaptive pooling makes of the case's x."""
    return *case["x"].shape[:2], case["size"], case["size"]


# Square images with sizes that divide; then sizes that divide rows, columns and neither; 1 x 1; float32.
even_windows = of_sizes(adaptive, (2, 3, 4, 4, 2), (1, 2, 6, 6, 3), (3, 1, 3, 3, 1))
even_with_upstream = with_upstream(even_windows, adaptive_shape)
adaptive_batches = of_sizes(
    adaptive, *[(1, 2, 5, 7, 3), (2, 1, 7, 4, 3), (1, 2, 6, 5, 4), (3, 2, 3, 4, 1)], in_single=(1, 2, 5, 4, 3)
)
larger_than_the_image = of_sizes(adaptive, (1, 1, 2, 3, 4))
adaptive_with_upstream = with_upstream(adaptive_batches, adaptive_shape)
larger_with_upstream = with_upstream(larger_than_the_image, adaptive_shape)


def ramps(rng):
    """Images whose rows are all alike (or columns): one number per column (or row)."""
    yield dict(x=np.broadcast_to(rng.normal(size=(1, 1, 1, 5)), (1, 1, 4, 5)).copy(), size=3)
    yield dict(x=np.broadcast_to(rng.normal(size=(1, 1, 5, 1)), (1, 1, 5, 3)).copy(), size=2)


def keeps_what_is_alike(case, results):
    """Where all rows of the image are alike, all rows of the result are; the same for columns."""
    x, out = case["x"], results[0]
    near = NEAR * np.abs(x).max()
    if not (out.min() >= x.min() - near and out.max() <= x.max() + near):
        return _("a mean lies between the smallest and the largest number of x")
    rows, columns = np.ptp(x, axis=2).max() == 0, np.ptp(x, axis=3).max() == 0
    if rows and np.ptp(out, axis=2).max() > near:
        return _("all rows of x are alike, so all rows of O are")
    if columns and np.ptp(out, axis=3).max() > near:
        return _("all columns of x are alike, so all columns of O are")
    return None


def tiny_adaptive(rng):
    """Few numbers, high and wide."""
    for channels, height, width, size in [(1, 5, 4, 3), (2, 3, 5, 2)]:
        yield dict(dout=rng.normal(size=(1, channels, size, size)), x=rng.normal(size=(1, channels, height, width)), size=size)


@exercise(points=2, returns=("O",))
def adaptive_avg_pool():
    """Adaptive average pooling."""
    yield from examples(explain=slide_adaptive, share=0.5)
    yield agrees("square images, sizes that divide", cases=even_windows, share=2)
    yield agrees("random batches, sizes that divide and sizes that do not", cases=adaptive_batches)
    yield has_property(
        "means of rows that are alike are alike",
        cases=ramps,
        law=keeps_what_is_alike,
        shape=lambda case: (1, 1, case["size"], case["size"]),
        share=0.25,
    )
    yield agrees("an output larger than the image", cases=larger_than_the_image, share=0.25)
    yield raises(ValueError, "an output of size 0 is refused", args=dict(x=np.ones((1, 1, 3, 3)), size=0))


large_adaptive = with_upstream(of_sizes(adaptive, (2, 1, 80, 80, 40)), adaptive_shape)


@exercise(points=1, returns=("dx",))
def adaptive_avg_pool_backward():
    """Gradient of adaptive average pooling."""
    yield from examples(explain=slide_adaptive_backward, share=0.5)
    yield agrees("square images, sizes that divide", cases=even_with_upstream, share=2)
    yield agrees("random batches, sizes that divide and sizes that do not", cases=adaptive_with_upstream)
    yield gradient("it is the derivative of adaptive_avg_pool", of="adaptive_avg_pool", cases=tiny_adaptive)
    yield agrees("an output larger than the image", cases=larger_with_upstream, share=0.25)
    yield within(cases=large_adaptive, times=30)


def with_the_loops(rng):
    """What takes the place of the loops, then the loops, on the same arrays."""
    for case in left_over(rng):
        yield [call("fast_max_pool", **case), call("max_pool", **case)]


def as_the_loops(case, results):
    """Both give the same numbers."""
    fast, slow = results
    if slow.shape != fast.shape:
        return _("fast_max_pool returns the shape {got}, and max_pool {want}").format(got=fast.shape, want=slow.shape)
    if np.allclose(slow, fast, rtol=1e-5, atol=1e-6):
        return None
    place = np.unravel_index(np.argmax(np.abs(fast - slow)), slow.shape)
    return _("O[{place}] of fast_max_pool is {got}, and of your own max_pool {want}").format(
        place=", ".join(map(str, place)), got=number(fast[place]), want=number(slow[place])
    )


def many_windows(rng):
    """One large image."""
    yield dict(x=rng.normal(size=(1, 1, 1000, 1000)), size=2, stride=None)


@exercise(points=1, optional=True, returns=("O",))
def fast_max_pool():
    """Now make it fast: max_pool without loops."""
    yield agrees("random batches, every size and stride", cases=batches)
    yield has_property("the same as your own loops", cases=with_the_loops, law=as_the_loops, share=0.5)
    yield within("whole arrays in place of loops", cases=many_windows, times=10, gate=False, share=2)
