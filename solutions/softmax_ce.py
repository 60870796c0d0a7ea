"""Softmax and cross-entropy: the last layer of a network that chooses one of several classes (lectures L0, L1, L2 and L3).

A batch holds N examples, one a row; there are C classes, one a column:

    logits: (N, C)   any numbers, the sums of the last layer (the slides' evidence, a or s)
    p:      (N, C)   probabilities: every row lies between 0 and 1 and adds up to 1
    target: (N, C)   one-hot: every row has a single 1, at the right class, and is 0 elsewhere

Fill in every function below. Arrays are numpy arrays, and none of those that come in may be changed. N and C are at least 1. Every
row is an example of its own: what stands in one row never changes the probabilities of another. Logits may be whole numbers; the
results are of floating point all the same. Helper functions of your own are welcome, and later functions may use earlier ones.
"""

import numpy as np
from numpy.typing import NDArray

EPSILON = 1e-7  # the smallest probability of which `cross_entropy` takes a logarithm


def one_hot(labels: NDArray[np.integer], classes: int) -> NDArray[np.floating]:
    """Whole-number labels as rows with a single 1.

        target[i, labels[i]] = 1        and 0 at all other places

    labels has shape (N,) and holds whole numbers from 0 to classes - 1; classes is the number C of classes, which the labels alone
    do not tell: the last class may be missing in a batch. The result has shape (N, classes) and holds numbers (not True and False).

    Example: dog is class 0, cat 1, bird 2. labels = (0, 2), classes = 3 gives ((1, 0, 0), (0, 0, 1)): a dog and a bird.

    Raises ValueError when a label is negative, or not below `classes`. (numpy would take -1 for the last class.)
    Lecture L3, «Antes de empezar»: the dog is [1, 0, 0], the cat [0, 1, 0], the bird [0, 0, 1].
    """
    # BEGIN SOLUTION
    target = np.zeros((len(labels), classes))
    for i in range(len(labels)):
        if labels[i] < 0 or labels[i] >= classes:
            raise ValueError(f"label {labels[i]} is not one of the classes 0 to {classes - 1}")
        target[i, labels[i]] = 1
    return target
    # END SOLUTION


def softmax(logits: NDArray[np.floating]) -> NDArray[np.floating]:
    """The softmax of every row: numbers of any size become probabilities.

        p[i, c] = e^logits[i, c] / (sum over k of e^logits[i, k])

    logits and the result have shape (N, C). Every row of the result adds up to 1. The sum runs over the classes of one row, never
    over the whole batch. Do not round.

    e^1000 is too large for a float. The result stays the same when one number is subtracted from a whole row, because e^(s - m) =
    e^s / e^m and e^m cancels; with the largest number of that row as m, nothing overflows. Logits of 1000 and -1000 have to work,
    in one batch too: m is the maximum of each row, not of the batch.

    Example: the row (-0.21, 0.47, 1.72). The powers are 0.8106, 1.6000, 5.5845, together 7.9951 (8 on the slide), and the
    probabilities 0.8106/7.9951 = 0.1014, 0.2001 and 0.6985: the slide's (0.1, 0.2, 0.7).

    Lecture L2, slide «Activación Softmax»; the same formula in L0 «Probabilidad de pertenencia», L1 «Funciones de activación:
    Sigmoid y Softmax» and L3. One line of L3's pseudocode has e^-y in the denominator: it should be e^y (erratum E11).
    """
    # BEGIN SOLUTION
    n_examples, n_classes = logits.shape
    p = np.zeros((n_examples, n_classes))
    for i in range(n_examples):
        largest = max(logits[i])
        total = 0.0
        for c in range(n_classes):
            p[i, c] = np.exp(logits[i, c] - largest)
            total += p[i, c]
        for c in range(n_classes):
            p[i, c] /= total
    return p
    # END SOLUTION


def cross_entropy(p: NDArray[np.floating], target: NDArray[np.floating]) -> float:
    """The cross-entropy of probabilities and targets, averaged over the batch.

        L_i = -(sum over c of target[i, c] * log(p[i, c]))        cross_entropy = (L_1 + ... + L_N) / N

    p and target have shape (N, C), target is one-hot; the result is one number. It is divided by N, the number of rows, not by
    N * C. log is the natural logarithm, np.log. Only the right class of a row remains in the sum: L_i = -log of its probability.

    log(0) is minus infinity, therefore a probability below EPSILON = 1e-7 counts as 1e-7 (as in the topic `losses`). A right class
    with probability 0 costs -log(1e-7) = 16.118; a wrong class with probability 0 costs nothing: 0 * log(1e-7) = 0.

    Example: p = ((0.55, 0.45)), target = ((1, 0)): 1 * -log 0.55 + 0 * -log 0.45 = 0.597837. The slide prints 0.259637311, which
    is the logarithm to the base 10 (erratum E7).

    Raises ValueError when p and target differ in shape.
    Lecture L0, slide «Funciones objetivo: Loss function» (categorical cross-entropy); L1, slide «Cross Entropy Loss»; the example
    is L3's, where the output [0.55, 0.45] meets the target [1, 0].
    """
    # BEGIN SOLUTION
    if p.shape != target.shape:
        raise ValueError(f"p has shape {p.shape}, but target has shape {target.shape}")
    n_examples, n_classes = p.shape
    total = 0.0
    for i in range(n_examples):
        for c in range(n_classes):
            total += -target[i, c] * np.log(max(p[i, c], EPSILON))
    return total / n_examples
    # END SOLUTION


def softmax_ce_loss(logits: NDArray[np.floating], target: NDArray[np.floating]) -> float:
    """Softmax and cross-entropy in one: the mean loss of a batch, straight from the logits.

        L_i = log(sum over k of e^logits[i, k]) - (the logit of the right class of row i)        loss = (L_1 + ... + L_N) / N

    This is -log of the right class's softmax, with the quotient already resolved. logits and target have shape (N, C), target is
    one-hot; the result is one number, divided by N.

    It has to be exact for every size of the logits, which `cross_entropy(softmax(logits), target)` is not: a probability may be too
    small for a float, its logarithm is not. With the largest number m of the row (of each row, not of the batch)

        log(sum over k of e^s_k) = m + log(sum over k of e^(s_k - m))

    nothing overflows, and no logarithm meets 0: one of the powers is e^0 = 1. EPSILON has no place here.

    Example: logits = ((0, 1000)), target = ((1, 0)): 1000 + log(e^-1000 + 1) - 0 = 1000. With target = ((0, 1)) it is 0.
    Example: logits = ((1, 2)), target = ((1, 0)): log(e^1 + e^2) - 1 = 2.313262 - 1 = 1.313262. Four equal logits: log 4 = 1.386294.

    Raises ValueError when logits and target differ in shape.
    Lecture L0, «Funciones objetivo: Loss function» (cross-entropy «en asociación con la activación de softmax»), with the softmax
    of L2 «Activación Softmax» put into it.
    """
    # BEGIN SOLUTION
    if logits.shape != target.shape:
        raise ValueError(f"logits has shape {logits.shape}, but target has shape {target.shape}")
    n_examples, n_classes = logits.shape
    total = 0.0
    for i in range(n_examples):
        largest = max(logits[i])
        powers = 0.0
        right = 0.0
        for c in range(n_classes):
            powers += np.exp(logits[i, c] - largest)
            right += target[i, c] * logits[i, c]
        total += largest + np.log(powers) - right
    return total / n_examples
    # END SOLUTION


def softmax_ce_gradient(logits: NDArray[np.floating], target: NDArray[np.floating]) -> NDArray[np.floating]:
    """The gradient of `softmax_ce_loss` with respect to the logits.

        d loss / d logits[i, c] = (p[i, c] - target[i, c]) / N        with p = softmax(logits)

    logits, target and the result have shape (N, C). The loss is a mean over N rows, therefore the 1/N. The derivative of softmax
    is already in the formula: nothing else is multiplied. Logits of 1000 and -1000 have to work.

    Example: logits = ((0.2006707, 0)) have the softmax (0.55, 0.45), because e^0.2006707 = 0.55/0.45. With target = ((1, 0)) the
    gradient is ((0.55 - 1, 0.45 - 0)) / 1 = ((-0.45, 0.45)), the error on the slide.

    Raises ValueError when logits and target differ in shape.
    Lecture L3, the backward pass: the error of the output layer is output minus target, and «en el caso de Softmax» it is not
    multiplied by a derivative of the activation. The 2(x - y) on a slide beside it belongs to the squared error (erratum E11).
    """
    # BEGIN SOLUTION
    if logits.shape != target.shape:
        raise ValueError(f"logits has shape {logits.shape}, but target has shape {target.shape}")
    n_examples, n_classes = logits.shape
    p = softmax(logits)
    gradient = np.zeros((n_examples, n_classes))
    for i in range(n_examples):
        for c in range(n_classes):
            gradient[i, c] = (p[i, c] - target[i, c]) / n_examples
    return gradient
    # END SOLUTION


def penalised_loss(
    logits: NDArray[np.floating], target: NDArray[np.floating], weights: NDArray[np.floating], reg: float
) -> float:
    """The loss of a batch with an L2 penalty, which keeps the weights of the network small.

        loss = softmax_ce_loss(logits, target) + reg * (sum over all j, k of weights[j, k]^2)

    logits and target have shape (N, C); weights is the weight matrix of a layer, of any two-dimensional shape; reg is a number,
    0 or larger, and 0 means no penalty. There is no factor 1/2, and the penalty is not divided by N or by the number of weights.

    Example: logits = ((0, 0), (3, 3)), target = ((1, 0), (0, 1)), weights = ((1, -2), (0, 3)), reg = 0.1:
    (log 2 + log 2)/2 + 0.1 * (1 + 4 + 0 + 9) = 0.693147 + 1.4 = 2.093147.

    Raises ValueError when logits and target differ in shape, and when reg is negative.
    Beyond the slides: the L2 penalty («weight decay») as in Goodfellow, Bengio and Courville, Deep Learning, section 7.1.1, without
    the factor 1/2; the loss is that of L1, slide «Cross Entropy Loss».
    """
    # BEGIN SOLUTION
    if reg < 0:
        raise ValueError(f"reg must not be negative, but is {reg}")
    penalty = 0.0
    for row in weights:
        for weight in row:
            penalty += weight**2
    return softmax_ce_loss(logits, target) + reg * penalty
    # END SOLUTION


if __name__ == "__main__":
    # Try your functions here: this runs when you start the file yourself, never when it is graded.
    print(one_hot(np.array([0, 2]), 3))  # should print [[1. 0. 0.], [0. 0. 1.]]
