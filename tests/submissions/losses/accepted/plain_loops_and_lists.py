"""Only Python's own math and nested lists."""

import math

EPSILON = 1e-7


def check_shapes(y_true, y_pred):
    if y_true.shape != y_pred.shape:
        raise ValueError(f"{y_true.shape} and {y_pred.shape}")


def pairs(y_true, y_pred):
    check_shapes(y_true, y_pred)
    return [(float(t), float(p)) for t, p in zip(y_true.flatten(), y_pred.flatten())]


def mean(values):
    return sum(values) / len(values)


def each(function, y_true, y_pred, n):
    check_shapes(y_true, y_pred)
    if y_true.ndim == 1:
        return [function(float(t), float(p)) / n for t, p in zip(y_true, y_pred)]
    return [each(function, t, p, n) for t, p in zip(y_true, y_pred)]


def mse(y_true, y_pred):
    return mean([(t - p) * (t - p) for t, p in pairs(y_true, y_pred)])


def mse_gradient(y_true, y_pred):
    return each(lambda t, p: -2 * (t - p), y_true, y_pred, y_pred.size)


def mae(y_true, y_pred):
    return mean([math.fabs(t - p) for t, p in pairs(y_true, y_pred)])


def mae_gradient(y_true, y_pred):
    return each(lambda t, p: 1.0 if p >= t else -1.0, y_true, y_pred, y_pred.size)


def mape(y_true, y_pred):
    return 100 * mean([abs(t - p) / max(EPSILON, abs(t)) for t, p in pairs(y_true, y_pred)])


def mape_gradient(y_true, y_pred):
    return each(lambda t, p: (100 if p > t else -100) / max(EPSILON, abs(t)), y_true, y_pred, y_pred.size)


def inside(p):
    return sorted([EPSILON, p, 1 - EPSILON])[1]


def binary_cross_entropy(y_true, y_pred):
    return mean([-t * math.log(inside(p)) - (1 - t) * math.log(1 - inside(p)) for t, p in pairs(y_true, y_pred)])


def binary_cross_entropy_gradient(y_true, y_pred):
    return each(lambda t, p: (1 - t) / (1 - inside(p)) - t / inside(p), y_true, y_pred, y_pred.size)


def categorical_cross_entropy(y_true, y_pred):
    return -sum(t * math.log(inside(p)) for t, p in pairs(y_true, y_pred)) / len(y_pred)


def categorical_cross_entropy_gradient(y_true, y_pred):
    return each(lambda t, p: -t / inside(p), y_true, y_pred, len(y_pred))


def poisson(y_true, y_pred):
    return mean([p - t * math.log(max(p, EPSILON)) for t, p in pairs(y_true, y_pred)])


def poisson_gradient(y_true, y_pred):
    return each(lambda t, p: 1 - t / max(p, EPSILON), y_true, y_pred, y_pred.size)


def kl_divergence(y_true, y_pred):
    terms = [t * (math.log(t) - math.log(max(p, EPSILON))) for t, p in pairs(y_true, y_pred) if t]
    return sum(terms) / len(y_pred)


def kl_divergence_gradient(y_true, y_pred):
    return each(lambda t, p: -t / max(p, EPSILON), y_true, y_pred, len(y_pred))
