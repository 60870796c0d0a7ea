"""Each loss is a pair of functions of one element; the mean is taken in one place. Corners get their own slope."""

import numpy as np

EPSILON = 1e-7


class Loss:
    def __init__(self, value, slope, rows=False):
        self.value, self.slope, self.rows = value, slope, rows

    def _read(self, t, p):
        if t.shape != p.shape:
            raise ValueError("targets and predictions differ in shape")
        return np.float64(t), np.float64(p), (t.shape[0] if self.rows else t.size)

    def loss(self, t, p):
        t, p, n = self._read(t, p)
        return sum(self.value(a, b) for a, b in zip(t.ravel("F"), p.ravel("F"))) / n

    def gradient(self, t, p):
        t, p, n = self._read(t, p)
        return np.vectorize(self.slope, otypes=[float])(t, p) / n


def clip(p):
    return min(1 - EPSILON, max(EPSILON, p))


def corner(t, p):
    return 0.3 if p == t else (1.0 if p > t else -1.0)


def entropy(t, p):
    return 0.0 if t == 0 else t * np.log(t / max(p, EPSILON))


SQUARED = Loss(lambda t, p: (t - p) ** 2, lambda t, p: 2 * p - 2 * t)
ABSOLUTE = Loss(lambda t, p: max(t - p, p - t), corner)
PERCENT = Loss(lambda t, p: 100 * abs((p - t) / max(abs(t), EPSILON)), lambda t, p: 100 * corner(t, p) / max(abs(t), EPSILON))
BINARY = Loss(
    lambda t, p: -(t * np.log(clip(p)) + (1 - t) * np.log1p(-clip(p))), lambda t, p: (clip(p) - t) / (clip(p) - clip(p) ** 2)
)
CLASSES = Loss(lambda t, p: -t * np.log(max(p, EPSILON)), lambda t, p: -t / max(p, EPSILON), rows=True)
COUNTS = Loss(lambda t, p: p - t * np.log(max(p, EPSILON)), lambda t, p: 1 - t / max(p, EPSILON))
KL = Loss(entropy, CLASSES.slope, rows=True)

mse, mse_gradient = SQUARED.loss, SQUARED.gradient
mae, mae_gradient = ABSOLUTE.loss, ABSOLUTE.gradient
mape, mape_gradient = PERCENT.loss, PERCENT.gradient
binary_cross_entropy, binary_cross_entropy_gradient = BINARY.loss, BINARY.gradient
categorical_cross_entropy, categorical_cross_entropy_gradient = CLASSES.loss, CLASSES.gradient
poisson, poisson_gradient = COUNTS.loss, COUNTS.gradient
kl_divergence, kl_divergence_gradient = KL.loss, KL.gradient
