"""The rubric of softmax and cross-entropy: ten points for the last layer of a classifier, lectures L0 to L3."""

import numpy as np

from grader.course.arithmetic import mean, number
from grader.course.authoring import _, agrees, examples, exercise, gradient, has_property, policy, raises, within
from grader.course.cases import changed, of_shapes, of_sizes
from grader.course.cases import one_hot as right_classes
from grader.course.laws import NEAR, differs

rules = policy()

# Examples N, classes C. Not square but for one, where a row and a column can be mistaken for each other without an exception.
BATCHES = [(3, 4), (5, 2), (1, 4), (3, 3), (3, 4)]
NEAR_LOG = 1e-5  # of losses: leaves room for someone who adds EPSILON = 1e-7 where another takes the larger of the two


# --- cases -------------------------------------------------------------------------------------------------------------------


def label_lists(rng):
    """Labels of batches of several sizes; the last class is missing in all but one."""
    for count, classes in [(5, 4), (3, 6), (1, 3), (4, 4), (5, 4)]:
        yield dict(labels=rng.integers(classes - 1, size=count), classes=classes)
    yield dict(labels=rng.permutation(5), classes=5)


def all_classes(rng):
    """Labels of batches that hold every class."""
    for count, classes in [(4, 4), (5, 3)]:
        yield dict(labels=rng.permutation(np.arange(count) % classes), classes=classes)


sums = of_shapes(*(dict(logits=size) for size in BATCHES), scale=1.5, in_single=dict(logits=(2, 3)))
single_rows = of_shapes(dict(logits=(1, 3)), dict(logits=(1, 5)), scale=1.5)


def rows_moved(rng):
    """The same logits twice; in the second one row has moved as a whole."""
    for count, classes in [(3, 4), (2, 5)]:
        logits = rng.normal(scale=1.5, size=(count, classes))
        moved = logits.copy()
        moved[1] += 3.0
        yield [dict(logits=logits), dict(logits=moved)]


def eighths(rng, *shape):
    """Numbers between -2 and 2 that keep their value in float32 when 1000 is added."""
    return rng.integers(-16, 17, size=shape) / 8


def huge(rng):
    """All logits near 1000, or all near -1000."""
    for level in (1000.0, -1000.0):
        yield dict(logits=level + eighths(rng, 2, 3))


def rows_far_apart(rng):
    """Three rows of one batch, near -1000, 0 and 1000."""
    yield dict(logits=np.array([[-1000.0], [0.0], [1000.0]]) + eighths(rng, 3, 4))


def output(rng, count, classes):
    """Probabilities, none near 0, with targets."""
    p = rng.uniform(0.2, 1.0, size=(count, classes))
    return dict(p=p / p.sum(axis=1, keepdims=True), target=right_classes(rng, count, classes))


def twice_over(case):
    """A batch, and the same rows twice over."""
    return [case, {name: np.concatenate([value, value]) for name, value in case.items()}]


outputs = of_sizes(output, *BATCHES, in_single=(2, 3))
single_outputs = of_sizes(output, (1, 3), (1, 5))
outputs_twice_over = changed(outputs, twice_over)


def hopeless_right_class(rng):
    """The right class has the probability 0; no wrong one has."""
    share = rng.uniform(0.3, 0.7)
    yield dict(p=np.array([[0.0, share, 1 - share], [0.2, 0.3, 0.5]]), target=np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]))


def batches(rng):
    """Logits of moderate size with targets; the last ones in single precision."""
    for case in sums(rng):
        logits = case["logits"]
        yield dict(logits=logits, target=right_classes(rng, *logits.shape).astype(logits.dtype))


examples_twice_over = changed(batches, twice_over)


def examples_moved(rng):
    """The same batch twice; in the second one row of the logits has moved as a whole."""
    for cases in rows_moved(rng):
        target = right_classes(rng, *cases[0]["logits"].shape)
        yield [dict(case, target=target) for case in cases]


def huge_examples(rng):
    """Logits near 1000 and -1000, and three rows far apart in one batch; within a row they are of moderate difference."""
    for cases in (huge(rng), rows_far_apart(rng)):
        for case in cases:
            yield dict(case, target=right_classes(rng, *case["logits"].shape))


def hopeless_examples(rng):
    """One example whose right class lies so far behind that its probability is 0 as a float."""
    for behind in (900.0, 2000.0):
        yield dict(logits=np.array([[behind, 0.0, 1.0]]) + eighths(rng, 1, 3), target=np.array([[0.0, 1.0, 0.0]]))


def example_of(rng, *size):
    """Logits with targets."""
    return dict(logits=rng.normal(size=size), target=right_classes(rng, *size))


tiny_examples = of_sizes(example_of, (3, 2), (2, 4))
single_examples = of_sizes(example_of, (1, 3), (1, 5))
many_rows = of_sizes(example_of, (800, 10))


def with_weights(rng):
    """A batch with the weights of a layer and a rate of the penalty; the last time without a penalty."""
    for case, shape, reg in zip(batches(rng), [(4, 3), (2, 5), (3, 1), (3, 3), (4, 3)], (0.1, 0.5, 2.0, 0.02, 0.0), strict=False):
        yield dict(case, weights=rng.normal(size=shape), reg=reg)


# The same batch without a penalty, with one, and with twice the weights.
growing_weights = changed(with_weights, lambda case: [dict(case, reg=0.0), case, dict(case, weights=2 * case["weights"])])


ONE_TARGET = dict(logits=np.array([[0.0, 1.0], [2.0, 1.0]]), target=np.array([[1.0, 0.0]]))


# --- what must hold ----------------------------------------------------------------------------------------------------------


def rows_are_distributions(case, results):
    """Every row adds up to 1, is positive, and has the order of its logits."""
    for i, (row, logits) in enumerate(zip(np.asarray(results[0]), case["logits"], strict=True)):
        if row.min() <= 0:
            return _("row {i} has the probability {value}; e to any power is above 0").format(i=i, value=number(row.min()))
        if abs(row.sum() - 1) > NEAR:
            return _("row {i} adds up to {total}, not to 1").format(i=i, total=number(row.sum()))
        if (np.diff(row[np.argsort(logits)]) < 0).any():
            return _("row {i}: a larger logit does not have the larger probability").format(i=i)
    return None


def rows_stay(cases, results):
    """A number added to a whole row changes no probability."""
    text = _("3 was added to all of row 1; p[{place}] went from {want} to {got}, but no probability should change")
    return differs(text, results[1], results[0])


def loss_stays(cases, results):
    """A number added to a whole row does not change the loss."""
    if abs(results[1] - results[0]) <= NEAR:
        return None
    return _("3 was added to all logits of row 1; the loss went from {before} to {after}, but it should stay").format(
        before=number(results[0]), after=number(results[1])
    )


def same_mean(cases, results):
    """A mean does not grow when every row comes twice."""
    if abs(results[0] - results[1]) <= NEAR:
        return None
    return _("when every row comes twice, the loss goes from {first} to {second}; a mean over the rows stays as it is").format(
        first=number(results[0]), second=number(results[1])
    )


def rows_balance(case, results):
    """What one class gains, the others lose; only the right class has a negative slope."""
    for i, (row, target) in enumerate(zip(np.asarray(results[0]), case["target"], strict=True)):
        if abs(row.sum()) > NEAR:
            return _("row {i} adds up to {total}, not to 0: a whole row of logits can move without changing the loss").format(
                i=i, total=number(row.sum())
            )
        if row @ target > 0:
            return _("row {i}: the loss should fall when the logit of the right class grows, but its slope is {slope}").format(
                i=i, slope=number(row @ target)
            )
    return None


def penalty_is_quadratic(cases, results):
    """Twice the weights, four times the penalty."""
    without, once, twice = (float(result) for result in results)
    scale = cases[1]["reg"] * float(np.abs(cases[1]["weights"]).max()) ** 2
    if once - without < 0.5 * scale:
        return _("the penalty added {added} to the loss; the largest weight alone should add {scale}").format(
            added=number(once - without), scale=number(scale)
        )
    if abs((twice - without) - 4 * (once - without)) <= 1e-4 * max(1.0, scale * cases[1]["weights"].size):
        return None
    return _("the penalty is {once}, and {twice} with twice the weights; it should be four times as much").format(
        once=number(once - without), twice=number(twice - without)
    )


# --- the slide's arithmetic --------------------------------------------------------------------------------------------------


def joined(terms):
    """Terms of a sum; negative ones in brackets."""
    return " + ".join(f"({term})" if term.startswith("-") else term for term in terms)


def means(terms, losses):
    """The losses of the rows, once as they are computed and once as numbers, and their mean."""
    shown = [f"{loss:.6f}" for loss in losses]
    return " = ".join([mean(terms), *([mean(shown)] if len(shown) > 1 else []), f"{losses.mean():.6f}"])


def moved(logits):
    """Logits for the arithmetic: rows whose powers are too large or too small for a float are moved until their largest is 0."""
    top = logits.max(axis=1, keepdims=True)
    return np.where(np.abs(top) > 100, logits - top, logits)


def slide_softmax(inputs, result, index):
    """A power, divided by the sum of the row's powers."""
    row = moved(inputs["logits"])[index[0]]
    powers = np.exp(row)
    top, total = powers[index[1]], powers.sum()
    return f"e^{row[index[1]]:g}/({joined(f'e^{s:g}' for s in row)}) = {top:.4f}/{total:.4f} = {top / total:.4f}"


def slide_cross_entropy(inputs, result, index):
    """target * -log p for every class, and the mean over the rows."""
    p, target = inputs["p"], inputs["target"]
    least = np.maximum(p, 1e-7)
    terms = [" + ".join(f"{t:g}*-log {q:g}" for q, t in zip(*row, strict=True)) for row in zip(least, target, strict=True)]
    losses = 0 - np.sum(target * np.log(least), axis=1)
    return means(terms, losses)


def slide_loss(inputs, result, index):
    """log of the sum of powers less the right logit, and the mean over the rows."""
    logits, target = moved(inputs["logits"]), inputs["target"]
    rows = [
        f"log({joined(f'e^{s:g}' for s in row)}) - {right:g}"
        for row, right in zip(logits, np.sum(target * logits, axis=1), strict=True)
    ]
    losses = np.log(np.exp(logits).sum(axis=1)) - np.sum(target * logits, axis=1)
    return means(rows, losses)


def slide_error(inputs, result, index):
    """Output minus target, divided by the number of rows."""
    powers = np.exp(moved(inputs["logits"])[index[0]])
    p, t, rows = powers[index[1]] / powers.sum(), inputs["target"][index], len(inputs["logits"])
    return f"({p:g} - {t:g})/{rows} = {(p - t) / rows:g}" if rows > 1 else f"{p:g} - {t:g} = {p - t:g}"


def slide_penalty(inputs, result, index):
    """The loss, and the squares of the weights."""
    logits, target, weights, reg = inputs["logits"], inputs["target"], inputs["weights"], inputs["reg"]
    loss = float(np.mean(np.log(np.exp(logits).sum(axis=1)) - np.sum(target * logits, axis=1)))
    squares = " + ".join(number(w * w) for w in weights.ravel())
    return f"{loss:.6f} + {reg:g}*({squares}) = {loss + reg * float(np.sum(weights**2)):.6f}"


# --- the exercises -----------------------------------------------------------------------------------------------------------


@exercise(points=1, returns=("target",), array_like=True)
def one_hot():
    """Labels as rows with a single 1."""
    yield from examples()
    yield agrees("random labels, all classes there", cases=all_classes)
    yield agrees("random labels, also without the last class", cases=label_lists)
    yield raises(ValueError, "a negative label is refused", args=dict(labels=np.array([1, -1]), classes=3))
    yield raises(ValueError, "label 3 of 3 classes is refused", args=dict(labels=np.array([0, 3]), classes=3))


@exercise(points=2, returns=("p",), array_like=True)
def softmax():
    """Softmax of every row."""
    yield from examples(explain=slide_softmax)
    yield agrees("a single row", cases=single_rows, share=2)
    yield agrees("random logits, square and not", cases=sums)
    yield has_property(
        "rows add up to 1 and keep the order of the logits",
        cases=sums,
        law=rows_are_distributions,
        shape="logits",
        n=2,
        share=0.25,
    )
    yield has_property("a number added to a row changes nothing", cases=rows_moved, law=rows_stay, shape="logits", share=0.25)
    yield agrees("logits of ±1000", cases=huge, share=0.75)
    yield agrees("rows near -1000, 0 and 1000 in one batch", cases=rows_far_apart, share=1.25)


@exercise(points=2, returns=("loss",))
def cross_entropy():
    """Cross-entropy of probabilities and one-hot targets."""
    yield from examples(explain=slide_cross_entropy)
    yield agrees("a single row", cases=single_outputs, share=1.5, rtol=NEAR_LOG)
    yield agrees("random probabilities, square and not", cases=outputs, rtol=NEAR_LOG)
    yield has_property("every row twice over: the same mean", cases=outputs_twice_over, law=same_mean, n=1, share=0.25)
    yield agrees("the right class with probability 0", cases=hopeless_right_class, rtol=NEAR_LOG)
    yield raises(
        ValueError, "one target for two rows is refused", args=dict(p=np.full((2, 2), 0.5), target=np.array([[1.0, 0.0]]))
    )


@exercise(points=2, returns=("loss",))
def softmax_ce_loss():
    """Softmax and cross-entropy in one, from the logits."""
    yield from examples(explain=slide_loss)
    yield agrees("a single row", cases=single_examples, share=1.5, rtol=10 * NEAR_LOG)
    yield agrees("random logits, square and not", cases=batches, rtol=10 * NEAR_LOG)
    yield has_property("a number added to a row changes nothing", cases=examples_moved, law=loss_stays, n=1, share=0.25)
    yield has_property("every row twice over: the same mean", cases=examples_twice_over, law=same_mean, n=1, share=0.25)
    # rtol: in float32, 1000 + log(…) - 1000 keeps four digits
    yield agrees("logits near ±1000", cases=huge_examples, rtol=1e-3)
    yield agrees("a right class without a chance", cases=hopeless_examples, rtol=1e-3)
    yield raises(ValueError, "one target for two rows is refused", args=ONE_TARGET)


@exercise(points=2, returns=("dlogits",), array_like=True)
def softmax_ce_gradient():
    """Gradient of the loss with respect to the logits."""
    yield from examples(explain=slide_error)
    yield agrees("a single row", cases=single_examples, share=2)
    yield agrees("random logits, square and not", cases=batches, share=0.75)
    yield gradient("it is the derivative of the loss", of="softmax_ce_loss", cases=tiny_examples, upstream=None, share=0.5)
    yield has_property("every row adds up to 0", cases=batches, law=rows_balance, shape="logits", n=2, share=0.25)
    yield agrees("logits near ±1000", cases=huge_examples, share=1.25)
    yield raises(ValueError, "one target for two rows is refused", args=ONE_TARGET)
    yield within(cases=many_rows, times=10)


@exercise(points=1, returns=("loss",))
def penalised_loss():
    """The loss with an L2 penalty on weights."""
    yield from examples(explain=slide_penalty)
    yield agrees("random weights, also reg = 0", cases=with_weights, share=2, rtol=10 * NEAR_LOG)
    yield has_property(
        "twice the weights, four times the penalty", cases=growing_weights, law=penalty_is_quadratic, n=1, share=0.5
    )
    yield raises(
        ValueError,
        "a negative reg is refused",
        args=dict(logits=np.array([[0.0, 1.0]]), target=np.array([[1.0, 0.0]]), weights=np.ones((2, 3)), reg=-0.1),
    )
