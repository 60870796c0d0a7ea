"""The rubric of `activations`: sigmoid, tanh, ReLU and softmax with their derivatives, lecture L2."""

import numpy as np

from grader.course.arithmetic import Writing
from grader.course.authoring import _, agrees, examples, exercise, gradient, has_property, hidden, policy, raises, within
from grader.course.cases import of_shapes

rules = policy()

NEAR = 1e-4  # of numbers of order one: leaves room for an answer computed in float32
STEP = 1e-5  # of the central differences
TINY = 1e-30  # of probabilities: what float32 can still tell from 0

hand = Writing(decimals=4)
number, total, products = hand.number, hand.total, hand.products


# --- cases -----------------------------------------------------------------------------------------------------------------


def values(rng):
    """Arrays of several shapes, of whole numbers and in single precision; every number at least 0.05 away from 0."""
    for shape in [(2, 3), (1, 2, 4)]:
        yield {"z": rng.choice([-1.0, 1.0], size=shape) * rng.uniform(0.05, 3.0, size=shape)}
    yield {"z": rng.permutation([-3, -2, -1, 1, 2, 4])}
    yield {"z": (rng.choice([-1.0, 1.0], size=(3, 2)) * rng.uniform(0.05, 3.0, size=(3, 2))).astype(np.float32)}


def some(rng):
    """Five numbers on both sides of 0, clear of it."""
    yield {"z": rng.permutation(np.array([-1.6, -0.7, 0.3, 0.9, 1.8])) + rng.uniform(-0.1, 0.1, size=5)}


def huge_values(rng):
    """Numbers where a careless exponential overflows; the moderate ones show that the rest still works."""
    yield {"z": np.array([-1000.0, -rng.uniform(1, 2), 0.0, rng.uniform(1, 2), 1000.0])}


def zeros_among_others(rng):
    """Exact zeros beside numbers that have a derivative."""
    yield {"z": np.array([0.0, -rng.uniform(1, 2), 0.0, rng.uniform(1, 2), -rng.uniform(1, 2)])}


def rows(rng):
    """One row, a batch of one, wide, high and square batches, whole numbers, single precision."""
    yield {"z": rng.normal(scale=1.5, size=5)}
    yield {"z": rng.normal(scale=1.5, size=(1, 4))}
    yield {"z": rng.normal(scale=1.5, size=(4, 3))}
    yield {"z": rng.normal(scale=1.5, size=(3, 3))}
    yield {"z": rng.integers(-3, 4, size=(2, 3))}
    yield {"z": rng.normal(scale=1.5, size=(2, 4)).astype(np.float32)}


some_rows = of_shapes({"z": 4}, {"z": (3, 2)})  # a row and a batch
short_rows = of_shapes({"z": 2}, {"z": 3})
batches_of_one = of_shapes({"z": (1, 3)}, {"z": (1, 5)})
one_with_upstream = of_shapes({"dout": (1, 3), "z": (1, 3)}, {"dout": (1, 5), "z": (1, 5)})
# Batches with upstream gradients: high, wide, square, of one row, and in single precision.
with_upstream = of_shapes(
    *({"dout": shape, "z": shape} for shape in [(4, 3), (2, 5), (3, 3), (1, 4)]), in_single={"dout": (3, 2), "z": (3, 2)}
)


def huge_rows(rng):
    """Rows of numbers near 1000, near -1000 and both, one at a time."""
    yield {"z": 1000.0 + rng.uniform(-1, 1, size=4)}
    yield {"z": -1000.0 + rng.uniform(-1, 1, size=3)}
    yield {"z": rng.permutation([-1000.0, 0.0, 999.0, 1000.0])}


def rows_far_apart(rng):
    """A batch whose rows lie 2000 apart."""
    yield {"z": np.array([[1000.0], [0.0], [-1000.0]]) + rng.uniform(-1, 1, size=(3, 4))}


def single_rows(rng):
    """One row of several lengths, of whole numbers and in single precision."""
    yield {"z": rng.normal(size=4)}
    yield {"z": rng.normal(size=1)}
    yield {"z": rng.permutation([-1, 0, 2])}
    yield {"z": rng.normal(size=3).astype(np.float32)}


def huge_row(rng):
    """One row of numbers near 1000."""
    yield {"z": 1000.0 + rng.uniform(-1, 1, size=3)}


def huge_with_upstream(rng):
    """Upstream gradients for rows near 1000 and near -1000."""
    yield {"dout": rng.normal(size=(2, 3)), "z": np.array([[1000.0], [-1000.0]]) + rng.uniform(-1, 1, size=(2, 3))}


# --- what must hold ----------------------------------------------------------------------------------------------------------


def taken_back(name, inverse, low, high):
    """The law that `inverse` brings the outputs back to z, and that they lie between `low` and `high`."""

    def law(case, results):
        got, z = np.asarray(results[0], dtype=float), case["z"]
        outside = (got <= low) | (got >= high)
        if outside.any():
            return _("{name} lies between {low} and {high}, but yours gives {value}").format(
                name=name, low=low, high=high, value=number(got[outside][0])
            )
        back = inverse(got)
        worst = int(np.abs(back - z).argmax())
        if np.abs(back - z)[worst] <= NEAR:
            return None
        return _("{name}({z}) cannot be {value}: that is {name} of {back}").format(
            name=name, z=number(z[worst]), value=number(got[worst]), back=number(back[worst])
        )

    return law


def reaches(left, right):
    """The law that the first result, at z = -1000, is `left`, and the last, at z = +1000, is `right`."""

    def law(case, results):
        for place, limit in ((0, left), (-1, right)):
            if abs(results[0][place] - limit) > NEAR:
                return _("at z = {z} the result is {limit}, to the last digit of a float; yours is {value}").format(
                    z=number(case["z"][place]), limit=limit, value=number(results[0][place])
                )
        return None

    return law


def splits_z(case, results):
    """relu(z) is z where z is positive and 0 elsewhere: never negative, and z - relu(z) never positive."""
    got = results[0]
    for z, value in zip(case["z"], got, strict=True):
        if value < 0:
            return _("relu({z}) is {value}, but no output of relu is negative").format(z=number(z), value=number(value))
        if abs(value * (value - z)) > NEAR or value < z - NEAR:
            return _("relu({z}) is {value}, but it is either 0 or z itself, whichever is larger").format(
                z=number(z), value=number(value)
            )
    return None


def any_slope_at_the_corner(case, results):
    """At 0 everything in [0, 1] is right; beside it 0 on the left and 1 on the right."""
    for z, slope in zip(case["z"], results[0], strict=True):
        if z == 0 and not 0 <= slope <= 1:
            return _("at z = 0 your slope is {slope}; 0, 1 and every number between them are accepted").format(
                slope=number(slope)
            )
        if z != 0 and abs(slope - (z > 0)) > NEAR:
            return _("beside 0 the slope is 0 on the left and 1 on the right, but at z = {z} yours is {slope}").format(
                z=number(z), slope=number(slope)
            )
    return None


def probabilities_with_the_right_ratios(case, results):
    """Every row adds up to 1, and log(y_j / y_i) = z_j - z_i for the largest y_i, as far as y_j can still be told from 0."""
    y, z = np.atleast_2d(np.asarray(results[0], dtype=float)), np.atleast_2d(case["z"])
    for row, (ours, theirs) in enumerate(zip(y, z, strict=True)):
        if abs(ours.sum() - 1) > NEAR:
            return _("row {row} adds up to {total}, but probabilities add up to 1").format(row=row, total=number(ours.sum()))
        if (ours < 0).any():
            return _("row {row} holds {value}, but no probability is negative").format(row=row, value=number(ours.min()))
        i = int(ours.argmax())
        ratios, wanted = np.log(np.maximum(ours / ours[i], TINY)), np.maximum(theirs - theirs[i], np.log(TINY))
        j = int(np.abs(ratios - wanted).argmax())
        if abs(ratios[j] - wanted[j]) > NEAR:
            return _(
                "in row {row}, z[{j}] - z[{i}] is {want}, so y[{j}] must be e^({want}) times y[{i}]; yours is e^({ratio}) times"
            ).format(row=row, i=i, j=j, want=number(wanted[j]), ratio=number(ratios[j]))
    return None


@hidden
def slide_softmax(z):
    """Softmax of one row."""
    powers = np.exp(z - z.max())
    return powers / powers.sum()


def columns_are_slopes(case, results):
    """Column j of J is how fast all outputs grow with z_j."""
    z, J = case["z"], np.asarray(results[0])
    for j in range(len(z)):
        move = STEP * np.eye(len(z))[j]
        want = (slide_softmax(z + move) - slide_softmax(z - move)) / (2 * STEP)
        worst = int(np.abs(J[:, j] - want).argmax())
        if abs(J[worst, j] - want[worst]) > NEAR:
            return _(
                "J[{i}, {j}] is {value}, but when z[{j}] grows a little, y[{i}] moves {want} times as much (measured with a small step)"
            ).format(i=worst, j=j, value=number(J[worst, j]), want=number(want[worst]))
    return None


# --- the slide's arithmetic --------------------------------------------------------------------------------------------------


def slide_sigmoid(inputs, result, index):
    """1/(1 + e^-z)."""
    z = inputs["z"][index]
    return f"1/(1 + e^{number(-z)}) = 1/(1 + {number(np.exp(-z))}) = {number(1 / (1 + np.exp(-z)))}"


def slide_sigmoid_prime(inputs, result, index):
    """y*(1 - y)."""
    y = 1 / (1 + np.exp(-inputs["z"][index]))
    return f"{number(y)}*(1 - {number(y)}) = {number(y * (1 - y))}"


def slide_tanh(inputs, result, index):
    """(e^z - e^-z)/(e^z + e^-z)."""
    up, down = np.exp(inputs["z"][index]), np.exp(-inputs["z"][index])
    return f"({number(up)} - {number(down)})/({number(up)} + {number(down)}) = {number((up - down) / (up + down))}"


def slide_tanh_prime(inputs, result, index):
    """4/(e^z + e^-z)^2."""
    up, down = np.exp(inputs["z"][index]), np.exp(-inputs["z"][index])
    return f"4/({number(up)} + {number(down)})^2 = {number(4 / (up + down) ** 2)}"


def slide_relu(inputs, result, index):
    """max(0, z)."""
    z = inputs["z"][index]
    return f"max(0, {number(z)}) = {number(max(0, z))}"


def slide_relu_prime(inputs, result, index):
    """Which side of 0 z is on."""
    z = inputs["z"][index]
    return f"{number(z)} > 0: 1" if z > 0 else f"{number(z)} < 0: 0"


def slide_exponentials(inputs, result, index):
    """One exponential over the sum of its row."""
    exponentials = np.exp(inputs["z"][index[:-1]])
    one = exponentials[index[-1]]
    return (
        f"{number(one)}/({total(exponentials)}) = {number(one)}/{number(exponentials.sum())} = {number(one / exponentials.sum())}"
    )


def slide_jacobian(inputs, result, index):
    """y_i*(δ_ij - y_j)."""
    i, j = index
    y = slide_softmax(inputs["z"])
    return f"{number(y[i])}*({int(i == j)} - {number(y[j])}) = {number(y[i] * ((i == j) - y[j]))}"


def slide_backward(inputs, result, index):
    """y_j*(dout_j - Σ dout_i*y_i)."""
    n, j = index
    dout, y = inputs["dout"][n], slide_softmax(inputs["z"][n])
    return f"{number(y[j])}*({number(dout[j])} - ({products(dout, y)})) = {number(y[j] * (dout[j] - dout @ y))}"


# --- the exercises -----------------------------------------------------------------------------------------------------------


@exercise(points=1, returns=("y",), array_like=True)
def sigmoid():
    """The sigmoid."""
    yield from examples(explain=slide_sigmoid)
    yield agrees("random arrays of several shapes, also whole numbers", cases=values, share=0.75)
    yield has_property(
        "its inverse, log(y / (1 - y)), leads back to z",
        cases=some,
        law=taken_back("sigmoid", lambda y: np.log(y / (1 - y)), 0, 1),
        shape="z",
        share=0.75,
    )
    yield has_property("finite at z = ±1000", cases=huge_values, law=reaches(0, 1), shape="z")


def flat(low, high):
    """Cases far from 0, where the curve is almost flat and what a small step changes drowns in rounding."""

    def cases(rng):
        yield dict(z=rng.uniform(low, high, size=40) * rng.choice([-1.0, 1.0], size=40))

    return cases


@exercise(points=1, returns=("slope",), array_like=True)
def sigmoid_prime():
    """Derivative of the sigmoid at z."""
    yield from examples(explain=slide_sigmoid_prime)
    yield agrees("random arrays of several shapes, also whole numbers", cases=values, share=0.75)
    yield gradient(
        "it is the slope of the sigmoid, measured with a small step",
        of="sigmoid",
        wrt=("z",),
        cases=some,
        upstream=None,
        share=0.75,
    )
    yield has_property("finite at z = ±1000", cases=huge_values, law=reaches(0, 0), shape="z")
    yield within("exact where the curve is almost flat", cases=flat(13.0, 15.0), each=1e-8, share=0.25)


@exercise(points=1, returns=("y",), array_like=True)
def tanh():
    """The hyperbolic tangent."""
    yield from examples(explain=slide_tanh)
    yield agrees("random arrays of several shapes, also whole numbers", cases=values, share=0.75)
    yield has_property(
        "its inverse, log((1 + y) / (1 - y)) / 2, leads back to z",
        cases=some,
        law=taken_back("tanh", np.arctanh, -1, 1),
        shape="z",
        share=0.75,
    )
    yield has_property("finite at z = ±1000", cases=huge_values, law=reaches(-1, 1), shape="z")


@exercise(points=1, returns=("slope",), array_like=True)
def tanh_prime():
    """Derivative of the hyperbolic tangent at z."""
    yield from examples(explain=slide_tanh_prime)
    yield agrees("random arrays of several shapes, also whole numbers", cases=values, share=0.75)
    yield gradient(
        "it is the slope of tanh, measured with a small step", of="tanh", wrt=("z",), cases=some, upstream=None, share=0.75
    )
    yield has_property("finite at z = ±1000", cases=huge_values, law=reaches(0, 0), shape="z")
    yield within("exact where the curve is almost flat", cases=flat(6.5, 7.5), each=1e-8, share=0.25)


@exercise(points=0.5, returns=("y",), array_like=True, unchanged=0.5)
def relu():
    """The rectified linear unit."""
    yield from examples(explain=slide_relu)
    yield agrees("random arrays of several shapes, also whole numbers", cases=values)
    yield has_property("it is 0 or z, whichever is larger", cases=some, law=splits_z, shape="z")


def near_and_far(rng):
    """Numbers next to the corner and so large that a small step is lost."""
    yield dict(z=rng.uniform(1, 2, size=40) * rng.choice([-1.0, 1.0], size=40) * np.repeat([1e-9, 1e9], 20))


@exercise(points=1, returns=("slope",), array_like=True)
def relu_prime():
    """Derivative of the rectified linear unit at z."""
    yield from examples(explain=slide_relu_prime)
    yield agrees("random arrays of several shapes, also whole numbers", cases=values)
    yield gradient("it is the slope of relu, measured with a small step", of="relu", wrt=("z",), cases=some, upstream=None)
    yield has_property(
        "at exactly 0, a number from 0 to 1", cases=zeros_among_others, law=any_slope_at_the_corner, shape="z", share=0.75
    )
    yield within("exact next to the corner and far from it", cases=near_and_far, share=0.25)


@exercise(points=2, returns=("y",), array_like=True)
def softmax():
    """Softmax of each row."""
    yield from examples(explain=slide_exponentials)
    yield agrees("a batch of one row", cases=batches_of_one, share=2)
    yield agrees("random rows and batches", cases=rows)
    yield has_property(
        "rows add up to 1, and log(y_i / y_j) = z_i - z_j",
        cases=some_rows,
        law=probabilities_with_the_right_ratios,
        shape="z",
        share=0.25,
    )
    yield has_property(
        "finite when the numbers are near 1000 or -1000",
        cases=huge_rows,
        law=probabilities_with_the_right_ratios,
        shape="z",
        share=0.25,
    )
    yield has_property(
        "finite when the rows lie far apart", cases=rows_far_apart, law=probabilities_with_the_right_ratios, shape="z", share=0.25
    )
    yield agrees("every row has a maximum of its own", cases=rows_far_apart)


@exercise(points=1, returns=("J",), array_like=True)
def softmax_jacobian():
    """Jacobian of the softmax of one row."""
    yield from examples(explain=slide_jacobian)
    yield agrees("random rows", cases=single_rows)
    yield has_property(
        "its columns are slopes, measured with a small step",
        cases=short_rows,
        law=columns_are_slopes,
        shape=lambda case: 2 * case["z"].shape,
        share=0.75,
    )
    yield agrees("finite when the numbers are near 1000", cases=huge_row, share=0.5)
    yield raises(ValueError, "a batch is refused, even of one row", args={"z": np.array([[0.0, 1.0, 2.0]])})


def many_rows(rng):
    """A batch of many rows."""
    yield dict(dout=rng.normal(size=(600, 10)), z=rng.normal(size=(600, 10)))


def nearly_certain(rng):
    """Rows in which one number is so much larger that all slopes are tiny: differences of y have no digits left of them."""
    z = rng.uniform(-0.5, 0.5, size=(3, 4))
    z[np.arange(3), rng.integers(4, size=3)] += 20.0
    yield dict(dout=np.array([[1.0, -2.0, 3.0, 5.0]]) + rng.uniform(-0.2, 0.2, size=(3, 4)), z=z)


@exercise(points=1.5, returns=("dz",), array_like=True)
def softmax_backward():
    """Gradient sent back through the softmax."""
    yield from examples(explain=slide_backward)
    yield agrees("a batch of one row", cases=one_with_upstream, share=2)
    yield agrees("random batches", cases=with_upstream, share=0.75)
    yield gradient("it is the derivative of softmax", of="softmax", cases=with_upstream, n=2, share=0.5)
    yield agrees("finite when the numbers are near 1000 or -1000", cases=huge_with_upstream, share=1)
    yield raises(
        ValueError,
        "a dout of another shape than z is refused",
        args={"dout": np.array([1.0, 0.0, 2.0]), "z": np.array([[0.0, 1.0, 2.0], [1.0, 0.0, 3.0]])},
    )
    yield within(cases=many_rows, times=4)
    yield within("exact where one class is nearly certain", cases=nearly_certain, each=1e-6, share=0.25)
