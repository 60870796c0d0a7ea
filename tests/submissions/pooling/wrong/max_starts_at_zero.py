import numpy as np


def max_pool(x, size, stride=None):
    if stride is None:
        stride = size
    N, C, H, W = x.shape
    if size > H or size > W:
        raise ValueError("the window is larger than the image")
    H_out = (H - size) // stride + 1
    W_out = (W - size) // stride + 1
    out = np.zeros((N, C, H_out, W_out))
    for i in range(H_out):
        for j in range(W_out):
            for p in range(size):
                for q in range(size):
                    out[:, :, i, j] = np.maximum(out[:, :, i, j], x[:, :, i * stride + p, j * stride + q])
    return out


def max_pool_backward(dout, x, size, stride=None):
    if stride is None:
        stride = size
    N, C, H_out, W_out = dout.shape
    dx = np.zeros_like(x)
    for n in range(N):
        for c in range(C):
            for i in range(H_out):
                for j in range(W_out):
                    r, s = i * stride, j * stride
                    window = x[n, c, r : r + size, s : s + size]
                    p, q = np.unravel_index(np.argmax(window), window.shape)
                    dx[n, c, r + p, s + q] += dout[n, c, i, j]
    return dx


def avg_pool(x, size, stride=None):
    if stride is None:
        stride = size
    N, C, H, W = x.shape
    if size > H or size > W:
        raise ValueError("the window is larger than the image")
    H_out = (H - size) // stride + 1
    W_out = (W - size) // stride + 1
    out = np.zeros((N, C, H_out, W_out))
    for i in range(H_out):
        for j in range(W_out):
            window = x[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
            out[:, :, i, j] = np.mean(window, axis=(2, 3))
    return out


def avg_pool_backward(dout, x, size, stride=None):
    if stride is None:
        stride = size
    dx = np.zeros(x.shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            r, s = i * stride, j * stride
            dx[:, :, r : r + size, s : s + size] += dout[:, :, i : i + 1, j : j + 1] / (size * size)
    return dx


def adaptive_avg_pool(x, size):
    if size < 1:
        raise ValueError("size must be at least 1")
    N, C, H, W = x.shape
    out = np.zeros((N, C, size, size))
    for i in range(size):
        for j in range(size):
            p0, pf = int(np.floor(i * H / size)), int(np.ceil((i + 1) * H / size))
            q0, qf = int(np.floor(j * W / size)), int(np.ceil((j + 1) * W / size))
            out[:, :, i, j] = x[:, :, p0:pf, q0:qf].mean(axis=(2, 3))
    return out


def adaptive_avg_pool_backward(dout, x, size):
    N, C, H, W = x.shape
    dx = np.zeros_like(x)
    for i in range(size):
        for j in range(size):
            p0, pf = int(np.floor(i * H / size)), int(np.ceil((i + 1) * H / size))
            q0, qf = int(np.floor(j * W / size)), int(np.ceil((j + 1) * W / size))
            area = (pf - p0) * (qf - q0)
            dx[:, :, p0:pf, q0:qf] += dout[:, :, i : i + 1, j : j + 1] / area
    return dx
