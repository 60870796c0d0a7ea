"""The rubric of `mlp`: ten points for a network as lists of matrices, lecture L3."""

from functools import partial
from itertools import pairwise

import numpy as np

from grader.course import laws
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
from grader.course.cases import one_hot, orders, single
from grader.course.laws import NEAR, slope

rules = policy()

# The slides' network first (twice: the same weights, another input), then one without hidden layer, with a hidden layer of one
# unit, and a square one: a transposed matrix fits there too.
NETWORKS = [(4, 5, 3, 2), (4, 5, 3, 2), (3, 2), (2, 1, 3), (3, 3, 3)]

NEAR_LOG = 1e-5  # of costs: leaves room for someone who adds EPSILON = 1e-7 where another takes the larger of the two

hand = Writing(digits=4, zero=True)
number, term = hand.number, hand.term
products = partial(hand.products, brackets=True)
first_difference = partial(laws.first_difference, write=number)


# --- cases -----------------------------------------------------------------------------------------------------------------


def layers(rng):
    """Sizes of networks: the slides', two layers, one unit in the middle, a deep one."""
    for sizes in [(4, 5, 3, 2), (5, 3), (2, 1, 4), (3, 3, 2, 6, 4)]:
        yield dict(sizes=np.array(sizes))


def drawn_layers(rng):
    """The same with a draw for each weight; of two networks with the same sizes, the first is the slides'."""
    for sizes in [(4, 5, 3, 2), (4, 5, 3, 2), (5, 3), (2, 1, 4)]:
        count = sum(a * b for a, b in pairwise(sizes))
        yield dict(sizes=np.array(sizes), draws=rng.uniform(0.001, 0.999, size=count))


def scores(rng):
    """Scores of two and three classes; float32."""
    for count in (2, 3, 3):
        yield dict(scores=rng.normal(scale=2.0, size=count))
    yield single(dict(scores=rng.normal(size=4)))


def huge_scores(rng):
    """Scores around 1000 and around -1000."""
    yield dict(scores=1000.0 + rng.uniform(-2, 2, size=3))
    yield dict(scores=np.array([-1000.0 + rng.uniform(-1, 1), -1001.0, -2000.0, -1000.0]))


def network(rng, sizes):
    """Weights and biases, none of them 0."""
    pairs = list(pairwise(sizes))
    return dict(
        weights=[rng.uniform(-1.5, 1.5, size=pair) for pair in pairs], biases=[rng.uniform(-1, 1, size=n) for _m, n in pairs]
    )


def networks(rng):
    """A network and an input; the first network twice; float32."""
    made = {}
    for sizes in NETWORKS:
        made[sizes] = made.get(sizes) or network(rng, sizes)
        yield dict(x=rng.normal(size=sizes[0]), **made[sizes])
    yield single(dict(x=rng.normal(size=2), **network(rng, (2, 4, 3))))


def single_layers(rng):
    """Networks of one layer whose biases are 0, and an input."""
    for inputs, outputs in [(3, 2), (2, 4)]:
        yield dict(x=rng.normal(size=inputs), weights=network(rng, (inputs, outputs))["weights"], biases=[np.zeros(outputs)])


def huge_network(rng):
    """Hidden sums of ±1000, and scores of 1000, 999 and -1000."""
    weights = [np.array([[500.0, -500.0], [-500.0, 500.0]]), np.array([[1000.0, 999.0, -1000.0], [1.0, 2.0, 3.0]])]
    yield dict(x=np.array([1.0, -1.0]), weights=weights, biases=[np.zeros(2), np.append(rng.uniform(-0.5, 0.5, size=2), 0.0)])


def predictions(rng):
    """What a network may predict, and the class asked for; float32."""
    for classes in (2, 3, 5):
        yield dict(predicted=rng.dirichlet(np.full(classes, 2.0)) * 0.98 + 0.02 / classes, target=one_hot(rng, 1, classes)[0])
    yield single(dict(predicted=rng.dirichlet(np.full(4, 2.0)) * 0.98 + 0.005, target=one_hot(rng, 1, 4)[0]))


def predictions_with_zeros(rng):
    """A class that is not asked for is predicted with 0."""
    share = rng.uniform(0.2, 0.8)
    yield dict(predicted=np.array([share, 0.0, 1 - share]), target=np.array([1.0, 0.0, 0.0]))


def sent_back(rng):
    """An error, the weights that it goes back through, and the sums behind them; single units, a square matrix, float32."""
    for before, after in [(3, 2), (3, 2), (1, 4), (4, 1), (3, 3)]:
        yield dict(error=rng.normal(size=after), w=rng.normal(size=(before, after)), z=rng.normal(scale=1.5, size=before))
    yield single(dict(error=rng.normal(size=3), w=rng.normal(size=(2, 3)), z=rng.normal(size=2)))


def sent_back_far_out(rng):
    """Sums of ±1000, where the sigmoid is flat, beside a moderate one."""
    yield dict(error=rng.normal(size=2), w=rng.normal(size=(3, 2)), z=np.array([-1000.0, rng.normal(), 1000.0]))


def asked(cases):
    """Cases of networks and inputs, with the class of each input."""

    def questions(rng):
        for case in cases(rng):
            target = one_hot(rng, 1, len(case["biases"][-1]))[0].astype(case["x"].dtype)
            yield dict(x=case["x"], target=target, weights=case["weights"], biases=case["biases"])

    return questions


questions, single_layer_questions = asked(networks), asked(single_layers)


def tiny_questions(rng):
    """A network with two hidden layers and few weights."""
    sizes = (2, 3, 2, 3)
    yield dict(x=rng.normal(size=sizes[0]), target=one_hot(rng, 1, sizes[-1])[0], **network(rng, sizes))


def lessons(rng):
    """A network and examples for one step; the first network twice, one example alone, float32."""
    made = network(rng, (4, 5, 3, 2))
    for count in (3, 3):
        yield lesson(rng, count, (4, 5, 3, 2), made)
    for count, sizes in [(1, (2, 3, 2)), (5, (3, 3, 3))]:
        yield lesson(rng, count, sizes, network(rng, sizes))
    yield single(lesson(rng, 2, (2, 1, 4), network(rng, (2, 1, 4))))


def lesson(rng, count, sizes, made):
    """The arguments of one step."""
    xs, targets = rng.normal(size=(count, sizes[0])), one_hot(rng, count, sizes[-1])
    return dict(xs=xs, targets=targets, **made, rate=1.3 if count % 2 else 0.4)


def lessons_of_one(rng):
    """A single example for one step."""
    for sizes in [(2, 3, 2), (3, 4)]:
        yield lesson(rng, 1, sizes, network(rng, sizes))


def small_lessons(rng):
    """Examples for one step of a network with few weights."""
    for count, sizes in [(3, (2, 3, 2)), (2, (2, 2, 1, 3))]:
        yield lesson(rng, count, sizes, network(rng, sizes))


def courses(rng):
    """One epoch or two: batches that divide the examples, batches that do not, and one of more than all."""
    made = network(rng, (2, 3, 2))
    for count, batch_size, epochs in [(5, 2, 1), (5, 2, 1), (6, 3, 2), (7, 3, 2), (3, 8, 1)]:
        order = orders(rng, epochs, count)
        yield dict(**lesson(rng, count, (2, 3, 2), made), batch_size=batch_size, orders=order)


def three_clusters(rng):
    """Nine points around three places, fifteen epochs; the weights start between -1 and 1."""
    places = np.array([[2.0, 0.0], [-1.0, 1.7], [-1.0, -1.7]])
    yield dict(
        xs=np.repeat(places, 3, axis=0) + rng.uniform(-0.3, 0.3, size=(9, 2)),
        targets=np.repeat(np.eye(3), 3, axis=0),
        weights=[rng.uniform(-1, 1, size=(2, 4)), rng.uniform(-1, 1, size=(4, 3))],
        biases=[np.zeros(4), np.zeros(3)],
        rate=2.0,
        batch_size=4,
        orders=orders(rng, 15, 9),
    )


# --- what must hold ----------------------------------------------------------------------------------------------------------


@hidden
def sigmoid(z):
    """1 / (1 + e^-z), which is (1 + tanh(z/2)) / 2: finite wherever z is."""
    return (1 + np.tanh(np.asarray(z, dtype=float) / 2)) / 2


@hidden
def predict(xs, weights, biases):
    """What a network predicts for rows of inputs, and the natural logarithm of it."""
    values = np.asarray(xs, dtype=float)
    for w, b in zip(weights[:-1], biases[:-1], strict=True):
        values = sigmoid(values @ np.asarray(w) + np.asarray(b))
    sums = values @ np.asarray(weights[-1]) + np.asarray(biases[-1])
    sums = sums - sums.max(axis=-1, keepdims=True)
    logarithms = sums - np.log(np.exp(sums).sum(axis=-1, keepdims=True))
    return np.exp(logarithms), logarithms


def mean_cost(xs, targets, weights, biases):
    """The mean cross-entropy of a network."""
    return float(-(np.asarray(targets) * predict(xs, weights, biases)[1]).sum() / len(xs))


def weights_are_the_draws(case, results):
    """The weights, row after row and layer after layer, are -3 + 6 u; the biases are 0."""
    weights, biases = results[0]
    start = 0
    for i, (rows, columns) in enumerate(pairwise(case["sizes"])):
        got = np.asarray(weights[i], dtype=float)
        for place in np.ndindex(rows, columns):
            draw = case["draws"][start]
            if not abs(got[place] - (-3 + 6 * draw)) <= NEAR:
                return _(
                    "draws[{start}] = u = {draw} belongs at weights[{i}][{row},{column}] (row after row) as -3 + 6 u, yours {got}"
                ).format(
                    start=start,
                    draw=number(draw),
                    i=i,
                    row=place[0],
                    column=place[1],
                    got=number(got[place]),
                )
            start += 1
        broken = first_difference(f"biases[{i}]", biases[i], np.zeros(columns), _("what a bias starts with"))
        if broken:
            return broken
    return None


def ratios_are_exponentials(case, results):
    """The results add up to 1, and each is e^(difference of the scores) times another."""
    got, s = np.asarray(results[0], dtype=float), case["scores"]
    if not abs(got.sum() - 1) <= NEAR:
        return _("the results add up to {total}, not to 1").format(total=number(got.sum()))
    for c in range(1, len(s)):
        want = got[0] * np.exp(s[c] - s[0])
        if not abs(got[c] - want) <= NEAR:
            return _("result[{c}] is {got}, which is not result[0] times e^(s[{c}] - s[0])").format(c=c, got=number(got[c]))
    return None


def activations_follow_sums(case, results):
    """Each sum is made of the activation before it, each activation of its sum."""
    zs, activations = results[0]
    weights, biases = case["weights"], case["biases"]
    broken = first_difference("activations[0]", activations[0], np.asarray(case["x"]), "x")
    for i, (w, b) in enumerate(zip(weights, biases, strict=True)):
        z = np.asarray(zs[i], dtype=float)
        broken = broken or first_difference(
            f"zs[{i}]",
            z,
            np.asarray(activations[i]) @ w + b,
            _("activations[{i}] · weights[{i}] + biases[{i}], from your activations,").format(i=i),
        )
        last = i == len(weights) - 1
        want = predict(z[None], [np.eye(len(z))], [np.zeros(len(z))])[0][0] if last else sigmoid(z)
        meaning = _("softmax of your zs[{i}]") if last else _("the sigmoid of your zs[{i}]")
        broken = broken or first_difference(f"activations[{i + 1}]", activations[i + 1], want, meaning.format(i=i))
    return broken


@hidden
def error_is_the_slope(case, results):
    """The error is the slope of the cost with respect to the scores."""
    p, t = case["predicted"], case["target"]
    want = slope(lambda s: -(t * (s - np.log(np.exp(s).sum()))).sum(), np.log(p))
    return first_difference("error", results[0][1], want, _("the slope of the cost with respect to the score, measured,"))


def error_goes_back(case, results):
    """The result is how fast Σ_k error_k (sigmoid(z) · w)_k grows with z_j."""
    want = slope(lambda z: float((sigmoid(z) @ case["w"]) @ case["error"]), case["z"])
    return first_difference("result", results[0], want, _("the slope of Σ_k error_k * (sigmoid(z) · w)_k, measured,"))


def moves_against_the_slope(case, results):
    """New network = old network - rate * slope of the mean cost."""
    xs, targets, rate = case["xs"], case["targets"], case["rate"]
    for name, place in (("weights", 0), ("biases", 1)):
        for i, old in enumerate(case[name]):

            def cost(array, name=name, i=i):
                changed = {**case, name: [array if k == i else other for k, other in enumerate(case[name])]}
                return mean_cost(xs, targets, changed["weights"], changed["biases"])

            broken = first_difference(
                f"new_{name}[{i}]",
                results[0][place][i],
                old - rate * slope(cost, old),
                _("old - rate * (measured slope of the mean cost)"),
            )
            if broken:
                return broken
    return None


def two_epochs(rng):
    """Three examples in batches of two, two epochs: step by step with `train_step`, then at once with `train`."""
    made = lesson(rng, 3, (2, 3, 2), network(rng, (2, 3, 2)))
    xs, targets, rate = made["xs"], made["targets"], made["rate"]
    orders = np.array([[2, 0, 1], [1, 2, 0]])
    weights, biases, steps = made["weights"], made["biases"], []
    for i, batch in enumerate([[2, 0], [1], [1, 2], [0]]):
        steps.append(call("train_step", xs[batch], targets[batch], weights, biases, rate, save=f"step{i}"))
        weights, biases = ref(f"step{i}", 0), ref(f"step{i}", 1)
    yield [*steps, call("train", **made, batch_size=2, orders=orders)]


def follows_the_steps(case, results):
    """The trained network is the one that the last step left."""
    for name, left, got in zip(("weights", "biases"), results[-2], results[-1], strict=True):
        for i, want in enumerate(left):
            broken = first_difference(
                f"new_{name}[{i}]",
                got[i],
                np.asarray(want),
                _("after your train_step with the examples {2, 0}, {1}, {1, 2}, {0}, it"),
            )
            if broken:
                return broken
    return None


def learns_the_clusters(case, results):
    """The mean cost falls to a fifth, and every point is in its class."""
    xs, targets = case["xs"], case["targets"]
    before, after = mean_cost(xs, targets, case["weights"], case["biases"]), mean_cost(xs, targets, *results[0])
    if not after <= before / 5:
        return _("the mean cost was {before} before training and is {after} after it; it should fall to a fifth at least").format(
            before=number(before), after=number(after)
        )
    hits = int((predict(xs, *results[0])[0].argmax(axis=1) == targets.argmax(axis=1)).sum())
    return None if hits == len(xs) else _("{hits} of {count} points are in their class").format(hits=hits, count=len(xs))


# --- the arithmetic of the examples ------------------------------------------------------------------------------------------


def slide_shapes(inputs, result, index):
    """Which size it is."""
    place = index[0] + (1 if result == "bias_lengths" else index[1])
    return f"sizes[{place}] = {inputs['sizes'][place]}"


def slide_draw(inputs, result, index):
    """-3 + 6 u, and which draw it is."""
    if result == "biases":
        return "0"
    row, column = index[-2:]
    place = row * int(inputs["sizes"][1]) + column
    u = inputs["draws"][place]
    return f"-3 + 6*{number(u)} = {number(-3 + 6 * u)} (draws[{place}])"


def slide_softmax(inputs, result, index):
    """e^s / sum; of large scores, e^(s - max s)."""
    s = inputs["scores"]
    s = s - s.max() if s.max() > 100 else s
    e = np.exp(s)
    terms = " + ".join(f"e^{number(value)}" for value in s)
    return f"e^{number(s[index])} / ({terms}) = {number(e[index])} / {number(e.sum())} = {number(e[index] / e.sum())}"


def passes(inputs):
    """Sums and activations of the network of an example."""
    zs, activations = [], [inputs["x"]]
    for i, (w, b) in enumerate(zip(inputs["weights"], inputs["biases"], strict=True)):
        zs.append(activations[i] @ w + b)
        activations.append(sigmoid(zs[i]))
    e = np.exp(zs[-1] - zs[-1].max())
    return zs, [*activations[:-1], e / e.sum()]


def slide_forward(inputs, result, index):
    """A sum of products and the bias, or the activation of a sum."""
    i, k = index
    zs, activations = passes(inputs)
    if result == "zs":
        bias = inputs["biases"][i][k]
        return f"{products(activations[i], inputs['weights'][i][:, k])} + {term(bias)} = {number(zs[i][k])}"
    if i == 0:
        return f"x[{k}] = {number(inputs['x'][k])}"
    if i < len(zs):
        return f"1/(1 + e^-{term(zs[i - 1][k])}) = {number(activations[i][k])}"
    return slide_softmax({"scores": zs[-1]}, "", (k,))


def slide_cost(inputs, result, index):
    """Minus a sum of target * ln predicted, or predicted - target."""
    p, t = inputs["predicted"], inputs["target"]
    if result == "error":
        return f"{number(p[index])} - {number(t[index])} = {number(p[index] - t[index])}"
    terms = " + ".join(f"{number(b)}*ln {number(max(a, 1e-7))}" for a, b in zip(p, t, strict=True))
    return f"-({terms}) = {-np.log(np.maximum(p[t == 1], 1e-7)).sum():.6f}"


def back(error, w, z, j):
    """(sum of error * weight) * slope, as text and as a number."""
    a = sigmoid(z[j])
    value = (error @ w[j]) * a * (1 - a)
    return f"({products(error, w[j])}) * {number(a)}*(1 - {number(a)}) = {number(value)}", value


def slide_back(inputs, result, index):
    """(sum of error * weight) * slope."""
    return back(inputs["error"], inputs["w"], inputs["z"], index[0])[0]


def slide_gradient(inputs, result, index):
    """Activation * error; an error is predicted - target, or was sent back."""
    zs, activations = passes(inputs)
    error = activations[-1] - inputs["target"]
    i, unit = index[0], index[-1]
    texts = [f"{number(p)} - {number(t)} = {number(p - t)}" for p, t in zip(activations[-1], inputs["target"], strict=True)]
    for layer in range(len(zs) - 1, i, -1):
        w = inputs["weights"][layer]
        texts, error = zip(*(back(error, w, zs[layer - 1], j) for j in range(len(w))), strict=True)
        error = np.array(error)
    if result == "err_biases":
        return texts[unit]
    j = index[1]
    a = activations[i][j]
    return f"activations[{i}][{j}]*err_biases[{i}][{unit}] = {term(a)}*{term(error[unit])} = {number(a * error[unit])}"


def slide_step(inputs, result, index):
    """old - rate/N * sum of the gradients."""
    old, total = inputs[result.removeprefix("new_")][index], 0.0
    for x, target in zip(inputs["xs"], inputs["targets"], strict=True):
        zs, activations = passes({**inputs, "x": x})
        error = activations[-1] - target
        for layer in range(len(zs) - 1, index[0], -1):
            slopes = activations[layer] * (1 - activations[layer])
            error = (error @ inputs["weights"][layer].T) * slopes
        total += error[index[-1]] * (activations[index[0]][index[1]] if result == "new_weights" else 1.0)
    count, rate = len(inputs["xs"]), inputs["rate"]
    return f"{number(old)} - {number(rate)}/{count} * {Writing(digits=5, zero=True).term(total)} = {number(old - rate / count * total)}"


def slide_train(inputs, result, index):
    """What each step of one example takes off (a network without hidden layer, batches of one)."""
    network = dict(weights=list(inputs["weights"]), biases=list(inputs["biases"]))
    name, place = result.removeprefix("new_"), index[1:]
    value = network[name][0][place]
    parts = [number(value)]
    for n in inputs["orders"][0]:
        x, target = inputs["xs"][n], inputs["targets"][n]
        slopes = dict(biases=passes({**inputs, **network, "x": x})[1][-1] - target)
        slopes["weights"] = np.outer(x, slopes["biases"])
        parts.append(f"{number(inputs['rate'])}*{term(slopes[name][place])}")
        network = {key: [network[key][0] - inputs["rate"] * slopes[key]] for key in network}
    return f"{' - '.join(parts)} = {network[name][0][place]:.4f}"


# --- the exercises -----------------------------------------------------------------------------------------------------------


@exercise(points=0.5, returns=("weight_shapes", "bias_lengths"), array_like=True)
def layer_shapes():
    """Shapes of the weights and biases."""
    yield from examples(explain=slide_shapes)
    yield agrees("networks of two to five layers", cases=layers)
    yield raises(ValueError, "a network of one layer is refused", args=dict(sizes=np.array([4])))


@exercise(points=1, returns=("weights", "biases"), array_like=True)
def initialise():
    """Weights in (-3, 3) from given draws, biases 0."""
    yield from examples(explain=slide_draw)
    yield agrees("every draw becomes its weight", cases=drawn_layers, share=2)
    yield has_property(
        "the weights, one after the other, are -3 + 6 u",
        cases=drawn_layers,
        law=weights_are_the_draws,
        shape=lambda case: [[*pairwise(case["sizes"])], [(n,) for n in case["sizes"][1:]]],
        n=1,
    )
    yield raises(ValueError, "too few draws are refused", args=dict(sizes=np.array([2, 3]), draws=np.linspace(0.1, 0.9, 5)))
    yield raises(ValueError, "draws left over are refused", args=dict(sizes=np.array([2, 3]), draws=np.linspace(0.1, 0.9, 7)))


@exercise(points=0.5, returns=("result",), array_like=True)
def softmax():
    """Softmax of one vector of scores."""
    yield from examples(explain=slide_softmax)
    yield agrees("random scores", cases=scores)
    yield has_property(
        "positive, in the ratio of e^s, adding up to 1", cases=scores, law=ratios_are_exponentials, shape="scores", n=1, share=0.5
    )
    yield agrees("finite for scores around 1000 and -1000", cases=huge_scores, share=0.75)


@exercise(points=2, returns=("zs", "activations"), array_like=True)
def forward():
    """Sums and activations of every layer."""
    yield from examples(explain=slide_forward)
    yield agrees("one layer, biases 0", cases=single_layers, share=2)
    yield agrees("random networks, with and without hidden layers", cases=networks)
    yield has_property(
        "each sum follows from the activation before it, each activation from its sum",
        cases=networks,
        law=activations_follow_sums,
        n=1,
        share=0.25,
    )
    yield agrees("finite when sums are ±1000", cases=huge_network, share=0.125)
    yield raises(
        ValueError,
        "an input of the wrong length is refused",
        args=dict(x=np.ones(2), weights=[np.ones((3, 2)), np.ones((2, 2))], biases=[np.zeros(2), np.zeros(2)]),
    )


@exercise(points=1, returns=("cost", "error"), array_like=True)
def cost_and_error():
    """Cross-entropy with the natural logarithm, and the error of the output layer."""
    yield from examples(explain=slide_cost, share=0.25)
    yield agrees("random predictions", cases=predictions, rtol=NEAR_LOG)
    yield agrees("another class is predicted with 0", cases=predictions_with_zeros, rtol=NEAR_LOG, share=1.6)
    yield has_property(
        "the error is the slope of the cost, measured with a small step",
        cases=predictions,
        law=error_is_the_slope,
        n=1,
        share=0.5,
    )
    yield raises(
        ValueError,
        "one target for three classes is refused",
        args=dict(predicted=np.array([0.2, 0.5, 0.3]), target=np.array([1.0])),
    )


@exercise(points=1, returns=("result",), array_like=True)
def previous_error():
    """The error of the hidden layer before."""
    yield from examples(explain=slide_back)
    yield agrees("random layers", cases=sent_back)
    yield agrees("finite for sums of ±1000", cases=sent_back_far_out, share=0.5)
    yield has_property("it is a slope, measured with a small step", cases=sent_back, law=error_goes_back, n=1, share=0.75)


def large_network(rng):
    """A network with many weights."""
    sizes = (120, 100, 10)
    weights = [matrix / 10 for matrix in network(rng, sizes)["weights"]]
    yield dict(
        x=rng.normal(size=120), target=one_hot(rng, 1, 10)[0], weights=weights, biases=[np.full(n, 0.1) for n in sizes[1:]]
    )


@exercise(points=2, returns=("err_weights", "err_biases"), array_like=True)
def gradient_vector():
    """The derivatives of the cost of one example."""
    yield from examples(explain=slide_gradient)
    yield agrees("one layer, biases 0", cases=single_layer_questions, share=2.25)
    yield agrees("random networks, with and without hidden layers", cases=questions)
    yield gradient(
        "numeric gradient of the cost",
        of="network_cost",
        wrt=("weights", "biases"),
        cases=tiny_questions,
        upstream=None,
        share=0.5,
    )
    yield raises(
        ValueError,
        "a target of the wrong length is refused",
        args=dict(x=np.ones(2), target=np.array([1.0]), weights=[np.ones((2, 3))], biases=[np.zeros(3)]),
    )
    yield within(cases=large_network, times=10)


@exercise(points=1, returns=("new_weights", "new_biases"), array_like=True)
def train_step():
    """One step with the mean of the gradient vectors."""
    yield from examples(explain=slide_step)
    yield agrees("one example alone", cases=lessons_of_one, share=2.25)
    yield agrees("random networks and sets of one to five examples", cases=lessons)
    yield has_property(
        "the network moves against the slope of the mean cost, measured with a small step",
        cases=small_lessons,
        law=moves_against_the_slope,
        share=0.75,
    )
    yield raises(
        ValueError,
        "three inputs with two targets are refused",
        args=dict(xs=np.ones((3, 2)), targets=np.eye(2), weights=[np.ones((2, 2))], biases=[np.zeros(2)], rate=0.5),
    )


@exercise(points=1, returns=("new_weights", "new_biases"), array_like=True)
def train():
    """Mini-batches and epochs."""
    yield from examples(explain=slide_train)
    yield has_property("two epochs, step by step with your train_step", cases=two_epochs, law=follows_the_steps)
    yield agrees("one epoch or two, every size of batch", cases=courses, share=2)
    yield has_property("fifteen epochs teach three clusters", cases=three_clusters, law=learns_the_clusters)
    one_course = dict(xs=np.eye(2), targets=np.eye(2), weights=[np.ones((2, 2))], biases=[np.zeros(2)], rate=0.5)
    for batch_size, name in [(0, "a batch of 0 examples is refused"), (-2, "a batch of -2 examples is refused")]:
        yield raises(ValueError, name, args=dict(**one_course, batch_size=batch_size, orders=np.array([[1, 0]])))
