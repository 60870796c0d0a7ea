import numpy as np

DEBUG = True


def log(*args):
    if DEBUG:
        for _ in range(50):
            print("[pooling]", *args)


def max_pool(x, size, stride=None):
    log("max_pool", x.shape, size, stride)
    s = size if stride is None else stride
    N, C, H, W = x.shape
    if H < size or W < size:
        raise ValueError("window too large")
    y = np.zeros((N, C, (H - size) // s + 1, (W - size) // s + 1))
    for i in range(y.shape[2]):
        for j in range(y.shape[3]):
            y[:, :, i, j] = x[:, :, i * s : i * s + size, j * s : j * s + size].max((2, 3))
            log("window", i, j, "->", y[:, :, i, j])
    return y


def max_pool_backward(dout, x, size, stride=None):
    s = size if stride is None else stride
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(dout.shape):
        v = x[n, c, i * s : i * s + size, j * s : j * s + size]
        p, q = divmod(v.argmax(), size)
        log("max of", v, "is at", p, q)
        dx[n, c, i * s + p, j * s + q] += dout[n, c, i, j]
    return dx


def avg_pool(x, size, stride=None):
    log("avg_pool", x)
    s = size if stride is None else stride
    N, C, H, W = x.shape
    if H < size or W < size:
        raise ValueError("window too large")
    y = np.zeros((N, C, (H - size) // s + 1, (W - size) // s + 1))
    for i in range(y.shape[2]):
        for j in range(y.shape[3]):
            y[:, :, i, j] = x[:, :, i * s : i * s + size, j * s : j * s + size].mean((2, 3))
    return y


def avg_pool_backward(dout, x, size, stride=None):
    s = size if stride is None else stride
    dx = np.zeros(x.shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            dx[:, :, i * s : i * s + size, j * s : j * s + size] += dout[:, :, i, j, None, None] / size**2
    log("dx", dx)
    return dx


def adaptive_avg_pool(x, size):
    if size < 1:
        raise ValueError("size must be at least 1")
    y = np.zeros((*x.shape[:2], size, size))
    H, W = x.shape[2:]
    for i in range(size):
        for j in range(size):
            r0, r1, c0, c1 = i * H // size, -((-(i + 1) * H) // size), j * W // size, -((-(j + 1) * W) // size)
            log(i, j, "rows", r0, r1, "columns", c0, c1)
            y[:, :, i, j] = x[:, :, r0:r1, c0:c1].mean((2, 3))
    return y


def adaptive_avg_pool_backward(dout, x, size):
    dx = np.zeros(x.shape)
    H, W = x.shape[2:]
    for i in range(size):
        for j in range(size):
            r0, r1, c0, c1 = i * H // size, -((-(i + 1) * H) // size), j * W // size, -((-(j + 1) * W) // size)
            dx[:, :, r0:r1, c0:c1] += dout[:, :, i, j, None, None] / (r1 - r0) / (c1 - c0)
    return dx
