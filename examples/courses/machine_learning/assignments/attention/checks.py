"""What `attention` is graded on."""

import numpy as np

from grader.course.arithmetic import number, term
from grader.course.authoring import _, agrees, call, examples, exercise, gradient, has_property, policy, ref, unchanged, within

rules = policy()


def share_of_exponentials(inputs, result, index):
    row = inputs["scores"][index[0]]
    powers = [f"exp({number(value)})" for value in row]
    return f"{powers[index[1]]} / ({' + '.join(powers)}) = {number(np.exp(row[index[1]]) / np.exp(row).sum())}"


def one_of_a_row(inputs, result, index):
    row, j = inputs["x"][index[0]], index[1]
    gain, shift, eps = inputs["gain"][j], inputs["shift"][j], inputs["eps"]
    value = (row[j] - row.mean()) / np.sqrt(row.var() + eps) * gain + shift
    root = f"sqrt({number(row.var())} + {number(eps)})"
    return f"({number(row[j])} - {term(row.mean())}) / {root} * {term(gain)} + {term(shift)} = {number(value)}"


# ---- data ----


def scores(rng):
    for t, s in [(3, 4), (1, 6), (3, 4), (5, 1)]:
        yield dict(scores=rng.normal(scale=2, size=(t, s)))


def huge_scores(rng):
    yield dict(scores=rng.uniform(-1e5, 1e5, size=(3, 4)))
    yield dict(scores=-5000.0 + rng.normal(size=(2, 3)))


def impossible(rng):
    some = rng.normal(size=(3, 4))
    some[[0, 1, 1], [2, 0, 3]] = -np.inf
    yield dict(scores=some)


def heads(rng, t, s, d, e):
    return dict(queries=rng.normal(size=(t, d)), keys=rng.normal(size=(s, d)), values=rng.normal(size=(s, e)))


def attended(rng):
    for sizes in [(3, 5, 4, 2), (2, 3, 3, 3), (3, 5, 4, 2), (1, 4, 2, 6)]:
        yield heads(rng, *sizes)


def masked(rng):
    """Each query sees something, and not everything; the mask is its own transpose in none."""
    for t, s in [(4, 4), (3, 5), (4, 4)]:
        visible = rng.random(size=(t, s)) < 0.6
        visible[np.arange(t), rng.integers(s, size=t)] = True
        visible[0, :2] = [True, False]
        yield dict(heads(rng, t, s, 3, 2), visible=visible)


def lengths(rng):
    for t in (4, 1, 6):
        yield dict(t=t)


def rows(rng):
    """Rows of different means and spreads; more rows than columns, fewer, and as many."""
    for n, d in [(5, 3), (2, 6), (4, 4), (5, 3)]:
        x = rng.normal(size=(n, d)) * rng.uniform(0.5, 3, size=(n, 1)) + rng.normal(scale=4, size=(n, 1))
        yield dict(x=x, gain=rng.uniform(0.5, 2, size=d), shift=rng.normal(size=d))


def with_large_eps(rng):
    for case in rows(rng):
        yield dict(case, eps=0.7)


def there_and_back(rng):
    """The forward pass hands its cache to the backward pass, whatever that is."""
    for case in with_large_eps(rng):
        yield [
            call("layer_norm", *case.values(), save="forward", reply=False),
            call("layer_norm_backward", rng.normal(size=case["x"].shape), ref("forward", 1)),
        ]


def two_caches(rng):
    """Two forward passes before the two backward passes."""
    one, other = list(with_large_eps(rng))[:2]
    yield [
        call("layer_norm", *one.values(), save="one", reply=False),
        call("layer_norm", *other.values(), save="other", reply=False),
        call("layer_norm_backward", rng.normal(size=one["x"].shape), ref("one", 1)),
        call("layer_norm_backward", rng.normal(size=other["x"].shape), ref("other", 1)),
    ]


def few_rows(rng):
    yield dict(
        dout=rng.normal(size=(2, 4)), x=rng.normal(size=(2, 4)), gain=rng.uniform(0.5, 2, size=4), shift=rng.normal(size=4)
    )


def wide_rows(rng):
    x = rng.normal(size=(4, 6000))
    yield [
        call("layer_norm", x, rng.uniform(0.5, 2, size=6000), rng.normal(size=6000), save="forward", reply=False),
        call("layer_norm_backward", rng.normal(size=x.shape), ref("forward", 1)),
    ]


def attended_backward(rng):
    for case in attended(rng):
        yield dict(dmixed=rng.normal(size=(len(case["queries"]), case["values"].shape[1])), **case)


def few_heads(rng):
    yield dict(dmixed=rng.normal(size=(2, 2)), **heads(rng, 2, 3, 2, 2))


def wide_heads(rng):
    yield dict(dmixed=rng.normal(size=(2, 3)), **heads(rng, 2, 40, 4000, 3))


# ---- laws ----


def rows_are_probabilities(case, results):
    weights = results[0][1]
    for i, row in enumerate(weights):
        if abs(row.sum() - 1) > 1e-6:
            return _("row {i} of the weights adds up to {total} instead of 1").format(i=i, total=number(row.sum()))
        if "visible" in case and np.any(row[~case["visible"][i]] != 0):
            return _("query {i} gives some weight to what it may not see").format(i=i)
    return None


def rows_are_normed(case, results):
    normed = (results[0] - case["shift"]) / case["gain"]
    for i, row in enumerate(normed):
        if abs(row.mean()) > 1e-5:
            return _("row {i} of (out - shift) / gain has the mean {mean} instead of 0").format(i=i, mean=number(row.mean()))
    return None


# ---- exercises ----


@exercise(points=2, returns=("p",))
def softmax_rows():
    """Rows of scores become probabilities."""
    yield from examples(explain=share_of_exponentials)
    yield agrees("random scores", cases=scores, share=2)
    yield agrees("scores of 100,000", cases=huge_scores)
    yield agrees("scores of -inf", cases=impossible, share=0.25)


@exercise(points=3, returns=("mixed", "weights"))
def attend():
    """Scaled dot-product attention, with a mask."""
    yield from examples()
    yield agrees("everything is visible", cases=attended, share=2)
    yield agrees("some keys are hidden", cases=masked, share=1.5)
    yield has_property(
        "weights are probabilities, and 0 where nothing is visible",
        cases=masked,
        law=rows_are_probabilities,
        shape=lambda case: [(len(case["queries"]), case["values"].shape[1]), case["visible"].shape],
        share=0.5,
    )


@exercise(points=1, returns=("visible",))
def causal():
    """The mask of a reader."""
    yield from examples()
    yield agrees("other lengths", cases=lengths, share=2)


@exercise(points=3, returns=("out",), item=0)
def layer_norm():
    """Layer norm; the cache is the student's own."""
    yield from examples(explain=one_of_a_row)
    yield agrees("random rows", cases=rows, share=2)
    yield agrees("eps stands under the root", cases=with_large_eps)
    yield has_property("every row has mean 0 before gain and shift", cases=rows, law=rows_are_normed, shape="x", share=0.25)


@exercise(points=4, returns=("dx", "dgain", "dshift"))
def layer_norm_backward():
    """The gradients of layer norm."""
    yield agrees("the gradients of random rows", cases=there_and_back, share=2)
    yield gradient("they are the slopes of layer_norm", of="layer_norm", wrt=("x", "gain", "shift"), cases=few_rows, cache=True)
    yield agrees("two caches at a time", cases=two_caches, share=0.25)
    yield unchanged("dout is left as it was", cases=there_and_back)
    yield within(cases=wide_rows, times=30)


@exercise(points=3, returns=("dqueries", "dkeys", "dvalues"))
def attend_backward():
    """The gradients of attention."""
    yield agrees("random heads", cases=attended_backward, share=2)
    yield gradient(
        "they are the slopes of attend",
        of="attend",
        wrt=("queries", "keys", "values"),
        cases=few_heads,
        upstream="dmixed",
        item=0,
    )
    yield within(cases=wide_heads, times=20)
