"""Pooling: fill in the functions below. All work on batches x of shape (N, C, H, W), each image and channel by itself.

Every index starts at 0. Write the loops over the windows first and make them right; numpy is all you need. Results are new numpy
arrays of floats (float32 or float64), and no argument is changed. The backward functions get a dout of the right shape; they need
not check it. Helper functions of your own are welcome.
"""

import time

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]


def max_pool(x: Array, size: int, stride: int | None = None) -> Array:
    """Max pooling: the largest number of each window.

    A window of K x K places (K = `size`) moves S = `stride` places at a time over each channel of each image:

        O[n, c, i, j] = max over p = 0..K-1 and q = 0..K-1 of  x[n, c, S*i + p, S*j + q]

    Lecture L1, slides «Pooling Layers: Max Pooling» and «Max Pooling: Example». The slide has S = K; it lets p and q run to K,
    one too far: the window has K rows and K columns.

    Args:
        x: shape (N, C, H, W), H and W may differ; any real numbers, also all negative.
        size: K, rows and columns of the window.
        stride: S, how far the window moves. None means S = K (windows side by side); S < K makes windows overlap.

    Returns:
        O, shape (N, C, H', W') with H' = floor((H - K) / S) + 1 and W' = floor((W - K) / S) + 1. When S does not divide, the rows
        and columns left over at the bottom and on the right are not used. x is not changed.

    Raises:
        ValueError: the window is larger than the images (K > H or K > W).

    Example (the slide's, with N = C = 1 and these two axes left out; size = 2):
        x = [[1, 2, 1, 0],      O = [[3, 1],      O[0, 0] = max(1, 2, 2, 3) = 3
             [2, 3, 1, 1],           [3, 3]]      O[0, 1] = max(1, 0, 1, 1) = 1
             [3, 0, 0, 2],
             [1, 1, 2, 3]]
    """
    # BEGIN SOLUTION
    S = size if stride is None else stride
    N, C, H, W = x.shape
    if size > H or size > W:
        raise ValueError(f"a {size}x{size} window does not fit on {H}x{W} images")
    out = np.zeros((N, C, (H - size) // S + 1, (W - size) // S + 1))
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            out[:, :, i, j] = x[:, :, S * i : S * i + size, S * j : S * j + size].max(axis=(2, 3))
    return out
    # END SOLUTION


def max_pool_backward(dout: Array, x: Array, size: int, stride: int | None = None) -> Array:
    """Gradient of max pooling with respect to its input.

    Given dout, the gradient of the loss with respect to the output of `max_pool(x, size, stride)`: only the largest number of
    a window moved that output, so it receives the window's gradient and the others receive nothing. A number that is the
    largest of several overlapping windows receives the sum of their gradients:

        dx[n, c, k, l] = sum of dout[n, c, i, j] over all windows (i, j) whose largest number is x[n, c, k, l]

    When the largest number occurs more than once in a window, the gradient may go to any one of them or be divided among them
    in any way, as long as the parts add up to dout[n, c, i, j] (it is not given to each of them in full).

    Lecture L1, slide «Pooling Layers: Max Pooling» (the slide defines the forward pass; its derivative is derived here).

    Args:
        dout: shape (N, C, H', W'), the shape of the output of `max_pool`.
        x: shape (N, C, H, W).
        size: K, as in the forward pass.
        stride: S, as in the forward pass; None means S = K.

    Returns:
        dx, an array of floats with the shape of x. Numbers that no window reached, or that are the largest of none, have
        gradient 0. The arguments are not changed.

    Example (N = C = 1, these two axes left out; size = 2; the lower half of the slide's image):
        x = [[3, 0, 0, 2],      dout = [[5, 7]]      dx = [[5, 0, 0, 0],
             [1, 1, 2, 3]]                                 [0, 0, 0, 7]]
        The left window's largest number is the 3 at (0, 0), the right one's the 3 at (1, 3).
    """
    # BEGIN SOLUTION
    S = size if stride is None else stride
    dx = np.zeros(x.shape)
    N, C, out_height, out_width = dout.shape
    for n in range(N):
        for c in range(C):
            for i in range(out_height):
                for j in range(out_width):
                    window = x[n, c, S * i : S * i + size, S * j : S * j + size]
                    p, q = divmod(int(window.argmax()), size)  # the first of equal maxima
                    dx[n, c, S * i + p, S * j + q] += dout[n, c, i, j]
    return dx
    # END SOLUTION


def avg_pool(x: Array, size: int, stride: int | None = None) -> Array:
    """Average pooling: the mean of each window.

    A window of K x K places (K = `size`) moves S = `stride` places at a time over each channel of each image:

        O[n, c, i, j] = 1/K² * sum over p = 0..K-1 and q = 0..K-1 of  x[n, c, S*i + p, S*j + q]

    Lecture L1, slides «Pooling Layers: Average Pooling» and «Average Pooling: Example». The slide has S = K and counts
    p, q from 1.

    Args:
        x: shape (N, C, H, W), H and W may differ; floats or integers.
        size: K, rows and columns of the window.
        stride: S, how far the window moves. None means S = K (windows side by side); S < K makes windows overlap.

    Returns:
        O, an array of floats, shape (N, C, H', W') with H' = floor((H - K) / S) + 1 and W' = floor((W - K) / S) + 1. When S does
        not divide, the rows and columns left over at the bottom and on the right are not used. x is not changed.

    Raises:
        ValueError: the window is larger than the images (K > H or K > W).

    Example (the slide's, with N = C = 1 and these two axes left out; size = 2):
        x = [[1, 2, 1, 0],      O = [[2,    0.75],      O[0, 0] = (1 + 2 + 2 + 3) / 4 = 2
             [2, 3, 1, 1],           [1.25, 1.75]]      O[0, 1] = (1 + 0 + 1 + 1) / 4 = 0.75
             [3, 0, 0, 2],
             [1, 1, 2, 3]]
    """
    # BEGIN SOLUTION
    S = size if stride is None else stride
    N, C, H, W = x.shape
    if size > H or size > W:
        raise ValueError(f"a {size}x{size} window does not fit on {H}x{W} images")
    out = np.zeros((N, C, (H - size) // S + 1, (W - size) // S + 1))
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            out[:, :, i, j] = x[:, :, S * i : S * i + size, S * j : S * j + size].sum(axis=(2, 3)) / size**2
    return out
    # END SOLUTION


def avg_pool_backward(dout: Array, x: Array, size: int, stride: int | None = None) -> Array:
    """Gradient of average pooling with respect to its input.

    Given dout, the gradient of the loss with respect to the output of `avg_pool(x, size, stride)`: each of the K² numbers of a
    window counts 1/K² in its mean, so each receives that part of the window's gradient. A number in several overlapping
    windows receives the sum of its parts:

        dx[n, c, k, l] = sum of dout[n, c, i, j] / K² over all windows (i, j) that contain the place (k, l)

    Lecture L1, slide «Pooling Layers: Average Pooling» (the slide defines the forward pass; its derivative is derived here).

    Args:
        dout: shape (N, C, H', W'), the shape of the output of `avg_pool`.
        x: shape (N, C, H, W). Only its shape matters.
        size: K, as in the forward pass.
        stride: S, as in the forward pass; None means S = K.

    Returns:
        dx, an array of floats with the shape of x. Places that no window reached have gradient 0. The arguments are not changed.

    Example (N = C = 1, these two axes left out; x of shape 4 x 4, size = 2):
        dout = [[1, 2],      dx = [[0.25, 0.25, 0.5, 0.5],      dx[0, 0] = 1/4 = 0.25
                [3, 4]]            [0.25, 0.25, 0.5, 0.5],      dx[3, 3] = 4/4 = 1
                                   [0.75, 0.75, 1,   1  ],
                                   [0.75, 0.75, 1,   1  ]]
    """
    # BEGIN SOLUTION
    S = size if stride is None else stride
    dx = np.zeros(x.shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            dx[:, :, S * i : S * i + size, S * j : S * j + size] += dout[:, :, i, j, None, None] / size**2
    return dx
    # END SOLUTION


def adaptive_avg_pool(x: Array, size: int) -> Array:
    """Adaptive average pooling: the output is always `size` x `size`.

    The windows are chosen to fit. With k = `size`, output row i averages the rows p0 up to but without pf, output column j the
    columns q0 up to but without qf:

        p0 = floor(i*H / k)      pf = ceil((i+1)*H / k)
        q0 = floor(j*W / k)      qf = ceil((j+1)*W / k)
        O[n, c, i, j] = 1 / ((pf - p0) * (qf - q0)) * sum over a = p0..pf-1 and b = q0..qf-1 of  x[n, c, a, b]

    Neighbouring windows overlap when k does not divide H or W, and need not all be of one size.

    Lecture L1, slides «Pooling Layers: Adaptive Average Pooling» and «Adaptive Average: Example». The slide has W in pf and H in
    q0, which only is right for square images: rows go with H, columns with W.

    Args:
        x: shape (N, C, H, W), H and W may differ.
        size: k, rows and columns of the output, at least 1. It may be larger than H or W; then windows of one row or column
            repeat it.

    Returns:
        O, an array of floats, shape (N, C, k, k). x is not changed.

    Raises:
        ValueError: size is smaller than 1.

    Example (the slide's, with N = C = 1 and these two axes left out; size = 3):
        x = [[1, 2, 1, 0],      O = [[2,    1.75, 0.75],      i = 0: p0 = floor(0*4/3) = 0, pf = ceil(1*4/3) = 2
             [2, 3, 1, 1],           [2,    1,    1   ],      j = 1: q0 = floor(1*4/3) = 1, qf = ceil(2*4/3) = 3
             [3, 0, 0, 2],           [1.25, 0.75, 1.75]]      O[0, 1]: rows 0..1, columns 1..2: (2 + 1 + 3 + 1) / 4 = 1.75
             [1, 1, 2, 3]]
    """
    # BEGIN SOLUTION
    if size < 1:
        raise ValueError(f"the output needs at least one row, not {size}")
    N, C, H, W = x.shape
    out = np.zeros((N, C, size, size))
    for i in range(size):
        for j in range(size):
            p0, pf = int(np.floor(i * H / size)), int(np.ceil((i + 1) * H / size))
            q0, qf = int(np.floor(j * W / size)), int(np.ceil((j + 1) * W / size))
            out[:, :, i, j] = x[:, :, p0:pf, q0:qf].sum(axis=(2, 3)) / ((pf - p0) * (qf - q0))
    return out
    # END SOLUTION


def adaptive_avg_pool_backward(dout: Array, x: Array, size: int) -> Array:
    """Gradient of adaptive average pooling with respect to its input.

    Given dout, the gradient of the loss with respect to the output of `adaptive_avg_pool(x, size)`: every place of the window
    of O[n, c, i, j] receives dout[n, c, i, j] divided by the number of places in that window; where windows overlap, the parts
    add up. With p0, pf, q0, qf of window (i, j) as in `adaptive_avg_pool`:

        dx[n, c, a, b] = sum of dout[n, c, i, j] / ((pf - p0) * (qf - q0))
                         over all windows (i, j) with p0 <= a < pf and q0 <= b < qf

    Lecture L1, slide «Pooling Layers: Adaptive Average Pooling» (it defines the forward pass; its derivative is derived here).

    Args:
        dout: shape (N, C, k, k), the shape of the output of `adaptive_avg_pool`.
        x: shape (N, C, H, W). Only its shape matters.
        size: k, as in the forward pass.

    Returns:
        dx, an array of floats with the shape of x. The arguments are not changed.

    Example (N = C = 1, these two axes left out; x of shape 4 x 4, size = 3, so every window is 2 x 2):
        dout = [[1, 2, 3],      dx = [[0.25, 0.75, 1.25, 0.75],      dx[0, 1] = 1/4 + 2/4 = 0.75
                [4, 5, 6],            [1.25, 3,    4,    2.25],      dx[1, 1] = 1/4 + 2/4 + 4/4 + 5/4 = 3
                [7, 8, 9]]            [2.75, 6,    7,    3.75],
                                      [1.75, 3.75, 4.25, 2.25]]
    """
    # BEGIN SOLUTION
    H, W = x.shape[2:]
    dx = np.zeros(x.shape)
    for i in range(size):
        for j in range(size):
            p0, pf = int(np.floor(i * H / size)), int(np.ceil((i + 1) * H / size))
            q0, qf = int(np.floor(j * W / size)), int(np.ceil((j + 1) * W / size))
            dx[:, :, p0:pf, q0:qf] += dout[:, :, i, j, None, None] / ((pf - p0) * (qf - q0))
    return dx
    # END SOLUTION


def fast_max_pool(x: Array, size: int, stride: int | None = None) -> Array:
    """Optional: `max_pool` once more, without a loop over images, channels or windows.

    A loop over the K x K places of the window is fine: at each of them, one operation on whole arrays compares what all windows have
    there. On a large image it may take 10 times as long as the course's own; start this file to see how fast yours is.

    Args:
        x, size, stride: as in `max_pool`; the window fits, you need not check it.

    Returns:
        What `max_pool` returns.

    Example: that of `max_pool`.
    """
    # BEGIN SOLUTION
    S = size if stride is None else stride
    rows, columns = ((length - size) // S + 1 for length in x.shape[2:])
    out = np.full((*x.shape[:2], rows, columns), -np.inf)
    for p in range(size):
        for q in range(size):
            met = x[:, :, p : p + S * (rows - 1) + 1 : S, q : q + S * (columns - 1) + 1 : S]
            out = np.maximum(out, met)
    return out
    # END SOLUTION


if __name__ == "__main__":
    # Try your functions here: this runs when you start the file yourself, never when it is graded.
    x = np.array([[[[1, 2, 1, 0], [2, 3, 1, 1], [3, 0, 0, 2], [1, 1, 2, 3]]]])
    print(max_pool(x, 2)[0, 0])  # should print [[3. 1.], [3. 3.]]
    # Now make it fast: how many times as fast as the loops is yours?
    image = np.random.default_rng(0).normal(size=(1, 1, 1000, 1000))
    seconds = []
    for function in (max_pool, fast_max_pool):
        started = time.perf_counter()
        function(image, 2)
        seconds.append(time.perf_counter() - started)
    print(f"loops: {seconds[0]:.3f} s, yours: {seconds[1]:.4f} s: {seconds[0] / seconds[1]:.0f} times as fast")
