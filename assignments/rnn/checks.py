"""The rubric of `rnn`: a recurrent cell, its gradients through time, and the next value of a series."""

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
from grader.course.cases import changed, normal, of_sizes, ones, with_upstream

rules = policy()

NEAR = 1e-4  # of numbers of about 1, leaves room for an answer computed in float32
CLEARLY = 1e-3  # hidden states lie between -1 and 1: a smaller move is not a sign that an input is used
PERSISTENCE = 0.4  # of the error of «the next value is the last one»; training as stated comes to about 0.1

hand = Writing(decimals=4)
number, total, products = hand.number, hand.total, hand.products


# --- cases -----------------------------------------------------------------------------------------------------------------


def cell(rng, inputs, units):
    """The weights of a cell, small enough that tanh is not flat."""
    return normal(rng, 0.6, wx=(inputs, units), wh=(units, units), b=units)


def one_step(rng, batch, inputs, units):
    """The arguments of rnn_step."""
    return dict(x=rng.normal(size=(batch, inputs)), h_prev=rng.uniform(-1, 1, size=(batch, units)), **cell(rng, inputs, units))


def sequences(rng, batch, steps, inputs, units):
    """The arguments of rnn_forward."""
    x, h0 = rng.normal(size=(batch, steps, inputs)), rng.uniform(-1, 1, size=(batch, units))
    return dict(x=x, h0=h0, **cell(rng, inputs, units))


# Batches of every kind, one of them square, one in single precision; then sequences of several lengths, numbers of sequences, inputs
# and units, one of a single step.
steps = of_sizes(one_step, (2, 3, 4), (1, 2, 5), (3, 3, 3), in_single=(2, 4, 3))
many_sequences = of_sizes(sequences, (2, 4, 3, 5), (3, 2, 1, 4), (1, 5, 2, 3), (4, 1, 3, 2), in_single=(3, 3, 2, 2))


def from_nothing(case):
    """The same case with an initial state and biases that are 0."""
    return {name: np.zeros_like(value) if name in ("h_prev", "h0", "b", "by") else value for name, value in case.items()}


first_steps = changed(of_sizes(one_step, (2, 3, 4), (3, 1, 2)), from_nothing)
first_sequences = changed(of_sizes(sequences, (2, 4, 3, 5), (3, 3, 1, 2)), from_nothing)
single_steps_backward = with_upstream(
    changed(of_sizes(sequences, (2, 1, 3, 5), (3, 1, 1, 2)), from_nothing),
    lambda case: (*case["x"].shape[:2], len(case["b"])),
    "dh",
)
steps_backward = with_upstream(steps, lambda case: case["h_prev"].shape, "dh")
sequences_backward = with_upstream(many_sequences, lambda case: (*case["x"].shape[:2], len(case["b"])), "dh")


def step_by_step(rng):
    """Two steps one by one, then the sequence of both."""
    x, h0, wx, wh, b = sequences(rng, 3, 2, 2, 4).values()
    yield [
        call("rnn_step", x[:, 0], h0, wx, wh, b, save="first"),
        call("rnn_step", x[:, 1], ref("first"), wx, wh, b),
        call("rnn_forward", x, h0, wx, wh, b),
    ]


def changed_in_the_middle(rng):
    """The same sequences twice; in the second call, the input of one step in the middle is another."""
    case, step = sequences(rng, 2, 5, 2, 3), 2
    x = case["x"].copy()
    x[:, step] += rng.choice([-1.0, 1.0], size=x[:, step].shape)
    yield [case, dict(case, x=x)]


def tiny_step_backward(rng):
    """A step with few numbers."""
    yield dict(dh=rng.normal(size=(3, 2)), **one_step(rng, 3, 1, 2))


def tiny_sequences_backward(rng):
    """Three time steps with few numbers."""
    yield dict(dh=rng.normal(size=(2, 3, 2)), **sequences(rng, 2, 3, 1, 2))


def long_gradients(rng):
    """Lists of gradients that are longer than the limit, though no number of theirs need be."""
    yield dict(gradients=[rng.normal(size=(2, 3)), rng.normal(size=4)], limit=0.7)
    yield dict(gradients=[rng.normal(scale=50, size=5), rng.normal(size=(1, 2)), rng.normal(size=(2, 2))], limit=3.0)
    yield dict(gradients=[rng.uniform(0.5, 0.9, size=(3, 2))], limit=1.0)


def short_gradients(rng):
    """Gradients that are not longer than the limit, and gradients of 0."""
    yield dict(gradients=[rng.uniform(-0.5, 0.5, size=(2, 2)), rng.uniform(-0.5, 0.5, size=3)], limit=5.0)
    yield dict(gradients=[np.zeros((2, 2)), np.zeros(3)], limit=0.5)


def series(rng):
    """Series of several lengths; the last has a single window."""
    for count, length in [(9, 4), (6, 1), (5, 4)]:
        yield dict(series=rng.normal(size=count), length=length)


def with_readout(rng, batch, steps, inputs, units, outputs):
    """The arguments of predict."""
    case = sequences(rng, batch, steps, inputs, units)
    del case["h0"]
    return dict(case, wy=rng.normal(size=(units, outputs)), by=rng.normal(size=outputs))


# Networks with one and with several numbers to predict.
networks = of_sizes(with_readout, (3, 4, 1, 5, 1), (2, 5, 3, 4, 2), (1, 2, 2, 3, 4), in_single=(2, 3, 1, 2, 3))
networks_without_bias = changed(of_sizes(with_readout, (3, 4, 1, 5, 1), (2, 3, 2, 2, 2)), from_nothing)
moved_readout = changed(
    of_sizes(with_readout, (3, 4, 1, 2, 2)), lambda case: [case, dict(case, by=case["by"] + np.array([1.0, -2.0]))]
)


def with_targets(rng, *sizes):
    """The arguments of series_gradients: what the network should have predicted stands after x."""
    case = with_readout(rng, *sizes)
    return {"x": case["x"], "y": rng.normal(size=(len(case["x"]), len(case["by"]))), **case}


tiny_network = of_sizes(with_targets, (2, 3, 1, 2, 2))
networks_with_targets = of_sizes(with_targets, (3, 4, 1, 5, 1), (2, 5, 3, 4, 2), (1, 2, 2, 3, 4), in_single=(2, 3, 1, 2, 3))


def training(rng, sizes, rate, epochs, limit):
    """The arguments of train."""
    x, y, *weights = with_targets(rng, *sizes).values()
    return dict(x=x, y=y, weights=weights, rate=rate, epochs=epochs, limit=limit)


# One and several epochs, with steps that are clipped and steps that are not; single precision. Then no epoch at all.
short_training = of_sizes(
    training,
    *[((3, 4, 1, 2, 1), 0.1, 1, 100.0), ((2, 3, 2, 3, 2), 0.2, 3, 100.0), ((3, 5, 1, 2, 1), 0.3, 4, 0.3)],
    in_single=((2, 3, 1, 3, 2), 0.1, 2, 0.5),
)
no_training = of_sizes(training, ((2, 3, 1, 2, 1), 0.1, 0, 1.0))


def noisy_sine(rng):
    """The first sixty windows of a sine with noise, and small random weights."""
    course = wave(rng)
    length, units, count = 8, 6, 60
    x = np.lib.stride_tricks.sliding_window_view(course, length)[:count, :, None].copy()
    weights = [
        rng.normal(scale=0.5, size=(1, units)),
        rng.normal(scale=0.2, size=(units, units)),
        np.zeros(units),
        rng.normal(scale=0.2, size=(units, 1)),
        np.zeros(1),
    ]
    yield dict(x=x, y=course[length : length + count, None].copy(), weights=weights, rate=0.3, epochs=50, limit=0.3)


def wave(rng):
    """A sine of period 12 with noise."""
    return np.sin(2 * np.pi * (np.arange(108) / 12 + rng.uniform())) + rng.normal(scale=0.1, size=108)


# --- what must hold ----------------------------------------------------------------------------------------------------------


def is_your_steps(case, results):
    """h[:, t] is what the step t returned."""
    for t in range(2):
        gap = np.abs(np.asarray(results[2])[:, t] - np.asarray(results[t]))
        if gap.max() > NEAR:
            n, j = (int(place) for place in np.unravel_index(int(gap.argmax()), gap.shape))
            return _("h[{n},{t},{j}] is {got}, but your rnn_step, called step by step from h0, gives {want}").format(
                n=n, t=t, j=j, got=number(results[2][n][t][j]), want=number(results[t][n][j])
            )
    return None


def one_epoch(rng):
    """The gradients, clipped, then a training of one epoch."""
    case = training(rng, (3, 4, 1, 2, 2), 0.3, 1, 0.5)
    yield [
        call("series_gradients", case["x"], case["y"], *case["weights"], save="gradients"),
        call("clip_by_norm", [ref("gradients", item) for item in range(5)], case["limit"]),
        call("train", *case.values()),
    ]


def is_your_step(case, results):
    """Each new weight is the old one minus rate times its clipped gradient."""
    _gradients, clipped, (weights, _losses) = results
    old, rate = case[2].args[2:4]
    for name, new, before, slope in zip(("wx", "wh", "b", "wy", "by"), weights, old, clipped, strict=True):
        gap = np.abs(np.asarray(new) - (before - rate * np.asarray(slope)))
        if gap.max() > NEAR:
            return _(
                "after one epoch {name} should be {name} - rate * its gradient from your series_gradients, clipped by your clip_by_norm"
            ).format(name=name)
    return None


def time_flows_forward(cases, results):
    """An input changes the states from its step on, to the last one, and none before."""
    step = int(np.flatnonzero((cases[0]["x"] != cases[1]["x"]).any(axis=(0, 2)))[0])
    moved = np.abs(np.asarray(results[1]) - np.asarray(results[0])).max(axis=(0, 2))
    if moved[:step].max() > 0:
        return _("another input at step {step} changed an earlier state").format(step=step)
    for t in range(step, len(moved)):
        if not moved[t] > CLEARLY:
            return _("another input at step {step} should also change the state of step {t}: it is carried on").format(
                step=step, t=t
            )
    return None


def shortened_in_their_direction(case, results):
    """The result points where the gradients point, and is as long as allowed."""
    before = np.concatenate([gradient.ravel() for gradient in case["gradients"]])
    after = np.concatenate([np.ravel(gradient) for gradient in results[0]])
    wanted = min(np.linalg.norm(before), case["limit"])
    if not abs(np.linalg.norm(after) - wanted) <= 1e-4 * wanted:
        return _("together the gradients should have the norm {wanted}, but it is {norm}").format(
            wanted=number(wanted), norm=number(np.linalg.norm(after))
        )
    if not np.abs(after - before * (wanted / np.linalg.norm(before))).max() <= 1e-4 * wanted:
        return _("the direction changed: every number is to be multiplied by the same factor")
    return None


def targets_come_next(case, results):
    """The target of a window is the last value of the next window."""
    x, y = (np.asarray(result) for result in results[0])
    if not np.allclose(x[0, :, 0], case["series"][: case["length"]]):
        return _("the first window should hold the first {length} values of the series").format(length=case["length"])
    if not np.allclose(x[1:, -1], y[:-1]):
        return _("the target of a window should be the last value of the next window")
    return None if np.allclose(y[-1, 0], case["series"][-1]) else _("the last target should be the last value of the series")


def readout_is_linear(cases, results):
    """What is added to by is added to every prediction."""
    added = cases[1]["by"] - cases[0]["by"]
    moved = np.asarray(results[1]) - np.asarray(results[0])
    if np.abs(moved - added).max() <= 1e-5:
        return None
    return _("when by grows by d, every prediction should grow by d")


@hidden
def states(x, h0, wx, wh, b):
    """The hidden states of all steps, to see what trained weights predict."""
    found = [h0]
    for t in range(x.shape[1]):
        found.append(np.tanh(x[:, t] @ wx + found[-1] @ wh + b))
    return found[1:]


def error_of(weights, x, y):
    """The mean squared error of a network with these weights."""
    wx, wh, b, wy, by = (np.asarray(weight, dtype=np.float64) for weight in weights)
    return float(np.mean((states(x, np.zeros((len(x), len(wh))), wx, wh, b)[-1] @ wy + by - y) ** 2))


def beats_persistence(case, results):
    """The trained network predicts a new noisy sine better than «the next value is the last one», and its losses tell its errors."""
    weights, losses = results[0]
    course = wave(np.random.default_rng(12))
    length = case["x"].shape[1]
    x = np.lib.stride_tricks.sliding_window_view(course, length)[:-1, :, None]
    y = course[length:, None]
    error, naive = error_of(weights, x, y), float(np.mean((x[:, -1] - y) ** 2))
    if not error <= PERSISTENCE * naive:
        return _(
            "on a new noisy sine its error is {error}; «the next value is the last one» has {naive}, so yours should be below {wanted}"
        ).format(error=number(error), naive=number(naive), wanted=number(PERSISTENCE * naive))
    first = error_of(case["weights"], case["x"], case["y"])
    if not abs(float(losses[0]) - first) <= 1e-3 * first:
        return _("losses[0] should be the loss of the given weights, {first}, but it is {got}").format(
            first=number(first), got=number(losses[0])
        )
    return (
        None
        if losses[-1] < first / 2
        else _("the loss should fall from epoch to epoch; it is {last} in the end").format(last=number(losses[-1]))
    )


# --- the arithmetic of the examples ------------------------------------------------------------------------------------------


def sum_of_step(inputs, result, index):
    """tanh of a sum of products."""
    n, j = index
    wx, wh, b = inputs["wx"][:, j], inputs["wh"][:, j], inputs["b"][j]
    terms = products([*inputs["x"][n], *inputs["h_prev"][n]], [*wx, *wh])
    z = inputs["x"][n] @ wx + inputs["h_prev"][n] @ wh + b
    return f"tanh({terms} + {number(b)}) = tanh({number(z)}) = {number(np.tanh(z))}"


def sum_of_forward(inputs, result, index):
    """The step t of a sequence, with the state before it."""
    n, t, j = index
    earlier = [inputs["h0"], *states(**inputs)][t]
    return sum_of_step(dict(inputs, x=inputs["x"][:, t], h_prev=earlier), result, (n, j))


def plain(inputs):
    """The numbers of an example with a single hidden unit: over time x, the states before and after, what is carried back, and ds."""
    dh, start = inputs["dh"].ravel(), inputs["h0"].item()
    h = [state.item() for state in states(inputs["x"], *(inputs[name] for name in ("h0", "wx", "wh", "b")))]
    carried, ds = [0.0] * (len(h) + 1), [0.0] * len(h)
    for t in range(len(h) - 1, -1, -1):
        ds[t] = (dh[t] + carried[t + 1]) * (1 - h[t] ** 2)
        carried[t] = ds[t] * inputs["wh"].item()
    return inputs["x"].ravel(), [start, *h[:-1]], h, carried[1:], ds


def sum_through_time(inputs, result, index):
    """One gradient of a single hidden unit."""
    x, before, h, carried, ds = plain(inputs)
    if result == "db":
        upstream = zip(inputs["dh"].ravel(), carried, h, strict=True)
        terms = [f"({number(g)} + {number(back)})*(1 - {number(state)}^2)" for g, back, state in upstream]
        sums = f"{total(ds)} = " if len(ds) > 1 else ""
        return f"{' + '.join(terms)} = {sums}{number(sum(ds))}"
    wx, wh = inputs["wx"].item(), inputs["wh"].item()
    met, by = {
        "dx": ([ds[index[1]]], [wx]) if len(index) > 1 else ([], []),
        "dh0": ([ds[0]], [wh]),
        "dwx": (x, ds),
        "dwh": (before, ds),
    }[result]
    return f"{products(met, by)} = {number(sum(a * b for a, b in zip(met, by, strict=True)))}"


def sum_of_one_step(inputs, result, index):
    """The same for a sequence of one step."""
    sequence = dict(inputs, dh=inputs["dh"][:, None], x=inputs["x"][:, None], h0=inputs["h_prev"])
    return sum_through_time(sequence, "dh0" if result == "dh_prev" else result, (0, 0, 0))


def shortened(inputs, result, index):
    """gradient * limit / norm, or / limit where the norm is not above it."""
    squares = " + ".join(f"({number(g)})^2" if g < 0 else f"{number(g)}^2" for g in inputs["gradients"].ravel())
    value, limit, norm = inputs["gradients"][index], inputs["limit"], np.linalg.norm(inputs["gradients"])
    text, longer = f"{number(value)}*{number(limit)}", max(limit, norm)
    return f"{text}/max({number(limit)}, sqrt({squares})) = {text}/{number(longer)} = {number(value * limit / longer)}"


def place_in_series(inputs, result, index):
    """Which value of the series it is."""
    place = index[0] + (inputs["length"] if result == "y" else index[1])
    return f"series[{place}] = {number(inputs['series'][place])}"


def last_state(inputs):
    """The last state of the example's only sequence, and its prediction."""
    start = np.zeros((1, len(inputs["wh"])))
    last = states(inputs["x"], start, *(inputs[name] for name in ("wx", "wh", "b")))[-1][0]
    return last, (last @ inputs["wy"] + inputs["by"])[0]


def readout(inputs, result, index):
    """The last state times wy, and the bias."""
    last, prediction = last_state(inputs)
    return f"{products(last, inputs['wy'][:, index[1]])} + {number(inputs['by'][0])} = {number(prediction)}"


def readout_backward(inputs, result, index):
    """2 (prediction - y), times what it met."""
    last, prediction = last_state(inputs)
    error = 2 * (prediction - inputs["y"].item())
    text = f"2*({number(prediction)} - {number(inputs['y'].item())})"
    if result == "dby":
        return f"{text} = {number(error)}"
    if result == "dwy":
        return f"{number(last[0])}*{text} = {number(last[0] * error)}"
    dh = np.zeros(inputs["x"].shape)
    dh[0, -1] = error * inputs["wy"].item()
    return sum_through_time(dict(inputs, dh=dh, h0=np.zeros((1, 1))), result, index)


# --- the exercises -----------------------------------------------------------------------------------------------------------


@exercise(points=1, returns=("h",), array_like=True)
def rnn_step():
    """One step of the recurrent cell."""
    yield from examples(explain=sum_of_step)
    yield agrees("random steps, h_prev = 0 and b = 0", cases=first_steps)
    yield agrees("random steps", cases=steps)
    yield raises(
        ValueError, "one hidden state for three inputs is refused", args=ones(x=(3, 2), h_prev=(1, 2), wx=(2, 2), wh=(2, 2), b=2)
    )


@exercise(points=1, returns=("h",), array_like=True)
def rnn_forward():
    """The cell over a whole sequence."""
    yield from examples(explain=sum_of_forward, share=0.75)
    yield agrees("random sequences, h0 = 0 and b = 0", cases=first_sequences)
    yield agrees("random sequences, short and long", cases=many_sequences)
    yield has_property("two steps are your own rnn_step, twice", cases=step_by_step, law=is_your_steps, share=0.5)
    yield has_property(
        "an input changes the states from its step on, and none before",
        cases=changed_in_the_middle,
        law=time_flows_forward,
        shape=lambda case: (*case["x"].shape[:2], len(case["b"])),
        share=0.5,
    )
    yield raises(
        ValueError,
        "one initial state for three sequences is refused",
        args=ones(x=(3, 4, 2), h0=(1, 2), wx=(2, 2), wh=(2, 2), b=2),
    )


def large_step(rng):
    """A step with many weights."""
    yield dict(dh=rng.normal(size=(1, 110)), **one_step(rng, 1, 80, 110))


def large_sequence(rng):
    """Two time steps with many weights."""
    yield dict(dh=rng.normal(size=(1, 2, 90)), **sequences(rng, 1, 2, 30, 90))


large_series = of_sizes(with_targets, (1, 2, 30, 80, 2))


@exercise(points=1.5, returns=("dx", "dh_prev", "dwx", "dwh", "db"), array_like=True)
def rnn_step_backward():
    """Backward pass of one step."""
    yield from examples(explain=sum_of_one_step)
    yield agrees("random steps", cases=steps_backward, share=2)
    yield gradient("it is the derivative of rnn_step", of="rnn_step", cases=tiny_step_backward, upstream="dh")
    yield within(cases=large_step, times=10)


@exercise(points=2, returns=("dx", "dh0", "dwx", "dwh", "db"), array_like=True)
def rnn_backward():
    """Backpropagation through time."""
    yield from examples(explain=sum_through_time, share=0.75)
    yield agrees("random sequences, short and long", cases=sequences_backward)
    yield agrees("sequences of a single step, h0 = 0 and b = 0", cases=single_steps_backward, share=1.25)
    yield gradient("it is the derivative of rnn_forward", of="rnn_forward", cases=tiny_sequences_backward, upstream="dh")
    yield within(cases=large_sequence, times=10)


@exercise(points=0.75, array_like=True)
def clip_by_norm():
    """Gradients that are too long are shortened."""
    yield from examples(explain=shortened)
    yield agrees("lists of long gradients", cases=long_gradients, rtol=1e-5, share=1.5)
    yield agrees("short gradients and zeros come back as they are", cases=short_gradients, share=0.5)
    yield has_property(
        "the norm is the limit, and the direction stays",
        cases=long_gradients,
        law=shortened_in_their_direction,
        shape=lambda case: [gradient.shape for gradient in case["gradients"]],
        n=1,
        share=0.5,
    )
    yield raises(ValueError, "a limit of 0 is refused", args=dict(gradients=[np.ones(2), np.ones((1, 2))], limit=0.0))


@exercise(points=0.75, returns=("x", "y"), array_like=True)
def windows():
    """The windows of a series, and what comes next."""
    yield from examples(explain=place_in_series)
    yield agrees("random series", cases=series)
    yield has_property(
        "the target of a window is the value after it",
        cases=series,
        law=targets_come_next,
        shape=lambda case: [(len(case["series"]) - case["length"], case["length"], 1), (len(case["series"]) - case["length"], 1)],
        n=1,
        share=0.5,
    )
    yield raises(ValueError, "a window as long as the series is refused", args=dict(series=np.arange(4.0), length=4))
    yield raises(ValueError, "windows of length 0 are refused", args=dict(series=np.arange(4.0), length=0))


@exercise(points=0.5, returns=("prediction",), array_like=True)
def predict():
    """The prediction after a sequence."""
    yield from examples(explain=readout)
    yield agrees("random networks, b = 0 and by = 0", cases=networks_without_bias)
    yield agrees("random networks, one and several numbers to predict", cases=networks)
    yield has_property(
        "by is added to every prediction",
        cases=moved_readout,
        law=readout_is_linear,
        shape=lambda case: (len(case["x"]), len(case["by"])),
        share=0.5,
    )


@exercise(points=1.25, returns=("dwx", "dwh", "db", "dwy", "dby"), array_like=True)
def series_gradients():
    """Gradients of the mean squared error of the predictions."""
    yield from examples(explain=readout_backward)
    yield agrees("random networks, one and several numbers to predict", cases=networks_with_targets, share=2)
    yield gradient("it is the derivative of series_loss", of="series_loss", cases=tiny_network, upstream=None)
    yield within(cases=large_series, times=10)


@exercise(points=1.25, returns=("weights", "losses"), array_like=True, seconds=10)
def train():
    """Training by gradient descent, with clipped gradients."""
    yield agrees("a few epochs, clipped and not", cases=short_training, rtol=1e-5, share=2)
    yield has_property("one epoch is a step along your own clipped gradients", cases=one_epoch, law=is_your_step)
    yield has_property(
        "a trained network predicts a noisy sine far better than «the next value is the last one»",
        cases=noisy_sine,
        law=beats_persistence,
        share=1.5,
    )
    yield agrees("no epoch leaves the weights as they are", cases=no_training, share=0.25)
