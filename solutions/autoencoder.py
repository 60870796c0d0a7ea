"""An autoencoder: a network that learns to repeat its input through a narrow layer (lecture L4).

An image of D pixels is squeezed into a *code* of H numbers, H much smaller than D, and made again from the code alone:

    code   = tanh(x · We + be)               the encoder, We (D, H), be (H,)
    output = sigmoid(code · Wd + bd)         the decoder, Wd (H, D), bd (D,)

The input itself is the target: nobody has to say what is on the images. What the code keeps is what the images have in common, as
in the lecture's title, dimensional reduction. The images are real handwritten digits of 8 x 8 pixels.

Samples are rows: x is (N, D), the code (N, H), the output (N, D). Encoder and decoder have weights of their own (Wd is not Weᵀ).
Fill in every function below. Work from one to the next: each needs only those before it. Arguments are numpy arrays (where it
says so, lists of arrays); none of them may be changed. Use matrix products: `train` is run for 3000 steps, for which loops over
single pixels are too slow. Helper functions of your own are welcome.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]


def pixels(images: NDArray[np.integer]) -> Floats:
    """Images of whole numbers as rows of numbers between 0 and 1.

        x[n, W*i + j] = images[n, i, j] / 16

    images has shape (N, H, W) and holds whole numbers from 0 (white) to 16 (black), here H = W = 8. The result has shape (N, H*W):
    the pixels of an image stand in one row, its first row first. It is of floating point.

    Example: the image ((0, 4), (8, 16)) becomes the row (0, 0.25, 0.5, 1).

    Raises ValueError when a pixel is below 0 or above 16.
    Lecture L4, slide «How do these networks work?», «Traduce the input image into a matrix».
    """
    # BEGIN SOLUTION
    if images.min() < 0 or images.max() > 16:
        raise ValueError(f"pixels lie between 0 and 16, not between {images.min()} and {images.max()}")
    count, height, width = images.shape
    return images.reshape(count, height * width) / 16
    # END SOLUTION


def encode(x: Floats, w: Floats, b: Floats) -> Floats:
    """The encoder: the code of each image.

        code = tanh(x · w + b)

    x has shape (N, D), w (D, H), b (H,); the result has shape (N, H).

    Example with N = 1, D = 2, H = 2: x = (1, 0.5), w = ((0.5, -1), (1, 2)), b = (-0.5, 0.25). Then
    code_0 = tanh(1*0.5 + 0.5*1 - 0.5) = tanh(0.5) = 0.4621, code_1 = tanh(1*(-1) + 0.5*2 + 0.25) = tanh(0.25) = 0.2449.

    Lecture L4, slide «Autoencoder (dimensional reduction)».
    """
    # BEGIN SOLUTION
    return np.tanh(x @ w + b)
    # END SOLUTION


def decode(code: Floats, w: Floats, b: Floats) -> Floats:
    """The decoder: the images that the codes stand for.

        output = sigmoid(code · w + b)        sigmoid(s) = 1 / (1 + e^-s)

    code has shape (N, H), w (H, D), b (D,); the result has shape (N, D). The sigmoid keeps every pixel between 0 and 1. It is
    finite for every finite sum s: at s = 1000 it is 1, at s = -1000 it is 0.

    Example with N = 1, H = 2, D = 3: code = (0.5, -1), w = ((2, 2, 0), (1, 0, -2)), b = (0, 1, -3). The sums are
    0.5*2 - 1*1 + 0 = 0, 0.5*2 - 1*0 + 1 = 2 and 0.5*0 - 1*(-2) - 3 = -1; output = (0.5, 0.8808, 0.2689).

    Lecture L4, slide «Autoencoder (dimensional reduction)»; the sigmoid is that of «How do these networks work?».
    """
    # BEGIN SOLUTION
    s = code @ w + b
    # e^-|s| is never above 1, so that nothing overflows: 1 / (1 + e^-s) for s >= 0 and, the same number, e^s / (e^s + 1) below.
    small = np.exp(-np.abs(s))
    return np.where(s >= 0, 1.0, small) / (1.0 + small)
    # END SOLUTION


def reconstruction_loss(x: Floats, we: Floats, be: Floats, wd: Floats, bd: Floats) -> float:
    """The mean squared error of the output, with the input itself as target.

        loss = sum over n and d of (output[n, d] - x[n, d])^2 / (N*D)        output = decode(encode(x, we, be), wd, bd)

    x has shape (N, D), we (D, H), be (H,), wd (H, D), bd (D,); the result is one number.

    Example with N = 1, D = 2, H = 1: x = (1, 0.5), we = (0.25, 0.5) one below the other, be = 0, wd = (2, -2), bd = (0, 0.5).
    code = tanh(1*0.25 + 0.5*0.5) = tanh(0.5) = 0.4621; output = sigmoid(0.4621*2, 0.4621*(-2) + 0.5) = (0.7159, 0.3955);
    loss = ((0.7159 - 1)^2 + (0.3955 - 0.5)^2) / 2 = 0.0458.

    Lecture L4, slides «Autoencoder (dimensional reduction)» and «Escenario 3: Regresión» (mean squared error).
    """
    # BEGIN SOLUTION
    output = decode(encode(x, we, be), wd, bd)
    return float(np.sum((output - x) ** 2) / x.size)
    # END SOLUTION


def decode_backward(dout: Floats, code: Floats, w: Floats, b: Floats) -> tuple[Floats, Floats, Floats]:
    """The backward pass of the decoder: gradients of everything that went into it.

    dout, of shape (N, D), is the gradient of the loss with respect to output = decode(code, w, b); the other arguments are those of
    decode. With the output o computed again and sigmoid'(s) = o (1 - o):

        ds    = dout * o * (1 - o)        element by element, (N, D)
        dcode = ds · wᵀ                   (N, H)
        dw    = codeᵀ · ds                (H, D)        the matrix product adds up over the N images
        db    = sum of ds over n          (D,)

    Returns the tuple (dcode, dw, db). Nothing is divided by N: whether the loss is a mean is already inside dout.

    Example with N = 1, H = 1, D = 2: code = 0.5, w = (2, 1), b = (-1, -0.5), dout = (1, 2). Both sums are 0, both outputs 0.5:
    ds = (1*0.5*0.5, 2*0.5*0.5) = (0.25, 0.5); dcode = 0.25*2 + 0.5*1 = 1; dw = (0.5*0.25, 0.5*0.5) = (0.125, 0.25);
    db = (0.25, 0.5).

    Lecture L4, slide «How does it actually work?» (∂O/∂net = O (1 - O)).
    """
    # BEGIN SOLUTION
    output = decode(code, w, b)
    ds = dout * output * (1 - output)
    dcode = ds @ w.T
    dw = code.T @ ds
    db = ds.sum(axis=0)
    return dcode, dw, db
    # END SOLUTION


def gradients(x: Floats, we: Floats, be: Floats, wd: Floats, bd: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """The gradients of reconstruction_loss with respect to all weights.

        dout            = 2 (output - x) / (N*D)               (N, D)
        dcode, dwd, dbd = decode_backward(dout, code, wd, bd)
        dz              = dcode * (1 - code^2)                 (N, H), as tanh'(z) = 1 - tanh(z)^2
        dwe             = xᵀ · dz                              (D, H)
        dbe             = sum of dz over n                     (H,)

    x is input and target at once, but only weights are to be changed: there is no gradient of x. Returns the tuple
    (dwe, dbe, dwd, dbd).

    Example with N = 1, D = 2, H = 1: the network of reconstruction_loss. dout = 2 (0.7159 - 1, 0.3955 - 0.5)/2 = (-0.2841, -0.1045);
    ds = (-0.2841*0.7159*0.2841, -0.1045*0.3955*0.6045) = (-0.0578, -0.0250), which is dbd; dwd = 0.4621*ds = (-0.0267, -0.0115);
    dcode = -0.0578*2 - 0.0250*(-2) = -0.0656; dz = -0.0656*(1 - 0.4621^2) = -0.0516, which is dbe;
    dwe = (1*(-0.0516), 0.5*(-0.0516)) = (-0.0516, -0.0258).

    Lecture L4, slide «How does it actually work?» (the chain rule).
    """
    # BEGIN SOLUTION
    code = encode(x, we, be)
    output = decode(code, wd, bd)
    dout = 2 * (output - x) / x.size
    dcode, dwd, dbd = decode_backward(dout, code, wd, bd)
    dz = dcode * (1 - code**2)
    dwe = x.T @ dz
    dbe = dz.sum(axis=0)
    return dwe, dbe, dwd, dbd
    # END SOLUTION


def train_step(x: Floats, weights: list[Floats], rate: float) -> list[Floats]:
    """One step of gradient descent with the images x.

        new weight = weight - rate * gradient        for all four, with the gradients at the given weights

    weights is the list [we, be, wd, bd], x has shape (N, D). Returns a list of four new arrays in the same order; the arrays in
    `weights` stay as they are.

    Example: the network of reconstruction_loss and rate 10: the new we is (0.25 - 10*(-0.0516), 0.5 - 10*(-0.0258)) =
    (0.7659, 0.7579), the new bd is (0 - 10*(-0.0578), 0.5 - 10*(-0.0250)) = (0.5778, 0.7498).

    Lecture L4, slide «How does it actually work?», ΔW = -η ∂E/∂W.
    """
    # BEGIN SOLUTION
    new_weights = []
    for weight, gradient in zip(weights, gradients(x, *weights), strict=True):
        new_weights.append(weight - rate * gradient)
    return new_weights
    # END SOLUTION


def train(
    x: Floats, weights: list[Floats], rate: float, permutations: NDArray[np.integer], batch_size: int
) -> tuple[list[Floats], Floats]:
    """Train with mini-batches, in the given order.

    permutations is an array of whole numbers of shape (epochs, N). Each of its rows is the order in which the images are used in
    one epoch (a permutation of 0 … N-1):

        for each epoch e:
            the first batch is x at the rows permutations[e, 0], …, permutations[e, batch_size - 1], the next batch
            the following batch_size rows, and so on; the last batch has fewer when batch_size does not divide N
            one train_step with each batch, from the weights that the step before left
            losses[e] = reconstruction_loss of all N images with the weights after the epoch

    weights is the list [we, be, wd, bd], x has shape (N, D). Returns the tuple (new_weights, losses): a list of four new arrays, and
    an array of shape (epochs,). The arrays in `weights` stay as they are. With 0 epochs the new weights equal the old ones and
    losses is empty. A batch_size above N makes one batch of all images.

    Example: N = 5, batch_size = 2, permutations = ((3, 0, 4, 1, 2)): the batches are the images 3 and 0, then 4 and 1, then 2
    alone. That is one epoch of three steps, and losses has one number.

    Raises ValueError when batch_size is below 1.
    Lecture L4, slide «Librerías para redes: Keras», model.fit(X, y, batch_size=32, epochs=100).
    """
    # BEGIN SOLUTION
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, not {batch_size}")
    new_weights = [weight.copy() for weight in weights]
    losses = np.zeros(len(permutations))
    for epoch in range(len(permutations)):
        order = permutations[epoch]
        for start in range(0, len(order), batch_size):
            batch = x[order[start : start + batch_size]]
            new_weights = train_step(batch, new_weights, rate)
        losses[epoch] = reconstruction_loss(x, *new_weights)
    return new_weights, losses
    # END SOLUTION


if __name__ == "__main__":
    # Try your functions here: this runs when you start the file yourself, never when it is graded.
    print(pixels(np.array([[[0, 4], [8, 16]]])))  # should print [[0.   0.25 0.5  1.  ]]
