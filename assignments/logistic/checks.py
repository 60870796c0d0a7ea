"""The rubric of logistic regression: ten points for one neuron with binary cross-entropy, lecture L0."""

import numpy as np

from grader.course.arithmetic import mean, number, products, term
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
from grader.course.cases import changed
from grader.course.laws import NEAR, differs

rules = policy()

# Examples N, features n, bias b. Not square but for one, where a transposed matrix fits too; one batch of a single example. Two differ
# in their random numbers only: whoever does not look at those gives the same twice.
BATCHES = [(4, 3, 0.5), (3, 5, -1.25), (4, 3, 0.5), (1, 4, 0.75), (3, 3, -0.5), (2, 1, 1.0)]
STEP = 1e-5  # of the central differences: their error, about STEP², stays far below NEAR
NEAR_LOG = 1e-5  # of losses: leaves room for someone who adds EPSILON = 1e-7 where another takes the larger of the two
COLUMN = dict(a=np.array([0.2, 0.7, 0.6]), y=np.array([[0.0], [1.0], [1.0]]))


# --- cases -------------------------------------------------------------------------------------------------------------------


def labels_for(rng, count):
    """Labels 0 and 1 in random order, as many of one as of the other, or one more."""
    return rng.permutation((np.arange(count) + rng.integers(2)) % 2).astype(float)


def neurons(rng):
    """A batch with weights and a bias; the last one in single precision."""
    for count, features, b in BATCHES:
        yield dict(x=rng.normal(size=(count, features)), w=rng.normal(size=features), b=b)
    yield dict(x=rng.normal(size=(3, 2)).astype(np.float32), w=rng.normal(size=2).astype(np.float32), b=1.5)


without_bias = changed(neurons, lambda case: dict(case, b=0.0))


def grown_bias(rng):
    """The same batch twice; in the second the bias has grown."""
    x, w, b = rng.normal(size=(3, 2)), rng.normal(size=2), float(rng.normal())
    yield [dict(x=x, w=w, b=b), dict(x=x, w=w, b=b + 0.75)]


def saturated(rng):
    """Sums of ±1000 beside moderate ones, which show that the rest still works."""
    yield dict(x=np.array([[500.0, -500.0], [-500.0, 500.0], [0.5, 1.0]]), w=np.array([1.0, -1.0]), b=float(rng.normal()))


def predictions(rng):
    """Probabilities, none near 0 or 1, with labels; the last ones in single precision."""
    for count in (4, 3, 1, 4):
        yield dict(a=rng.uniform(0.05, 0.95, size=count), y=labels_for(rng, count))
    yield dict(a=rng.uniform(0.05, 0.95, size=6).astype(np.float32), y=labels_for(rng, 6).astype(np.float32))


single_predictions = changed(predictions, lambda case: {name: value[:1] for name, value in case.items()})


def certain_and_wrong(rng):
    """Predictions of exactly 0 or 1 where the label is the other one, beside moderate ones."""
    for a, y in ((0.0, 1.0), (1.0, 0.0)):
        yield dict(a=np.array([rng.uniform(0.3, 0.7), a, rng.uniform(0.3, 0.7)]), y=np.array([1.0, y, 0.0]))


# A batch, and the same with «yes» and «no» exchanged in predictions and labels; a batch, and the same examples twice over.
classes_exchanged = changed(predictions, lambda case: [case, dict(a=1 - case["a"], y=1 - case["y"])])
batch_twice_over = changed(predictions, lambda case: [case, {name: np.tile(value, 2) for name, value in case.items()}])


def states(rng):
    """A batch with labels, weights and a bias; the last one in single precision."""
    for case in neurons(rng):
        y = labels_for(rng, len(case["x"])).astype(case["x"].dtype)
        yield dict(x=case["x"], y=y, w=case["w"], b=case["b"])


single_states = changed(states, lambda case: dict(case, x=case["x"][:1], y=case["y"][:1], b=0.0))


def tiny_states(rng):
    """Batches with few numbers."""
    for count, features in [(3, 2), (2, 3)]:
        x = rng.normal(size=(count, features))
        yield dict(x=x, y=labels_for(rng, count), w=rng.normal(size=features), b=float(rng.normal()))


def steps_to_take(rng):
    """A state with a learning rate."""
    for case, alpha in zip(states(rng), (0.5, 0.1, 0.5, 2.0, 0.3, 1.0, 0.7), strict=True):
        yield dict(case, alpha=alpha)


small_steps = changed(states, lambda case: dict(case, alpha=0.05))  # at which the cost falls, whatever the state
two_rates = changed(steps_to_take, lambda case: [case, dict(case, alpha=2 * case["alpha"])])


def few_steps(rng):
    """Two and three steps from small random weights, so that no prediction comes near 0 or 1."""
    for case, steps in zip(steps_to_take(rng), (3, 2, 3), strict=False):
        yield dict(case, w=case["w"] / 2, b=case["b"] / 2, steps=steps)


def step_by_step(rng):
    """Two steps one by one, then a training of two steps."""
    x, y, w, b, alpha = next(steps_to_take(rng)).values()
    yield [
        call("step", x, y, w, b, alpha, save="once"),
        call("step", x, y, ref("once", 0), ref("once", 1), alpha),
        call("train", x, y, w, b, alpha, 2),
    ]


no_steps = changed(few_steps, lambda case: dict(case, steps=0))


def separable(rng):
    """Two clouds with a gap between them; the line in the gap does not go through the origin."""
    for count, features in [(12, 2), (10, 3)]:
        direction = rng.normal(size=features)
        direction /= np.linalg.norm(direction)
        y = labels_for(rng, count)
        points = rng.normal(scale=0.5, size=(count, features))
        along = points @ direction
        points += np.outer((2 * y - 1) * (1 + np.abs(along)) - along, direction)
        yield dict(x=points + 0.6 * direction, y=y, w=rng.normal(scale=0.3, size=features), b=0.0, alpha=0.8, steps=80)


# --- what must hold ----------------------------------------------------------------------------------------------------------


@hidden
def sigmoid(z):
    """1 / (1 + e^-z), which is (1 + tanh(z/2)) / 2: finite wherever z is."""
    return (1 + np.tanh(np.asarray(z, dtype=float) / 2)) / 2


@hidden
def loss_at(z, y):
    """The loss of each example as a function of its sum."""
    return np.logaddexp(0, z) - y * z


def cost_of(case, w, b):
    """The mean loss of the batch."""
    return float(np.mean(loss_at(case["x"] @ np.asarray(w) + b, case["y"])))


def bias_moves_every_sum(cases, results):
    """When b grows by d, every sum log(a / (1 - a)) grows by d."""
    added = cases[1]["b"] - cases[0]["b"]
    for i, (before, after) in enumerate(zip(*results, strict=True)):
        if not (0 < before < 1 and 0 < after < 1):
            return _("a[{i}] is {value}, but a probability lies between 0 and 1").format(i=i, value=number(before))
        odds = before / (1 - before) * np.exp(added)
        if abs(after - odds / (1 + odds)) > 1e-4:
            return _(
                "when b grows by {added}, every z grows by {added}: a[{i}] goes from {before} to {after}, which is not that"
            ).format(added=added, i=i, before=number(before), after=number(after))
    return None


def same_loss_for_exchanged_classes(cases, results):
    """Which class is called 1 does not matter."""
    if abs(results[0] - results[1]) <= NEAR:
        return None
    return _("with 1 - a and 1 - y the loss is {second}, but with a and y it is {first}; both should be the same").format(
        first=number(results[0]), second=number(results[1])
    )


def same_loss_twice_over(cases, results):
    """A mean does not grow when every example comes twice."""
    if abs(results[0] - results[1]) <= NEAR:
        return None
    return _("when every example comes twice, the loss goes from {first} to {second}; a mean stays as it is").format(
        first=number(results[0]), second=number(results[1])
    )


def is_the_slope_of_the_loss(case, results):
    """delta_i = dL_i/dz_i."""
    z = np.log(case["a"] / (1 - case["a"]))
    want = (loss_at(z + STEP, case["y"]) - loss_at(z - STEP, case["y"])) / (2 * STEP)
    text = _("delta[{place}] is {got}, but the slope of L there, measured with a small step in z, is {want}")
    return differs(text, results[0], want)


def goes_downhill(case, results):
    """A small step lowers the cost."""
    before, after = cost_of(case, case["w"], case["b"]), cost_of(case, *results[0])
    if after < before:
        return None
    return _("a step with alpha = {alpha} took the cost from {before} to {after}; a small step lowers it").format(
        alpha=case["alpha"], before=number(before), after=number(after)
    )


def moves_in_proportion(cases, results):
    """A step is proportional to alpha."""
    w, b, alpha = cases[0]["w"], cases[0]["b"], cases[0]["alpha"]
    once, twice = (np.append(np.asarray(new_w) - w, new_b - b) for new_w, new_b in results)
    if np.abs(once).max() < 1e-9:
        return _("neither w nor b moved")
    allowed = NEAR * (np.abs(w).max() + abs(b) + alpha * max(1.0, np.abs(cases[0]["x"]).max()))
    for i, (one, two) in enumerate(zip(once, twice, strict=True)):
        if abs(two - 2 * one) > allowed:
            name = f"w[{i}]" if i < len(w) else "b"
            return _("{name} moved by {one} with alpha and by {two} with 2 alpha, which should be twice as much").format(
                name=name, one=number(one), two=number(two)
            )
    return None


def separates(case, results):
    """The cost falls with every step, and in the end every example is on its side."""
    w, b, losses = results[0]
    losses = np.asarray(losses)
    rises = np.flatnonzero(np.diff(losses) > 1e-6)
    if len(rises):
        t = int(rises[0])
        return _("the loss rises from {before} to {after} in step {t}; at this alpha it falls with every step").format(
            before=number(losses[t]), after=number(losses[t + 1]), t=t + 1
        )
    right = int(np.sum((case["x"] @ np.asarray(w) + b > 0) == (case["y"] == 1)))
    if right < len(case["y"]):
        return _("after {steps} steps {right} of {count} examples are on their side of the line; all of them should be").format(
            steps=case["steps"], right=right, count=len(case["y"])
        )
    return None if losses[-1] < losses[0] - 1e-3 else _("the loss does not fall")


def is_your_steps(case, results):
    """train leaves what the steps leave."""
    (w, b), (trained_w, trained_b, _losses) = results[1], results[2]
    if np.abs(np.append(trained_w - w, trained_b - b)).max() <= NEAR * max(1.0, np.abs(case[0].args[0]).max()):
        return None
    return _(
        "two steps of train should lead where your step leads when it is called twice, to w[0] = {want}; yours is {got}"
    ).format(want=number(w[0]), got=number(trained_w[0]))


def losses_belong_to_the_weights(case, results):
    """losses[0] is the cost of the given weights, losses[-1] that of the returned ones."""
    w, b, losses = results[0]
    for name, want, got in (
        (_("the weights that were given"), cost_of(case, case["w"], case["b"]), losses[0]),
        (_("the weights that you return"), cost_of(case, w, b), losses[-1]),
    ):
        if abs(got - want) > 1e-4 * max(1.0, cost_of(case, case["w"], case["b"])):
            place = "losses[0]" if got is losses[0] else "losses[-1]"
            return _("{place} is {got}, but the cost with {name} is {want}").format(
                place=place, got=number(got), name=name, want=number(want)
            )
    return None


# --- the slide's arithmetic --------------------------------------------------------------------------------------------------


def slide_forward(inputs, result, index):
    """The sum, and the sigmoid of it."""
    row, w, b = inputs["x"][index], inputs["w"], inputs["b"]
    z = float(row @ w + b)
    return f"1/(1 + e^-z) = {sigmoid(z):.6g}, z = {products(w, row, brackets=True)} + {term(b)} = {z:g}"


def slide_loss(inputs, result, index):
    """A logarithm for each example, and their mean."""
    a, y = inputs["a"], inputs["y"]
    logs = [f"log {p:g}" if label else f"log(1 - {p:g})" for p, label in zip(a, y, strict=True)]
    values = [0 - np.log(max(p if label else 1 - p, 1e-7)) for p, label in zip(a, y, strict=True)]
    terms = mean([f"{value:.6f}" for value in values])
    return f"-{mean(logs)} = {terms} = {np.mean(values):.6f}"


def slide_delta(inputs, result, index):
    """a - y."""
    a, y = inputs["a"][index], inputs["y"][index]
    return f"{a:g} - {y:g} = {a - y:g}"


def slide_gradient(inputs, result, index):
    """The mean of (a - y) times the input."""
    d = sigmoid(inputs["x"] @ inputs["w"] + inputs["b"]) - inputs["y"]
    met = inputs["x"][:, index[0]] if result == "dw" else np.ones(len(d))
    terms = mean([f"{term(one)}*{term(value)}" for one, value in zip(d, met, strict=True)])
    return f"{terms} = {d @ met / len(d):g}"


def slide_step(inputs, result, index):
    """The old value less alpha times the gradient."""
    d = sigmoid(inputs["x"] @ inputs["w"] + inputs["b"]) - inputs["y"]
    old, slope = (
        (inputs["w"][index], float(np.mean(d * inputs["x"][:, index[0]])))
        if result == "new_w"
        else (inputs["b"], float(d.mean()))
    )
    return f"{old:g} - {inputs['alpha']:g}*{term(slope)} = {old - inputs['alpha'] * slope:g}"


def slide_train(inputs, result, index):
    """The step, or the losses of the examples and their mean."""
    if result != "losses":
        return slide_step(inputs, result, index)
    d = sigmoid(inputs["x"] @ inputs["w"] + inputs["b"]) - inputs["y"]
    moved = inputs["alpha"] * index[0]  # one step at most
    w, b = inputs["w"] - moved * (d @ inputs["x"]) / len(d), inputs["b"] - moved * d.mean()
    values = loss_at(inputs["x"] @ w + b, inputs["y"])
    return f"{mean([f'{value:.6f}' for value in values])} = {values.mean():.6f}"


# --- the exercises -----------------------------------------------------------------------------------------------------------


@exercise(points=2, returns=("a",), array_like=True)
def forward():
    """What the neuron says: the sigmoid of w·x + b."""
    yield from examples(explain=slide_forward)
    yield agrees("bias 0", cases=without_bias, share=2)
    yield agrees("random batches, square and not", cases=neurons, share=0.75)
    yield has_property(
        "the bias moves every sum alike",
        cases=grown_bias,
        law=bias_moves_every_sum,
        shape=lambda case: case["x"].shape[:1],
        share=0.25,
    )
    yield agrees("finite when the sums are ±1000", cases=saturated, share=0.75)
    yield raises(ValueError, "two weights for three features are refused", args=dict(x=np.ones((4, 3)), w=np.ones(2), b=0.0))


@exercise(points=2, returns=("loss",))
def bce():
    """Binary cross-entropy, the mean over the batch."""
    yield from examples(explain=slide_loss)
    yield agrees("one prediction alone", cases=single_predictions, share=2, rtol=NEAR_LOG)
    yield agrees("random predictions and labels", cases=predictions, share=0.75, rtol=NEAR_LOG)
    yield has_property(
        "exchanging the two classes changes nothing", cases=classes_exchanged, law=same_loss_for_exchanged_classes, n=2, share=0.5
    )
    yield has_property(
        "every example twice over: the same mean", cases=batch_twice_over, law=same_loss_twice_over, n=1, share=0.25
    )
    # rtol: in float32, 1 - (1 - 1e-7) is 1.2e-7
    yield agrees("a = 0 for the label 1, a = 1 for the label 0", cases=certain_and_wrong, rtol=0.02)
    yield raises(ValueError, "labels in a column are refused", args=COLUMN)


@exercise(points=1, returns=("delta",), array_like=True)
def delta():
    """The slope of each example's loss, a - y."""
    yield from examples(explain=slide_delta)
    yield agrees("random predictions and labels", cases=predictions)
    yield has_property(
        "it is the slope of the loss, measured with a small step", cases=predictions, law=is_the_slope_of_the_loss, n=2
    )
    yield raises(ValueError, "labels in a column are refused", args=COLUMN)


def many_weights(rng):
    """Two examples with very many inputs."""
    yield dict(x=rng.normal(size=(2, 15000)) / 100, y=np.array([0.0, 1.0]), w=rng.normal(size=15000), b=0.5)


@exercise(points=2, returns=("dw", "db"), array_like=True)
def gradients():
    """Gradients of the mean loss with respect to w and b."""
    yield from examples(explain=slide_gradient)
    yield agrees("one example, bias 0", cases=single_states, share=1.25)
    yield agrees("random batches, square and not", cases=states)
    yield gradient("they are the derivatives of the cost", of="cost", cases=tiny_states, upstream=None, share=0.5)
    yield raises(
        ValueError,
        "three labels for four examples are refused",
        args=dict(x=np.ones((4, 2)), y=np.array([0.0, 1.0, 1.0]), w=np.ones(2), b=0.0),
    )
    yield within(cases=many_weights, times=10)


@exercise(points=1.5, returns=("new_w", "new_b"), array_like=True, unchanged=0.5)
def step():
    """One step of gradient descent."""
    yield from examples(explain=slide_step)
    yield agrees("one step from random weights", cases=steps_to_take, share=2)
    yield has_property(
        "a small step lowers the cost",
        cases=small_steps,
        law=goes_downhill,
        shape=lambda case: [case["w"].shape, ()],
        n=2,
        share=0.5,
    )
    yield has_property(
        "twice the rate moves twice as far",
        cases=two_rates,
        law=moves_in_proportion,
        shape=lambda case: [case["w"].shape, ()],
        n=2,
        share=0.5,
    )


@exercise(points=1.5, returns=("new_w", "new_b", "losses"), array_like=True)
def train():
    """Gradient descent until a small set is separated."""
    yield from examples(explain=slide_train)
    yield agrees("two and three steps from random weights", cases=few_steps, share=0.5, rtol=10 * NEAR_LOG)
    yield has_property("two steps are your own step, twice", cases=step_by_step, law=is_your_steps, share=0.5)
    yield has_property(
        "80 steps separate two clouds, and the loss falls",
        cases=separable,
        law=separates,
        shape=lambda case: [case["w"].shape, (), (case["steps"] + 1,)],
    )
    yield has_property(
        "losses begin and end with the right weights",
        cases=few_steps,
        law=losses_belong_to_the_weights,
        shape=lambda case: [case["w"].shape, (), (case["steps"] + 1,)],
        n=2,
        share=0.5,
    )
    yield agrees("no steps: the given weights come back", cases=no_steps, n=1, share=0.25, rtol=10 * NEAR_LOG)
