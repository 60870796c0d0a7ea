"""The rubric of `sequential`: ten points for the losses, a dense layer and a model of layers, lecture L4."""

import numpy as np

from grader.course.arithmetic import number, term
from grader.course.authoring import (
    _,
    agrees,
    call,
    examples,
    exercise,
    get,
    gradient,
    has_property,
    new,
    policy,
    raises,
    ref,
    within,
)
from grader.course.cases import changed, of_sizes, one_hot, ones, with_upstream
from grader.course.laws import apart

rules = policy()

LOSSES = ("mse", "binary_crossentropy", "categorical_crossentropy")
SINGLE = 1e-5  # of what takes several steps: room for objects that compute in single precision
SCENARIOS = {"mse": "linear", "binary_crossentropy": "sigmoid", "categorical_crossentropy": "softmax"}


# --- the losses --------------------------------------------------------------------------------------------------------------


def targets_and_outputs(rng, loss, n, k):
    """Targets and outputs that suit a loss; probabilities well inside (0, 1)."""
    if loss == "mse":
        return {"loss": loss, "y_true": rng.normal(size=(n, k)), "y_pred": rng.normal(size=(n, k))}
    if loss == "binary_crossentropy":
        y_true = rng.permutation(np.arange(n * k) % 2).reshape(n, k).astype(float)
        return {"loss": loss, "y_true": y_true, "y_pred": rng.uniform(0.1, 0.9, size=(n, k))}
    y_pred = rng.uniform(0.2, 1.0, size=(n, k))
    return {"loss": loss, "y_true": one_hot(rng, n, k), "y_pred": y_pred / y_pred.sum(axis=1, keepdims=True)}


# Every loss for one output unit (or two classes) and for more, batches of one and of several; one in single precision. Then each
# loss once, with few numbers.
squares = of_sizes(targets_and_outputs, (LOSSES[0], 5, 1), (LOSSES[0], 3, 2), in_single=(LOSSES[0], 2, 3))
cross_entropies = of_sizes(targets_and_outputs, (LOSSES[1], 4, 1), (LOSSES[2], 4, 3), (LOSSES[1], 3, 2), (LOSSES[2], 1, 4))
small_batches = of_sizes(targets_and_outputs, (LOSSES[0], 3, 2), (LOSSES[1], 2, 2), (LOSSES[2], 2, 3))


def certain_outputs(rng):
    """Probabilities of exactly 0 and 1, right and wrong ones."""
    yield {
        "loss": "binary_crossentropy",
        "y_true": np.array([[1.0], [1.0], [0.0], [0.0]]),
        "y_pred": np.array([[0.0], [1.0], [0.0], [rng.uniform(0.3, 0.7)]]),
    }
    yield {
        "loss": "categorical_crossentropy",
        "y_true": np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]),
        "y_pred": np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    }


UNKNOWN_LOSS = {"loss": "crossentropy", "y_true": np.array([[1.0]]), "y_pred": np.array([[0.5]])}


def loss_terms(inputs, result, index):
    """The terms of a mean, as in the docstring."""
    y, t, loss = inputs["y_pred"].ravel(), inputs["y_true"].ravel(), inputs["loss"]
    count = len(inputs["y_pred"]) if loss == LOSSES[2] else y.size
    if loss == "mse":
        terms = " + ".join(f"({number(a)} - {number(b)})²" for a, b in zip(y, t, strict=True))
        return f"({terms}) / {count} = {number(np.sum((y - t) ** 2) / count)}"
    sure = np.clip(np.where(t == 1, y, 1 - y)[(t == 1) | (loss == LOSSES[1])], 1e-7, 1 - 1e-7)
    terms = " - ".join(f"log {number(p)}" for p in sure)
    return f"(-{terms}) / {count} = {-np.log(sure).sum() / count:.6f}"


def gradient_terms(inputs, result, index):
    """The derivative of one term of the mean."""
    y, t, loss = inputs["y_pred"][index], inputs["y_true"][index], inputs["loss"]
    count = len(inputs["y_pred"]) if loss == LOSSES[2] else inputs["y_pred"].size
    if loss == "mse":
        return f"2*({number(y)} - {number(t)})/{count} = {number(2 * (y - t) / count)}"
    y = np.clip(y, 1e-7, 1 - 1e-7) if loss != "mse" else y
    if loss == LOSSES[1] and t == 0:
        return f"1/(1 - {number(y)})/{count} = {number(1 / (1 - y) / count)}"
    return f"-{number(t)}/{number(y)}/{count} = {number(-t / y / count)}"


@exercise(points=1, returns=("J",))
def loss_value():
    """The losses of the three scenarios: mean squared error and both cross-entropies."""
    yield from examples(explain=loss_terms, share=0.5)
    yield agrees("random outputs and targets, mse", cases=squares)
    yield agrees("random outputs and targets, both cross-entropies", cases=cross_entropies, share=1.25)
    yield agrees("finite where a probability is exactly 0 or 1", cases=certain_outputs, rtol=1e-3)
    yield raises(ValueError, "an unknown loss is refused", args=UNKNOWN_LOSS)


large_batch = of_sizes(targets_and_outputs, (LOSSES[1], 1000, 10))


@exercise(points=1.5, returns=("dy_pred",))
def loss_gradient():
    """Where backpropagation begins: the gradient of the loss with respect to the outputs."""
    yield from examples(explain=gradient_terms, share=0.5)
    yield agrees("random outputs and targets, mse", cases=squares)
    yield agrees("random outputs and targets, both cross-entropies", cases=cross_entropies, share=1.25)
    yield gradient("numeric gradient of loss_value", of="loss_value", cases=small_batches, upstream=None)
    yield agrees("finite where a probability is exactly 0 or 1", cases=certain_outputs, rtol=1e-3)
    yield raises(ValueError, "an unknown loss is refused", args=UNKNOWN_LOSS)
    yield within(cases=large_batch, times=10)


# --- the dense layer -----------------------------------------------------------------------------------------------------------


def layer_arguments(rng, n, d, k, activation):
    """The arguments of one dense layer."""
    weights, bias = rng.normal(size=(d, k)), rng.normal(size=k)
    return {"x": rng.normal(size=(n, d)), "weights": weights, "bias": bias, "activation": activation}


def output_shape(case):
    """The shape of its result."""
    return len(case["x"]), len(case["bias"])


# Layers without activation and biases. Every other activation, wide and narrow layers, a batch of one; a square layer, where a
# transposed matrix fits too; one in float32. Then layers with few numbers, each with another derivative.
linear_layers = changed(
    of_sizes(layer_arguments, (4, 3, 2, "linear"), (2, 2, 3, "linear")), lambda case: dict(case, bias=np.zeros_like(case["bias"]))
)
layers = of_sizes(
    layer_arguments,
    *[(3, 2, 4, "sigmoid"), (1, 4, 3, "softmax"), (2, 3, 3, "tanh"), (4, 2, 3, "softmax")],
    in_single=(2, 3, 1, "sigmoid"),
)
layers_backward, linear_layers_backward = with_upstream(layers, output_shape), with_upstream(linear_layers, output_shape)
small_layers = with_upstream(of_sizes(layer_arguments, (2, 3, 2, "tanh"), (2, 2, 3, "softmax")), output_shape)


def huge_sums(rng):
    """Sums at which a careless exponential overflows."""
    for activation in ("sigmoid", "softmax"):
        weights = np.array([[1000.0, -1000.0, 0.0], [0.0, 0.0, 1.0]])
        x = np.array([[1.0, rng.normal()], [-1.0, rng.normal()]])
        yield {"x": x, "weights": weights, "bias": np.zeros(3), "activation": activation}


def unit_sum(inputs, result, index):
    """A unit's sum, as in the docstring."""
    x, weights, bias = inputs["x"][index[0]], inputs["weights"][:, index[1]], inputs["bias"][index[1]]
    terms = " + ".join(f"{number(a)}*{term(b)}" for a, b in zip(x, weights, strict=True))
    total = float(x @ weights + bias)
    if inputs["activation"] == "sigmoid":
        return f"sigmoid({terms} + {number(bias)}) = sigmoid({number(total)}) = {number((1 + np.tanh(total / 2)) / 2)}"
    if inputs["activation"] == "softmax":
        sums = inputs["x"][index[0]] @ inputs["weights"] + inputs["bias"]
        powers = np.exp(sums - sums.max())
        return f"softmax([{', '.join(map(number, sums))}])[{index[1]}] = {number(powers[index[1]] / powers.sum())}"
    return f"{terms} + {number(bias)} = {number(total)}"


def chain_terms(inputs, result, index):
    """The slide's chain rule for a sigmoid layer and a single example: (o - t) o (1 - o) times what the sum depends on."""
    dout, x, weights = inputs["dout"][0], inputs["x"][0], inputs["weights"]
    y = 1 / (1 + np.exp(-(x @ weights + inputs["bias"])))
    dz = dout * y * (1 - y)
    units = [f"{term(g)}*{number(o)}*(1 - {number(o)})" for g, o in zip(dout, y, strict=True)]
    if result == "dbias":
        return f"{units[index[0]]} = {number(dz[index[0]])}"
    if result == "dweights":
        d, k = index
        return f"{units[k]}*{number(x[d])} = {number(dz[k] * x[d])}"
    terms = " + ".join(f"{unit}*{term(w)}" for unit, w in zip(units, weights[index[1]], strict=True))
    return f"{terms} = {number(weights[index[1]] @ dz)}"


@exercise(points=1, returns=("y",))
def dense_forward():
    """Dense layer, forward: sums, biases, activation."""
    yield from examples(explain=unit_sum, share=0.125)
    yield agrees("random linear layers, bias = 0", cases=linear_layers)
    yield agrees("random layers, every other activation", cases=layers)
    yield agrees("finite when the sums are ±1000", cases=huge_sums, share=0.75)
    yield raises(
        ValueError, "an unknown activation is refused", args=dict(**ones(x=(2, 2), weights=(2, 2), bias=2), activation="sigmoide")
    )
    yield raises(
        ValueError,
        "an input with too few columns is refused",
        args=dict(**ones(x=(2, 2), weights=(3, 2), bias=2), activation="linear"),
    )


large_layer = with_upstream(of_sizes(layer_arguments, (2, 120, 200, "tanh")), output_shape)


@exercise(points=2, returns=("dx", "dweights", "dbias"))
def dense_backward():
    """Dense layer, backward: the chain rule through activation and sums."""
    yield from examples(explain=chain_terms, share=0.5)
    yield agrees("random linear layers, bias = 0", cases=linear_layers_backward, share=1.25)
    yield agrees("random layers, every other activation", cases=layers_backward)
    yield gradient(of="dense_forward", cases=small_layers)
    yield within(cases=large_layer, times=10)


def dense(rng, d, k, activation, save):
    """A new dense layer with weights that are neither small nor large."""
    return new("Dense", rng.normal(size=(d, k)), rng.normal(size=k), activation, save=save)


def forward_scripts(rng):
    """The output of an object, for two batches."""
    yield [
        dense(rng, 3, 2, "sigmoid", "layer"),
        call("layer.forward", rng.normal(size=(4, 3))),
        call("layer.forward", rng.normal(size=(1, 3))),
    ]


def backward_scripts(rng):
    """Two rounds of forward and backward with the same object, the second on a batch of another size."""
    script = [dense(rng, 3, 2, "tanh", "layer")]
    for n in (4, 2):
        script += [
            call("layer.forward", rng.normal(size=(n, 3))),
            call("layer.backward", rng.normal(size=(n, 2))),
            get("layer.dweights"),
            get("layer.dbias"),
        ]
    yield script


def step_scripts(rng):
    """A step after forward and backward; the gradient itself does not change with it."""
    yield [
        dense(rng, 2, 3, "softmax", "layer"),
        call("layer.forward", rng.normal(size=(3, 2))),
        call("layer.backward", rng.normal(size=(3, 3))),
        call("layer.step", 0.25),
        call("layer.get_weights"),
    ]


def own_pieces(rng):
    """The object's results, and those of the two functions for the same numbers; once more after a batch of another size."""
    for earlier in (0, 2):
        case = layer_arguments(rng, 3, 2, 4, "sigmoid")
        dout, rate = rng.normal(size=(3, 4)), 0.5
        x, weights, bias, activation = case.values()
        others = [call("layer.forward", rng.normal(size=(2, 2))), call("layer.backward", rng.normal(size=(2, 4)))]
        yield [
            new("Dense", weights, bias, activation, save="layer"),
            *others[:earlier],
            call("dense_forward", x, weights, bias, activation),
            call("dense_backward", dout, x, weights, bias, activation),
            call("layer.forward", x),
            call("layer.backward", dout),
            call("layer.step", rate),
            call("layer.get_weights"),
        ]


def object_uses_functions(case, results):
    """Forward, backward and step of the object are your own functions with the object's numbers."""
    weights, bias = case[0].args[:2]
    (rate,) = case[-2].args
    own_forward, (own_dx, dweights, dbias), forward, dx, _nothing, (new_weights, new_bias) = results[-6:]
    if apart(forward, own_forward, SINGLE):
        return _("forward gives something else than your dense_forward for the same x, weights and bias")
    if apart(dx, own_dx, 10 * SINGLE):
        return _("backward gives something else than the dx of your dense_backward for the x of the latest forward")
    if apart(new_weights, weights - rate * dweights, 10 * SINGLE) or apart(new_bias, bias - rate * dbias, 10 * SINGLE):
        return _("after step, weights and bias should be the old ones minus learning_rate times your dweights and dbias")
    return None


def large_scripts(rng):
    """A forward and a backward pass of a layer with many weights."""
    yield [
        dense(rng, 120, 200, "tanh", "layer"),
        call("layer.forward", rng.normal(size=(2, 120)) / 10),
        call("layer.backward", rng.normal(size=(2, 200))),
    ]


@exercise(points=1.5)
def Dense():  # noqa: N802 - the class's name
    """A layer as an object: forward, backward, step."""
    yield agrees("forward", cases=forward_scripts, rtol=SINGLE)
    yield agrees("backward after forward, twice", cases=backward_scripts, share=1.5, rtol=SINGLE)
    yield agrees("step", cases=step_scripts, rtol=SINGLE)
    yield has_property("it works with your own dense_forward and dense_backward", cases=own_pieces, law=object_uses_functions)
    yield within(cases=large_scripts, times=10, gate=("backward after forward, twice", "step"))


# --- the model -----------------------------------------------------------------------------------------------------------------


def scale(rng, k, save):
    """A new finished layer with factors of both signs, away from 0."""
    return new("Scale", rng.uniform(0.5, 1.5, size=k) * rng.choice([-1.0, 1.0], size=k), save=save)


def model(*layers, loss=None):
    """A new model of the layers kept under these names."""
    return new("Sequential", [ref(layer) for layer in layers], *([loss] if loss else []), save="model")


def two_layers(rng):
    """Layers of both kinds, of a size at which any order would fit."""
    return [dense(rng, 3, 3, "tanh", "first"), scale(rng, 3, "second")]


AT_ONCE = [model("first", "second")]
ONE_BY_ONE = [new("Sequential", save="model"), call("model.add", ref("first")), call("model.add", ref("second"))]


def predictions(rng):
    """Dense layers given at once; layers of both kinds added one by one."""
    yield [
        dense(rng, 3, 4, "tanh", "first"),
        dense(rng, 4, 2, "softmax", "second"),
        *AT_ONCE,
        call("model.predict", rng.normal(size=(5, 3))),
    ]
    yield [*two_layers(rng), *ONE_BY_ONE, call("model.predict", rng.normal(size=(2, 3)))]


def own_layers(rng):
    """What the model predicts, and the layers one after the other."""
    x = rng.normal(size=(4, 3))
    steps = [call("model.predict", x), call("first.forward", x, save="between"), call("second.forward", ref("between"))]
    for made in (AT_ONCE, ONE_BY_ONE):
        yield [*two_layers(rng), *made, *steps]


def goes_through_layers(case, results):
    """The model's output is the second layer's for the first layer's."""
    if apart(results[-3], results[-1], SINGLE):
        return _("predict(x) should be second.forward(first.forward(x)) for the layers [first, second]")
    return None


def evaluations(rng):
    """The loss before any training, after the four steps written out."""
    case = targets_and_outputs(rng, "categorical_crossentropy", 4, 3)
    yield [
        dense(rng, 2, 3, "softmax", "first"),
        new("Sequential", save="model"),
        call("model.add", ref("first")),
        call("model.compile", "categorical_crossentropy"),
        call("model.evaluate", rng.normal(size=(4, 2)), case["y_true"]),
        call("model.get_weights"),
    ]


def scenario_step(rng, loss, hidden_activation, n, d, hidden, k):
    """One training step of a network with a hidden layer: the loss, and the new weights."""
    return [
        dense(rng, d, hidden, hidden_activation, "first"),
        dense(rng, hidden, k, SCENARIOS[loss], "second"),
        model("first", "second", loss=loss),
        call("model.train_on_batch", rng.normal(size=(n, d)), targets_and_outputs(rng, loss, n, k)["y_true"], 0.3),
        call("model.get_weights"),
    ]


def binary_steps(rng):
    """Scenario 1."""
    yield scenario_step(rng, "binary_crossentropy", "sigmoid", 5, 2, 3, 1)


def multiclass_steps(rng):
    """Scenario 2, with a layer more."""
    first, *others = scenario_step(rng, "categorical_crossentropy", "tanh", 4, 2, 5, 3)
    others[1] = model("first", "between", "second", loss="categorical_crossentropy")
    yield [first, scale(rng, 5, "between"), *others]


def regression_steps(rng):
    """Scenario 3."""
    yield scenario_step(rng, "mse", "sigmoid", 3, 4, 2, 1)


def step_and_pieces(rng):
    """A training step of two finished layers, and the losses that it should use."""
    for loss in LOSSES[:2]:
        factors = [rng.uniform(0.5, 1.5, size=2) for _layer in range(2)]
        x = rng.normal(size=(3, 2)) if loss == "mse" else rng.uniform(0.1, 0.4, size=(3, 2))  # probabilities come of these
        y, output = targets_and_outputs(rng, loss, 3, 2)["y_true"], x * factors[0] * factors[1]
        yield [
            call("loss_value", loss, y, output),
            call("loss_gradient", loss, y, output),
            new("Scale", factors[0], save="first"),
            new("Scale", factors[1], save="second"),
            model("first", "second", loss=loss),
            call("model.train_on_batch", x, y, 0.1),
            call("model.get_weights"),
        ]


def step_uses_pieces(case, results):
    """The step is the one of the finished layers for your own loss and its gradient."""
    (first,), (second,) = case[2].args, case[3].args
    x, rate = case[5].args[0], case[5].args[2]
    own_loss, upstream, loss, weights = results
    if apart(loss, own_loss, 10 * SINGLE):
        return _("it should return your loss_value of the outputs before the step")
    moved = [first - rate * np.sum(upstream * second * x, axis=0), second - rate * np.sum(upstream * first * x, axis=0)]
    for place, (got, want) in enumerate(zip(weights, moved, strict=True), start=1):
        if apart(got, want, SINGLE):
            return _("layer {place} of two Scale layers should move by -learning_rate times its gradient").format(place=place)
    return None


def two_orders(rng, count):
    """An order for each of two epochs, never the same one."""
    order = rng.permutation(count)
    return np.array([order, order[::-1]])


def fits(rng):
    """Two epochs in given orders with a smaller last batch; three epochs of whole batches as they come."""
    x, y = rng.normal(size=(7, 2)), targets_and_outputs(rng, "categorical_crossentropy", 7, 3)["y_true"]
    orders = two_orders(rng, 7)
    yield [
        dense(rng, 2, 3, "sigmoid", "first"),
        dense(rng, 3, 3, "softmax", "second"),
        model("first", "second", loss="categorical_crossentropy"),
        call("model.fit", x, y, 2, 3, 0.4, orders),
        call("model.get_weights"),
    ]
    yield [
        dense(rng, 3, 2, "linear", "first"),
        model("first", loss="mse"),
        call("model.fit", rng.normal(size=(6, 3)), rng.normal(size=(6, 2)), 3, 2, 0.05),
        call("model.get_weights"),
    ]


def fit_and_steps(rng):
    """A fit, and the same batches one by one with a model that began alike."""
    factor, x, y = rng.uniform(0.5, 1.5, size=2), rng.normal(size=(5, 2)), rng.normal(size=(5, 2))
    orders = two_orders(rng, 5)
    script = [
        new("Scale", factor, save="layer"),
        model("layer", loss="mse"),
        call("model.fit", x, y, 2, 3, 0.1, orders),
        call("model.get_weights"),
        new("Scale", factor, save="layer"),
        model("layer", loss="mse"),
    ]
    for order in orders:
        script += [call("model.train_on_batch", x[batch], y[batch], 0.1) for batch in (order[:3], order[3:])]
    yield [*script, call("model.get_weights")]


def fit_is_many_steps(case, results):
    """The same weights and losses as with train_on_batch, batch after batch."""
    history, (fitted,), *losses, (stepped,) = results
    (factor,) = case[0].args
    if not apart(stepped, factor, SINGLE):
        return _("train_on_batch does not move the weights yet")
    if apart(fitted, stepped, SINGLE):
        return _("fit should leave the weights that your train_on_batch leaves, called for each batch in the given orders")
    want = [(3 * losses[e] + 2 * losses[e + 1]) / 5 for e in (0, 2)]
    if apart(history, want, SINGLE):
        return _("with batches of 3 and 2 examples, history[e] should be (3 * loss of the first + 2 * loss of the second) / 5")
    return None


def ring_and_core(rng):
    """Scenario 1 as a whole: points in the middle, and a ring around them that no straight line parts from them."""
    inside = np.arange(48) % 2
    radius = np.where(inside, rng.uniform(0.0, 0.5, size=48), rng.uniform(1.0, 1.4, size=48))
    angle = rng.uniform(0, 2 * np.pi, size=48)
    x, y = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1), inside[:, None].astype(float)
    turn = np.linspace(0, 2 * np.pi, 8, endpoint=False)  # one hidden unit looks in each direction
    weights = 2.0 * np.stack([np.cos(turn), np.sin(turn)]) + 0.1 * rng.normal(size=(2, 8))
    yield [
        new("Dense", weights, np.full(8, -1.0), "tanh", save="first"),
        new("Dense", 0.1 * rng.normal(size=(8, 1)), np.zeros(1), "sigmoid", save="second"),
        model("first", "second", loss="binary_crossentropy"),
        call("model.fit", x, y, 16, 8, 0.8, np.array([rng.permutation(48) for _epoch in range(16)])),
        call("model.predict", x),
    ]


def three_groups(rng):
    """Scenario 2 as a whole: three groups of points."""
    group = np.arange(45) % 3
    turn = 2 * np.pi * group / 3
    x = 2.0 * np.stack([np.cos(turn), np.sin(turn)], axis=1) + rng.uniform(-0.7, 0.7, size=(45, 2))
    yield [
        new("Dense", 0.1 * rng.normal(size=(2, 3)), np.zeros(3), "softmax", save="first"),
        model("first", loss="categorical_crossentropy"),
        call("model.fit", x, np.eye(3)[group], 8, 10, 0.4, np.array([rng.permutation(45) for _epoch in range(8)])),
        call("model.predict", x),
    ]


def learns_to_tell_apart(case, results):
    """The loss falls to less than half, and at least 9 of 10 examples are told apart."""
    history, probabilities = results
    target = next(use for use in case if use.target == "model.fit").args[1]
    if not history[-1] < 0.5 * history[0]:
        return _("the loss should fall to less than half in the whole run; history goes from {first} to {last}").format(
            first=f"{history[0]:.3g}", last=f"{history[-1]:.3g}"
        )
    chosen = probabilities > 0.5 if target.shape[1] == 1 else probabilities == probabilities.max(axis=1, keepdims=True)
    right = float(np.mean(np.all(chosen == (target == 1), axis=1)))
    if right < 0.9:
        return _(
            "after the whole run, {percent} % of the training examples are predicted right; it should be 90 % or more"
        ).format(percent=round(100 * right))
    return None


def points_near_a_line(rng):
    """Scenario 3 as a whole: a noisy line."""
    x = rng.permutation(np.linspace(-1, 1, 30))[:, None]
    slope, height = rng.uniform(1, 3) * rng.choice([-1, 1]), rng.uniform(-2, 2)
    yield [
        new("Dense", np.zeros((1, 1)), np.zeros(1), "linear", save="first"),
        model("first", loss="mse"),
        call("model.fit", x, slope * x + height + 0.1 * rng.normal(size=(30, 1)), 30, 15, 0.2),
        call("model.get_weights"),
    ]


def finds_the_line(case, results):
    """The weights end near those of least squares."""
    x, y = case[2].args[:2]
    (slope, height), *_rest = np.linalg.lstsq(np.hstack([x, np.ones_like(x)]), y[:, 0], rcond=None)
    weights, bias = (float(array.ravel()[0]) for array in results[1])
    if max(abs(weights - slope), abs(bias - height)) > 0.05:
        return _("the line ends at {w}*x + {b}, which is not yet that of least squares").format(
            w=f"{weights:.3g}", b=f"{bias:.3g}"
        )
    return None


@exercise(points=3, array_like=True)
def Sequential():  # noqa: N802 - the class's name
    """Keras' four steps: layers, loss, training step, whole training."""
    yield agrees("predict, with layers given at once or added", cases=predictions, rtol=SINGLE)
    yield has_property("predict goes through your own layers in order", cases=own_layers, law=goes_through_layers, share=0.5)
    yield raises(ValueError, "compile refuses an unknown loss", args={"layers": [], "loss": "crossentropy"}, share=0.5)
    yield agrees("the four steps up to the loss: create, add, compile, evaluate", cases=evaluations, share=0.5, rtol=SINGLE)
    yield agrees("binary classification: one training step", cases=binary_steps, rtol=SINGLE)
    yield agrees("multiclass classification: one training step", cases=multiclass_steps, rtol=SINGLE)
    yield agrees("regression: one training step", cases=regression_steps, rtol=SINGLE)
    yield has_property(
        "a training step uses the layers and your own losses", cases=step_and_pieces, law=step_uses_pieces, share=0.75
    )
    yield agrees("fit: weights and history, in given orders", cases=fits, share=1.25, rtol=SINGLE)
    yield has_property(
        "fit is your own train_on_batch, batch after batch", cases=fit_and_steps, law=fit_is_many_steps, share=0.75
    )
    yield has_property("binary classification: a whole training", cases=ring_and_core, law=learns_to_tell_apart, share=0.5)
    yield has_property("multiclass classification: a whole training", cases=three_groups, law=learns_to_tell_apart, share=0.5)
    yield has_property("regression: a whole training finds the line", cases=points_near_a_line, law=finds_the_line, share=0.5)
