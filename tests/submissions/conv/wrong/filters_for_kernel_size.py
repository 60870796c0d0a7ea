import numpy as np


def conv2d_valid(image, kernel):
    H, W = image.shape
    K = kernel.shape[0]
    if K > min(H, W):
        raise ValueError("kernel larger than image")
    return np.array([[np.vdot(image[i : i + K, j : j + K], kernel) for j in range(W - K + 1)] for i in range(H - K + 1)])


def conv2d(image, kernel, stride=1, pad=0):
    return conv2d_valid(np.pad(image, pad), kernel)[::stride, ::stride]


def conv_forward(x, w, b, stride=1, pad=0):
    n_images, n_channels, height, width = x.shape
    if n_channels != w.shape[1]:
        raise ValueError("wrong number of channels")
    n_filters = w.shape[0]
    K = w.shape[0]
    if K > height + 2 * pad or K > width + 2 * pad or w.shape[2] > min(height, width) + 2 * pad:
        raise ValueError("filter too large")
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    h_out = (height + 2 * pad - K) // stride + 1
    w_out = (width + 2 * pad - K) // stride + 1
    out = np.zeros((n_images, n_filters, h_out, w_out))
    for n in range(n_images):
        for f in range(n_filters):
            for i in range(h_out):
                for j in range(w_out):
                    a, c = i * stride, j * stride
                    out[n, f, i, j] = np.sum(xp[n, :, a : a + K, c : c + K] * w[f]) + b[f]
    return out


def conv_backward(dout, x, w, b, stride=1, pad=0):
    K = w.shape[3]
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp, dw, db = np.zeros_like(xp), np.zeros_like(w), np.zeros_like(b)
    for n, f, i, j in np.ndindex(dout.shape):
        a, c = i * stride, j * stride
        dw[f] += dout[n, f, i, j] * xp[n, :, a : a + K, c : c + K]
        dxp[n, :, a : a + K, c : c + K] += dout[n, f, i, j] * w[f]
        db[f] += dout[n, f, i, j]
    return dxp[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]], dw, db
