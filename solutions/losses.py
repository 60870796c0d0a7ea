"""Loss functions and their gradients (lectures L0 «Funciones objetivo: Loss function», L1, L4 «Función de Costo: Selección»).

A loss says in one number how wrong the predictions are. Its gradient with respect to each prediction says where learning should go.
Every function takes `(y_true, y_pred)`, in this order, as in Keras: first what should have come, then what the network said. Both are
arrays of one shape, of floats or of whole numbers, and neither may be changed. A loss returns one number; a gradient returns an
array of floats with the shape of y_pred.

Which mean? As in Keras:

    mse, mae, mape, binary_cross_entropy, poisson       any shape; mean over ALL n elements (n = y_pred.size)
    categorical_cross_entropy, kl_divergence            shape (N, K): sum over the K classes of a row, then mean over the N rows

Which logarithm? The natural one, `np.log` (ln 2 = 0.6931).

What about log(0)? Before a logarithm or a division, a prediction that is too close to the edge is moved to `EPSILON`, given below.
Each docstring says how. Inside the allowed range nothing is changed.

Fill in the functions below; `check_shapes` is given. Loops over the elements are fine. Helper functions of your own are welcome.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]

EPSILON = 1e-7


def check_shapes(y_true: Array, y_pred: Array) -> None:
    """Raise ValueError when targets and predictions differ in shape (given): numpy would stretch (N,) against (N, 1) to N × N."""
    if np.shape(y_true) != np.shape(y_pred):
        raise ValueError(f"y_true has shape {np.shape(y_true)}, y_pred has shape {np.shape(y_pred)}; they must be alike")


def mse(y_true: Array, y_pred: Array) -> float:
    """Mean squared error: the mean of (p - t)^2.

        loss = 1/n * sum over all n elements of (p - t)^2            p from y_pred, t from y_true

    Lecture L0, slide «Funciones objetivo: Loss function»; L4, «Escenario 3: Regresión».

    Args:
        y_true, y_pred: one shape, any. In a batch of N rows with J outputs, n = N * J.

    Returns:
        The loss, one number.

    Raises:
        ValueError: the shapes differ (`check_shapes`).

    Example:
        y_true = [1, 2, 4, 5], y_pred = [2, 1.5, 5, 4]:      differences 1, -0.5, 1, -1
        (1 + 0.25 + 1 + 1) / 4 = 0.8125
    """
    # BEGIN SOLUTION
    check_shapes(y_true, y_pred)
    total = 0.0
    for t, p in zip(np.ravel(y_true), np.ravel(y_pred), strict=True):
        total += (p - t) ** 2
    return float(total / np.size(y_pred))
    # END SOLUTION


def mse_gradient(y_true: Array, y_pred: Array) -> Array:
    """Gradient of `mse` with respect to each prediction: 2 (p - t) / n.

    The sign is prediction minus target. (L4 has it the other way round on one slide and this way on a later one: erratum E10.)
    Derived from lecture L0, slide «Funciones objetivo: Loss function».

    Args:
        y_true, y_pred: one shape, any; n = y_pred.size.

    Returns:
        An array of floats with the shape of y_pred.

    Raises:
        ValueError: the shapes differ (`check_shapes`).

    Example:
        y_true = [1, 2, 4, 5], y_pred = [2, 1.5, 5, 4]
        2 * 1 / 4 = 0.5,   2 * (-0.5) / 4 = -0.25,   2 * 1 / 4 = 0.5,   2 * (-1) / 4 = -0.5
    """
    # BEGIN SOLUTION
    check_shapes(y_true, y_pred)
    return 2 * (y_pred - y_true) / np.size(y_pred)
    # END SOLUTION


def mae(y_true: Array, y_pred: Array) -> float:
    """Mean absolute error: the mean of |p - t|.

        loss = 1/n * sum over all n elements of |p - t|

    Lecture L4, slide «Función de Costo: Selección» (named there; the formula is the usual one).

    Args:
        y_true, y_pred: one shape, any.

    Returns:
        The loss, one number.

    Raises:
        ValueError: the shapes differ (`check_shapes`).

    Example:
        y_true = [1, 2, 4, 5], y_pred = [2, 1.5, 5, 4]:      (1 + 0.5 + 1 + 1) / 4 = 0.875
    """
    # BEGIN SOLUTION
    check_shapes(y_true, y_pred)
    total = 0.0
    for t, p in zip(np.ravel(y_true), np.ravel(y_pred), strict=True):
        total += abs(p - t)
    return float(total / np.size(y_pred))
    # END SOLUTION


def mae_gradient(y_true: Array, y_pred: Array) -> Array:
    """Gradient of `mae` with respect to each prediction: +1/n where p > t, -1/n where p < t.

    Where p = t exactly, |p - t| has a corner and no derivative: 0 and every other number from -1/n to 1/n are accepted there.
    Derived from lecture L4, slide «Función de Costo: Selección».

    Args:
        y_true, y_pred: one shape, any; n = y_pred.size.

    Returns:
        An array of floats with the shape of y_pred, finite everywhere.

    Raises:
        ValueError: the shapes differ (`check_shapes`).

    Example:
        y_true = [1, 2, 4, 5], y_pred = [2, 1.5, 5, 4]:      [1/4, -1/4, 1/4, -1/4]
    """
    # BEGIN SOLUTION
    check_shapes(y_true, y_pred)
    n = np.size(y_pred)
    return np.where(y_pred > y_true, 1 / n, 0.0) - np.where(y_pred < y_true, 1 / n, 0.0)
    # END SOLUTION


def mape(y_true: Array, y_pred: Array) -> float:
    """Mean absolute percentage error: by how many per cent of the target the predictions are off, on average.

        loss = 100/n * sum over all n elements of |p - t| / max(|t|, EPSILON)

    The maximum keeps the fraction finite where a target is 0.
    Lecture L4, slide «Función de Costo: Selección» (named there; the formula is Keras').

    Args:
        y_true, y_pred: one shape, any; targets may be negative.

    Returns:
        The loss, one number, in per cent.

    Raises:
        ValueError: the shapes differ (`check_shapes`).

    Example:
        y_true = [1, 2, 4, 5], y_pred = [2, 1.5, 5, 4]:      1/1 = 1,   0.5/2 = 0.25,   1/4 = 0.25,   1/5 = 0.2
        100/4 * (1 + 0.25 + 0.25 + 0.2) = 42.5
    """
    # BEGIN SOLUTION
    check_shapes(y_true, y_pred)
    total = 0.0
    for t, p in zip(np.ravel(y_true), np.ravel(y_pred), strict=True):
        total += abs(p - t) / max(abs(t), EPSILON)
    return float(100 * total / np.size(y_pred))
    # END SOLUTION


def mape_gradient(y_true: Array, y_pred: Array) -> Array:
    """Gradient of `mape` with respect to each prediction: ±100 / (n max(|t|, EPSILON)).

    The sign is + where p > t and - where p < t, also for negative targets. Where p = t exactly, 0 and every other number between
    the two are accepted.
    Derived from lecture L4, slide «Función de Costo: Selección».

    Args:
        y_true, y_pred: one shape, any; n = y_pred.size.

    Returns:
        An array of floats with the shape of y_pred, finite everywhere, also where t = 0.

    Raises:
        ValueError: the shapes differ (`check_shapes`).

    Example:
        y_true = [1, 2, 4, 5], y_pred = [2, 1.5, 5, 4]
        100/(4*1) = 25,   -100/(4*2) = -12.5,   100/(4*4) = 6.25,   -100/(4*5) = -5
    """
    # BEGIN SOLUTION
    check_shapes(y_true, y_pred)
    return 100 * mae_gradient(y_true, y_pred) / np.maximum(np.abs(y_true), EPSILON)
    # END SOLUTION


def binary_cross_entropy(y_true: Array, y_pred: Array) -> float:
    """Binary cross-entropy: the mean of -t log(p) - (1 - t) log(1 - p).

        loss = 1/n * sum over all n elements of [ -t log(p) - (1 - t) log(1 - p) ]

    p is the predicted probability of «yes» and t the truth: 1 for yes, 0 for no, or a probability. log is the natural logarithm.
    Before the logarithms, a p below EPSILON is moved up to EPSILON and a p above 1 - EPSILON down to 1 - EPSILON, so that p = 0
    and p = 1 give a finite loss.

    Lecture L0, slide «Funciones objetivo: Loss function»; L1, «Binary Cross Entropy Loss»; L4, «Escenario 1: Clasificación Binaria».

    Args:
        y_true, y_pred: one shape, any; numbers from 0 to 1 (often y_true holds whole numbers).

    Returns:
        The loss, one number. Neither argument is changed, also where a p is moved.

    Raises:
        ValueError: the shapes differ (`check_shapes`).

    Example:
        y_true = [1, 0], y_pred = [0.8, 0.4]:      -log(0.8) = 0.2231,   -log(1 - 0.4) = 0.5108
        (0.2231 + 0.5108) / 2 = 0.3670
        y_true = [1], y_pred = [0]:      -log(EPSILON) = 16.1181
    """
    # BEGIN SOLUTION
    check_shapes(y_true, y_pred)
    total = 0.0
    for t, p in zip(np.ravel(y_true), np.ravel(y_pred), strict=True):
        p = min(max(p, EPSILON), 1 - EPSILON)
        total += -t * np.log(p) - (1 - t) * np.log(1 - p)
    return float(total / np.size(y_pred))
    # END SOLUTION


def binary_cross_entropy_gradient(y_true: Array, y_pred: Array) -> Array:
    """Gradient of `binary_cross_entropy` with respect to each prediction.

        gradient = 1/n * [ -t / p + (1 - t) / (1 - p) ]

    p is first moved to EPSILON or 1 - EPSILON as in the loss, and the formula is used with the p so moved: where the network is
    quite sure and quite wrong the gradient is large (about 10^7 / n), but finite. (It is not set to 0 there: the network has most
    to learn just then.) This is the derivative with respect to p, what comes OUT of the sigmoid.

    Lecture L0, slide «Backpropagation con Binary cross-entropy» (there a stands for p, and y for t).

    Args:
        y_true, y_pred: one shape, any; numbers from 0 to 1; n = y_pred.size.

    Returns:
        An array of floats with the shape of y_pred, finite everywhere.

    Raises:
        ValueError: the shapes differ (`check_shapes`).

    Example:
        y_true = [1, 0], y_pred = [0.8, 0.4]:      1/2 * (-1/0.8) = -0.625,   1/2 * 1/(1 - 0.4) = 0.8333
    """
    # BEGIN SOLUTION
    check_shapes(y_true, y_pred)
    p = np.clip(y_pred, EPSILON, 1 - EPSILON)
    return (-y_true / p + (1 - y_true) / (1 - p)) / np.size(y_pred)
    # END SOLUTION


def categorical_cross_entropy(y_true: Array, y_pred: Array) -> float:
    """Categorical cross-entropy: the mean over the rows of -sum t log(p).

        loss = -1/N * sum over rows i and classes k of t[i, k] log(p[i, k])

    Each row of y_pred holds the predicted probabilities of the K classes, each row of y_true the true ones: usually a single 1
    («one-hot»). log is the natural logarithm. Before it, a p below EPSILON is moved up to EPSILON, so that p = 0 gives a finite loss.
    The rows are taken as they are, also when they do not add up to 1 (Keras would divide them by their sum).

    Lecture L0, slide «Funciones objetivo: Loss function»; L1, «Cross Entropy Loss»; L4, «Escenario 2: Clasificación Multiclase».

    Args:
        y_true, y_pred: shape (N, K).

    Returns:
        The loss, one number. Neither argument is changed, also where a p is moved.

    Raises:
        ValueError: the shapes differ (`check_shapes`).

    Example (L3's numbers):
        y_true = [[1, 0]], y_pred = [[0.55, 0.45]]:      -log(0.55) = 0.597837
        (The slide prints 0.259637311, the logarithm to base 10: erratum E7.)
    """
    # BEGIN SOLUTION
    check_shapes(y_true, y_pred)
    N, K = np.shape(y_pred)
    total = 0.0
    for i in range(N):
        for k in range(K):
            total -= y_true[i, k] * np.log(max(y_pred[i, k], EPSILON))
    return float(total / N)
    # END SOLUTION


def categorical_cross_entropy_gradient(y_true: Array, y_pred: Array) -> Array:
    """Gradient of `categorical_cross_entropy` with respect to each prediction: -t / (N p).

        gradient[i, k] = -t[i, k] / (N * p[i, k])

    A p below EPSILON is first moved up to EPSILON, and the formula is used with the p so moved. This is the derivative with respect
    to p, what comes OUT of the softmax. (The famous p - t is the derivative with respect to what goes into it.)

    Derived from lecture L0, slide «Funciones objetivo: Loss function».

    Args:
        y_true, y_pred: shape (N, K).

    Returns:
        An array of floats of shape (N, K), finite everywhere.

    Raises:
        ValueError: the shapes differ (`check_shapes`).

    Example:
        y_true = [[1, 0, 0], [0, 0, 1]], y_pred = [[1/2, 1/4, 1/4], [1/8, 1/8, 3/4]], N = 2
        -1 / (2 * 1/2) = -1,   -1 / (2 * 3/4) = -2/3:      [[-1, 0, 0], [0, 0, -2/3]]
    """
    # BEGIN SOLUTION
    check_shapes(y_true, y_pred)
    N, _ = np.shape(y_pred)
    return -y_true / np.maximum(y_pred, EPSILON) / N
    # END SOLUTION


def poisson(y_true: Array, y_pred: Array) -> float:
    """Poisson loss, for counts: the mean of p - t log(p).

        loss = 1/n * sum over all n elements of [ p - t log(p) ]

    t is a count (0, 1, 2, ...) and p > 0 the count that was expected. log is the natural logarithm. In the logarithm only, a p below
    EPSILON is moved up to EPSILON. The p itself is what the network gave, not its logarithm.

    Lecture L4, slide «Función de Costo: Selección» (named there; the formula is Keras').

    Args:
        y_true, y_pred: one shape, any; no negative numbers.

    Returns:
        The loss, one number.

    Raises:
        ValueError: the shapes differ (`check_shapes`).

    Example:
        y_true = [2, 0, 1], y_pred = [1, 0.5, 2]
        1 - 2 log(1) = 1,   0.5 - 0 log(0.5) = 0.5,   2 - 1 log(2) = 1.3069;      (1 + 0.5 + 1.3069) / 3 = 0.9356
    """
    # BEGIN SOLUTION
    check_shapes(y_true, y_pred)
    total = 0.0
    for t, p in zip(np.ravel(y_true), np.ravel(y_pred), strict=True):
        total += p - t * np.log(max(p, EPSILON))
    return float(total / np.size(y_pred))
    # END SOLUTION


def poisson_gradient(y_true: Array, y_pred: Array) -> Array:
    """Gradient of `poisson` with respect to each prediction: (1 - t / p) / n.

    In the fraction, a p below EPSILON is moved up to EPSILON.
    Derived from lecture L4, slide «Función de Costo: Selección».

    Args:
        y_true, y_pred: one shape, any; no negative numbers; n = y_pred.size.

    Returns:
        An array of floats with the shape of y_pred, finite everywhere.

    Raises:
        ValueError: the shapes differ (`check_shapes`).

    Example:
        y_true = [2, 0, 1], y_pred = [1, 0.5, 2]
        (1 - 2/1) / 3 = -1/3,   (1 - 0/0.5) / 3 = 1/3,   (1 - 1/2) / 3 = 1/6
    """
    # BEGIN SOLUTION
    check_shapes(y_true, y_pred)
    return (1 - y_true / np.maximum(y_pred, EPSILON)) / np.size(y_pred)
    # END SOLUTION


def kl_divergence(y_true: Array, y_pred: Array) -> float:
    """Kullback-Leibler divergence: how far the predicted distributions are from the true ones.

        loss = 1/N * sum over rows i and classes k of t[i, k] log(t[i, k] / p[i, k])

    A class with t = 0 contributes 0, as t log(t) goes to 0 with t. log is the natural logarithm. A p below EPSILON is moved up to
    EPSILON.

    Lecture L1, slide «Binary Cross Entropy y Cross Entropy Loss: Divergencia KL (Kullback-Leibler)». Mind the letters: there p is
    the true distribution (here y_true) and q the predicted one (here y_pred).

    Args:
        y_true, y_pred: shape (N, K), each row a distribution.

    Returns:
        The loss, one number; 0 when both are equal.

    Raises:
        ValueError: the shapes differ (`check_shapes`).

    Example:
        y_true = [[1/2, 1/2], [1/4, 3/4]], y_pred = [[1/4, 3/4], [1/4, 3/4]]
        row 0: 1/2 log(2) + 1/2 log(2/3) = 0.3466 - 0.2027 = 0.1438;   row 1: 1/4 log(1) + 3/4 log(1) = 0
        (0.1438 + 0) / 2 = 0.0719
    """
    # BEGIN SOLUTION
    check_shapes(y_true, y_pred)
    N, K = np.shape(y_pred)
    total = 0.0
    for i in range(N):
        for k in range(K):
            t = y_true[i, k]
            if t > 0:
                total += t * np.log(t / max(y_pred[i, k], EPSILON))
    return float(total / N)
    # END SOLUTION


def kl_divergence_gradient(y_true: Array, y_pred: Array) -> Array:
    """Gradient of `kl_divergence` with respect to each prediction: -t / (N p).

    The part t log(t) does not depend on the prediction. So this is the same gradient as that of the categorical cross-entropy:
    making one small makes the other small, as the slide says. A p below EPSILON is moved up to EPSILON.

    Lecture L1, slide «Binary Cross Entropy y Cross Entropy Loss: Divergencia KL (Kullback-Leibler)».

    Args:
        y_true, y_pred: shape (N, K), each row a distribution.

    Returns:
        An array of floats of shape (N, K), finite everywhere.

    Raises:
        ValueError: the shapes differ (`check_shapes`).

    Example:
        y_true = [[1/2, 1/2], [1/4, 3/4]], y_pred = [[1/4, 3/4], [1/4, 3/4]], N = 2
        row 0: -(1/2) / (2 * 1/4) = -1,   -(1/2) / (2 * 3/4) = -1/3;      row 1: -1/2, -1/2
    """
    # BEGIN SOLUTION
    check_shapes(y_true, y_pred)
    N, _ = np.shape(y_pred)
    return -y_true / np.maximum(y_pred, EPSILON) / N
    # END SOLUTION


if __name__ == "__main__":
    # Try your functions here: this runs when you start the file yourself, never when it is graded.
    print(mse(np.array([1, 2, 4, 5]), np.array([2, 1.5, 5, 4])))  # should print 0.8125
