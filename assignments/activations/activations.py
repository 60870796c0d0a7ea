"""Activation functions and their derivatives (lecture L2, «Funciones comunes de activación» and «Activación Softmax»).

Each unit of a network adds up its weighted inputs. That sum is called z here (the slide calls it a), and the activation turns it
into the unit's output. Every function below takes z, the derivatives too: `sigmoid_prime(z)` is the slope of the sigmoid AT z, so
never hand it the output sigmoid(z).

Fill in the functions. Inputs are numpy arrays of floats or of whole numbers; none of them may be changed. Results are new arrays of
floats. Functions may call each other, and helper functions of your own are welcome. All of numpy may be used, `np.tanh` included.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]


def sigmoid(z: Array) -> Array:
    """The logistic function 1 / (1 + e^-z), for each element of z.

    Lecture L2, slide «Funciones comunes de activación»; L1, «Funciones de activación: Sigmoid y Softmax».

    Args:
        z: any shape; floats or whole numbers.

    Returns:
        An array of floats with the shape of z, every element between 0 and 1. For z = 1000 it is 1 and for z = -1000 it is 0, to
        the last digit of a float; never nan. (e^1000 is too large for a float: numpy calls it inf. 1 / (1 + inf) is 0, which is
        right, but inf / (1 + inf) is nan.)

    Example:
        z = [-2, 0, 2]      e^2 = 7.3891, e^0 = 1, e^-2 = 0.1353
        1 / (1 + 7.3891) = 0.1192      1 / (1 + 1) = 0.5      1 / (1 + 0.1353) = 0.8808
    """
    raise NotImplementedError("sigmoid: The logistic function 1 / (1 + e^-z), for each element of z.")


def sigmoid_prime(z: Array) -> Array:
    """The derivative of the sigmoid at z, for each element of z.

        sigmoid'(z) = sigmoid(z) * (1 - sigmoid(z))

    Lecture L2, slide «Funciones comunes de activación»; L0 derives it in «Ejemplo: Backpropagation».

    Args:
        z: any shape; floats or whole numbers. It is what goes INTO the sigmoid, not what comes out of it.

    Returns:
        An array of floats with the shape of z. Finite for every z: 0 at z = 1000 and at z = -1000.

    Example:
        z = [0]:      sigmoid(0) = 1/2,      sigmoid'(0) = 1/2 * (1 - 1/2) = 1/4
        z = [2]:      sigmoid(2) = 0.8808,   sigmoid'(2) = 0.8808 * (1 - 0.8808) = 0.1050
    """
    raise NotImplementedError("sigmoid_prime: The derivative of the sigmoid at z, for each element of z.")


def tanh(z: Array) -> Array:
    """The hyperbolic tangent (e^z - e^-z) / (e^z + e^-z), for each element of z.

    Lecture L2, slide «Funciones comunes de activación».

    Args:
        z: any shape; floats or whole numbers.

    Returns:
        An array of floats with the shape of z, every element between -1 and 1. Finite for every z: 1 at z = 1000, -1 at
        z = -1000. (The formula as it is printed gives inf / inf = nan there. `np.tanh` is safe and may be used.)

    Example:
        z = [1]:      e^1 = 2.7183, e^-1 = 0.3679,      (2.7183 - 0.3679) / (2.7183 + 0.3679) = 0.7616
        z = [0]:      (1 - 1) / (1 + 1) = 0
    """
    raise NotImplementedError("tanh: The hyperbolic tangent (e^z - e^-z) / (e^z + e^-z), for each element of z.")


def tanh_prime(z: Array) -> Array:
    """The derivative of the hyperbolic tangent at z, for each element of z.

        tanh'(z) = 4 / (e^z + e^-z)^2 = 1 - tanh(z)^2

    Both forms are the same number; the slide has the first, L0 the second.
    Lecture L2, slide «Funciones comunes de activación».

    Args:
        z: any shape; floats or whole numbers. It is what goes INTO the tanh, not what comes out of it.

    Returns:
        An array of floats with the shape of z. Finite for every z: 0 at z = 1000 and at z = -1000.

    Example:
        z = [0]:      4 / (1 + 1)^2 = 1                      1 - 0^2 = 1
        z = [1]:      4 / (2.7183 + 0.3679)^2 = 0.4200       1 - 0.7616^2 = 0.4200
    """
    raise NotImplementedError("tanh_prime: The derivative of the hyperbolic tangent at z, for each element of z.")


def relu(z: Array) -> Array:
    """The rectified linear unit max(0, z), for each element of z.

    Lecture L2, slide «Funciones comunes de activación». Its range is [0, ∞): the slide leaves the 0 out (erratum E12).

    Args:
        z: any shape; floats or whole numbers. It is not changed.

    Returns:
        A new array with the shape of z: z where z is positive, 0 elsewhere.

    Example:
        z = [-2, 0, 3]      relu(z) = [max(0, -2), max(0, 0), max(0, 3)] = [0, 0, 3]
    """
    raise NotImplementedError("relu: The rectified linear unit max(0, z), for each element of z.")


def relu_prime(z: Array) -> Array:
    """The derivative of the rectified linear unit at z, for each element of z.

        relu'(z) = 1 where z > 0,      relu'(z) = 0 where z < 0

    At exactly z = 0 the graph has a corner and no derivative (erratum E12). The slide says 0 there; 0, 1 and every number
    between them are accepted.
    Lecture L2, slide «Funciones comunes de activación».

    Args:
        z: any shape; floats or whole numbers. It is not changed.

    Returns:
        A new array of floats with the shape of z: 1.0 and 0.0, not True and False, and not the whole numbers 1 and 0 (an array of
        whole numbers cuts off the decimals of what is later put into it).

    Example:
        z = [-2, -0.5, 3]      relu'(z) = [0, 0, 1]
    """
    raise NotImplementedError("relu_prime: The derivative of the rectified linear unit at z, for each element of z.")


def softmax(z: Array) -> Array:
    """The softmax of each row: K numbers become K probabilities.

        softmax(z)_i = e^(z_i) / (sum over j = 1..K of e^(z_j))

    Lecture L2, slide «Activación Softmax», «Ejemplo»; L1, «Funciones de activación: Sigmoid y Softmax».

    Args:
        z: shape (K,), one row, or (N, K), N rows. Each row is treated by itself: the sum runs over the last axis.

    Returns:
        An array of floats with the shape of z. Each row adds up to 1. Finite for all numbers, also when they are 1000 or -1000
        and when one row is far above another. (Adding the same number to a whole row does not change its softmax: e^(z_i + c) is
        e^c * e^(z_i), and e^c cancels. Which c makes sure that no exponent of this row is above 0?)

    Example (the slide's):
        z = [-0.21, 0.47, 1.72]
        e^-0.21 = 0.8106, e^0.47 = 1.6000, e^1.72 = 5.5845; their sum is 7.9951, about 8
        softmax(z) = [0.8106/7.9951, 1.6000/7.9951, 5.5845/7.9951] = [0.1014, 0.2001, 0.6985], on the slide [0.1, 0.2, 0.7]
    """
    raise NotImplementedError("softmax: The softmax of each row: K numbers become K probabilities.")


def softmax_jacobian(z: Array) -> Array:
    """All derivatives of the softmax of one row: a K × K matrix.

    Every output of the softmax depends on every input. With y = softmax(z):

        J[i, j] = ∂y_i / ∂z_j = y_i * (δ_ij - y_j)      where δ_ij is 1 if i = j and 0 otherwise

    so y_i * (1 - y_i) on the diagonal and -y_i * y_j beside it.
    Lecture L2, slide «Funciones comunes de activación», last row of the table.

    Args:
        z: shape (K,), what goes INTO the softmax.

    Returns:
        J, an array of floats of shape (K, K): row i belongs to the output y_i, column j to the input z_j. Finite for all numbers.

    Raises:
        ValueError: z is not one row (z.ndim is not 1).

    Example:
        z = [0, 0]      y = [1/2, 1/2]      J = [[ 1/4, -1/4],      J[0, 0] = 1/2 * (1 - 1/2) = 1/4
                                                 [-1/4,  1/4]]      J[0, 1] = 1/2 * (0 - 1/2) = -1/4
    """
    raise NotImplementedError("softmax_jacobian: All derivatives of the softmax of one row: a K × K matrix.")


def softmax_backward(dout: Array, z: Array) -> Array:
    """The gradient of a loss sent back through the softmax, for each row.

    dout[n, i] is the derivative of the loss with respect to y[n, i], where y = softmax(z). The chain rule adds up what every
    output of the row passes on:

        dz[n, j] = sum over i = 1..K of dout[n, i] * J[i, j]      with J = softmax_jacobian(z[n])
                 = y[n, j] * (dout[n, j] - sum over i = 1..K of dout[n, i] * y[n, i])

    The second form is the first with the formula of J put in; it needs no matrix. Use whichever you like.
    Derived from lecture L2, slide «Funciones comunes de activación», last row of the table.

    Args:
        dout: shape (N, K), the gradient of the loss with respect to softmax(z).
        z: shape (N, K), what went into the softmax. Each row is treated by itself.

    Returns:
        dz, an array of floats of shape (N, K). Finite for all z. Neither argument is changed.

    Raises:
        ValueError: dout and z differ in shape.

    Example:
        z = [[0, 0]], dout = [[1, 0]]:      y = [[1/2, 1/2]],      the sum is 1 * 1/2 + 0 * 1/2 = 1/2
        dz = [[1/2 * (1 - 1/2), 1/2 * (0 - 1/2)]] = [[1/4, -1/4]]
    """
    raise NotImplementedError("softmax_backward: The gradient of a loss sent back through the softmax, for each row.")


if __name__ == "__main__":
    # Try your functions here: this runs when you start the file yourself, never when it is graded.
    print(sigmoid(np.array([-2, 0, 2])).round(4))  # should print [0.1192 0.5    0.8808]
