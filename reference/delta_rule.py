"""The oracle of the topic delta_rule: a network with one hidden layer and no biases, lecture L0 «Backpropagation con MSE».

Vectorised and stable for every finite sum. Results are float64 whatever the dtype of the inputs.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]


def _small(s: Floats) -> Floats:
    """e^-|s|, which lies in [0, 1] and never overflows."""
    result: Floats = np.exp(-np.abs(s))
    return result


def _floats(values: ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float64)


def sgm(s: ArrayLike, activation: str = "sigmoid") -> Floats:
    """Activation at the sum s: 1/(1+e^-s) or tanh(s). L0, «Aplicación del Algoritmo de Backpropagation con MSE».

    Any shape; ValueError for an unknown activation.
    """
    sums = _floats(s)
    if activation == "sigmoid":
        result: Floats = np.exp(np.minimum(sums, 0.0)) / (1.0 + _small(sums))
        return result
    if activation == "tanh":
        return np.asarray(np.tanh(sums), dtype=np.float64)
    raise ValueError(f"activation must be 'sigmoid' or 'tanh', not {activation!r}")


def sgm_prime(s: ArrayLike, activation: str = "sigmoid") -> Floats:
    """Derivative of the activation at the sum s. L0, «Aplicación del Algoritmo de Backpropagation con MSE».

    sigmoid: e^-|s| / (1 + e^-|s|)^2, the even form of sgm(s)(1 - sgm(s)); tanh: 4 e^-2|s| / (1 + e^-2|s|)^2 = 1 - tanh(s)^2.
    Both keep their digits far from 0, where 1 - y cancels. Any shape; ValueError for an unknown activation.
    """
    sums = _floats(s)
    if activation == "sigmoid":
        small = _small(sums)
        return np.asarray(small / (1.0 + small) ** 2, dtype=np.float64)
    if activation == "tanh":
        small = _small(2.0 * sums)
        return np.asarray(4.0 * small / (1.0 + small) ** 2, dtype=np.float64)
    raise ValueError(f"activation must be 'sigmoid' or 'tanh', not {activation!r}")


def forward(
    x: ArrayLike, w_hidden: ArrayLike, w_output: ArrayLike, activation: str = "sigmoid"
) -> tuple[Floats, Floats, Floats, Floats]:
    """Sums and outputs (s_hidden, hidden, s_output, output) of both layers. L0, «Ejemplo: Backpropagation», a).

    x (D,), w_hidden (H, D), w_output (J, H); s = W·(input of the layer), output of the layer = sgm(s).
    ValueError when shapes do not fit or the activation is unknown.
    """
    s_hidden: Floats = _floats(w_hidden) @ _floats(x)
    hidden = sgm(s_hidden, activation)
    s_output: Floats = _floats(w_output) @ hidden
    return s_hidden, hidden, s_output, sgm(s_output, activation)


def output_delta(s_output: ArrayLike, target: ArrayLike, activation: str = "sigmoid") -> Floats:
    """δ = -∂ε²/∂s = 2 (d - sgm(s)) sgm'(s), all of shape (J,). L0, «Aplicación del Algoritmo de Backpropagation con MSE».

    ValueError when s_output and target differ in shape or the activation is unknown.
    """
    sums, wanted = _floats(s_output), _floats(target)
    if sums.shape != wanted.shape:
        raise ValueError(f"one target for each output is needed: {sums.shape} sums, {wanted.shape} targets")
    return 2.0 * (wanted - sgm(sums, activation)) * sgm_prime(sums, activation)


def hidden_delta(s_hidden: ArrayLike, w_output: ArrayLike, delta_output: ArrayLike, activation: str = "sigmoid") -> Floats:
    """δ_i = (Σ_j w_ji δ_j) sgm'(s_i), shape (H,). L0, «Resumen del Algoritmo de Backpropagation con MSE», Capa Oculta.

    s_hidden (H,), w_output (J, H), delta_output (J,). ValueError when the activation is unknown.
    """
    back: Floats = _floats(delta_output) @ _floats(w_output)
    return back * sgm_prime(s_hidden, activation)


def weight_step(delta: ArrayLike, inputs: ArrayLike, mu: float) -> Floats:
    """ΔW = μ δ Xᵀ of shape (len(delta), len(inputs)). L0, «Aplicación del Algoritmo de Backpropagation con MSE», boxed rule."""
    result: Floats = mu * np.outer(_floats(delta), _floats(inputs))
    return result


def step_in_order(
    x: ArrayLike, target: ArrayLike, w_hidden: ArrayLike, w_output: ArrayLike, mu: float, activation: str = "sigmoid"
) -> tuple[Floats, Floats]:
    """New weights (w_hidden, w_output), output layer first: the hidden delta sees the NEW output weights (erratum E5).

    L0, «Ejemplo: Backpropagation», δ_d = 3μ/128. Not a gradient step: the hidden change has an extra term in μ².
    ValueError as in `forward` and `output_delta`.
    """
    s_hidden, hidden, s_output, _ = forward(x, w_hidden, w_output, activation)
    delta = output_delta(s_output, target, activation)
    new_output: Floats = _floats(w_output) + weight_step(delta, hidden, mu)
    back = hidden_delta(s_hidden, new_output, delta, activation)
    return _floats(w_hidden) + weight_step(back, x, mu), new_output


def step_simultaneous(
    x: ArrayLike, target: ArrayLike, w_hidden: ArrayLike, w_output: ArrayLike, mu: float, activation: str = "sigmoid"
) -> tuple[Floats, Floats]:
    """New weights (w_hidden, w_output) = W - μ ∂ε²/∂W, every delta from the OLD weights: the true gradient step (erratum E5).

    L0, «Resumen del Algoritmo de Backpropagation con MSE». ValueError as in `forward` and `output_delta`.
    """
    s_hidden, hidden, s_output, _ = forward(x, w_hidden, w_output, activation)
    delta = output_delta(s_output, target, activation)
    back = hidden_delta(s_hidden, w_output, delta, activation)
    new_hidden: Floats = _floats(w_hidden) + weight_step(back, x, mu)
    new_output: Floats = _floats(w_output) + weight_step(delta, hidden, mu)
    return new_hidden, new_output
