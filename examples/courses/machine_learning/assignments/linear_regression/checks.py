"""What `linear_regression` is graded on."""

import numpy as np

from grader.course.arithmetic import mean, number
from grader.course.authoring import _, agrees, call, examples, exercise, get, has_property, new, policy, raises

rules = policy(forbidden=("np.polyfit", "np.polynomial.polynomial.polyfit"), instead=_("use np.linalg, or gradient descent"))


def one_power(inputs, result, index):
    base, exponent = inputs["x"][index[0]], index[1] + 1
    return f"{number(base)}^{exponent} = {number(base**exponent)}"


def squares(inputs, result, index):
    gaps = (inputs["y"] - inputs["guessed"]) ** 2
    return f"{mean([number(gap) for gap in gaps])} = {number(gaps.mean())}"


def on_the_line(inputs, result, index):
    """Of the worked example, whose points lie on y = 2 x + 1."""
    x = inputs["X"][index[0], 0]
    return f"2*{number(x)} + 1 = {number(2 * x + 1)}"


def lines(rng):
    for n, degree in [(4, 3), (6, 1), (4, 3), (2, 5)]:
        yield dict(x=rng.normal(size=n), degree=degree)


def pairs(rng):
    for n in (4, 7, 1, 4):
        yield dict(y=rng.normal(size=n), guessed=rng.normal(size=n))


def noisy(rng, n, d):
    """Columns of different sizes, and y = X w + b with some noise."""
    X = rng.normal(size=(n, d)) * rng.uniform(0.5, 1.2, size=d) + rng.uniform(-0.4, 0.4, size=d)
    return X, X @ rng.normal(size=d) + rng.normal() + 0.3 * rng.normal(size=n)


def exact(rng):
    for n, d in [(12, 2), (9, 1), (12, 2), (20, 4)]:
        X, y = noisy(rng, n, d)
        yield dict(X=X, y=y)


def downhill(rng):
    for rate, steps in [(0.05, 1), (0.1, 3), (0.02, 40)]:
        X, y = noisy(rng, 10, 3)
        yield dict(new=dict(method="descent", rate=rate, steps=steps), X=X, y=y)


def by_default(rng):
    """500 steps of 0.1, on data that so many steps do not finish."""
    X, y = noisy(rng, 10, 2)
    yield dict(new=dict(method="descent"), X=0.1 * X, y=y)


def fitted_twice(rng):
    (X, y), (Z, t) = noisy(rng, 9, 2), noisy(rng, 9, 3)
    for settings in (dict(), dict(method="descent", steps=5)):
        yield [
            new("LinearRegression", **settings, save="model"),
            call("model.fit", X, y, reply=False),
            call("model.fit", Z, t),
        ]


def chained(rng):
    """What follows uses what it returned."""
    X, y = noisy(rng, 8, 2)
    yield [
        new("LinearRegression", save="model"),
        call("model.fit", X, y, save="fitted", reply=False),
        get("fitted.coef_"),
    ]


def predictions(rng):
    for n, d in [(9, 2), (9, 2), (6, 1)]:
        X, y = noisy(rng, n, d)
        yield dict(fit=dict(X=X, y=y), X=2 * X[:4] - 1)


def scores(rng):
    """On the same data, and on others, where R² may be negative."""
    for n, d in [(9, 2), (7, 3)]:
        (X, y), (Z, t) = noisy(rng, n, d), noisy(rng, 5, d)
        yield dict(fit=dict(X=X, y=y), X=X, y=y)
        yield dict(fit=dict(X=X, y=y), X=Z, y=t)


def two_models(rng):
    """What one model learns is not the other's."""
    (X, y), (Z, t) = noisy(rng, 9, 2), noisy(rng, 9, 2)
    yield [
        new("LinearRegression", save="one"),
        new("LinearRegression", save="other"),
        call("one.fit", X, y, reply=False),
        call("other.fit", Z, t, reply=False),
        call("one.predict", Z),
        call("other.predict", X),
    ]


def on_a_line(rng):
    """Points that lie on a line."""
    X = rng.normal(size=(6, 2))
    y = X @ np.array([2.0, -1.0]) + 3.0
    yield dict(fit=dict(X=X, y=y), X=X, y=y)


def perfect(case, results):
    if abs(results[0] - 1) < 1e-8:
        return None
    return _("the points lie on a line, so R² should be 1, not {score}").format(score=number(results[0]))


@exercise(points=1, returns=("X",))
def powers():
    """The powers of x as columns."""
    yield from examples(explain=one_power)
    yield agrees("random numbers", cases=lines, share=2)


@exercise(points=1, returns=("error",))
def mean_squared_error():
    """The mean squared error."""
    yield from examples(explain=squares)
    yield agrees("random numbers", cases=pairs, share=2)
    yield raises(ValueError, "two lengths", args=dict(y=np.ones(3), guessed=np.ones(1)))


@exercise(points=3, name="LinearRegression.fit", attributes=("coef_", "intercept_"))
def fit():
    """The class: fit, solved exactly and downhill."""
    yield from examples()
    yield agrees("solved exactly", cases=exact, share=2)
    yield agrees("some steps downhill", cases=downhill, share=2)
    yield agrees("the settings that are not given", cases=by_default, share=0.5)
    yield agrees("it forgets what it found before", cases=fitted_twice, share=0.5)
    yield agrees("it returns the object", cases=chained, share=0.5)
    yield raises(ValueError, "an unknown method is refused", steps=[new("LinearRegression", method="guess", save="model")])


@exercise(points=1.5, name="LinearRegression.predict", returns=("y",))
def predict():
    """The class: predict."""
    yield from examples(explain=on_the_line)
    yield agrees("new data", cases=predictions, share=2)
    yield agrees("two models at a time", cases=two_models, share=0.5)
    yield raises(RuntimeError, "predict before fit is refused", args=dict(X=np.ones((2, 1))))


@exercise(points=1.5, name="LinearRegression.score", returns=("r2",))
def score():
    """The class: score, which is R²."""
    yield agrees("the same data, and others", cases=scores, share=2)
    yield has_property("R² is 1 on a line", cases=on_a_line, law=perfect, shape=lambda *_arguments: (), share=0.5)
