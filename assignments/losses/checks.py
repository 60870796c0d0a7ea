"""The rubric of `losses`: seven losses and their gradients, lectures L0, L1 and L4."""

import math

import numpy as np

from grader.course.arithmetic import Writing
from grader.course.authoring import (
    _,
    agrees,
    examples,
    exercise,
    gradient,
    has_property,
    hidden,
    policy,
    raises,
    unchanged,
    within,
)
from grader.course.cases import changed, given, of_sizes, single

rules = policy()

NEAR = 1e-4  # of numbers of order one: leaves room for an answer computed in float32
RTOL = 1e-5  # where EPSILON occurs: log(p + EPSILON) is as good as log(max(p, EPSILON))
FLOOR = -math.log(1e-7)  # what a probability of 0 costs: -log(EPSILON)
STEEP = 1e7  # how steep the logarithm is there: 1 / EPSILON

hand = Writing(decimals=6, zero=True)
number, total = hand.number, hand.total


# --- cases -----------------------------------------------------------------------------------------------------------------


def pair(y_true, y_pred):
    """The arguments of every loss."""
    return dict(y_true=y_true, y_pred=y_pred)


def off_targets(rng, *shape):
    """Targets of both signs, and predictions that miss each by 0.1 at least."""
    y_true = rng.choice([-1.0, 1.0], size=shape) * rng.uniform(0.5, 2.0, size=shape)
    return pair(y_true, y_true + rng.choice([-1.0, 1.0], size=shape) * rng.uniform(0.1, 1.5, size=shape))


def regressions(rng):
    """A batch, a row of whole targets, single precision."""
    yield off_targets(rng, 4, 3)
    yield pair(rng.permutation([-2, 1, 3, 4, 7]), rng.uniform(0.1, 0.9, size=5))
    yield single(off_targets(rng, 1, 4))


def missed_by_the_same(rng):
    """All predictions too high by one number; then only one of them."""
    y_true, miss = rng.normal(size=(2, 3)), rng.uniform(1.5, 2.5)
    one = np.zeros((2, 3))
    one[1, 0] = miss
    yield [pair(y_true, y_true + miss), pair(y_true, y_true + one)]


def missed_by_a_share(rng):
    """All predictions too large by one share of their target; then only one of them."""
    y_true, share = rng.choice([-1.0, 1.0], size=(2, 3)) * rng.uniform(1, 2, size=(2, 3)), rng.uniform(0.2, 0.4)
    one = np.zeros((2, 3))
    one[1, 0] = share
    yield [pair(y_true, y_true * (1 + share)), pair(y_true, y_true * (1 + one))]


def hit_exactly(rng):
    """Some predictions equal their targets."""
    case = off_targets(rng, 2, 3)
    case["y_pred"][0, 1] = case["y_true"][0, 1]
    case["y_pred"][1, 2] = case["y_true"][1, 2]
    yield case


def binary(rng):
    """Labels of whole numbers, probabilities as labels, single precision."""
    yield pair(rng.uniform(size=(4, 3)), rng.uniform(0.1, 0.9, size=(4, 3)))
    yield pair(rng.permutation([0, 1, 0, 1, 1]), rng.uniform(0.1, 0.9, size=5))
    yield single(pair(np.array([[0.0, 1.0, 1.0, 0.0]]), rng.uniform(0.1, 0.9, size=(1, 4))))


def yes_and_no(rng):
    """Labels with predictions; all of it with yes and no exchanged; the same labels with p = 1/2."""
    y_true, y_pred = rng.integers(0, 2, size=(2, 3)) * 1.0, rng.uniform(0.1, 0.9, size=(2, 3))
    half = pair(y_true, np.full((2, 3), 0.5))
    yield [pair(y_true, y_pred), pair(1 - y_true, 1 - y_pred), half]


def distribution(rng, rows, classes):
    """Rows of probabilities, none of them small."""
    drawn = rng.uniform(0.2, 1.0, size=(rows, classes))
    return drawn / drawn.sum(axis=1, keepdims=True)


def one_hot(rng, rows, classes):
    """Rows with a single 1, in more than one column."""
    return np.eye(classes)[(rng.integers(classes) + np.arange(rows)) % classes]


def drawn(rng, targets, rows, classes):
    """Targets of a kind, and probabilities."""
    return pair(targets(rng, rows, classes), distribution(rng, rows, classes))


# High and wide batches, a batch of one in single precision; every class can occur.
distributions = of_sizes(drawn, (distribution, 4, 3), (distribution, 2, 5), in_single=(distribution, 1, 4))
right_class = of_sizes(drawn, (one_hot, 3, 4))


def classes(rng):
    """High and wide batches, one-hot and not, a batch of one, single precision."""
    yield drawn(rng, distribution, 4, 3)
    whole = drawn(rng, one_hot, 2, 5)
    yield pair(whole["y_true"].astype(int), whole["y_pred"])
    yield single(drawn(rng, one_hot, 1, 4))


def same_and_uniform(rng):
    """Predictions equal to the targets, and predictions that make no difference between the classes."""
    y_true = distribution(rng, 2, 3)
    yield [pair(y_true, y_true.copy()), pair(y_true, np.full((2, 3), 1 / 3))]


def counts(rng):
    """Counts as floats, as whole numbers and in single precision."""
    yield pair(rng.integers(0, 6, size=(4, 3)) * 1.0, rng.uniform(0.5, 5, size=(4, 3)))
    yield pair(rng.permutation([0, 1, 2, 3, 7]), rng.uniform(0.5, 5, size=5))
    yield single(pair(rng.integers(1, 6, size=(1, 4)) * 1.0, rng.uniform(0.5, 5, size=(1, 4))))


def same_everywhere(rng):
    """Counts with one and the same prediction e^a."""
    for a in (0.0, rng.uniform(0.5, 1)):
        yield pair(rng.integers(0, 6, size=(2, 3)) * 1.0, np.full((2, 3), math.exp(a)))


targets_of_zero = given(pair(np.array([0.0, 2.0, -4.0]), np.array([0.5, 1.0, -2.0])))  # one of them
# Quite sure: right, wrong, right, wrong, and not sure at all; then wrong, right, and not sure at all.
certain = given(pair(np.array([1.0, 1.0, 0.0, 0.0, 1.0]), np.array([1.0, 0.0, 0.0, 1.0, 0.5])))
certain_classes = given(pair(np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]]), np.array([[0.0, 1.0], [0.0, 1.0], [0.5, 0.5]])))
# A class that occurs half of the time is given no probability, and the second row is right; 0 for counts of 2 and of 0.
impossible_class = given(pair(np.array([[0.5, 0.5], [0.25, 0.75]]), np.array([[0.0, 1.0], [0.25, 0.75]])))
none_expected = given(pair(np.array([2.0, 0.0, 1.0]), np.array([0.0, 0.0, 1.0])))
COLUMN = pair(np.array([1.0, 0.0, 1.0]), np.array([[0.5], [0.25], [0.75]]))
LABELS = pair(np.array([2.0, 0.0, 1.0]), np.array([[0.5, 0.25, 0.25], [0.25, 0.5, 0.25], [0.25, 0.25, 0.5]]))


# --- what must hold ----------------------------------------------------------------------------------------------------------


@hidden
def mean_of(cost):
    """The law that missing all targets alike costs `cost` of the miss, and missing one of the n elements an n-th of it."""

    def law(cases, results):
        y_true, y_pred = cases[0]["y_true"], cases[0]["y_pred"]
        want = cost(y_true.flat[0], y_pred.flat[0])
        for got, part, size in ((results[0], 1, y_true.size), (results[1], y_true.size, y_true.size)):
            if abs(got - want / part) > NEAR * want:
                missed = size // part
                return _("{missed} of {size} predictions are off by the same amount: the loss is {want}, yours is {got}").format(
                    missed=missed, size=size, want=number(want / part), got=number(got)
                )
        return None

    return law


@hidden
def slope_within(step):
    """The law that a gradient is `step(t)` where p > t, its opposite where p < t, and anything between the two where p = t."""

    def law(case, results):
        y_true, y_pred, got = case["y_true"], case["y_pred"], results[0]
        for index in np.ndindex(y_true.shape):
            t, p, limit = y_true[index], y_pred[index], step(y_true[index]) / y_true.size
            place = "[" + ", ".join(map(str, index)) + "]"
            if p == t and abs(got[index]) > limit * (1 + NEAR):
                return _("at {place} p = t: everything from -{limit} to {limit} is accepted, but yours is {got}").format(
                    place=place, limit=number(limit), got=number(got[index])
                )
            want = limit if p > t else -limit
            if p != t and abs(got[index] - want) > limit * NEAR:
                return _("at {place} the prediction is not the target: the gradient is {want}, yours is {got}").format(
                    place=place, want=number(want), got=number(got[index])
                )
        return None

    return law


def costs(want):
    """The law that the loss is about `want`, near enough to tell EPSILON = 1e-7 from other limits."""

    def law(case, results):
        if abs(results[0] - want) <= 0.02 * want:
            return None
        return _("the loss is {got}, which is not what EPSILON = 1e-7 in place of a probability of 0 gives").format(
            got=number(results[0])
        )

    return law


def pulls(*want):
    """The law that a gradient is about `want`, element by element."""

    def law(case, results):
        got, wanted = np.ravel(results[0]), np.array(want)
        allowed = np.maximum(0.25 * np.abs(wanted), 1)  # where 1/EPSILON does not come in, the other checks look closely
        worst = int((np.abs(got - wanted) / allowed).argmax())
        if abs(got[worst] - wanted[worst]) <= allowed[worst]:
            return None
        return _("for t = {t} and p = {p} the gradient is {got}, which is not what EPSILON = 1e-7 in place of 0 gives").format(
            t=number(case["y_true"].flat[worst]), p=number(case["y_pred"].flat[worst]), got=f"{got[worst]:.3g}"
        )

    return law


def percent_of_zero(case, results):
    """A target of 0 counts as EPSILON; the others are off by a half."""
    want = 100 * (0.5 / 1e-7 + 0.5 + 0.5) / 3
    if abs(results[0] - want) <= 0.01 * want:
        return None
    return _("the loss is {got}, which is not what EPSILON = 1e-7 in place of the target 0 gives").format(got=f"{results[0]:.3g}")


def exchanging_yes_and_no(cases, results):
    """bce(t, p) = bce(1 - t, 1 - p), and log 2 for p = 1/2."""
    asked, exchanged, half = results
    if abs(half - math.log(2)) > NEAR:
        return _("for p = 1/2 every label costs log 2, so their mean is that too; yours is {got}").format(got=number(half))
    if abs(asked - exchanged) > NEAR:
        return _("with t and p replaced by 1 - t and 1 - p the loss stays the same, but yours goes from {one} to {other}").format(
            one=number(asked), other=number(exchanged)
        )
    return None


@hidden
def costs_of_the_right_class(case, results):
    """With one-hot targets the loss is the mean of -log p of the right class."""
    p = case["y_pred"][case["y_true"] == 1]
    want = float(-np.log(p).mean())
    if abs(results[0] - want) <= NEAR:
        return None
    return _("the right classes have p = {p}, so the loss is the mean of -log p, {want}; yours is {got}").format(
        p=", ".join(map(number, p)), want=number(want), got=number(results[0])
    )


def nothing_and_entropy(cases, results):
    """0 for equal distributions, log K + Σ t log t for uniform predictions."""
    same, uniform = results
    if abs(same) > NEAR:
        return _("where y_pred equals y_true nothing is lost, but your loss is {got}").format(got=number(same))
    t = cases[1]["y_true"]
    want = math.log(t.shape[1]) + float((t * np.log(t)).sum()) / len(t)
    if abs(uniform - want) > NEAR:
        return _("for p = 1/3 everywhere the loss is log 3 + the mean of Σ t log t, but yours is {got}").format(
            got=number(uniform)
        )
    return None


def linear_in_the_counts(case, results):
    """With p = e^a everywhere the loss is e^a - a * mean of t."""
    p = case["y_pred"].flat[0]
    mean = case["y_true"].mean()
    want = p - math.log(p) * mean
    if abs(results[0] - want) <= NEAR * p:
        return None
    return _(
        "p is {p} everywhere and the counts have the mean {mean}, so the loss is {p} - {mean}*log {p}; yours is {got}"
    ).format(p=number(p), mean=number(mean), got=number(results[0]))


# --- the arithmetic of the examples ------------------------------------------------------------------------------------------


def averaged(text, cost, over="elements"):
    """The costs of all elements (or rows) that are not 0, as formulas and as numbers, added and divided by their number."""

    def explain(inputs, result, index):
        t, p = inputs["y_true"], inputs["y_pred"]
        pairs = [(a, b) for a, b in zip(t.flat, p.flat, strict=True) if over == "elements" or a != 0]
        count = t.size if over == "elements" else len(t)
        formulas = " + ".join(text.format(t=number(a), p=number(b)) for a, b in pairs)
        values = [cost(a, b) for a, b in pairs]
        line = f"({formulas})/{count} = ({total(values)})/{count} = {number(sum(values) / count)}"
        return line.replace("+ -", "- ")

    return explain


def by_element(text, value):
    """The formula of one element of a gradient: `text` with t, p and n put in, and what it comes to."""

    def explain(inputs, result, index):
        t, p = inputs["y_true"][index], inputs["y_pred"][index]
        n = len(inputs["y_true"]) if inputs["y_true"].ndim == 2 else inputs["y_true"].size
        return f"{text.format(t=number(t), p=number(p), n=n)} = {number(value(t, p) / n)}"

    return explain


def binary_cost(t, p):
    """-log p or -log(1 - p)."""
    return -t * math.log(p) - (1 - t) * math.log(1 - p)


def slope_of(loss, cases):
    """The check that a gradient is that of its loss."""
    name = f"it is the slope of {loss}, measured with a small step"
    return gradient(name, of=loss, wrt=("y_pred",), cases=cases, n=1, upstream=None, share=0.5)


def alone(cases, share, rtol=None):
    """The check of one prediction, whatever the others are divided by."""
    first = changed(cases, lambda case: {name: value.ravel()[:1] for name, value in case.items()})
    return agrees("one prediction alone", cases=first, share=share, rtol=rtol)


def row_alone(cases, share):
    """The check of one row of probabilities."""
    first = changed(cases, lambda case: {name: value[:1] for name, value in case.items()})
    return agrees("one row alone", cases=first, share=share, rtol=RTOL)


TIMES = 10  # of the solution's time; below a quarter of a second nobody is too slow


def many(rng):
    """Very many predictions."""
    yield off_targets(rng, 120, 125)


def many_labels(rng):
    """Very many labels."""
    yield pair(rng.integers(0, 2, size=(120, 125)) * 1.0, rng.uniform(0.1, 0.9, size=(120, 125)))


many_classes = of_sizes(drawn, (one_hot, 1500, 10))
many_distributions = of_sizes(drawn, (distribution, 1500, 10))


def many_counts(rng):
    """Very many counts."""
    yield pair(rng.integers(0, 6, size=(120, 125)) * 1.0, rng.uniform(0.5, 5, size=(120, 125)))


# --- the exercises -----------------------------------------------------------------------------------------------------------


@exercise(points=0.5, returns=("loss",), array_like=True)
def mse():
    """Mean squared error."""
    yield from examples(explain=averaged("({p} - {t})^2", lambda t, p: (p - t) ** 2))
    yield alone(regressions, 2)
    yield agrees("random targets and predictions", cases=regressions, share=0.75)
    yield has_property(
        "predictions that are all off by c cost c²", cases=missed_by_the_same, law=mean_of(lambda t, p: (p - t) ** 2), share=0.5
    )
    yield raises(ValueError, "a column of predictions for a row of targets is refused", args=COLUMN)


@exercise(points=0.75, returns=("gradient",), array_like=True)
def mse_gradient():
    """Gradient of the mean squared error."""
    yield from examples(explain=by_element("2*({p} - {t})/{n}", lambda t, p: 2 * (p - t)))
    yield alone(regressions, 2)
    yield agrees("random targets and predictions", cases=regressions, n=2, share=0.75)
    yield slope_of("mse", regressions)
    yield raises(ValueError, "a column of predictions for a row of targets is refused", args=COLUMN)
    yield within(cases=many, times=TIMES)


@exercise(points=0.5, returns=("loss",), array_like=True)
def mae():
    """Mean absolute error."""
    yield from examples(explain=averaged("|{p} - {t}|", lambda t, p: abs(p - t)))
    yield alone(regressions, 2)
    yield agrees("random targets and predictions", cases=regressions, share=0.75)
    yield has_property(
        "predictions that are all off by c cost |c|", cases=missed_by_the_same, law=mean_of(lambda t, p: abs(p - t)), share=0.75
    )


@exercise(points=0.75, returns=("gradient",), array_like=True)
def mae_gradient():
    """Gradient of the mean absolute error."""
    yield from examples(explain=by_element("sign({p} - {t})/{n}", lambda t, p: np.sign(p - t)))
    yield alone(regressions, 2.25)
    yield agrees("random targets and predictions", cases=regressions, n=2, share=0.75)
    yield has_property(
        "1/n above the target, -1/n below it", cases=regressions, law=slope_within(lambda t: 1), shape="y_true", n=1, share=0.5
    )
    yield has_property("where p = t, a number from -1/n to 1/n", cases=hit_exactly, law=slope_within(lambda t: 1), shape="y_true")
    yield within(cases=many, times=TIMES)


@exercise(points=0.5, returns=("loss",), array_like=True)
def mape():
    """Mean absolute percentage error."""
    yield from examples(explain=averaged("100*|{p} - {t}|/|{t}|", lambda t, p: 100 * abs(p - t) / abs(t)))
    yield alone(regressions, 2.5, RTOL)
    yield agrees("random targets and predictions", cases=regressions, rtol=RTOL, share=0.75)
    yield has_property(
        "predictions that are all off by one share of their target cost that share in per cent",
        cases=missed_by_a_share,
        law=mean_of(lambda t, p: 100 * abs((p - t) / t)),
        share=0.5,
    )
    yield has_property("finite where a target is 0", cases=targets_of_zero, law=percent_of_zero)


@exercise(points=0.75, returns=("gradient",), array_like=True)
def mape_gradient():
    """Gradient of the mean absolute percentage error."""
    yield from examples(explain=by_element("100*sign({p} - {t})/(|{t}|*{n})", lambda t, p: 100 * np.sign(p - t) / abs(t)))
    yield alone(regressions, 2.75, RTOL)
    yield agrees("random targets and predictions", cases=regressions, n=2, rtol=RTOL, share=0.75)
    yield has_property(
        "±100/(n|t|) above and below the target",
        cases=regressions,
        law=slope_within(lambda t: 100 / abs(t)),
        shape="y_true",
        n=1,
        share=0.5,
    )
    yield has_property(
        "where p = t, a number between the two slopes",
        cases=hit_exactly,
        law=slope_within(lambda t: 100 / abs(t)),
        shape="y_true",
        share=0.5,
    )
    yield has_property(
        "finite where a target is 0",
        cases=targets_of_zero,
        law=pulls(100 * STEEP / 3, -100 / 6, 100 / 12),
        shape="y_true",
        share=1.1,
    )
    yield within(cases=many, times=TIMES)


@exercise(points=1, returns=("loss",), array_like=True)
def binary_cross_entropy():
    """Binary cross-entropy."""
    yield from examples(explain=averaged("-{t}*log({p}) - (1 - {t})*log(1 - {p})", binary_cost))
    yield alone(binary, 2.5, RTOL)
    yield agrees("random labels and probabilities", cases=binary, rtol=RTOL, share=0.75)
    yield has_property(
        "yes and no can be exchanged, and p = 1/2 costs log 2", cases=yes_and_no, law=exchanging_yes_and_no, share=0.5
    )
    yield has_property("finite at p = 0 and p = 1", cases=certain, law=costs((2 * FLOOR + math.log(2)) / 5), share=1.5)
    yield raises(ValueError, "a column of predictions for a row of labels is refused", args=COLUMN)
    yield unchanged("labels and predictions are left as they were", cases=certain)


@exercise(points=1, returns=("gradient",), array_like=True)
def binary_cross_entropy_gradient():
    """Gradient of the binary cross-entropy."""
    yield from examples(explain=by_element("(-{t}/{p} + (1 - {t})/(1 - {p}))/{n}", lambda t, p: -t / p + (1 - t) / (1 - p)))
    yield alone(binary, 2.5, RTOL)
    yield agrees("random labels and probabilities", cases=binary, n=2, rtol=RTOL, share=0.75)
    yield slope_of("binary_cross_entropy", binary)
    yield has_property(
        "finite at p = 0 and p = 1",
        cases=certain,
        law=pulls(-1 / 5, -STEEP / 5, 1 / 5, STEEP / 5, -2 / 5),
        shape="y_true",
        share=1.5,
    )
    yield within(cases=many_labels, times=TIMES)


@exercise(points=1, returns=("loss",), array_like=True)
def categorical_cross_entropy():
    """Categorical cross-entropy."""
    yield from examples(explain=averaged("-{t}*log({p})", lambda t, p: -t * math.log(p), over="rows"))
    yield row_alone(classes, 1.5)
    yield agrees("random labels and probabilities, one-hot and not", cases=classes, rtol=RTOL, share=0.75)
    yield has_property(
        "with one-hot targets, the mean of -log p of the right class", cases=right_class, law=costs_of_the_right_class, share=0.5
    )
    yield has_property("finite at p = 0 and p = 1", cases=certain_classes, law=costs((FLOOR + math.log(2)) / 3), share=1.5)
    yield raises(ValueError, "class numbers instead of one-hot rows are refused", args=LABELS)
    yield unchanged("labels and predictions are left as they were", cases=certain_classes)


@exercise(points=1, returns=("gradient",), array_like=True)
def categorical_cross_entropy_gradient():
    """Gradient of the categorical cross-entropy."""
    yield from examples(explain=by_element("-{t}/({n}*{p})", lambda t, p: -t / p))
    yield row_alone(classes, 2.5)
    yield agrees("random labels and probabilities, one-hot and not", cases=classes, n=2, rtol=RTOL, share=0.75)
    yield slope_of("categorical_cross_entropy", classes)
    yield has_property(
        "finite at p = 0 and p = 1",
        cases=certain_classes,
        law=pulls(-STEEP / 3, 0, 0, -1 / 3, 0, -2 / 3),
        shape="y_true",
        share=1.5,
    )
    yield within(cases=many_classes, times=TIMES)


@exercise(points=0.5, returns=("loss",), array_like=True)
def poisson():
    """Poisson loss."""
    yield from examples(explain=averaged("{p} - {t}*log({p})", lambda t, p: p - t * math.log(p)))
    yield alone(counts, 2.5, RTOL)
    yield agrees("random counts and predictions", cases=counts, rtol=RTOL, share=0.75)
    yield has_property(
        "with one prediction for all, only the mean of the counts matters",
        cases=same_everywhere,
        law=linear_in_the_counts,
        share=0.5,
    )
    yield has_property("finite at p = 0", cases=none_expected, law=costs((2 * FLOOR + 1) / 3), share=1.25)


@exercise(points=0.5, returns=("gradient",), array_like=True)
def poisson_gradient():
    """Gradient of the Poisson loss."""
    yield from examples(explain=by_element("(1 - {t}/{p})/{n}", lambda t, p: 1 - t / p))
    yield alone(counts, 2.5, RTOL)
    yield agrees("random counts and predictions", cases=counts, n=2, rtol=RTOL, share=0.75)
    yield slope_of("poisson", counts)
    yield has_property("finite at p = 0", cases=none_expected, law=pulls(-2 * STEEP / 3, 1 / 3, 0), shape="y_true", share=1.25)
    yield within(cases=many_counts, times=TIMES)


@exercise(points=0.75, returns=("loss",), array_like=True)
def kl_divergence():
    """Kullback-Leibler divergence."""
    yield from examples(explain=averaged("{t}*log({t}/{p})", lambda t, p: t * math.log(t / p), over="rows"))
    yield row_alone(distributions, 2.5)
    yield agrees("random distributions", cases=distributions, rtol=RTOL, share=0.75)
    yield has_property("0 for equal distributions", cases=same_and_uniform, law=nothing_and_entropy, share=0.5)
    yield has_property("a target of 0 counts nothing", cases=right_class, law=costs_of_the_right_class, share=1.25)
    yield has_property("finite at p = 0", cases=impossible_class, law=costs((FLOOR / 2 - math.log(2)) / 2), share=1.25)


@exercise(points=0.5, returns=("gradient",), array_like=True)
def kl_divergence_gradient():
    """Gradient of the Kullback-Leibler divergence."""
    yield from examples(explain=by_element("-{t}/({n}*{p})", lambda t, p: -t / p))
    yield row_alone(distributions, 2.5)
    yield agrees("random distributions", cases=distributions, n=2, rtol=RTOL, share=0.75)
    yield slope_of("kl_divergence", distributions)
    yield has_property(
        "finite at p = 0", cases=impossible_class, law=pulls(-STEEP / 4, -1 / 4, -1 / 2, -1 / 2), shape="y_true", share=1.25
    )
    yield within(cases=many_distributions, times=TIMES)
