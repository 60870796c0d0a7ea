"""The rubric of `optimizers`: ten points for gradient descent, mini-batches, L2 penalty, momentum and Adam."""

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

# Shapes of parameters with a rate. The first twice: a function that ignores its arrays gives the same there and earns nothing.
SIZED = [((3,), 0.3), ((3,), 0.3), ((2, 4), 0.45), ((1,), 0.08)]
STEP = 1e-5  # of the central differences: their error, about STEP², stays far below TOLERANCE
TOLERANCE = 1e-5  # leaves room for an answer computed in float32


# --- cases -----------------------------------------------------------------------------------------------------------------


def single(case):
    """The same arguments in single precision."""
    return {
        name: value.astype(np.float32) if isinstance(value, np.ndarray) and value.dtype == np.float64 else value
        for name, value in case.items()
    }


def steps(rng):
    """Parameters, a gradient and a rate; float32."""
    for shape, rate in SIZED:
        yield dict(theta=rng.normal(size=shape), gradient=rng.normal(scale=3, size=shape), rate=rate)
    yield single(dict(theta=rng.normal(size=4), gradient=rng.normal(size=4), rate=0.25))


def orders(rng):
    """Batches that divide the examples and batches that do not, of one example, of all, of more than all."""
    for count, batch_size in [(7, 3), (7, 3), (6, 2), (4, 1), (5, 5), (3, 8)]:
        yield dict(order=rng.permutation(count), batch_size=batch_size)


def epochs(rng):
    """A linear model with examples; batches as above; float32."""
    for count, batch_size, size in [(5, 2, 3), (5, 2, 3), (6, 3, 2), (3, 1, 1), (4, 7, 2)]:
        yield epoch(rng, count, batch_size, size)
    yield single(epoch(rng, 3, 2, 2))


def epoch(rng, count, batch_size, size):
    """The arguments of one epoch."""
    return dict(
        theta=rng.normal(size=size),
        xs=rng.normal(size=(count, size)),
        ys=rng.normal(size=count),
        rate=0.12 if count % 2 else 0.07,
        batch_size=batch_size,
        order=rng.permutation(count),
    )


def one_batch(rng):
    """All examples in one batch."""
    yield epoch(rng, 6, 6, 3)


def weights(rng):
    """Weights in a matrix, a vector, an array of three dimensions; float32."""
    for shape, reg in [((3, 2), 0.7), ((3, 2), 0.7), ((4,), 0.05), ((2, 1, 3), 1.8)]:
        yield dict(weights=rng.normal(size=shape), reg=reg)
    yield single(dict(weights=rng.normal(size=(2, 3)), reg=0.3))


def decays(rng):
    """Steps with a penalty."""
    for case in steps(rng):
        yield dict(**case, reg=0.9 - case["rate"])


def pushes(rng):
    """Steps with a velocity."""
    for shape, rate in SIZED:
        case = dict(theta=rng.normal(size=shape), velocity=rng.normal(size=shape), gradient=rng.normal(size=shape))
        yield dict(**case, rate=rate, momentum=0.97 - rate)
    yield single({name: rng.normal(size=2) for name in ("theta", "velocity", "gradient")}) | dict(rate=0.1, momentum=0.9)


def adam_state(rng, shape, t):
    """Parameters, a gradient and the running means that Adam may have before step t."""
    m, v = (np.zeros(shape), np.zeros(shape)) if t == 1 else (rng.normal(size=shape), rng.uniform(0.5, 4, size=shape))
    return dict(theta=rng.normal(size=shape), gradient=rng.normal(scale=2, size=shape), m=m, v=v, t=t)


def adam_steps(rng):
    """The first step, early ones and a late one, all with a rate that shows; float32."""
    for shape, t, rate in [((3,), 1, 0.2), ((3,), 1, 0.2), ((2, 4), 2, 0.4), ((1,), 7, 0.1), ((3,), 1000, 0.3)]:
        yield dict(**adam_state(rng, shape, t), rate=rate)
    yield single(dict(**adam_state(rng, (4,), 3), rate=0.2))


def adam_steps_with_other_constants(rng):
    """Every constant given, an epsilon that is not negligible among them; and every constant left to its default."""
    yield dict(**adam_state(rng, (3,), 2), rate=0.3, beta1=0.7, beta2=0.95, epsilon=0.2)
    yield dict(**adam_state(rng, (3,), 4)) | dict(theta=rng.uniform(-1, 1, size=3) * 1e-3)


def gradients_of_the_size_of_epsilon(rng):
    """The first step, with gradients around 1e-8 and the default epsilon."""
    yield dict(
        theta=rng.normal(size=2), gradient=rng.uniform(0.5, 2, size=2) * 1e-8, m=np.zeros(2), v=np.zeros(2), t=1, rate=0.25
    )


def first_steps_of_every_size(rng):
    """The first step, with gradients between 0.001 and 1000."""
    size = rng.permutation([1e-3, 1e-1, 1.0, 30.0, 1e3])
    zeros = np.zeros(5)
    yield dict(
        theta=rng.normal(size=5),
        gradient=size * rng.choice([-1.0, 1.0], size=5) * rng.uniform(0.5, 1, size=5),
        m=zeros,
        v=zeros,
        t=1,
        rate=0.25,
    )


def silent_gradients(rng):
    """Gradients that have always been 0, beside one that has not."""
    yield dict(
        theta=rng.normal(size=3),
        gradient=np.array([0.0, rng.uniform(0.5, 1), 0.0]),
        m=np.zeros(3),
        v=np.zeros(3),
        t=1,
        rate=0.1,
    )


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


def number(value):
    """A number for a person."""
    return f"{float(value):.4g}"


def first_difference(name, got, want, meaning):
    """None when both arrays agree, else a sentence about the worst element."""
    got = np.asarray(got, dtype=float)
    gap = np.abs(got - want)
    if gap.max() <= TOLERANCE * max(1.0, np.abs(want).max()):
        return None
    index = np.unravel_index(int(gap.argmax()), gap.shape)
    place = f"{name}[{','.join(str(int(i)) for i in index)}]"
    return _("{place} is {got}, but {meaning} is {want}").format(
        place=place, got=number(got[index]), meaning=meaning, want=number(want[index])
    )


def follows_the_mean_squared_error(case, results):
    """With one batch, the new theta is theta - rate * slope of the mean squared error."""
    theta = case["theta"]

    def error(point):
        return ((case["xs"] @ point - case["ys"]) ** 2).mean()

    slope = np.array([(error(theta + move) - error(theta - move)) / (2 * STEP) for move in STEP * np.eye(len(theta))])
    return first_difference("new_theta", results[0], theta - case["rate"] * slope, _("theta - rate * (measured slope)"))


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
    for place, slope in enumerate(case["gradient"]):
        if slope == 0 and not abs(moved[place]) <= TOLERANCE:
            return _("theta[{place}] has always had gradient 0 and moved by {moved}").format(
                place=place, moved=number(moved[place])
            )
        if slope != 0 and not abs(moved[place]) > TOLERANCE:
            return _("theta[{place}] has gradient {slope} and did not move").format(place=place, slope=number(slope))
    return None


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


def signed(value):
    """A factor: in brackets where it is negative."""
    return f"({number(value)})" if value < 0 else number(value)


def slide_step(inputs, result, index):
    """theta - rate * gradient."""
    theta, g, rate = inputs["theta"][index], inputs["gradient"][index], inputs["rate"]
    return f"{number(theta)} - {number(rate)}*{signed(g)} = {number(theta - rate * g)}"


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
        terms.append(f"{number(rate)}*{signed(slope[index[0]])}")
        theta = theta - rate * slope
    return f"{' - '.join(terms)} = {number(theta[index])}"


def slide_penalty(inputs, result, index):
    """reg/2 * sum of squares."""
    w, reg = inputs["weights"].ravel(), inputs["reg"]
    return f"{number(reg)}/2 * ({' + '.join(f'{signed(value)}²' for value in w)}) = {number(reg / 2 * (w**2).sum())}"


def slide_penalty_gradient(inputs, result, index):
    """reg * weight."""
    w, reg = inputs["weights"][index], inputs["reg"]
    return f"{number(reg)}*{signed(w)} = {number(reg * w)}"


def slide_decay(inputs, result, index):
    """theta - rate * (gradient + reg * theta)."""
    theta, g, rate, reg = inputs["theta"][index], inputs["gradient"][index], inputs["rate"], inputs["reg"]
    value = theta - rate * (g + reg * theta)
    return f"{number(theta)} - {number(rate)}*({number(g)} + {number(reg)}*{signed(theta)}) = {number(value)}"


def slide_momentum(inputs, result, index):
    """momentum * velocity - rate * gradient, or theta + that."""
    theta, before, g = (inputs[name][index] for name in ("theta", "velocity", "gradient"))
    rate, momentum = inputs["rate"], inputs["momentum"]
    velocity = momentum * before - rate * g
    if result == "new_theta":
        return f"{number(theta)} + {signed(velocity)} = {number(theta + velocity)}"
    return f"{number(momentum)}*{signed(before)} - {number(rate)}*{signed(g)} = {number(velocity)}"


def slide_adam(inputs, result, index):
    """A running mean, or theta - rate * m_hat / (sqrt(v_hat) + epsilon)."""
    theta, g, m, v = (inputs[name][index] for name in ("theta", "gradient", "m", "v"))
    beta1, beta2, epsilon = inputs.get("beta1", 0.9), inputs.get("beta2", 0.999), inputs.get("epsilon", 1e-8)
    new_m, new_v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
    if result == "new_m":
        return f"{number(beta1)}*{signed(m)} + {number(1 - beta1)}*{signed(g)} = {number(new_m)}"
    if result == "new_v":
        return f"{number(beta2)}*{number(v)} + {number(1 - beta2)}*{signed(g)}² = {number(new_v)}"
    m_hat, v_hat = new_m / (1 - beta1 ** inputs["t"]), new_v / (1 - beta2 ** inputs["t"])
    value = theta - inputs["rate"] * m_hat / (np.sqrt(v_hat) + epsilon)
    step = f"{number(inputs['rate'])}*{signed(m_hat)}/(sqrt({number(v_hat)}) + {number(epsilon)})"
    return f"{number(theta)} - {step} = {number(value)}"


def slide_rosenbrock(inputs, result, index):
    """(1 - x)² + 100 (y - x²)²."""
    x, y = inputs["theta"]
    return f"(1 - {signed(x)})² + 100*({number(y)} - {signed(x)}²)² = {number((1 - x) ** 2 + 100 * (y - x**2) ** 2)}"


def slide_rosenbrock_gradient(inputs, result, index):
    """One of the two derivatives."""
    x, y = inputs["theta"]
    inner = y - x**2
    if index[0] == 1:
        return f"200*({number(y)} - {signed(x)}²) = 200*{signed(inner)} = {number(200 * inner)}"
    value = -2 * (1 - x) - 400 * x * inner
    return f"-2*(1 - {signed(x)}) - 400*{signed(x)}*({number(y)} - {signed(x)}²) = {number(value)}"


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
    yield example("gradient-step", explain=slide_step)
    yield agrees("random parameters of any shape", cases=steps, n=5)
    yield unchanged("theta and gradient are left as they were", cases=steps, share=0.25)


@exercise(points=1, returns=("batches",), array_like=True)
def batch_indices():
    """Mini-batches from a permutation."""
    yield example("three-batches", explain=slide_batch)
    yield example("smaller-last-batch")
    yield agrees("every size of batch, with and without a smaller last one", cases=orders, n=6, share=2)
    yield raises(ValueError, "a batch of 0 examples is refused", args=dict(order=np.array([1, 0]), batch_size=0), share=0.25)


@exercise(points=1.5, returns=("new_theta",), array_like=True)
def sgd_epoch():
    """One epoch of mini-batch gradient descent."""
    yield example("epoch-one-by-one", explain=slide_epoch)
    yield example("epoch-smaller-last-batch", explain=slide_epoch)
    yield agrees("random linear models, every size of batch", cases=epochs, n=6, share=2)
    yield has_property(
        "one batch of all follows the slope of the mean squared error, measured with a small step",
        cases=one_batch,
        law=follows_the_mean_squared_error,
        n=1,
    )
    yield raises(
        ValueError,
        "a batch of 0 examples is refused",
        args=dict(theta=np.zeros(2), xs=np.eye(2), ys=np.ones(2), rate=0.1, batch_size=0, order=np.array([1, 0])),
        share=0.25,
    )
    yield unchanged("theta and the examples are left as they were", cases=epochs, share=0.25)


@exercise(points=0.5, returns=("penalty",), array_like=True)
def l2_penalty():
    """The L2 penalty."""
    yield example("l2-penalty", explain=slide_penalty)
    yield agrees("random weights of any shape", cases=weights, n=5)


@exercise(points=0.5, returns=("gradient",), array_like=True)
def l2_gradient():
    """The gradient of the L2 penalty."""
    yield example("l2-gradient", explain=slide_penalty_gradient)
    yield agrees("random weights of any shape", cases=weights, n=4)
    yield gradient("it is the derivative of l2_penalty", of="l2_penalty", wrt=("weights",), cases=weights, n=1, upstream=None)


@exercise(points=1, returns=("new_theta",), array_like=True)
def weight_decay_step():
    """A step with weight decay."""
    yield example("weight-decay", explain=slide_decay)
    yield agrees("random parameters of any shape", cases=decays, n=5)
    yield unchanged("theta and gradient are left as they were", cases=decays, share=0.25)


@exercise(points=1, returns=("new_theta", "new_velocity"), array_like=True)
def momentum_step():
    """A step with momentum."""
    yield example("momentum-step", explain=slide_momentum)
    yield agrees("random parameters and velocities", cases=pushes, n=5)
    yield unchanged("theta, velocity and gradient are left as they were", cases=pushes, share=0.25)


@exercise(points=2, returns=("new_theta", "new_m", "new_v"), array_like=True)
def adam_step():
    """A step of Adam, with the correction of both means."""
    yield example("adam-first-step", explain=slide_adam)
    yield example("adam-second-step", explain=slide_adam)
    yield example("adam-with-epsilon", explain=slide_adam, share=0.5)
    yield agrees("random states, early and late steps", cases=adam_steps, n=6, share=2)
    yield agrees("other constants, and the default ones", cases=adam_steps_with_other_constants, n=2, share=0.5)
    yield has_property(
        "the first step is as long as the rate, whatever the gradient",
        cases=first_steps_of_every_size,
        law=moves_by_the_rate,
        n=1,
    )
    yield has_property(
        "a parameter whose gradient has always been 0 stays", cases=silent_gradients, law=silent_parameters_stay, n=1, share=0.25
    )
    yield agrees("gradients as small as epsilon", cases=gradients_of_the_size_of_epsilon, n=1, share=0.25)
    yield unchanged("theta, gradient, m and v are left as they were", cases=adam_steps, share=0.25)


@exercise(points=0.5, returns=("value",), array_like=True)
def rosenbrock():
    """Rosenbrock's function."""
    yield example("rosenbrock-start", explain=slide_rosenbrock)
    yield agrees("random places", cases=places, n=4)


@exercise(points=0.5, returns=("gradient",), array_like=True)
def rosenbrock_gradient():
    """The gradient of Rosenbrock's function."""
    yield example("rosenbrock-slope", explain=slide_rosenbrock_gradient)
    yield agrees("random places", cases=places, n=4)
    yield gradient("it is the derivative of rosenbrock", of="rosenbrock", wrt=("theta",), cases=places, n=1, upstream=None)


@exercise(points=1, returns=("path",), array_like=True)
def minimise():
    """Whole runs: the path of an optimizer."""
    yield example("two-steps", explain=slide_path)
    yield example("two-steps-with-momentum")
    yield example("three-steps-of-adam")
    yield agrees("the first steps of every method on both functions", cases=short_runs, n=6, share=2)
    yield has_property(
        "gradient descent goes down the bowl, step by step, to its bottom", cases=bowl, law=arrives(1e-5, every_step=True), n=1
    )
    yield has_property("Adam finds its way through Rosenbrock's valley", cases=valley, law=arrives(0.02, every_step=False), n=1)
    yield raises(
        ValueError,
        "an unknown function is refused",
        args=dict(function="sphere", theta=np.ones(2), method="adam", rate=0.1, steps=1),
        share=0.25,
    )
    yield raises(
        ValueError,
        "an unknown method is refused",
        args=dict(function="quadratic", theta=np.ones(2), method="newton", rate=0.1, steps=1),
        share=0.25,
    )
