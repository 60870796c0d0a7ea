"""A network as lists of matrices: forward pass, gradient vector and training with mini-batches (lecture L3).

A network with L layers is two lists, as on the slides. sizes holds the number of units of each layer, the inputs first:

    weights   L - 1 matrices    weights[i] has shape (sizes[i], sizes[i + 1])    row: unit it comes from, column: unit it goes to
    biases    L - 1 vectors     biases[i]  has shape (sizes[i + 1],)             the input layer has no bias

The slides' network has sizes 4, 5, 3, 2: weights of 4×5, 5×3 and 3×2, biases of 5, 3 and 2. Hidden layers use the sigmoid, the
last layer softmax, the cost is cross-entropy with the natural logarithm. Everything is counted from 0, as everywhere in Python.

Fill in every function but those that are given (`sigmoid`, `network_cost`). Work from top to bottom: each needs only those
above it. Your functions must not change their arguments. weights and biases come as lists; where all matrices have one shape they
may also come as one array of three dimensions, which is indexed, counted and looped over like a list. Where a vector or a matrix
is to be returned, a list of numbers is as good as an array. Helper functions of your own are welcome.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Vector: TypeAlias = NDArray[np.floating]
Matrix: TypeAlias = NDArray[np.floating]

EPSILON = 1e-7  # the smallest probability of which `cost_and_error` takes a logarithm


def sigmoid(z: NDArray[np.floating]) -> NDArray[np.floating]:
    """The sigmoid 1 / (1 + e^-z) of every element (given); exact for z = ±1000 too."""
    # e^-|z| is never above 1, so that nothing overflows: 1 / (1 + e^-z) for z >= 0 and, the same number, e^z / (e^z + 1) below.
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, small) / (1.0 + small)


def layer_shapes(sizes: NDArray[np.integer]) -> tuple[list[tuple[int, int]], list[int]]:
    """The shapes of the weight matrices and the lengths of the bias vectors.

        weight_shapes[i] = (sizes[i], sizes[i + 1])        bias_lengths[i] = sizes[i + 1]        for i = 0 .. L - 2

    Lecture L3, slide «Representación red como listas».

    Args:
        sizes: L whole numbers, the units of each layer from input to output.

    Returns:
        the tuple (weight_shapes, bias_lengths): L - 1 pairs and L - 1 numbers. Lists, or arrays of whole numbers, are equally
        welcome.

    Raises:
        ValueError: there are fewer than two layers.

    Example: the slides' sizes 4, 5, 3, 2 give the weight shapes (4, 5), (5, 3), (3, 2) and the bias lengths 5, 3, 2.
    """
    raise NotImplementedError("layer_shapes: The shapes of the weight matrices and the lengths of the bias vectors.")


def initialise(sizes: NDArray[np.integer], draws: Vector) -> tuple[list[Matrix], list[Vector]]:
    """The network before training: weights uniform in (-3, 3), biases 0.

        weight = -3 + 6 u        where u is the next number of draws

    The draws are used in their order: first they fill weights[0], row after row, then weights[1], row after row, and so on.

    Lecture L3, slide «Representación red como listas».

    Args:
        sizes: L whole numbers, as in `layer_shapes`.
        draws: a vector of random numbers, uniform in [0, 1), exactly one for each weight.

    Returns:
        the tuple (weights, biases): two lists of arrays of floats with the shapes of `layer_shapes(sizes)`. sizes and draws are
        not changed.

    Raises:
        ValueError: draws has more or fewer numbers than there are weights.

    Example: sizes 2, 3 and draws 0.5, 0.75, 0.25, 0, 1/3, 0.9. The first weight is -3 + 6 * 0.5 = 0, the second
    -3 + 6 * 0.75 = 1.5. weights[0] = ((0, 1.5, -1.5), (-3, -1, 2.4)) and biases[0] = (0, 0, 0).
    """
    raise NotImplementedError("initialise: The network before training: weights uniform in (-3, 3), biases 0.")


def softmax(scores: Vector) -> Vector:
    """Softmax: scores become positive numbers that add up to 1.

        softmax(s)_c = e^(s_c) / (sum over all classes c' of e^(s_c'))

    For a score of 1000, e^1000 is too large for a float. Dividing numerator and denominator by e^m, with m the largest score,
    leaves the quotient as it is: with s_c - m in the place of s_c, no exponent is above 0.

    Lecture L3, slide «Softmax». Its pseudocode puts a minus in front of the score by mistake (erratum E11); the formula above is
    right.

    Args:
        scores: shape (C,); also around 1000 or -1000.

    Returns:
        an array of floats of shape (C,), finite. scores is not changed.

    Example: scores 0.2007 and 0. e^0.2007 = 1.2223, e^0 = 1, their sum is 2.2223: the result is 0.55 and 0.45. Scores 1000.2007
    and 1000 give the same.
    """
    raise NotImplementedError("softmax: Softmax: scores become positive numbers that add up to 1.")


def forward(x: Vector, weights: list[Matrix], biases: list[Vector]) -> tuple[list[Vector], list[Vector]]:
    """The forward pass of one example, keeping every sum and every activation.

        activations[0] = x
        zs[i] = activations[i] · weights[i] + biases[i]                                        for i = 0 .. L - 2
        activations[i + 1] = sigmoid(zs[i])   in the hidden layers, that is for i < L - 2
        activations[L - 1] = softmax(zs[L - 2])   in the last layer

    In full, zs[i][k] = (sum over j of activations[i][j] * weights[i][j, k]) + biases[i][k]. A network without hidden layer (L =
    2) has softmax alone.

    Lecture L3, the slides from «VALORES DE ENTRADA» to «Ejemplo de ejecución». Their loop runs one layer too far (erratum E11).

    Args:
        x: shape (sizes[0],), the input.
        weights, biases: the network (see the top of this file).

    Returns:
        the tuple (zs, activations): a list of L - 1 vectors (the slides' zl) and a list of L vectors (the slides' al). The last
        activation is what the network predicts. The arguments are not changed.

    Raises:
        ValueError: x has not one number for each row of weights[0].

    Example: x = (1, 0), weights[0] = ((0, 2), (5, 7)), biases[0] = (0, -2), weights[1] = ((0.4014, 1), (0, -2)),
    biases[1] = (0, 0.5).
    zs[0] = (1*0 + 0*5 + 0, 1*2 + 0*7 - 2) = (0, 0), activations[1] = (1/2, 1/2),
    zs[1] = (1/2*0.4014 + 1/2*0 + 0, 1/2*1 + 1/2*(-2) + 0.5) = (0.2007, 0), activations[2] = (0.55, 0.45).
    """
    raise NotImplementedError("forward: The forward pass of one example, keeping every sum and every activation.")


def cost_and_error(predicted: Vector, target: Vector) -> tuple[float, Vector]:
    """The cross-entropy of one example, and the error of the output layer.

        cost = - sum over c of target_c * ln(predicted_c)
        error_c = predicted_c - target_c

    ln is the natural logarithm. The error is the derivative of the cost with respect to the scores that go into softmax; this is
    why softmax needs no derivative of its own.

    ln 0 is minus infinity, therefore in the logarithm a probability below EPSILON = 1e-7 counts as 1e-7 (as in the topics `losses`
    and `softmax_ce`); softmax gives none so small to the class that is asked for unless it is hopeless, and no check does. A class
    with target 0 adds 0 to the cost whatever was predicted, also where that is 0 (0 * ln 0 would be nan). The error takes
    predicted as it is.

    Lecture L3, slide «Representación v. gradiente como listas» and the one after it.

    Args:
        predicted: shape (C,), the last activation.
        target: shape (C,), 1 for the class of the example and 0 elsewhere; floats or whole numbers.

    Returns:
        the tuple (cost, error): a number, and an array of floats of shape (C,). The arguments are not changed.

    Raises:
        ValueError: predicted and target differ in shape.

    Example: predicted 0.55, 0.45 and target 1, 0: cost = -(1 * ln 0.55 + 0 * ln 0.45) = 0.597837 and
    error = (0.55 - 1, 0.45 - 0) = (-0.45, 0.45). The slide prints 0.259637311, which is -log10(0.55) (erratum E7).
    """
    raise NotImplementedError("cost_and_error: The cross-entropy of one example, and the error of the output layer.")


def network_cost(x: Vector, target: Vector, weights: list[Matrix], biases: list[Vector]) -> float:
    """The cost of one example as a function of the network (given): your `forward`, then your `cost_and_error`."""
    return cost_and_error(forward(x, weights, biases)[1][-1], target)[0]


def previous_error(error: Vector, w: Matrix, z: Vector) -> Vector:
    """The error sent back through one matrix to the hidden layer before it.

        result_j = (sum over k of error_k * w[j, k]) * sigmoid'(z_j)        sigmoid'(z) = sigmoid(z) (1 - sigmoid(z))

    As a product of matrices it is (error · wᵀ) times sigmoid'(z), element by element.

    Lecture L3, the backward slides, «multiplicando cada elemento del vector de error de la capa por la derivada parcial».

    Args:
        error: shape (K,), one number for each unit of the later layer.
        w: shape (J, K), the matrix that leads from the hidden layer to the later one.
        z: shape (J,), the sums of the hidden layer, before its sigmoid; also ±1000.

    Returns:
        an array of floats of shape (J,), finite. The arguments are not changed.

    Example: error = (-0.45, 0.45), w = ((0.4, 1), (0, -2), (2, 2)), z = (0, 0, 0), where sigmoid'(0) = 1/2 * 1/2 = 1/4.
    result[0] = (-0.45*0.4 + 0.45*1) * 1/4 = 0.27 * 1/4 = 0.0675, result[1] = (-0.45*0 + 0.45*(-2)) * 1/4 = -0.225,
    result[2] = (-0.45*2 + 0.45*2) * 1/4 = 0.
    """
    raise NotImplementedError("previous_error: The error sent back through one matrix to the hidden layer before it.")


def gradient_vector(x: Vector, target: Vector, weights: list[Matrix], biases: list[Vector]) -> tuple[list[Matrix], list[Vector]]:
    """The backward pass of one example: the derivatives of its cost with respect to every weight and every bias.

    First the forward pass. Then error = predicted - target, a vector (`cost_and_error` gives it). Then, for i = L - 2 down to 0:

        err_biases[i] = error
        err_weights[i][j, k] = activations[i][j] * error[k]         for every j and k: all products, that is np.outer
        if i > 0:  error = previous_error(error, weights[i], zs[i - 1])         zs[i - 1]: the sums that became activations[i]

    The loop runs backwards, the lists do not: err_weights[0] belongs to weights[0], the matrix next to the input.

    Lecture L3, pseudocode `vector_gradiente_softmax`.

    Args:
        x: shape (sizes[0],), the input.
        target: shape (C,), as in `cost_and_error`.
        weights, biases: the network.

    Returns:
        the tuple (err_weights, err_biases): two lists of arrays with the shapes of weights and biases, in the same order. The
        arguments are not changed.

    Raises:
        ValueError: x or target does not fit the network (`forward` and `cost_and_error` do it for you).

    Example: the network of `forward` with target (1, 0). error = (-0.45, 0.45) = err_biases[1], and
    err_weights[1] = ((1/2*(-0.45), 1/2*0.45), (1/2*(-0.45), 1/2*0.45)) = ((-0.225, 0.225), (-0.225, 0.225)).
    Back: ((-0.45*0.4014 + 0.45*1) * 1/4, (-0.45*0 + 0.45*(-2)) * 1/4) = (0.0673, -0.225) = err_biases[0], and with x = (1, 0)
    err_weights[0] = ((0.0673, -0.225), (0, 0)).
    """
    raise NotImplementedError(
        "gradient_vector: The backward pass of one example: the derivatives of its cost with respect to every weight and every bias."
    )


def train_step(
    xs: Matrix, targets: Matrix, weights: list[Matrix], biases: list[Vector], rate: float
) -> tuple[list[Matrix], list[Vector]]:
    """One step of training with a set of examples: the gradient vectors are added up, divided by N and taken with the rate.

        new_weights[i] = weights[i] - rate / N * (sum over the N examples of their err_weights[i])        biases likewise

    All N gradient vectors belong to the given network; it moves once, at the end.

    Lecture L3, pseudocode `propagacion_hacia_detrás_softmax`.

    Args:
        xs: shape (N, sizes[0]), row n is the input of example n.
        targets: shape (N, C), row n is its target.
        weights, biases: the network.
        rate: the learning rate.

    Returns:
        the tuple (new_weights, new_biases): new lists of new arrays. The arguments are not changed.

    Raises:
        ValueError: there are not as many targets as inputs.

    Example: the network of `forward`, twice the input (1, 0), once with the target (1, 0) and once with (0, 1), rate 1.
    The errors of the last layer are (-0.45, 0.45) and (0.55, -0.55), their sum is (0.1, -0.1):
    new_biases[1] = (0, 0.5) - 1/2 * (0.1, -0.1) = (-0.05, 0.55).
    """
    raise NotImplementedError(
        "train_step: One step of training with a set of examples: the gradient vectors are added up, divided by N and taken with the rate."
    )


def train(
    xs: Matrix,
    targets: Matrix,
    weights: list[Matrix],
    biases: list[Vector],
    rate: float,
    batch_size: int,
    orders: Sequence[NDArray[np.integer]],
) -> tuple[list[Matrix], list[Vector]]:
    """Training with mini-batches: one epoch for each row of orders.

    An epoch takes the examples in the order of its row, batch_size at a time, and makes one `train_step` with each of these
    batches. With 5 examples, batch_size 2 and the row 3, 0, 4, 1, 2 there are three steps: with the examples 3 and 0, then with 4
    and 1, then with 2 alone. The last batch is what is left; its step divides by the number of examples that it has. Each step
    starts from the network that the step before it left, also from one epoch to the next.

    Lecture L3, the slides on «baterías (batches en inglés)» and «época de entrenamiento».

    Args:
        xs, targets: N examples, as in `train_step`.
        weights, biases: the network at the start.
        rate: the learning rate.
        batch_size: examples in a batch, at least 1. With N or more there is one batch.
        orders: shape (epochs, N); each row is a permutation of the numbers 0 .. N - 1.

    Returns:
        the tuple (new_weights, new_biases) after the last epoch: new lists of new arrays. The arguments are not changed.

    Raises:
        ValueError: batch_size is below 1.

    Example: a network without hidden layer whose weights and biases are 0. Example 0 has x = (1, 0) and the target (0, 1),
    example 1 has x = (0, 1) and the target (1, 0). batch_size 1, one epoch with the row 1, 0, rate 0.2007. First step, with
    example 1: predicted (1/2, 1/2), error (-1/2, 1/2).
        weights[0][1] = (0, 0) - 0.2007 * (-1/2, 1/2) = (0.1004, -0.1004), and the biases become the same.
    Second step, with example 0: its scores are weights[0][0] + biases[0] = (0.1004, -0.1004), predicted (0.55, 0.45),
        error (0.55, -0.55).
        weights[0][0] = (0, 0) - 0.2007 * (0.55, -0.55) = (-0.1104, 0.1104),
        biases[0] = (0.1004, -0.1004) - 0.2007 * (0.55, -0.55) = (-0.0100, 0.0100).
    Result: new_weights[0] = ((-0.1104, 0.1104), (0.1004, -0.1004)), new_biases[0] = (-0.0100, 0.0100).
    """
    raise NotImplementedError("train: Training with mini-batches: one epoch for each row of orders.")


if __name__ == "__main__":
    # Try your functions here: this runs when you start the file yourself, never when it is graded.
    print(layer_shapes(np.array([4, 5, 3, 2])))  # should print ([(4, 5), (5, 3), (3, 2)], [5, 3, 2])
