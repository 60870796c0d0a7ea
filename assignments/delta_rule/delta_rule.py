"""The delta rule: one step of learning in a network with one hidden layer (lecture L0, backpropagation with MSE; lecture L4, the
chain rule worked out for the network of Rumelhart, Hinton and Williams).

The network has D inputs, H hidden units and J outputs and, as on the slides, no biases:

    s_hidden = w_hidden · x        hidden = sgm(s_hidden)        w_hidden: (H, D)
    s_output = w_output · hidden   output = sgm(s_output)        w_output: (J, H)

sgm is the sigmoid or the hyperbolic tangent, chosen by the argument `activation`: "sigmoid" (the default) or "tanh".
w_output[j, i] leads from hidden unit i to output j. Fill in every function below; `sgm` is given. Inputs are numpy arrays; none of
them may be changed. Results are new arrays of floats (float32 or float64); lists of numbers are accepted too. Where a docstring names
no exception, the shapes fit and need not be checked. Work from one function to the next: each needs only those before it. Helper
functions of your own are welcome.
"""

import numpy as np
from numpy.typing import NDArray


def sgm(s: NDArray[np.floating], activation: str = "sigmoid") -> NDArray[np.floating]:
    """The activation at the sum s (given): 1 / (1 + e^-s) for "sigmoid", tanh(s) for "tanh", ValueError for any other name."""
    if activation == "sigmoid":
        # e^-|s| is never above 1, so that nothing overflows: 1 / (1 + e^-s) for s >= 0 and, the same number, e^s / (e^s + 1) below.
        small = np.exp(-np.abs(s))
        return np.where(s >= 0, 1.0, small) / (1.0 + small)
    if activation == "tanh":
        return np.tanh(s)
    raise ValueError(f"activation must be 'sigmoid' or 'tanh', not {activation!r}")


def sgm_prime(s: NDArray[np.floating], activation: str = "sigmoid") -> NDArray[np.floating]:
    """The derivative of the activation at the sum s.

        sigmoid:  sgm'(s) = sgm(s) (1 - sgm(s))
        tanh:     sgm'(s) = 1 - tanh(s)^2

    s is an array of any shape and the result has the same shape. The argument is the sum s that goes into the activation, not
    the output y = sgm(s) that leaves it. The result is finite for every s, also at s = 1000 and s = -1000, where it is 0.

    Example: sgm(0) = 1/2, therefore sgm'(0) = 1/2 * (1 - 1/2) = 1/4; for tanh it is 1 - 0^2 = 1.

    Raises ValueError when activation is neither "sigmoid" nor "tanh".
    Lecture L0, slide «Aplicación del Algoritmo de Backpropagation con MSE».
    """
    raise NotImplementedError("sgm_prime: The derivative of the activation at the sum s.")


def forward(
    x: NDArray[np.floating],
    w_hidden: NDArray[np.floating],
    w_output: NDArray[np.floating],
    activation: str = "sigmoid",
) -> tuple[NDArray[np.floating], NDArray[np.floating], NDArray[np.floating], NDArray[np.floating]]:
    """The forward pass: sums and outputs of both layers.

        s_i = sum over h of w_hidden[i, h] * x[h]          z_i = sgm(s_i)        for each hidden unit i
        s_j = sum over i of w_output[j, i] * z_i           y_j = sgm(s_j)        for each output j

    x has shape (D,), w_hidden (H, D), w_output (J, H). Returns the tuple (s_hidden, hidden, s_output, output) with the shapes
    (H,), (H,), (J,), (J,). Both layers use the same activation.

    Example: x = (0.8, 0.6), one hidden unit D, three outputs, all weights 0. Then s_D = 0.8*0 + 0.6*0 = 0 and
    sgm(0) = 1/2; every output has the sum 0 * 1/2 = 0 and is 1/2 too.

    Raises ValueError when the shapes do not fit or the activation is unknown.
    Lecture L0, slide «Ejemplo: Backpropagation», a) Paso hacia adelante.
    """
    raise NotImplementedError("forward: The forward pass: sums and outputs of both layers.")


def output_delta(
    s_output: NDArray[np.floating], target: NDArray[np.floating], activation: str = "sigmoid"
) -> NDArray[np.floating]:
    """The deltas of the output layer, from its sums and the targets.

        delta_j = - d(e_j^2)/d(s_j) = 2 e_j sgm'(s_j)        with the error e_j = d_j - sgm(s_j)

    s_output and target have shape (J,), and so has the result. d_j is target[j].

    Example: s = 0, target 0: e = 0 - 1/2, delta = 2 * (0 - 1/2) * 1/4 = -1/4. With target 1 it is 2 * (1 - 1/2) * 1/4 = 1/4.

    A target above the output gives a positive delta. (Lecture L4, «How does it actually work?», has ∂E/∂O_j = y_j - O_j, target minus
    output, for the error itself: that is the sign of -∂E/∂O_j, erratum E10.)

    Raises ValueError when s_output and target differ in shape or the activation is unknown.
    Lecture L0, slides «Aplicación del Algoritmo de Backpropagation con MSE» and «Ejemplo: Backpropagation».
    """
    raise NotImplementedError("output_delta: The deltas of the output layer, from its sums and the targets.")


def hidden_delta(
    s_hidden: NDArray[np.floating],
    w_output: NDArray[np.floating],
    delta_output: NDArray[np.floating],
    activation: str = "sigmoid",
) -> NDArray[np.floating]:
    """The deltas of the hidden layer: the output deltas sent back through the weights.

        delta_i = (sum over j of w_output[j, i] * delta_j) * sgm'(s_i)

    s_hidden has shape (H,), w_output (J, H), delta_output (J,); the result has shape (H,). The factor 2 of the squared error is
    already inside delta_output.

    Example: one hidden unit with s = 0, w_output = ((1), (2)), delta_output = (1/2, -1/8):
    (1 * 1/2 + 2 * (-1/8)) * 1/4 = 1/4 * 1/4 = 1/16.

    Raises ValueError when the activation is unknown.
    Lecture L0, slide «Resumen del Algoritmo de Backpropagation con MSE», Capa Oculta.
    """
    raise NotImplementedError("hidden_delta: The deltas of the hidden layer: the output deltas sent back through the weights.")


def weight_step(delta: NDArray[np.floating], inputs: NDArray[np.floating], mu: float) -> NDArray[np.floating]:
    """The change of one layer's weights by the delta rule.

        change[j, i] = mu * delta_j * inputs_i        that is ΔW = mu · delta · inputsᵀ

    delta holds one number for each unit of the layer, inputs what the layer received (x for the hidden layer, hidden for the
    output layer); both are vectors. The result has shape (len(delta), len(inputs)), like the weights of the layer, and is to be added
    to them.
    The inputs may be whole numbers; the result is of floating point all the same.

    Example: delta = (-1/4, 1/4, -1/4), inputs = (1/2), mu = 1/2: the three changes are 1/2 * (-1/4) * 1/2 = -1/16, 1/16 and -1/16,
    one below the other (three rows, one column).

    Lecture L0, slide «Aplicación del Algoritmo de Backpropagation con MSE», the boxed rule ΔW_k = μ δ_k X_k.
    """
    raise NotImplementedError("weight_step: The change of one layer's weights by the delta rule.")


def step_in_order(
    x: NDArray[np.floating],
    target: NDArray[np.floating],
    w_hidden: NDArray[np.floating],
    w_output: NDArray[np.floating],
    mu: float,
    activation: str = "sigmoid",
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """One step of learning in the slide's order: output weights first, then hidden weights.

    1. forward pass with the given weights;
    2. deltas of the output layer, and the new output weights = w_output + ΔW;
    3. deltas of the hidden layer, computed with the NEW output weights and the output deltas of step 2;
    4. new hidden weights = w_hidden + ΔW.

    Returns the tuple (new_w_hidden, new_w_output), new arrays of the shapes (H, D) and (J, H).

    Example: the slide's network with all weights 0, x = (0.8, 0.6), targets (0, 1, 0), mu = 1. The new output weights are
    -1/8, 1/8, -1/8; the hidden delta is ((-1/8)(-1/4) + (1/8)(1/4) + (-1/8)(-1/4)) * 1/4 = 3/32 * 1/4 = 3/128; the new hidden
    weights are 3/128 * 0.8 = 3/160 and 3/128 * 0.6 = 9/640.

    Raises ValueError when the shapes do not fit or the activation is unknown.
    Lecture L0, slide «Ejemplo: Backpropagation», δ_d = 3μ/128. The true gradient is `step_simultaneous` (erratum E5).
    """
    raise NotImplementedError(
        "step_in_order: One step of learning in the slide's order: output weights first, then hidden weights."
    )


def step_simultaneous(
    x: NDArray[np.floating],
    target: NDArray[np.floating],
    w_hidden: NDArray[np.floating],
    w_output: NDArray[np.floating],
    mu: float,
    activation: str = "sigmoid",
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """One step of gradient descent: all deltas are computed before any weight moves.

        new W = W - mu * dE/dW        for both layers, with E = sum over j of (d_j - y_j)^2 and the gradient at the given weights

    1. forward pass with the given weights;
    2. deltas of the output layer;
    3. deltas of the hidden layer, computed with the given (OLD) output weights;
    4. both layers move: W + ΔW.

    Returns the tuple (new_w_hidden, new_w_output), new arrays of the shapes (H, D) and (J, H).

    Example: the slide's network with all weights 0, x = (0.8, 0.6), targets (0, 1, 0), mu = 1. The new output weights are
    -1/8, 1/8, -1/8 as before, but the hidden delta is (0 * (-1/4) + 0 * 1/4 + 0 * (-1/4)) * 1/4 = 0: the hidden weights stay 0.

    Lecture L4 works the same gradient out by the chain rule for E = half of that error, ½ Σ (o_j - t_j)²; so with mu = 1/2 this step
    is W - ∂E/∂W. In its letters, o for outputs of units and t for targets, a weight w_ji into output j and a weight w_ih into hidden
    unit i have

        ∂E/∂w_ji = (o_j - t_j) o_j (1 - o_j) o_i
        ∂E/∂w_ih = [sum over j of (o_j - t_j) o_j (1 - o_j) w_ji] o_i (1 - o_i) o_h

    Raises ValueError when the shapes do not fit or the activation is unknown.
    Lecture L0, slide «Resumen del Algoritmo de Backpropagation con MSE»; lecture L4, slides «Example» and «Example 2». Compare with
    `step_in_order` (erratum E5).
    """
    raise NotImplementedError("step_simultaneous: One step of gradient descent: all deltas are computed before any weight moves.")


if __name__ == "__main__":
    # Try your functions here: this runs when you start the file yourself, never when it is graded.
    print(sgm_prime(np.array([0.0])))  # should print [0.25]
