import numpy as np


def conv2d_valid(image, kernel):
    return conv2d(image, kernel)


def conv2d(image, kernel, stride=1, pad=0):
    n = image.shape[0]
    k = kernel.shape[0]
    if k > min(image.shape) + 2 * pad:
        raise ValueError("kernel larger than image")
    image = np.pad(image, pad)
    m = (n + 2 * pad - k) // stride + 1
    out = np.zeros((m, m))
    for i in range(m):
        for j in range(m):
            out[i, j] = np.sum(image[i * stride : i * stride + k, j * stride : j * stride + k] * kernel)
    return out


def conv_forward(x, w, b, stride=1, pad=0):
    N, C, n, _ = x.shape
    F, C2, k, _ = w.shape
    if C != C2:
        raise ValueError("channels")
    if k > min(x.shape[2:]) + 2 * pad:
        raise ValueError("filter larger than image")
    x = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    m = (n + 2 * pad - k) // stride + 1
    out = np.zeros((N, F, m, m))
    for f in range(F):
        for i in range(m):
            for j in range(m):
                part = x[:, :, i * stride : i * stride + k, j * stride : j * stride + k]
                out[:, f, i, j] = np.sum(part * w[f], axis=(1, 2, 3)) + b[f]
    return out


def conv_backward(dout, x, w, b, stride=1, pad=0):
    k = w.shape[2]
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp, dw, db = np.zeros(xp.shape), np.zeros(w.shape), dout.sum(axis=(0, 2, 3))
    for n, f, i, j in np.ndindex(dout.shape):
        s = np.s_[n, :, i * stride : i * stride + k, j * stride : j * stride + k]
        dw[f] += dout[n, f, i, j] * xp[s]
        dxp[s] += dout[n, f, i, j] * w[f]
    return dxp[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]], dw, db
