"""A small convolutional network that reads handwritten digits: fill in its layers, then the network, then its training.

Lecture L1, from «Convolución: Forwarding» to «Cross Entropy Loss», put together. The network has five layers in a row:

    images (N, 1, 8, 8) → convolution → ReLU → max pooling 2×2 → flatten → dense → logits (N, 10)

Every layer has a forward function and a backward function. A backward function takes dout, the gradient of the loss with respect to
what the forward function returned, and the forward function's arguments, and returns the gradient with respect to them.

Everything works on batches: N is the number of images, C of channels, F of filters. No argument is ever changed. The training in the
checks goes through 300 images five times. Loops over the places of a kernel or of the output are fast enough; a loop over the images
of a batch, with those loops inside, may not be: let numpy do all images at once, as in x[:, :, i : i + K, j : j + K].

Your functions of earlier assignments are welcome here.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]
Labels = NDArray[np.integer]


def conv_forward(x: Array, w: Array, b: Array) -> Array:
    """Convolution with stride 1 and without padding, forward.

        O[n, f, i, j] = b[f] + sum over c, p, q of  x[n, c, i+p, j+q] * w[f, c, p, q]          p, q = 0..K-1

    Lecture L1, slides «Convolución: Ejemplo» and «Convolución: Forwarding». The kernel is not turned around.

    Args:
        x: shape (N, C, H, W), H and W may differ.
        w: filters, shape (F, C, K, K).
        b: biases, shape (F,).

    Returns:
        O, shape (N, F, H-K+1, W-K+1).

    Raises:
        ValueError: x and w differ in the number of channels, or a filter is larger than the images.

    Example (N = C = F = 1; these axes left out):
        x = [[1, 2, 0],      w = [[1, 0],      b = 1      O = [[8, 11],      O[0, 0] = 1 + 1*1 + 2*0 + 0*2 + 3*2 = 8
             [0, 3, 1],           [2, 2]]                      [3,  8]]      O[0, 1] = 1 + 2*1 + 0*0 + 3*2 + 1*2 = 11
             [1, 0, 2]]
    """
    raise NotImplementedError("conv_forward: Convolution with stride 1 and without padding, forward.")


def conv_backward(dout: Array, x: Array, w: Array, b: Array) -> tuple[Array, Array, Array]:
    """Convolution, backward: the gradients of x, w and b.

        dw[f, c, p, q] = sum over n, i, j of  dout[n, f, i, j] * x[n, c, i+p, j+q]
        db[f]          = sum over n, i, j of  dout[n, f, i, j]
        dx[n, c, k, l] = sum over f and all i, j, p, q with i+p = k and j+q = l of  dout[n, f, i, j] * w[f, c, p, q]

    Lecture L1, slide «Convolución: Forwarding» (∂L/∂I and ∂L/∂F). Nothing is divided by N: that is in dout already.

    Args:
        dout: shape (N, F, H-K+1, W-K+1).
        x, w, b: as in `conv_forward`; the numbers of b do not matter.

    Returns:
        (dx, dw, db), with the shapes of x, w and b, in this order.

    Example (x and w as in `conv_forward`; dout = [[1, 0], [0, 2]]):
        dw[0, 0] = 1*1 + 0*2 + 0*0 + 2*3 = 7           dw = [[7, 4], [0, 7]]        db = 1 + 0 + 0 + 2 = 3
        dx[1, 1] = 1*2 + 2*1 = 4                       dx = [[1, 0, 0], [2, 4, 0], [0, 4, 4]]
    """
    raise NotImplementedError("conv_backward: Convolution, backward: the gradients of x, w and b.")


def relu(x: Array) -> Array:
    """ReLU, forward: max(0, x) for every number, in any shape (lecture L2, «Funciones comunes de activación»).

    Example: x = [[-1, 2], [3, -4]] → [[0, 2], [3, 0]]
    """
    raise NotImplementedError(
        "relu: ReLU, forward: max(0, x) for every number, in any shape (lecture L2, «Funciones comunes de activación»)."
    )


def relu_backward(dout: Array, x: Array) -> Array:
    """ReLU, backward: the gradient passes where x > 0 and is 0 where x < 0.

    dout and x have the same shape, any; x is what went into `relu`. Where x is exactly 0, the gradient may pass or not: ReLU has no
    derivative there.

    Example: dout = [[5, 6], [7, 8]], x = [[-1, 2], [3, -4]] → [[0, 6], [7, 0]]
    """
    raise NotImplementedError("relu_backward: ReLU, backward: the gradient passes where x > 0 and is 0 where x < 0.")


def max_pool(x: Array, size: int = 2) -> Array:
    """Max pooling, forward: the largest number of each window; the windows lie side by side.

        O[n, c, i, j] = max over p, q = 0..K-1 of  x[n, c, K*i + p, K*j + q]          K = size

    Lecture L1, slides «Pooling Layers: Max Pooling» and «Max Pooling: Example».

    Args:
        x: shape (N, C, H, W); any numbers, also all negative.
        size: K.

    Returns:
        O, shape (N, C, floor(H/K), floor(W/K)). Rows and columns that are left over at the bottom and on the right are not used.

    Example (N = C = 1; these axes left out; size = 2):
        x = [[1, 5, 0, 2, 9],      O = [[5, 3]]      O[0, 0] = max(1, 5, 4, 2) = 5      the 9 and the 8 are left over
             [4, 2, 3, 1, 8]]                        O[0, 1] = max(0, 2, 3, 1) = 3
    """
    raise NotImplementedError("max_pool: Max pooling, forward: the largest number of each window; the windows lie side by side.")


def max_pool_backward(dout: Array, x: Array, size: int = 2) -> Array:
    """Max pooling, backward: the gradient of a window goes to its largest number; all others get 0.

        dx[n, c, k, l] = dout[n, c, i, j] where x[n, c, k, l] is the largest number of window (i, j), else 0

    When the largest number occurs more than once in a window, its gradient goes to one of them, or is divided among them: the parts
    add up to dout[n, c, i, j]. What no window covers gets 0.

    Args:
        dout: shape (N, C, floor(H/K), floor(W/K)).
        x: shape (N, C, H, W), what went into `max_pool`.
        size: K.

    Returns:
        dx, with the shape of x.

    Example (x as in `max_pool`; dout = [[6, 7]]):  dx = [[0, 6, 0, 0, 0],
                                                          [0, 0, 7, 0, 0]]
    """
    raise NotImplementedError(
        "max_pool_backward: Max pooling, backward: the gradient of a window goes to its largest number; all others get 0."
    )


def flatten(x: Array) -> Array:
    """Flatten, forward: all numbers of an image in one row, shape (N, C, H, W) → (N, C*H*W).

    The order is numpy's own (C order): channel after channel, in each row after row:  O[n, (c*H + i)*W + j] = x[n, c, i, j]

    Example (N = 1, C = 2): x[0] = [[[1, 2], [3, 4]], [[5, 6], [7, 8]]] → [[1, 2, 3, 4, 5, 6, 7, 8]]
    """
    raise NotImplementedError("flatten: Flatten, forward: all numbers of an image in one row, shape (N, C, H, W) → (N, C*H*W).")


def flatten_backward(dout: Array, x: Array) -> Array:
    """Flatten, backward: every number of dout goes back to the place it came from.

    Shapes: dout (N, C*H*W) → the shape (N, C, H, W) of x, which is what went into `flatten`. The numbers of x do not matter.

    Example: dout = [[1, 2, 3, 4, 5, 6, 7, 8]] and x of shape (1, 2, 2, 2) → [[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]]
    """
    raise NotImplementedError("flatten_backward: Flatten, backward: every number of dout goes back to the place it came from.")


def dense_forward(x: Array, w: Array, b: Array) -> Array:
    """Dense layer without activation, forward:  O[n, k] = b[k] + sum over d of  x[n, d] * w[d, k].

    Shapes: x (N, D), w (D, K), b (K,) → (N, K).
    Lecture L0, slide «Multi-Layer Perceptron para clasificación»; L1, slide «Image Classification Networks».

    Example: x = [[1, 2]], w = [[1, 0, -1], [3, 1, 1]], b = [0, -4, 2] → [[1*1 + 2*3 + 0, 1*0 + 2*1 - 4, 1*-1 + 2*1 + 2]] = [[7, -2, 3]]
    """
    raise NotImplementedError(
        "dense_forward: Dense layer without activation, forward:  O[n, k] = b[k] + sum over d of  x[n, d] * w[d, k]."
    )


def dense_backward(dout: Array, x: Array, w: Array, b: Array) -> tuple[Array, Array, Array]:
    """Dense layer, backward: the gradients of x, w and b.

        dx[n, d] = sum over k of  dout[n, k] * w[d, k]
        dw[d, k] = sum over n of  x[n, d] * dout[n, k]
        db[k]    = sum over n of  dout[n, k]

    Shapes: dout (N, K); the others as in `dense_forward`. Nothing is divided by N: that is in dout already.

    Returns:
        (dx, dw, db), with the shapes of x, w and b, in this order.

    Example (w as in `dense_forward`; x = [[1, 2], [3, 0]], dout = [[1, 0, 2], [0, 1, 1]]):
        dx[0, 0] = 1*1 + 0*0 + 2*-1 = -1          dx = [[-1, 5], [-1, 2]]
        dw[0, 1] = 1*0 + 3*1 = 3                  dw = [[1, 3, 5], [2, 0, 4]]
        db[2]    = 2 + 1 = 3                      db = [1, 1, 3]
    """
    raise NotImplementedError("dense_backward: Dense layer, backward: the gradients of x, w and b.")


def softmax_cross_entropy(logits: Array, labels: Labels) -> float:
    """Softmax and cross-entropy in one: the mean over the images of -log(probability of the right class).

        p[n, k] = e^logits[n, k] / (sum over j of e^logits[n, j])          loss = 1/N * sum over n of  -log p[n, labels[n]]

    Lecture L1, slides «Funciones de activación: Sigmoid y Softmax» and «Cross Entropy Loss» (t is 1 for the right class and 0 for the
    others). The logarithm is the natural one. Logits of ±1000 must give the right finite loss, also where p is 0 to the computer:
    -log p[n, k] = log(sum over j of e^(logits[n, j] - m)) - (logits[n, k] - m), with m the largest logit of the row.

    Args:
        logits: shape (N, K): a row of K numbers for each image.
        labels: shape (N,), integers from 0 to K-1: the right class of each image.

    Returns:
        The loss, one number.

    Example: logits = [[0, 1], [2, 0]], labels = [1, 1]
        p[0, 1] = e/(1 + e) = 0.731059, p[1, 1] = 1/(e² + 1) = 0.119203, loss = (0.313262 + 2.126928)/2 = 1.220095
    """
    raise NotImplementedError(
        "softmax_cross_entropy: Softmax and cross-entropy in one: the mean over the images of -log(probability of the right class)."
    )


def softmax_cross_entropy_backward(logits: Array, labels: Labels) -> Array:
    """The gradient of `softmax_cross_entropy` with respect to the logits.

        dlogits[n, k] = (p[n, k] - t[n, k]) / N          t[n, k] = 1 for k = labels[n], else 0

    Lecture L1, slide «Cross Entropy Loss»; L3, the backward pass. Logits of ±1000 must give finite numbers.

    Args:
        logits: shape (N, K).
        labels: shape (N,), integers from 0 to K-1.

    Returns:
        dlogits, shape (N, K).

    Example (as above): dlogits = [[0.268941/2, (0.731059 - 1)/2], [0.880797/2, (0.119203 - 1)/2]]
                                = [[0.134471, -0.134471], [0.440399, -0.440399]]
    """
    raise NotImplementedError(
        "softmax_cross_entropy_backward: The gradient of `softmax_cross_entropy` with respect to the logits."
    )


def network(parameters: list[Array], images: Array) -> Array:
    """The whole network, forward: from images to logits.

    convolution → ReLU → max pooling with size 2 → flatten → dense

    Args:
        parameters: a list of four arrays: the filters (F, C, K, K) and biases (F,) of the convolution, the weights (D, 10) and
            biases (10,) of the dense layer. D is what the pooled images have when they are flattened; for 8 x 8 images, F = 8 and
            K = 3 it is 8*3*3 = 72. (The checks also have other sizes, and another number of classes than 10.)
        images: shape (N, C, H, W).

    Returns:
        logits, shape (N, 10): the largest of a row says which digit the network reads.

    Example (1 x 1 images of 2 x 2 numbers, one filter [[[[1]]]], bias [-1], dense weights [[1, -1]] and biases [0, 5]):
        [[1, 2], [3, 0]] → convolution [[0, 1], [2, -1]] → ReLU [[0, 1], [2, 0]] → pooling [[2]] → flatten [2] → dense [2, 3]
    """
    raise NotImplementedError("network: The whole network, forward: from images to logits.")


def network_loss(parameters: list[Array], images: Array, labels: Labels) -> float:
    """The loss of the network on images with their labels (finished, nothing to do)."""
    return softmax_cross_entropy(network(parameters, images), labels)


def network_gradients(parameters: list[Array], images: Array, labels: Labels) -> list[Array]:
    """The whole network, backward: the gradients of `network_loss` with respect to the four parameters.

    Go forward through the layers and keep what each one was given. Then go back, from the loss to the convolution: each layer's
    backward function takes the gradient that the one after it returned.

    Args:
        parameters, images, labels: as in `network_loss`.

    Returns:
        A list of four arrays, in the order and with the shapes of `parameters`.
    """
    raise NotImplementedError(
        "network_gradients: The whole network, backward: the gradients of `network_loss` with respect to the four parameters."
    )


def sgd_step(parameters: list[Array], gradients: list[Array], learning_rate: float) -> list[Array]:
    """One step of gradient descent: a new list with  parameter - learning_rate * gradient  for each.

    The given arrays are left as they are. The lists may have any length.

    Example: parameters [[1, 2], [[3]]], gradients [[10, 20], [[-5]]], learning_rate 0.1 → [[0, 0], [[3.5]]]
    """
    raise NotImplementedError(
        "sgd_step: One step of gradient descent: a new list with  parameter - learning_rate * gradient  for each."
    )


def accuracy(logits: Array, labels: Labels) -> float:
    """The share of images that are read right: whose largest logit is the one of their label. A number from 0 to 1.

    Shapes: logits (N, K), labels (N,), integers.

    Example: logits = [[1, 3, 2], [0, 0, 5], [2, 1, 0], [1, 2, 9]], labels = [1, 2, 1, 2]
        the largest are at 1, 2, 0 and 2: all are right but the third, 3/4 = 0.75
    """
    raise NotImplementedError(
        "accuracy: The share of images that are read right: whose largest logit is the one of their label. A number from 0 to 1."
    )


def train(
    parameters: list[Array], images: Array, labels: Labels, orders: Labels, batch_size: int, learning_rate: float
) -> tuple[list[Array], Array]:
    """Training: epochs of mini-batches in given orders.

    Epoch e takes the images (and their labels) in the order orders[e], `batch_size` at a time; when fewer are left, the last batch
    is smaller. For each batch: `network_gradients` at the present parameters, then one `sgd_step`.

    Args:
        parameters: where to begin; the given arrays are left as they are.
        images: shape (N, C, H, W). labels: shape (N,).
        orders: shape (epochs, N), integers: each row is a permutation of 0..N-1.
        batch_size: at least 1. learning_rate: the step's.

    Returns:
        (parameters, history): the list of the parameters at the end, and an array of shape (epochs,) with the `network_loss` of
        all N images after each epoch.

    Example: N = 5, batch_size = 2, orders = [[3, 0, 4, 1, 2]]: three steps, with images 3 and 0, then 4 and 1, then 2 alone; then
        history[0] is the loss of all five with the parameters after the third step.
    """
    raise NotImplementedError("train: Training: epochs of mini-batches in given orders.")


if __name__ == "__main__":
    # Try your functions here: this runs when you start the file yourself, never when it is graded.
    x = np.array([[[[1, 2, 0], [0, 3, 1], [1, 0, 2]]]])
    w = np.array([[[[1, 0], [2, 2]]]])
    print(conv_forward(x, w, np.array([1]))[0, 0])  # should print [[8. 11.], [3. 8.]]
