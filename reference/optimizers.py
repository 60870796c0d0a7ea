"""The oracle of the topic optimizers: gradient descent, mini-batches, L2 penalty, momentum, Adam. Lectures L0, L3 and L4.

Vectorised; results are float64 whatever the dtype of the inputs.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]

MOMENTUM = 0.9


def _floats(values: ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float64)


def gradient_step(theta: ArrayLike, gradient: ArrayLike, rate: float) -> Floats:
    """θ - η ∂J/∂θ, any shape. L0, «Gradiente Descendiente», step 4."""
    return np.subtract(_floats(theta), np.multiply(rate, _floats(gradient)))


def batch_indices(order: ArrayLike, batch_size: int) -> list[Integers]:
    """The permutation cut into parts of batch_size, the last perhaps smaller. L3, «baterías (batches en inglés)».

    ValueError when batch_size is below 1.
    """
    if batch_size < 1:
        raise ValueError(f"a batch has at least one example, not {batch_size}")
    row: Integers = np.asarray(order, dtype=np.int64)
    return np.split(row, np.arange(batch_size, len(row), batch_size))


def sgd_epoch(theta: ArrayLike, xs: ArrayLike, ys: ArrayLike, rate: float, batch_size: int, order: ArrayLike) -> Floats:
    """θ after a step θ - η 2/m Xᵀ(Xθ - y) for each batch of m rows, as θ ← (I - 2η/m XᵀX) θ + 2η/m Xᵀy. L0 and L3, batches.

    theta (D,), xs (N, D), ys (N,). ValueError when batch_size is below 1.
    """
    here, x, y = _floats(theta), _floats(xs), _floats(ys)
    for batch in batch_indices(order, batch_size):
        share, rows = 2.0 * rate / len(batch), x[batch]
        here = (np.eye(len(here)) - share * rows.T @ rows) @ here + share * rows.T @ y[batch]
    return here


def l2_penalty(weights: ArrayLike, reg: float) -> float:
    """λ/2 Σ w². L4, «Hay que regularizar»; Goodfellow, Bengio and Courville (2016), 7.1.1."""
    flat = _floats(weights).ravel()
    return float(0.5 * reg * (flat @ flat))


def l2_gradient(weights: ArrayLike, reg: float) -> Floats:
    """λ w, in the shape of weights: the derivative of `l2_penalty`."""
    return np.multiply(reg, _floats(weights))


def weight_decay_step(theta: ArrayLike, gradient: ArrayLike, rate: float, reg: float) -> Floats:
    """(1 - ηλ) θ - η ∂J/∂θ: gradient descent on J + λ/2 Σ θ²."""
    return np.asarray((1.0 - rate * reg) * _floats(theta) - rate * _floats(gradient))


def momentum_step(
    theta: ArrayLike, velocity: ArrayLike, gradient: ArrayLike, rate: float, momentum: float
) -> tuple[Floats, Floats]:
    """(θ + v', v') with v' = αv - η ∂J/∂θ. Rumelhart, Hinton and Williams (1986), equation 9."""
    faster: Floats = np.asarray(momentum * _floats(velocity) - rate * _floats(gradient))
    return _floats(theta) + faster, faster


def adam_step(
    theta: ArrayLike,
    gradient: ArrayLike,
    m: ArrayLike,
    v: ArrayLike,
    t: int,
    rate: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
) -> tuple[Floats, Floats, Floats]:
    """(θ', m', v') of step t = 1, 2, … Kingma and Ba (2015), Algorithm 1, with both corrections drawn into the rate.

    η m̂ / (√v̂ + ε) = η √(1-β₂ᵗ)/(1-β₁ᵗ) · m' / (√v' + ε √(1-β₂ᵗ)).
    """
    g = _floats(gradient)
    mean: Floats = np.asarray(g + beta1 * (_floats(m) - g))
    square: Floats = np.asarray(g * g + beta2 * (_floats(v) - g * g))
    root = np.sqrt(-np.expm1(t * np.log(beta2)))
    pace = rate * root / -np.expm1(t * np.log(beta1))
    return _floats(theta) - pace * mean / (np.sqrt(square) + epsilon * root), mean, square


def quadratic_gradient(theta: ArrayLike) -> Floats:
    """(x, 10y), the gradient of ½(x² + 10y²) at θ = (x, y)."""
    x, y = _floats(theta)
    return np.array([x, 10.0 * y])


def _residuals(theta: ArrayLike) -> tuple[Floats, Floats]:
    """Rosenbrock's function as |r|²: r = (1 - x, 10(y - x²)) and its Jacobian."""
    x, y = _floats(theta)
    return np.array([1.0 - x, 10.0 * (y - x * x)]), np.array([[-1.0, 0.0], [-20.0 * x, 10.0]])


def rosenbrock(theta: ArrayLike) -> float:
    """(1 - x)² + 100(y - x²)² at θ = (x, y). Rosenbrock (1960)."""
    r, _ = _residuals(theta)
    return float(r @ r)


def rosenbrock_gradient(theta: ArrayLike) -> Floats:
    """2 Jᵀr, the gradient of |r|²."""
    r, jacobian = _residuals(theta)
    return np.asarray(2.0 * jacobian.T @ r)


def minimise(function: str, theta: ArrayLike, method: str, rate: float, steps: int) -> Floats:
    """The path (steps + 1, 2) of an optimizer from θ, the start first. L0, «Gradiente Descendiente», the loop.

    ValueError when function or method is unknown.
    """
    gradients: dict[str, Callable[[ArrayLike], Floats]] = {"quadratic": quadratic_gradient, "rosenbrock": rosenbrock_gradient}
    if function not in gradients or method not in ("gradient_descent", "momentum", "adam"):
        raise ValueError(f"unknown function or method: {function!r}, {method!r}")
    path = np.empty((steps + 1, 2))
    path[0] = _floats(theta)
    velocity = m = v = np.zeros_like(_floats(theta))
    for t in range(1, steps + 1):
        g = gradients[function](path[t - 1])
        if method == "adam":
            path[t], m, v = adam_step(path[t - 1], g, m, v, t, rate)
        else:
            path[t], velocity = momentum_step(path[t - 1], velocity, g, rate, MOMENTUM if method == "momentum" else 0.0)
    return path
