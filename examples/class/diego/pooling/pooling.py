import numpy as np


def max_pool(x, size, stride=None):
    stride = size if stride is None else stride
    N, C, H, W = x.shape
    if size > H or size > W:
        raise ValueError("window does not fit")
    H_out = (H - size) // stride + 1
    W_out = (W - size) // stride + 1
    out = np.zeros((N, C, H_out, W_out))
    for i in range(H_out):
        for j in range(W_out):
            out[:, :, i, j] = np.max(x[:, :, i * stride:i * stride + size, j * stride:j * stride + size], axis=(2, 3))
    return out


def max_pool_backward(dout, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros_like(x, dtype=float)
    N, C, H_out, W_out = dout.shape
    for n in range(N):
        for c in range(C):
            for i in range(H_out):
                for j in range(W_out):
                    hs, ws = i * stride, j * stride
                    window = x[n, c, hs:hs + size, ws:ws + size]
                    mask = window == np.max(window)
                    dx[n, c, hs:hs + size, ws:ws + size] += mask * dout[n, c, i, j]
    return dx


def avg_pool(x, size, stride=None):
    stride = size if stride is None else stride
    N, C, H, W = x.shape
    if size > H or size > W:
        raise ValueError("window does not fit")
    H_out = (H - size) // stride + 1
    W_out = (W - size) // stride + 1
    out = np.zeros((N, C, H_out, W_out))
    for i in range(H_out):
        for j in range(W_out):
            out[:, :, i, j] = np.mean(x[:, :, i * stride:i * stride + size, j * stride:j * stride + size], axis=(2, 3))
    return out


def avg_pool_backward(dout, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros_like(x, dtype=float)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            hs, ws = i * stride, j * stride
            dx[:, :, hs:hs + size, ws:ws + size] += dout[:, :, i:i + 1, j:j + 1] / (size * size)
    return dx


def adaptive_avg_pool(x, size):
    if size < 1:
        raise ValueError("size")
    N, C, H, W = x.shape
    out = np.zeros((N, C, size, size))
    for i in range(size):
        for j in range(size):
            p0, pf = int(np.floor(i * H / size)), int(np.ceil((i + 1) * H / size))
            q0, qf = int(np.floor(j * W / size)), int(np.ceil((j + 1) * W / size))
            out[:, :, i, j] = np.mean(x[:, :, p0:pf, q0:qf], axis=(2, 3))
    return out


def adaptive_avg_pool_backward(dout, x, size):
    N, C, H, W = x.shape
    dx = np.zeros_like(x, dtype=float)
    for i in range(size):
        for j in range(size):
            p0, pf = int(np.floor(i * H / size)), int(np.ceil((i + 1) * H / size))
            q0, qf = int(np.floor(j * W / size)), int(np.ceil((j + 1) * W / size))
            dx[:, :, p0:pf, q0:qf] += dout[:, :, i:i + 1, j:j + 1] / ((pf - p0) * (qf - q0))
    return dx
