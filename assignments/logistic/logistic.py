"""Logistic regression: one neuron that says yes or no, trained with binary cross-entropy (lecture L0).

A batch holds N examples with n features each, one example a row:

    x: (N, n)    features            w: (n,)    one weight for each feature
    y: (N,)      labels, 0 or 1      b: a number, the bias
    a: (N,)      what the neuron says for each example: the probability that its label is 1

    z_i = w·x_i + b        a_i = 1 / (1 + e^-z_i)

Fill in every function below; `cost` is given. Arrays are numpy arrays, and none of those that come in may be changed; labels may
be whole numbers. N is at least 1. Work from one function to the next: each needs only those before it. Helper functions of your
own are welcome.
"""

import numpy as np
from numpy.typing import NDArray

EPSILON = 1e-7  # the smallest number of which a logarithm is taken


def forward(x: NDArray[np.floating], w: NDArray[np.floating], b: float) -> NDArray[np.floating]:
    """The forward pass: what the neuron says for every example of the batch.

        z_i = (sum over j of w[j] * x[i, j]) + b        a_i = 1 / (1 + e^-z_i)

    x has shape (N, n), w has shape (n,), b is a number. The result a has shape (N,). It is a probability: never round it to 0
    or 1. It is finite for every z: at z = 1000 it is 1 and at z = -1000 it is 0 (e^-1000 is 0 as a float, but e^1000 is
    infinite, and infinite / infinite is nan).

    Example: x = ((2, 1), (4, 1)), w = (1/2, -1), b = 0. Then z = (1/2*2 - 1*1 + 0, 1/2*4 - 1*1 + 0) = (0, 1) and
    a = (1/(1 + 1), 1/(1 + e^-1)) = (0.5, 0.731059).

    Raises ValueError when x has not as many columns as w has weights.
    Lecture L0, slide «Backpropagation con Binary cross-entropy» (Forward; ŷ = a = σ(z), z = wx + b).
    """
    raise NotImplementedError("forward: The forward pass: what the neuron says for every example of the batch.")


def bce(a: NDArray[np.floating], y: NDArray[np.floating]) -> float:
    """The binary cross-entropy, averaged over the batch.

        L_i = -( y_i log(a_i) + (1 - y_i) log(1 - a_i) )        bce = (L_1 + ... + L_N) / N

    a and y have shape (N,); the result is one number. log is the natural logarithm. Only one of the two terms of L_i remains,
    because y_i is 0 or 1: L_i = -log(a_i) for the label 1, and -log(1 - a_i) for the label 0.

    log(0) is minus infinity, therefore a number below EPSILON = 1e-7 counts as 1e-7 wherever a logarithm is taken, of a_i and of
    1 - a_i alike (as in the topic `losses`). A prediction a_i = 0 for the label 1 costs -log(1e-7) = 16.118; a_i = 1 for the
    label 1 costs 0.

    Example: a = (0.5, 0.75, 0.2), y = (1, 1, 0): (-log 0.5 - log 0.75 - log 0.8) / 3 = (0.693147 + 0.287682 + 0.223144) / 3
    = 0.401324.

    Raises ValueError when a and y differ in shape. (numpy would make a table of N x N numbers of the shapes (N,) and (N, 1).)
    Lecture L0, slides «Funciones objetivo: Loss function» and «Backpropagation con Binary cross-entropy» (Función de pérdida).
    """
    raise NotImplementedError("bce: The binary cross-entropy, averaged over the batch.")


def cost(x: NDArray[np.floating], y: NDArray[np.floating], w: NDArray[np.floating], b: float) -> float:
    """What gradient descent makes small (given): the mean binary cross-entropy of the neuron with the weights w and the bias b."""
    return bce(forward(x, w, b), y)


def delta(a: NDArray[np.floating], y: NDArray[np.floating]) -> NDArray[np.floating]:
    """How fast the loss of each example grows with its sum z, one number for each example.

        delta_i = dL_i/dz_i = dL_i/da_i * da_i/dz_i = a_i - y_i

    where L_i is the loss of example i alone: nothing is divided by N here. a and y have shape (N,), and so has the result.
    a_i is the probability, after the sigmoid. The derivative a_i (1 - a_i) of the sigmoid is already in the formula: it cancels
    against the denominators of dL_i/da_i = -y_i/a_i + (1 - y_i)/(1 - a_i).

    Example: a = (0.5, 0.75, 0.2), y = (1, 1, 0): (0.5 - 1, 0.75 - 1, 0.2 - 0) = (-0.5, -0.25, 0.2).

    Raises ValueError when a and y differ in shape.
    Lecture L0, slide «Backpropagation con Binary cross-entropy» (the boxed a - y). One sign of the line before the box is
    wrong there (erratum E8): it should read -y(1 - a) + a(1 - y).
    """
    raise NotImplementedError("delta: How fast the loss of each example grows with its sum z, one number for each example.")


def gradients(
    x: NDArray[np.floating], y: NDArray[np.floating], w: NDArray[np.floating], b: float
) -> tuple[NDArray[np.floating], float]:
    """The gradients of the cost with respect to the weights and to the bias.

        dw_j = d cost/d w_j = (1/N) (sum over i of (a_i - y_i) * x[i, j])        a = forward(x, w, b)
        db   = d cost/d b   = (1/N) (sum over i of (a_i - y_i))

    x has shape (N, n), y (N,), w (n,), b is a number. Returns the tuple (dw, db): dw has shape (n,) like w, db is a number like b.
    cost is the mean over the batch, and so are its gradients. For N = 1 this is the slide's dw = (a - y) xᵀ and db = a - y.

    Example: one example x = ((2, 1)) with the label y = (1), and w = (1/2, -1), b = 0. Then z = 0, a = 1/2, a - y = -1/2,
    dw = (-1/2 * 2, -1/2 * 1) = (-1, -1/2) and db = -1/2.

    Example: the four rows ((0, 0), (0, 1), (1, 0), (1, 1)) with the labels (0, 1, 1, 1), w = (0, 0), b = 0. Every a is 1/2 and
    a - y = (1/2, -1/2, -1/2, -1/2). dw_1 = (1/2*0 - 1/2*0 - 1/2*1 - 1/2*1) / 4 = -1/4, dw_2 = -1/4, and
    db = (1/2 - 1/2 - 1/2 - 1/2) / 4 = -1/4.

    Raises ValueError when the shapes do not fit: as many columns of x as weights, as many rows of x as labels.
    Lecture L0, slide «Backpropagation con Binary cross-entropy»: ∂L/∂w = (a - y) xᵀ, ∂L/∂b = (a - y) · 1. The slide before
    says ∂L/∂w₁ = x₁, but that is ∂z/∂w₁ (erratum E9).
    """
    raise NotImplementedError("gradients: The gradients of the cost with respect to the weights and to the bias.")


def step(
    x: NDArray[np.floating], y: NDArray[np.floating], w: NDArray[np.floating], b: float, alpha: float
) -> tuple[NDArray[np.floating], float]:
    """One step of gradient descent on the whole batch.

        new w = w - alpha * dw        new b = b - alpha * db

    with both gradients taken at the given w and b, before either of them moves. alpha is the learning rate.
    Returns the tuple (new_w, new_b), of shape (n,) and a number; w itself is left as it was.

    Example: x = ((2, 1)), y = (1), w = (1/2, -1), b = 0, alpha = 1/2. The gradients are dw = (-1, -1/2) and db = -1/2, so that
    new w = (1/2 + 1/2*1, -1 + 1/2*1/2) = (1, -3/4) and new b = 0 + 1/2*1/2 = 1/4.

    Raises ValueError when the shapes do not fit.
    Lecture L0, slide «Backpropagation con Binary cross-entropy» (the update rule w = w - α (a - y) xᵀ, b = b - α (a - y) 1).
    """
    raise NotImplementedError("step: One step of gradient descent on the whole batch.")


def train(
    x: NDArray[np.floating], y: NDArray[np.floating], w: NDArray[np.floating], b: float, alpha: float, steps: int
) -> tuple[NDArray[np.floating], float, NDArray[np.floating]]:
    """Gradient descent: `steps` steps on the whole batch, starting from the given w and b.

    Each step starts where the one before it ended. Returns the tuple (new_w, new_b, losses): the weights and the bias after
    the last step, of shape (n,) and a number, and the array of the costs on the way, of shape (steps + 1,):

        losses[0]      the cost with the weights that were given
        losses[t]      the cost after t steps
        losses[-1]     the cost with the weights that are returned

    With steps = 0 the given weights come back, and losses has one number. The given w is left as it was.

    Example: the rows ((0, 0), (0, 1), (1, 0), (1, 1)) with the labels (0, 1, 1, 1), w = (0, 0), b = 0, alpha = 1, steps = 1.
    All gradients are -1/4, so that new_w = (1/4, 1/4) and new_b = 1/4. Before, every a is 1/2 and losses[0] = log 2 = 0.693147. After,
    z = (1/4, 1/2, 1/2, 3/4) and losses[1] = (0.825939 + 0.474077 + 0.474077 + 0.386871) / 4 = 0.540241.

    Raises ValueError when the shapes do not fit.
    Lecture L0, slide «Gradiente Descendiente» (the loop) with the rule of «Backpropagation con Binary cross-entropy».
    """
    raise NotImplementedError("train: Gradient descent: `steps` steps on the whole batch, starting from the given w and b.")


if __name__ == "__main__":
    # Try your functions here: this runs when you start the file yourself, never when it is graded.
    x = np.array([[2, 1], [4, 1]])
    print(forward(x, np.array([0.5, -1]), 0.0).round(6))  # should print [0.5      0.731059]
