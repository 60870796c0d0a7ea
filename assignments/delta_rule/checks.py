"""The rubric of the delta rule: ten points for one hidden layer, lectures L0 and L4."""

from functools import partial

import numpy as np

from grader.course.arithmetic import products
from grader.course.authoring import (
    _,
    agrees,
    call,
    example,
    examples,
    exercise,
    has_property,
    hidden,
    policy,
    raises,
    ref,
    within,
)
from grader.course.cases import changed, normal
from grader.course.laws import NEAR, differs, slope

rules = policy()

# Inputs D, hidden units H, outputs J, activation, rate. The third network is square: a transposed matrix fits there too.
NETWORKS = [
    (2, 1, 3, "sigmoid", 0.5),
    (3, 4, 2, "tanh", 0.2),
    (3, 3, 3, "sigmoid", 1.5),
    (4, 2, 3, "tanh", 1.0),
    (5, 3, 1, "sigmoid", 0.1),
    (2, 5, 4, "tanh", 0.05),
]


# --- cases -----------------------------------------------------------------------------------------------------------------


def sums(rng):
    """Sums of several shapes, both activations, never far from 0."""
    for shape, activation in [((6,), "sigmoid"), ((6,), "tanh"), ((2, 3), "sigmoid"), ((3, 1), "tanh")]:
        yield {"s": rng.normal(scale=1.5, size=shape), "activation": activation}


def networks(rng):
    """A network, its input and an activation."""
    for d, h, j, activation, _mu in NETWORKS:
        yield dict(x=rng.uniform(-1, 1, size=d), **normal(rng, w_hidden=(h, d), w_output=(j, h)), activation=activation)


def sigmoid_only(cases, outputs=None):
    """The cases with the sigmoid, and with so many outputs."""

    def some(rng):
        for case in cases(rng):
            count = len(case.get("target", case.get("delta_output", ())))
            if case["activation"] == "sigmoid" and outputs in (None, count):
                yield case

    return some


one_output = partial(sigmoid_only, outputs=1)


def huge_sums(rng):
    """Sums of ±1000 beside a moderate one."""
    for activation in ("sigmoid", "tanh"):
        yield {"s": np.array([-1000.0, rng.normal(), 1000.0]), "activation": activation}


def huge_networks(rng):
    """Hidden sums of some ±1000: the forward pass saturates but stays finite."""
    w_hidden = np.array([[500.0, -500.0], [-500.0, 500.0]])
    for activation in ("sigmoid", "tanh"):
        yield dict(x=np.array([1.0, -1.0]), w_hidden=w_hidden, **normal(rng, w_output=(2, 2)), activation=activation)


def targets_for(rng, count, activation):
    """Targets inside the range of the activation."""
    return rng.uniform(0, 1, size=count) if activation == "sigmoid" else rng.uniform(-1, 1, size=count)


def outputs(rng):
    """Sums of the output layer with targets."""
    for count, activation in [(3, "sigmoid"), (4, "tanh"), (1, "sigmoid"), (5, "tanh"), (2, "sigmoid")]:
        yield {"s_output": rng.normal(size=count), "target": targets_for(rng, count, activation), "activation": activation}


def backward(rng):
    """Hidden sums, output weights and output deltas."""
    for _d, h, j, activation, _mu in NETWORKS:
        yield dict(**normal(rng, s_hidden=h, w_output=(j, h), delta_output=j), activation=activation)


def layers(rng):
    """Deltas and inputs of a layer."""
    for units, inputs in [(3, 2), (1, 4), (3, 3), (4, 1)]:
        yield dict(**normal(rng, delta=units, inputs=inputs), mu=float(rng.uniform(0.1, 0.9)))


def steps(rng):
    """A network with an input, targets and a rate."""
    for d, h, j, activation, mu in NETWORKS:
        given = dict(x=rng.uniform(-1, 1, size=d), target=targets_for(rng, j, activation))
        yield dict(**given, **normal(rng, w_hidden=(h, d), w_output=(j, h)), mu=mu, activation=activation)


def step_from_pieces(rng):
    """A step in order, and its parts by your own functions; tanh."""
    x, target, w_hidden, w_output, mu, activation = list(steps(rng))[1].values()
    yield [
        call("forward", x, w_hidden, w_output, activation, save="sums"),
        call("output_delta", ref("sums", 2), target, activation, save="delta"),
        call("weight_step", ref("delta"), ref("sums", 1), mu),
        call("step_in_order", x, target, w_hidden, w_output, mu, activation, save="new"),
        call("hidden_delta", ref("sums", 0), ref("new", 1), ref("delta"), activation, save="hidden_delta"),
        call("weight_step", ref("hidden_delta"), x, mu),
    ]


def at_two_rates(case):
    """The same step with the rate mu and with 2 mu."""
    return [case, dict(case, mu=2 * case["mu"])]


steps_at_two_rates = changed(steps, at_two_rates)
# with output weights 0, as on the slide
steps_from_zero_outputs = changed(steps, lambda case: at_two_rates(dict(case, w_output=np.zeros_like(case["w_output"]))))


# --- what must hold ----------------------------------------------------------------------------------------------------------


@hidden
def sigmoid(z):
    """1 / (1 + e^-z), which is (1 + tanh(z/2)) / 2: finite wherever z is."""
    return (1 + np.tanh(np.asarray(z, dtype=float) / 2)) / 2


@hidden
def sgm(s, activation):
    """The activation."""
    return np.tanh(s) if activation == "tanh" else sigmoid(s)


def off_the_slope(name, got, want, what):
    """None when `got` is the slope `want`, else where it is not."""
    text = _("{name}[{place}] is {got}, but {what}, measured with a small step, is {want}")
    return differs(text, got, want, name=name, what=what)


def measures_the_slope(case, results):
    """sgm' is the slope of sgm."""
    activation = case["activation"]
    want = slope(lambda s: sgm(s, activation).sum(), case["s"])
    return off_the_slope("sgm'", results[0], want, _("the slope of {activation} there").format(activation=activation))


def shapes_of_layers(case):
    """Sum and output of the hidden layer, and of the output layer."""
    return [(len(case[name]),) for name in ("w_hidden", "w_hidden", "w_output", "w_output")]


def outputs_follow_sums(case, results):
    """The output of each layer is sgm of its sum."""
    s_hidden, hidden, s_output, output = results[0]
    activation = case["activation"]
    through = _("s_output[{place}] is {got}, but w_output times your hidden is {want} there")
    off = differs(through, s_output, case["w_output"] @ np.asarray(hidden))
    if off:
        return off
    text = _("{name}[{place}] is {got}, but {activation} of your s_{name}[{place}] is {want}")
    return differs(text, hidden, sgm(s_hidden, activation), name="hidden", activation=activation) or differs(
        text, output, sgm(s_output, activation), name="output", activation=activation
    )


def delta_is_minus_the_slope_of_the_error(case, results):
    """δ = -∂ε²/∂s."""
    want = -slope(lambda s: ((case["target"] - sgm(s, case["activation"])) ** 2).sum(), case["s_output"])
    return off_the_slope("delta", results[0], want, "-∂ε²/∂s")


def delta_goes_back_through_the_weights(case, results):
    """δ_i is how fast Σ_j δ_j s_j grows with s_i."""
    want = slope(lambda s: case["delta_output"] @ (case["w_output"] @ sgm(s, case["activation"])), case["s_hidden"])
    return off_the_slope("delta", results[0], want, _("the slope of Σ_j δ_j s_j with respect to s_i"))


def sums_grow_along_delta(case, results):
    """After the change, each sum s = W·X has grown by μ δ |X|²."""
    inputs = case["inputs"]
    want = case["mu"] * case["delta"] * (inputs @ inputs)
    text = _("(change @ inputs)[{place}] is {got}, but the sum has to grow by mu * delta * |inputs|² = {want}")
    return differs(text, np.asarray(results[0]) @ inputs, want)


def changes(case, new):
    """ΔW of both layers."""
    return new[0] - case["w_hidden"], new[1] - case["w_output"]


@hidden
def follows_the_gradient(case, results):
    """ΔW = -μ ∂ε²/∂W for both layers."""
    x, target, activation = case["x"], case["target"], case["activation"]

    def error(w_hidden, w_output):
        return ((target - sgm(w_output @ sgm(w_hidden @ x, activation), activation)) ** 2).sum()

    hidden, output = changes(case, results[0])
    want_hidden = -case["mu"] * slope(lambda w: error(w, case["w_output"]), case["w_hidden"])
    want_output = -case["mu"] * slope(lambda w: error(case["w_hidden"], w), case["w_output"])
    return off_the_slope("(new_w_output - w_output)", output, want_output, "-μ ∂ε²/∂W") or off_the_slope(
        "(new_w_hidden - w_hidden)", hidden, want_hidden, "-μ ∂ε²/∂W"
    )


def is_made_of_the_pieces(case, results):
    """The new weights are the old ones and your own weight_step."""
    _sums, _delta, output_change, (new_w_hidden, new_w_output), _hidden, hidden_change = results
    text = _("new_{name}[{place}] is {got}, which is not {name} and the change that your own functions give")
    for name, new, old, change in (
        ("w_output", new_w_output, case[3].args[3], output_change),
        ("w_hidden", new_w_hidden, case[3].args[2], hidden_change),
    ):
        off = differs(text, new, old + np.asarray(change), name=name)
        if off:
            return off
    return None


def moves_too_far(case, new):
    """None unless a weight moves farther than |2ε| ≤ 4, |sgm'| ≤ 1 and |z| ≤ 1 allow: the scale of what is compared below."""
    step = 4 * case["mu"]
    back = np.abs(case["w_output"]).sum(axis=0).max() + len(case["w_output"]) * step  # through the new weights, at most
    hidden, output = (np.abs(change).max() for change in changes(case, new))
    for name, moved, bound in ((_("hidden"), hidden, step * back * np.abs(case["x"]).max()), (_("output"), output, step)):
        if moved > (1 + NEAR) * bound + NEAR:
            return _("a weight of the {name} layer moves by {moved}; no error can move it farther than {bound}").format(
                name=name, moved=f"{moved:.6g}", bound=f"{bound:.6g}"
            )
    return None


def moves_in_proportion(cases, results):
    """A gradient step is proportional to the rate."""
    (once_hidden, once_output), (twice_hidden, twice_output) = map(changes, cases, results)
    text = _("with 2μ, ΔW[{place}] of the {name} layer is {got}, but twice the ΔW with μ is {want}")
    return (
        moves_too_far(cases[0], results[0])
        or differs(text, twice_hidden, 2 * once_hidden, name=_("hidden"))
        or differs(text, twice_output, 2 * once_output, name=_("output"))
    )


def hidden_layer_moves_with_the_square(cases, results):
    """From output weights 0 the hidden change is proportional to μ²."""
    (once, _output), (twice, _output) = map(changes, cases, results)
    if np.abs(once).max() == 0:
        return _("the hidden weights did not move, though the new output weights are not 0")
    text = _("with 2μ, ΔW[{place}] of the hidden layer is {got}, but 4 times the ΔW with μ is {want}")
    return moves_too_far(cases[0], results[0]) or differs(text, twice, 4 * once)


# --- the slide's arithmetic --------------------------------------------------------------------------------------------------


def slide_slope(inputs, result, index):
    """y * (1 - y), or 1 - y²."""
    y = sgm(inputs["s"][index], inputs.get("activation", "sigmoid"))
    if inputs.get("activation") == "tanh":
        return f"1 - ({y:g})² = {1 - y * y:g}"
    return f"{y:g}*(1 - {y:g}) = {y * (1 - y):g}"


def slide_forward(inputs, result, index):
    """A sum of products, or sgm of the sum."""
    s_hidden, activation = inputs["w_hidden"] @ inputs["x"], inputs.get("activation", "sigmoid")
    layers = {"s_hidden": (inputs["w_hidden"], inputs["x"]), "s_output": (inputs["w_output"], sgm(s_hidden, activation))}
    if result in layers:
        weights, values = layers[result]
        return f"{products(weights[index], values)} = {weights[index] @ values:g}"
    s = s_hidden if result == "hidden" else inputs["w_output"] @ sgm(s_hidden, activation)
    if activation == "tanh":
        return f"tanh({s[index]:g}) = {np.tanh(s[index]):g}"
    power = f"-{s[index]:g}" if s[index] >= 0 else f"{-s[index]:g}"
    return f"1/(1 + e^{power}) = {sgm(s[index], 'sigmoid'):g}"


def slide_output_delta(inputs, result, index):
    """2 * error * slope."""
    d, y = inputs["target"][index], sgm(inputs["s_output"][index], "sigmoid")
    return f"2*({d:g} - {y:g})*{y:g}*(1 - {y:g}) = {2 * (d - y) * y * (1 - y):g}"


def slide_hidden_delta(inputs, result, index):
    """(sum of weight * delta) * slope."""
    weights, deltas, y = inputs["w_output"][:, index[0]], inputs["delta_output"], sgm(inputs["s_hidden"][index], "sigmoid")
    terms = " + ".join(f"({w:g})*({d:g})" for w, d in zip(weights, deltas, strict=True))
    return f"({terms})*{y:g}*(1 - {y:g}) = {(weights @ deltas) * y * (1 - y):g}"


def slide_weight_step(inputs, result, index):
    """mu * delta * input."""
    mu, delta, value = inputs["mu"], inputs["delta"][index[0]], inputs["inputs"][index[1]]
    return f"{mu:g}*({delta:g})*{value:g} = {mu * delta * value:g}"


def slide_step(in_order):
    """New weight = old weight + mu * delta * input; the deltas go back through the new output weights, or the old ones."""

    def explain(inputs, result, index):
        unit, source = index
        x, mu, w_output = inputs["x"], inputs["mu"], inputs["w_output"]
        z = sgm(inputs["w_hidden"] @ x, "sigmoid")
        y = sgm(w_output @ z, "sigmoid")
        delta = 2 * (inputs["target"] - y) * y * (1 - y)
        if result == "new_w_output":
            old = w_output[index]
            return f"{old:g} + {mu:g}*({delta[unit]:g})*{z[source]:g} = {old + mu * delta[unit] * z[source]:g}"
        weights = (w_output + in_order * mu * np.outer(delta, z))[:, unit]
        terms = " + ".join(f"({w:g})*({d:g})" for w, d in zip(weights, delta, strict=True))
        old, h, value = inputs["w_hidden"][index], z[unit], x[source]
        return f"{old:g} + {mu:g}*({terms})*{h:g}*(1 - {h:g})*{value:g} = {old + mu * (weights @ delta) * h * (1 - h) * value:g}"

    return explain


def slide_chain_rule(inputs, result, index):
    """New weight = old weight - ∂E/∂w with the chain rule as lecture L4 writes it, for E = ½ Σ (o - t)²."""
    x, t, w_output = inputs["x"], inputs["target"], inputs["w_output"]
    hidden = sgm(inputs["w_hidden"] @ x, "sigmoid")
    o = sgm(w_output @ hidden, "sigmoid")
    parts = (o - t) * o * (1 - o)
    unit, source = index
    if result == "new_w_output":
        old, z = w_output[index], hidden[source]
        return f"{old:g} - ({o[unit]:g} - {t[unit]:g})*{o[unit]:g}*(1 - {o[unit]:g})*{z:g} = {old - parts[unit] * z:g}"
    terms = " + ".join(f"({part:g})*({w:g})" for part, w in zip(parts, w_output[:, unit], strict=True))
    old, z, value = inputs["w_hidden"][index], hidden[unit], x[source]
    return f"{old:g} - ({terms})*{z:g}*(1 - {z:g})*{value:g} = {old - parts @ w_output[:, unit] * z * (1 - z) * value:g}"


# --- the exercises -----------------------------------------------------------------------------------------------------------


def flat_sums(rng):
    """Sums far from 0, where the curve is almost flat and what a small step changes drowns in rounding."""
    yield dict(s=rng.uniform(13.0, 15.0, size=40) * rng.choice([-1.0, 1.0], size=40), activation="sigmoid")


@exercise(points=1, returns=("slope",), array_like=True)
def sgm_prime():
    """Derivative of the activation at the sum s."""
    yield from examples(explain=slide_slope, share=0.25)
    yield agrees("random sums, the sigmoid alone", cases=sigmoid_only(sums))
    yield agrees("random sums, sigmoid and tanh", cases=sums, share=0.75)
    yield agrees("finite for sums of ±1000", cases=huge_sums, share=0.75)
    yield has_property(
        "it is the slope of the activation, measured with a small step", cases=sums, law=measures_the_slope, n=2, share=0.5
    )
    yield raises(ValueError, "an unknown activation is refused", args={"s": np.array([0.5, -0.5]), "activation": "relu"})
    yield within("exact where the curve is almost flat", cases=flat_sums, each=1e-8, share=0.25)


@exercise(points=2, returns=("s_hidden", "hidden", "s_output", "output"), array_like=True)
def forward():
    """Sums and outputs of both layers."""
    yield from examples(explain=slide_forward, share=0.25)
    yield agrees("random networks, the sigmoid alone", cases=sigmoid_only(networks), share=1.5)
    yield agrees("random networks, sigmoid and tanh", cases=networks)
    yield has_property(
        "each output is the activation of its sum",
        cases=networks,
        law=outputs_follow_sums,
        shape=shapes_of_layers,
        n=2,
        share=0.25,
    )
    yield agrees("finite when the sums are ±1000", cases=huge_networks)
    yield raises(
        ValueError,
        "an input of the wrong length is refused",
        args={"x": np.ones(3), "w_hidden": np.ones((2, 4)), "w_output": np.ones((1, 2))},
    )
    yield raises(
        ValueError,
        "an unknown activation is refused",
        args={"x": np.ones(2), "w_hidden": np.ones((3, 2)), "w_output": np.ones((1, 3)), "activation": "relu"},
    )


@exercise(points=1, returns=("delta",), array_like=True)
def output_delta():
    """Deltas of the output layer, 2 ε sgm'(s)."""
    yield from examples(explain=slide_output_delta)
    yield agrees("one output, the sigmoid alone", cases=one_output(outputs), share=2)
    yield agrees("random sums and targets, sigmoid and tanh", cases=outputs, share=0.75)
    yield has_property(
        "δ = -∂ε²/∂s, measured with a small step", cases=outputs, law=delta_is_minus_the_slope_of_the_error, n=2, share=0.25
    )
    yield raises(
        ValueError,
        "one target for three outputs is refused",
        args={"s_output": np.array([0.1, 0.2, 0.3]), "target": np.array([1.0])},
    )


@exercise(points=2, returns=("delta",), array_like=True)
def hidden_delta():
    """Deltas of the hidden layer, (Σ_j w_ji δ_j) sgm'(s_i)."""
    yield from examples(explain=slide_hidden_delta)
    yield agrees("one output, the sigmoid alone", cases=one_output(backward), share=2)
    yield agrees("random layers, sigmoid and tanh", cases=backward, share=0.75)
    yield has_property(
        "the deltas go back through the weights, measured with a small step",
        cases=backward,
        law=delta_goes_back_through_the_weights,
        n=3,
        share=0.25,
    )


@exercise(points=1, returns=("change",), array_like=True)
def weight_step():
    """Change of a layer's weights, μ δ Xᵀ."""
    yield from examples(explain=slide_weight_step)
    yield agrees("random layers", cases=layers)
    yield has_property("the sums grow by μ δ |X|²", cases=layers, law=sums_grow_along_delta, n=2, share=0.5)


@exercise(points=1.5, returns=("new_w_hidden", "new_w_output"), array_like=True, unchanged=0.5)
def step_in_order():
    """One step, output weights first (the slide's 3μ/128)."""
    yield from examples(explain=slide_step(in_order=True))
    yield agrees("one output, the sigmoid alone", cases=one_output(steps), share=2)
    yield agrees("random networks, sigmoid and tanh", cases=steps)
    yield has_property("it is made of your own functions", cases=step_from_pieces, law=is_made_of_the_pieces, share=0.5)
    yield has_property(
        "from output weights 0, twice the rate moves the hidden weights four times as far",
        cases=steps_from_zero_outputs,
        law=hidden_layer_moves_with_the_square,
        n=2,
        share=0.5,
    )


@exercise(points=1.5, returns=("new_w_hidden", "new_w_output"), array_like=True, unchanged=0.5)
def step_simultaneous():
    """One step along the true gradient, all deltas with the old weights."""
    yield example("delta-simultaneous", explain=slide_step(in_order=False))
    yield from examples(explain=slide_chain_rule, share=0.5)
    yield agrees("one output, the sigmoid alone", cases=one_output(steps), share=1.25)
    yield agrees("random networks, sigmoid and tanh", cases=steps, share=0.75)
    yield has_property("ΔW = -μ ∂ε²/∂W, measured with a small step", cases=steps, law=follows_the_gradient, n=3, share=0.75)
    yield has_property(
        "twice the rate moves all weights twice as far", cases=steps_at_two_rates, law=moves_in_proportion, n=2, share=0.5
    )
