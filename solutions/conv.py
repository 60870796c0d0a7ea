"""Convolution: fill in the functions below, from one image and one kernel to batches with gradients.

Every index starts at 0. Write the loops first and make them right; numpy is all you need. Results are new numpy arrays of floats
(float32 or float64), also when an image holds whole numbers; no argument is changed. Work from one function to the next; helper
functions of your own are welcome.
"""

import time

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]


def conv2d_valid(image: Array, kernel: Array) -> Array:
    """Convolution of one image with one kernel, without padding and with stride 1.

    The kernel is laid on the image as it is printed (it is not turned around), the numbers that lie on each other are
    multiplied and the products added; then it moves one place on:

        O[i, j] = sum over p = 0..K-1 and q = 0..K-1 of  image[i+p, j+q] * kernel[p, q]

    Lecture L1, slides «Convolución (Correlación)» and «Convolución: Ejemplo». The slide writes the output size as
    (H-K) x (W-K) and counts p, q from 1; its own example has (H-K+1) x (W-K+1) numbers, and that is the right size.

    Args:
        image: shape (H, W), H and W may differ; floats or integers.
        kernel: shape (K, K).

    Returns:
        O, an array of floats of shape (H-K+1, W-K+1). The arguments are not changed.

    Raises:
        ValueError: the kernel is larger than the image (K > H or K > W).

    Example (the slide's):
        image = [[1, 2, 1, 0],      kernel = [[1, 0],      O = [[8, 9, 4],
                 [2, 3, 1, 1],                [2, 1]]           [8, 3, 3],
                 [3, 0, 0, 2],                                  [6, 4, 7]]
                 [1, 1, 2, 3]]
        O[0, 0] = 1*1 + 2*0 + 2*2 + 3*1 = 8
        O[0, 1] = 2*1 + 1*0 + 3*2 + 1*1 = 9
    """
    # BEGIN SOLUTION
    H, W = image.shape
    K = kernel.shape[0]
    if K > H or K > W:
        raise ValueError(f"a {K}x{K} kernel does not fit on a {H}x{W} image")
    out = np.zeros((H - K + 1, W - K + 1))
    for i in range(H - K + 1):
        for j in range(W - K + 1):
            out[i, j] = np.sum(image[i : i + K, j : j + K] * kernel)
    return out
    # END SOLUTION


def conv2d(image: Array, kernel: Array, stride: int = 1, pad: int = 0) -> Array:
    """Convolution of one image with one kernel, with padding and stride.

    First `pad` rows and columns of zeros are put on all four sides of the image; call that image'. Then the kernel moves
    `stride` places at a time, down as well as to the right:

        O[i, j] = sum over p = 0..K-1 and q = 0..K-1 of  image'[stride*i + p, stride*j + q] * kernel[p, q]

    Lecture L1, slides «Padding y Striding» and «Convolución con padding y striding: Ejemplo».

    Args:
        image: shape (H, W), H and W may differ; floats or integers.
        kernel: shape (K, K).
        stride: S, how far the kernel moves, at least 1.
        pad: P, how many rows and columns of zeros are added on each side, at least 0.

    Returns:
        O, an array of floats of shape (H', W') with H' = floor((H + 2P - K) / S) + 1 and W' = floor((W + 2P - K) / S) + 1.
        When S does not divide, the rows and columns left over at the bottom and on the right are not used.
        The arguments are not changed.

    Raises:
        ValueError: the kernel is larger than the padded image (K > H + 2P or K > W + 2P).

    Example (the slide's; image and kernel as in `conv2d_valid`, stride = 2, pad = 1):
        image' = [[0, 0, 0, 0, 0, 0],      kernel = [[1, 0],      O = [[1, 5, 0],
                  [0, 1, 2, 1, 0, 0],                [2, 1]]           [3, 3, 5],
                  [0, 2, 3, 1, 1, 0],                                  [0, 1, 3]]
                  [0, 3, 0, 0, 2, 0],
                  [0, 1, 1, 2, 3, 0],
                  [0, 0, 0, 0, 0, 0]]
        O[0, 0] = 0*1 + 0*0 + 0*2 + 1*1 = 1      (rows 0..1, columns 0..1 of image')
        O[0, 1] = 0*1 + 0*0 + 2*2 + 1*1 = 5      (rows 0..1, columns 2..3 of image')
    """
    # BEGIN SOLUTION
    K = kernel.shape[0]
    padded = np.pad(image, pad)
    H, W = padded.shape
    if K > H or K > W:
        raise ValueError(f"a {K}x{K} kernel does not fit on a padded {H}x{W} image")
    out = np.zeros(((H - K) // stride + 1, (W - K) // stride + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            top, left = stride * i, stride * j
            out[i, j] = np.sum(padded[top : top + K, left : left + K] * kernel)
    return out
    # END SOLUTION


def conv_forward(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Array:
    """Forward pass of a convolutional layer: batches, channels, filters, biases.

    Every filter has as many channels as the images. It is laid on all channels at once and all the products are added into
    one number, so filter f makes channel f of the output; its bias b[f] is added once to each number of that channel:

        O[n, f, i, j] = b[f] + sum over c = 0..C-1, p = 0..K-1, q = 0..K-1 of
                        x'[n, c, stride*i + p, stride*j + q] * w[f, c, p, q]

    where x' is x with `pad` rows and columns of zeros on all four sides of each image (not along n and c).
    Lecture L1, slide «Convolución: Forwarding» (the slide has no bias: it is the case b = 0).

    Args:
        x: images, shape (N, C, H, W): N images, C channels, H rows, W columns.
        w: filters, shape (F, C, K, K): F filters (the slide writes C_out).
        b: biases, shape (F,).
        stride: S, at least 1.
        pad: P, at least 0.

    Returns:
        O, an array of floats of shape (N, F, H', W') with H' = floor((H + 2P - K) / S) + 1 and W' likewise from W.
        The arguments are not changed.

    Raises:
        ValueError: x and w have different numbers of channels, or a filter is larger than the padded image.

    Example: the example of `conv2d` with N = C = F = 1, x = image[None, None], w = kernel[None, None], b = [0] gives its
        O[None, None]; with b = [10] every number is 10 larger. With two channels, 1 x 1 images and 1 x 1 filters,
        x[0] = [[[2]], [[3]]], w[0] = [[[5]], [[7]]], b = [1]:  O[0, 0, 0, 0] = 1 + 2*5 + 3*7 = 32
    """
    # BEGIN SOLUTION
    N, C, _, _ = x.shape
    F, filter_channels, K, _ = w.shape
    if filter_channels != C:
        raise ValueError(f"the images have {C} channels, the filters {filter_channels}")
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    H, W = padded.shape[2:]
    if K > H or K > W:
        raise ValueError(f"a {K}x{K} filter does not fit on a padded {H}x{W} image")
    out = np.zeros((N, F, (H - K) // stride + 1, (W - K) // stride + 1))
    for n in range(N):
        for f in range(F):
            for i in range(out.shape[2]):
                for j in range(out.shape[3]):
                    top, left = stride * i, stride * j
                    out[n, f, i, j] = np.sum(padded[n, :, top : top + K, left : left + K] * w[f]) + b[f]
    return out
    # END SOLUTION


def conv_backward(dout: Array, x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> tuple[Array, Array, Array]:
    """Backward pass of a convolutional layer: the gradients of x, w and b.

    Given dout, the gradient of the loss L with respect to the output O of `conv_forward(x, w, b, stride, pad)`, the chain
    rule adds up, for each number of x, w and b, every product in which it took part:

        dw[f, c, p, q] = sum over n, i, j of  dout[n, f, i, j] * x'[n, c, stride*i + p, stride*j + q]
        db[f]          = sum over n, i, j of  dout[n, f, i, j]
        dx'[n, c, k, l] = sum over f and all i, j, p, q with stride*i + p = k and stride*j + q = l of
                          dout[n, f, i, j] * w[f, c, p, q]

    x' is the padded x. dx is dx' without its border of `pad` rows and columns; with pad = 0 that is all of dx'. Rows and columns
    that the stride leaves over belong to dx all the same: no window reached them, so their gradient is 0.
    Lecture L1, slide «Convolución: Forwarding» (∂L/∂I and ∂L/∂F; the bias follows in the same way).

    Args:
        dout: shape (N, F, H', W'), the shape of the output of `conv_forward`.
        x: shape (N, C, H, W).
        w: shape (F, C, K, K).
        b: shape (F,). Its values do not matter.
        stride: S, as in the forward pass.
        pad: P, as in the forward pass.

    Returns:
        (dx, dw, db), arrays of floats with the shapes of x, w and b, in this order. The shapes of the arguments fit each other;
        you need not check them. The arguments are not changed.

    Example (N = C = F = 1, stride = 1, pad = 0; the two leading axes of length 1 are left out):
        x = [[1, 2, 1],      w = [[1, 0],      dout = [[1, -1],
             [2, 3, 1],           [2, 1]]              [0,  2]]
             [3, 0, 0]]
        dw[0, 0] = 1*1 + -1*2 + 0*2 + 2*3 = 5          dw = [[5, 3], [-1, 2]]
        dx[1, 1] = 1*1 + -1*2 + 0*0 + 2*1 = 1          dx = [[1, -1, 0], [2, 1, -1], [0, 4, 2]]
        db[0]    = 1 + -1 + 0 + 2 = 2                  db = [2]

    Example (the same x, stride = 2, pad = 1, so that x' is 5 x 5 and each of the four windows 3 x 3):
        w = [[1,  0, 2],      dout = [[1, -1],      dx[1, 1] is x'[2, 2], which all four windows hold:
             [0, -1, 1],              [3,  2]]      1*w[2, 2] + -1*w[2, 0] + 3*w[0, 2] + 2*w[0, 0] = 0 - 2 + 6 + 2 = 6
             [2,  1, 0]]
    """
    # BEGIN SOLUTION
    N, F, out_height, out_width = dout.shape
    H, W = x.shape[2:]
    K = w.shape[2]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dpadded = np.zeros(padded.shape)
    dw = np.zeros(w.shape)
    db = np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(out_height):
                for j in range(out_width):
                    top, left = stride * i, stride * j
                    dpadded[n, :, top : top + K, left : left + K] += dout[n, f, i, j] * w[f]
                    dw[f] += dout[n, f, i, j] * padded[n, :, top : top + K, left : left + K]
                    db[f] += dout[n, f, i, j]
    # pad : pad + H also holds for pad = 0, where pad : -pad would be empty
    return dpadded[:, :, pad : pad + H, pad : pad + W], dw, db
    # END SOLUTION


def fast_conv_forward(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Array:
    """Optional: `conv_forward` once more, without a loop over images, filters, rows or columns.

    A loop over the K x K places of the filters is fine: at each of them, one operation on whole arrays multiplies what all windows
    have there with what all filters have there. On a large batch it may take 10 times as long as the course's own, which is over
    a hundred times as fast as the loops; start this file to see how fast yours is.

    Args:
        x, w, b, stride, pad: as in `conv_forward`; they fit each other, you need not check them.

    Returns:
        What `conv_forward` returns.

    Example: that of `conv_forward`.
    """
    # BEGIN SOLUTION
    K = w.shape[2]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    rows, columns = ((length - K) // stride + 1 for length in padded.shape[2:])
    out = np.zeros((len(x), len(w), rows, columns))
    for p in range(K):
        for q in range(K):
            met = padded[:, :, p : p + stride * (rows - 1) + 1 : stride, q : q + stride * (columns - 1) + 1 : stride]
            out += np.einsum("fc,ncij->nfij", w[:, :, p, q], met)
    return out + b[:, None, None]
    # END SOLUTION


if __name__ == "__main__":
    # Try your functions here: this runs when you start the file yourself, never when it is graded.
    image = np.array([[1, 2, 1, 0], [2, 3, 1, 1], [3, 0, 0, 2], [1, 1, 2, 3]])
    print(conv2d_valid(image, np.array([[1, 0], [2, 1]])))  # should print [[8. 9. 4.], [8. 3. 3.], [6. 4. 7.]]
    # Now make it fast: how many times as fast as the loops is yours?
    images, filters, biases = np.ones((8, 3, 50, 50)), np.ones((8, 3, 3, 3)), np.zeros(8)
    seconds = []
    for function in (conv_forward, fast_conv_forward):
        started = time.perf_counter()
        function(images, filters, biases)
        seconds.append(time.perf_counter() - started)
    print(f"loops: {seconds[0]:.3f} s, yours: {seconds[1]:.4f} s: {seconds[0] / seconds[1]:.0f} times as fast")
