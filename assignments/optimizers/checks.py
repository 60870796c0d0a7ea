"""The rubric of `optimizers`: ten points for gradient descent, mini-batches, L2 penalty, momentum and Adam."""

import numpy as np

from grader.course.arithmetic import Writing
from grader.course.authoring import _, agrees, example, examples, exercise, gradient, has_property, hidden, policy, raises, within
from grader.course.cases import changed, normal, of_sizes, single
from grader.course.laws import NEAR, first_difference, slope

rules = policy()

# Shapes of parameters with a rate. The first twice: a function that ignores its arrays gives the same there and earns nothing.
SIZED = [((3,), 0.3), ((3,), 0.3), ((2, 4), 0.45), ((1,), 0.08)]

hand = Writing(digits=4)
number, term = hand.number, hand.term


# --- cases -----------------------------------------------------------------------------------------------------------------


def steps(rng):
    """Parameters, a gradient and a rate; float32."""
    for shape, rate in SIZED:
        yield dict(theta=rng.normal(size=shape), gradient=rng.normal(scale=3, size=shape), rate=rate)
    yield single(dict(theta=rng.normal(size=4), gradient=rng.normal(size=4), rate=0.25))


def orders(rng):
    """Batches that divide the examples and batches that do not, of one example, of all, of more than all."""
    for count, batch_size in [(7, 3), (7, 3), (6, 2), (4, 1), (5, 5), (3, 8)]:
        yield dict(order=rng.permutation(count), batch_size=batch_size)


def epoch(rng, count, batch_size, size):
    """The arguments of one epoch of a linear model."""
    model = normal(rng, theta=size, xs=(count, size), ys=count)
    return dict(**model, rate=0.12 if count % 2 else 0.07, batch_size=batch_size, order=rng.permutation(count))


# Batches as above; float32. Then all examples in one batch.
epochs = of_sizes(epoch, (5, 2, 3), (5, 2, 3), (6, 3, 2), (3, 1, 1), (4, 7, 2), in_single=(3, 2, 2))
one_batch = of_sizes(epoch, (6, 6, 3))
weights = of_sizes(
    lambda rng, shape, reg: dict(weights=rng.normal(size=shape), reg=reg),
    *[((3, 2), 0.7), ((3, 2), 0.7), ((4,), 0.05), ((2, 1, 3), 1.8)],
    in_single=((2, 3), 0.3),
)
decays = changed(steps, lambda case: dict(**case, reg=0.9 - case["rate"]))


def push(rng, shape, rate, momentum):
    """A step with a velocity."""
    return dict(**normal(rng, theta=shape, velocity=shape, gradient=shape), rate=rate, momentum=momentum)


pushes = of_sizes(push, *((shape, rate, 0.97 - rate) for shape, rate in SIZED), in_single=(2, 0.1, 0.9))


def adam_state(rng, shape, t):
    """Parameters, a gradient and the running means that Adam may have before step t."""
    m, v = (np.zeros(shape), np.zeros(shape)) if t == 1 else (rng.normal(size=shape), rng.uniform(0.5, 4, size=shape))
    return dict(theta=rng.normal(size=shape), gradient=rng.normal(scale=2, size=shape), m=m, v=v, t=t)


def adam_step_with(rng, shape, t, rate):
    """The same with a rate that shows."""
    return dict(**adam_state(rng, shape, t), rate=rate)


# The first step, early ones and a late one; float32.
adam_steps = of_sizes(
    adam_step_with, ((3,), 1, 0.2), ((3,), 1, 0.2), ((2, 4), 2, 0.4), ((1,), 7, 0.1), ((3,), 1000, 0.3), in_single=((4,), 3, 0.2)
)


def adam_steps_with_other_constants(rng):
    """Every constant given, an epsilon that is not negligible among them; and every constant left to its default."""
    yield dict(**adam_state(rng, (3,), 2), rate=0.3, beta1=0.7, beta2=0.95, epsilon=0.2)
    yield dict(**adam_state(rng, (3,), 4)) | dict(theta=rng.uniform(-1, 1, size=3) * 1e-3)


def first_step(theta, gradient, rate):
    """The arguments of Adam's first step."""
    return dict(theta=theta, gradient=gradient, m=np.zeros(len(theta)), v=np.zeros(len(theta)), t=1, rate=rate)


def small_gradients(rng):
    """Gradients so small that the default epsilon shows, but not so small that v drowns in rounding."""
    m, v, gradient = (rng.uniform(0.5, 2, size=2) * size for size in (1e-4, 1e-8, 1e-4))
    yield dict(theta=rng.normal(size=2), gradient=gradient, m=m, v=v, t=5, rate=0.25)


def first_steps_of_every_size(rng):
    """The first step, with gradients between 0.001 and 1000."""
    size = rng.permutation([1e-3, 1e-1, 1.0, 30.0, 1e3])
    yield first_step(rng.normal(size=5), size * rng.choice([-1.0, 1.0], size=5) * rng.uniform(0.5, 1, size=5), 0.25)


def silent_gradients(rng):
    """Gradients that have always been 0, beside one that has not."""
    yield first_step(rng.normal(size=3), np.array([0.0, rng.uniform(0.5, 1), 0.0]), 0.1)


def places(rng):
    """Places in the valley and beside it."""
    for x, y in [(-1.0, 2.0), (0.5, -0.5), (1.5, 1.0)]:
        yield dict(theta=np.array([x, y]) + rng.uniform(-0.4, 0.4, size=2))
    yield single(dict(theta=rng.normal(size=2)))


def short_runs(rng):
    """A few steps of every method on both functions."""
    for function, method, rate, count in [
        ("quadratic", "gradient_descent", 0.05, 1),
        ("quadratic", "momentum", 0.05, 4),
        ("quadratic", "adam", 0.3, 4),
        ("rosenbrock", "gradient_descent", 0.0005, 3),
        ("rosenbrock", "momentum", 0.0005, 4),
        ("rosenbrock", "adam", 0.1, 5),
    ]:
        yield dict(function=function, theta=start(rng), method=method, rate=rate, steps=count)


def start(rng):
    """Near the place where runs in Rosenbrock's valley begin."""
    return np.array([-1.2, 1.0]) + rng.uniform(-0.2, 0.2, size=2)


def bowl(rng):
    """A whole run of gradient descent on the quadratic function."""
    yield dict(function="quadratic", theta=5 * start(rng), method="gradient_descent", rate=0.15, steps=60)


def valley(rng):
    """A whole run of Adam in Rosenbrock's valley."""
    yield dict(function="rosenbrock", theta=start(rng), method="adam", rate=0.2, steps=400)


# --- what must hold ----------------------------------------------------------------------------------------------------------


@hidden
def follows_the_mean_squared_error(case, results):
    """With one batch, the new theta is theta - rate * slope of the mean squared error."""
    theta = case["theta"]

    def error(point):
        return ((case["xs"] @ point - case["ys"]) ** 2).mean()

    want = theta - case["rate"] * slope(error, theta)
    return first_difference("new_theta", results[0], want, _("theta - rate * (measured slope)"), write=number)


def moves_by_the_rate(case, results):
    """In the first step every number moves by the rate, against the sign of its gradient."""
    moved = np.asarray(results[0][0], dtype=float) - case["theta"]
    want = -case["rate"] * np.sign(case["gradient"])
    worst = int(np.abs(moved - want).argmax())
    if abs(moved[worst] - want[worst]) <= 1e-3 * case["rate"]:
        return None
    return _("theta[{place}] has gradient {slope} and moved by {moved}; in the first step it should move by {want}").format(
        place=worst, slope=number(case["gradient"][worst]), moved=number(moved[worst]), want=number(want[worst])
    )


def silent_parameters_stay(case, results):
    """Where the gradient has always been 0 nothing moves; elsewhere something does."""
    moved = np.asarray(results[0][0], dtype=float) - case["theta"]
    for place, along in enumerate(case["gradient"]):
        if along == 0 and not abs(moved[place]) <= NEAR:
            return _("theta[{place}] has always had gradient 0 and moved by {moved}").format(
                place=place, moved=number(moved[place])
            )
        if along != 0 and not abs(moved[place]) > NEAR:
            return _("theta[{place}] has gradient {slope} and did not move").format(place=place, slope=number(along))
    return None


@hidden
def height(function, theta):
    """The value of the function at a place."""
    x, y = (float(value) for value in theta)
    return 0.5 * (x**2 + 10 * y**2) if function == "quadratic" else (1 - x) ** 2 + 100 * (y - x**2) ** 2


def arrives(share, every_step):
    """A law: the run begins at the start and ends below `share` of its height; in `every_step` it goes down."""

    def law(case, results):
        path, function = np.asarray(results[0], dtype=float), case["function"]
        if not np.allclose(path[0], case["theta"], rtol=1e-4, atol=0):
            return _("row 0 of the path should be the theta that was given")
        heights = [height(function, place) for place in path]
        if every_step:
            for k in range(1, len(heights)):
                if not heights[k] < heights[k - 1]:
                    return _("step {k} goes from {before} up to {after}; with this rate every step leads down").format(
                        k=k, before=number(heights[k - 1]), after=number(heights[k])
                    )
        if not heights[-1] <= share * heights[0]:
            return _("{function} was {before} at the start and is {after} after {steps} steps; it should be below {want}").format(
                function=function,
                before=number(heights[0]),
                after=number(heights[-1]),
                steps=case["steps"],
                want=number(share * heights[0]),
            )
        return None

    return law


# --- the arithmetic of the examples ------------------------------------------------------------------------------------------


def slide_step(inputs, result, index):
    """theta - rate * gradient."""
    theta, g, rate = inputs["theta"][index], inputs["gradient"][index], inputs["rate"]
    return f"{number(theta)} - {number(rate)}*{term(g)} = {number(theta - rate * g)}"


def slide_batch(inputs, result, index):
    """Which place of order it is."""
    place = index[0] * inputs["batch_size"] + index[1]
    return f"order[{place}] = {inputs['order'][place]}"


def slide_epoch(inputs, result, index):
    """theta less rate * gradient of each batch."""
    theta, rate = np.array(inputs["theta"], dtype=float), inputs["rate"]
    order, size, terms = inputs["order"].astype(int), inputs["batch_size"], [number(inputs["theta"][index])]
    for start in range(0, len(order), size):
        batch = order[start : start + size]
        x, error = inputs["xs"][batch], inputs["xs"][batch] @ theta - inputs["ys"][batch]
        slope = 2 * (error @ x) / len(batch)
        terms.append(f"{number(rate)}*{term(slope[index[0]])}")
        theta = theta - rate * slope
    return f"{' - '.join(terms)} = {number(theta[index])}"


def slide_penalty(inputs, result, index):
    """reg/2 * sum of squares."""
    w, reg = inputs["weights"].ravel(), inputs["reg"]
    return f"{number(reg)}/2 * ({' + '.join(f'{term(value)}²' for value in w)}) = {number(reg / 2 * (w**2).sum())}"


def slide_penalty_gradient(inputs, result, index):
    """reg * weight."""
    w, reg = inputs["weights"][index], inputs["reg"]
    return f"{number(reg)}*{term(w)} = {number(reg * w)}"


def slide_decay(inputs, result, index):
    """theta - rate * (gradient + reg * theta)."""
    theta, g, rate, reg = inputs["theta"][index], inputs["gradient"][index], inputs["rate"], inputs["reg"]
    value = theta - rate * (g + reg * theta)
    return f"{number(theta)} - {number(rate)}*({number(g)} + {number(reg)}*{term(theta)}) = {number(value)}"


def slide_momentum(inputs, result, index):
    """momentum * velocity - rate * gradient, or theta + that."""
    theta, before, g = (inputs[name][index] for name in ("theta", "velocity", "gradient"))
    rate, momentum = inputs["rate"], inputs["momentum"]
    velocity = momentum * before - rate * g
    if result == "new_theta":
        return f"{number(theta)} + {term(velocity)} = {number(theta + velocity)}"
    return f"{number(momentum)}*{term(before)} - {number(rate)}*{term(g)} = {number(velocity)}"


def slide_adam(inputs, result, index):
    """A running mean, or theta - rate * m_hat / (sqrt(v_hat) + epsilon)."""
    theta, g, m, v = (inputs[name][index] for name in ("theta", "gradient", "m", "v"))
    beta1, beta2, epsilon = inputs.get("beta1", 0.9), inputs.get("beta2", 0.999), inputs.get("epsilon", 1e-8)
    new_m, new_v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
    if result == "new_m":
        return f"{number(beta1)}*{term(m)} + {number(1 - beta1)}*{term(g)} = {number(new_m)}"
    if result == "new_v":
        return f"{number(beta2)}*{number(v)} + {number(1 - beta2)}*{term(g)}² = {number(new_v)}"
    m_hat, v_hat = new_m / (1 - beta1 ** inputs["t"]), new_v / (1 - beta2 ** inputs["t"])
    value = theta - inputs["rate"] * m_hat / (np.sqrt(v_hat) + epsilon)
    step = f"{number(inputs['rate'])}*{term(m_hat)}/(sqrt({number(v_hat)}) + {number(epsilon)})"
    return f"{number(theta)} - {step} = {number(value)}"


def slide_rosenbrock(inputs, result, index):
    """(1 - x)² + 100 (y - x²)²."""
    x, y = inputs["theta"]
    return f"(1 - {term(x)})² + 100*({number(y)} - {term(x)}²)² = {number((1 - x) ** 2 + 100 * (y - x**2) ** 2)}"


def slide_rosenbrock_gradient(inputs, result, index):
    """One of the two derivatives."""
    x, y = inputs["theta"]
    inner = y - x**2
    if index[0] == 1:
        return f"200*({number(y)} - {term(x)}²) = 200*{term(inner)} = {number(200 * inner)}"
    value = -2 * (1 - x) - 400 * x * inner
    return f"-2*(1 - {term(x)}) - 400*{term(x)}*({number(y)} - {term(x)}²) = {number(value)}"


def slide_path(inputs, result, index):
    """The start, or the place before minus rate * gradient."""
    k, place = index
    before = inputs["theta"]
    if k == 0:
        return f"theta[{place}] = {number(before[place])}"
    for _step in range(k - 1):
        before = before - inputs["rate"] * before * np.array([1, 10])
    g = before * np.array([1, 10])
    return slide_step({"theta": before, "gradient": g, "rate": inputs["rate"]}, result, (place,))


# --- the exercises -----------------------------------------------------------------------------------------------------------


@exercise(points=0.5, returns=("new_theta",), array_like=True)
def gradient_step():
    """A step of gradient descent."""
    yield from examples(explain=slide_step)
    yield agrees("random parameters of any shape", cases=steps)


@exercise(points=1, returns=("batches",), array_like=True)
def batch_indices():
    """Mini-batches from a permutation."""
    yield from examples(explain=slide_batch)
    yield example("smaller-last-batch")
    yield agrees("every size of batch, with and without a smaller last one", cases=orders, share=2)
    yield raises(ValueError, "a batch of 0 examples is refused", args=dict(order=np.array([1, 0]), batch_size=0))


@exercise(points=1.5, returns=("new_theta",), array_like=True)
def sgd_epoch():
    """One epoch of mini-batch gradient descent."""
    yield from examples(explain=slide_epoch)
    yield agrees("all examples in one batch", cases=one_batch, share=1.5)
    yield agrees("random linear models, every size of batch", cases=epochs, share=1.25)
    yield has_property(
        "one batch of all follows the slope of the mean squared error, measured with a small step",
        cases=one_batch,
        law=follows_the_mean_squared_error,
        share=0.75,
    )
    yield raises(
        ValueError,
        "a batch of 0 examples is refused",
        args=dict(theta=np.zeros(2), xs=np.eye(2), ys=np.ones(2), rate=0.1, batch_size=0, order=np.array([1, 0])),
    )


@exercise(points=0.5, returns=("penalty",), array_like=True)
def l2_penalty():
    """The L2 penalty."""
    yield from examples(explain=slide_penalty)
    yield agrees("random weights of any shape", cases=weights)


def many_weights(rng):
    """Very many weights."""
    yield dict(weights=rng.normal(size=(150, 200)), reg=0.3)


@exercise(points=0.5, returns=("gradient",), array_like=True)
def l2_gradient():
    """The gradient of the L2 penalty."""
    yield from examples(explain=slide_penalty_gradient)
    yield agrees("random weights of any shape", cases=weights, n=4)
    yield gradient("it is the derivative of l2_penalty", of="l2_penalty", wrt=("weights",), cases=weights, n=1, upstream=None)
    yield within(cases=many_weights, times=50)


@exercise(points=1, returns=("new_theta",), array_like=True)
def weight_decay_step():
    """A step with weight decay."""
    yield from examples(explain=slide_decay)
    yield agrees("random parameters of any shape", cases=decays)


@exercise(points=1, returns=("new_theta", "new_velocity"), array_like=True)
def momentum_step():
    """A step with momentum."""
    yield from examples(explain=slide_momentum)
    yield agrees("random parameters and velocities", cases=pushes)


@exercise(points=2, returns=("new_theta", "new_m", "new_v"), array_like=True)
def adam_step():
    """A step of Adam, with the correction of both means."""
    yield from examples(explain=slide_adam)
    yield agrees("random states, early and late steps", cases=adam_steps, share=1.5)
    yield agrees("other constants, and the default ones", cases=adam_steps_with_other_constants, share=1.25)
    yield has_property(
        "the first step is as long as the rate, whatever the gradient",
        cases=first_steps_of_every_size,
        law=moves_by_the_rate,
        shape=lambda case: 3 * [case["theta"].shape],
        share=0.5,
    )
    yield has_property(
        "a parameter whose gradient has always been 0 stays",
        cases=silent_gradients,
        law=silent_parameters_stay,
        shape=lambda case: 3 * [case["theta"].shape],
        share=0.5,
    )
    yield agrees("gradients so small that epsilon counts", cases=small_gradients, share=0.5)


@exercise(points=0.5, returns=("value",), array_like=True)
def rosenbrock():
    """Rosenbrock's function."""
    yield from examples(explain=slide_rosenbrock)
    yield agrees("random places", cases=places)


def next_to_the_lowest_point(rng):
    """A place so near to the lowest point that a small step goes past it."""
    x = 1 + float(rng.integers(2, 9)) * 2.0**-22
    yield dict(theta=np.array([x, x * x + 2.0**-30]))


def far_up_the_valley(rng):
    """A place where the function is large and its slope is not: differences lose their digits, whatever their order."""
    x = float(rng.integers(2000, 4000))
    yield dict(theta=np.array([x, x * x + rng.uniform(1, 2)]))


@exercise(points=0.5, returns=("gradient",), array_like=True)
def rosenbrock_gradient():
    """The gradient of Rosenbrock's function."""
    yield from examples(explain=slide_rosenbrock_gradient)
    yield agrees("random places", cases=places)
    yield gradient("it is the derivative of rosenbrock", of="rosenbrock", wrt=("theta",), cases=places, n=1, upstream=None)
    yield within("exact next to the lowest point", cases=next_to_the_lowest_point, each=1e-5, share=0.25)
    yield within("exact far up the valley", cases=far_up_the_valley, each=1e-8, share=0.25)


@exercise(points=1, returns=("path",), array_like=True)
def minimise():
    """Whole runs: the path of an optimizer."""
    yield example("two-steps", explain=slide_path)
    yield from examples()
    yield agrees("the first steps of every method on both functions", cases=short_runs, share=2)
    yield has_property(
        "gradient descent goes down the bowl, step by step, to its bottom",
        cases=bowl,
        law=arrives(1e-5, every_step=True),
        shape=lambda case: (case["steps"] + 1, len(case["theta"])),
    )
    yield has_property(
        "Adam finds its way through Rosenbrock's valley",
        cases=valley,
        law=arrives(0.02, every_step=False),
        shape=lambda case: (case["steps"] + 1, len(case["theta"])),
    )
    yield raises(
        ValueError,
        "an unknown function is refused",
        args=dict(function="sphere", theta=np.ones(2), method="adam", rate=0.1, steps=1),
    )
    yield raises(
        ValueError,
        "an unknown method is refused",
        args=dict(function="quadratic", theta=np.ones(2), method="newton", rate=0.1, steps=1),
    )
