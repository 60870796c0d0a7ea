import numpy as np


def _out(x, size, stride):
    H, W = x.shape[2:]
    if size > H or size > W:
        raise ValueError("the window does not fit")
    return (H - size) // stride + 1, (W - size) // stride + 1


def max_pool(x, size, stride=None):
    stride = stride if stride is not None else size
    Ho, Wo = _out(x, size, stride)
    # start with -inf, compare shifted copies
    best = np.full((*x.shape[:2], Ho, Wo), -np.inf)
    for p in range(size):
        for q in range(size):
            best = np.maximum(best, x[:, :, p : p + stride * Ho : stride, q : q + stride * Wo : stride][:, :, :Ho, :Wo])
    return best


def max_pool_backward(dout, x, size, stride=None):
    stride = stride if stride is not None else size
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        window = x[n, c, i * stride : i * stride + size, j * stride : j * stride + size]
        p, q = np.unravel_index(np.argmax(window), window.shape)
        dx[n, c, i * stride + p, j * stride + q] += dout[n, c, i, j]
    return dx


def avg_pool(x, size, stride=None):
    stride = stride if stride is not None else size
    Ho, Wo = _out(x, size, stride)
    total = np.zeros((*x.shape[:2], Ho, Wo))
    for p in range(size):
        for q in range(size):
            total += x[:, :, p : p + stride * Ho : stride, q : q + stride * Wo : stride][:, :, :Ho, :Wo]
    return total / size**2


def avg_pool_backward(dout, x, size, stride=None):
    stride = stride if stride is not None else size
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        dx[n, c, i * stride : i * stride + size, j * stride : j * stride + size] += dout[n, c, i, j] / size**2
    return dx


def adaptive_avg_pool(x, size):
    raise NotImplementedError("adaptive_avg_pool: Adaptive average pooling: the output is always `size` x `size`, the windows are chosen to fit.")


def adaptive_avg_pool_backward(dout, x, size):
    raise NotImplementedError("adaptive_avg_pool_backward: Gradient of adaptive average pooling with respect to its input.")
