import numpy as np


def conv2d_valid(image, kernel):
    return conv2d(image, kernel, 1, 0)


def conv2d(image, kernel, stride=1, pad=0):
    return conv_forward(image[None, None], kernel[None, None], np.array([0.0]), stride, pad)[0, 0]


def conv_forward(x, w, b, stride=1, pad=0):
    N, C, H, W = x.shape
    F, C2, HH, WW = w.shape
    if C != C2:
        raise ValueError("channels of x and w differ")
    if HH > H + 2 * pad or WW > W + 2 * pad:
        raise ValueError("filter too large")
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    H_out = 1 + (H + 2 * pad - HH) // stride
    W_out = 1 + (W + 2 * pad - WW) // stride
    out = np.zeros((N, F, H_out, W_out))
    for i in range(H_out):
        for j in range(W_out):
            x_slice = x_pad[:, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
            for k in range(F):
                out[:, k, i, j] = np.sum(x_slice * w[k], axis=(1, 2, 3)) + b[k]
    return out


def conv_backward(dout, x, w, b, stride=1, pad=0):
    N, F, H_out, W_out = dout.shape
    _, _, HH, WW = w.shape
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    dx_pad = np.zeros_like(x_pad)
    dw = np.zeros_like(w)
    db = np.sum(dout, axis=(0, 2, 3))
    for i in range(H_out):
        for j in range(W_out):
            x_slice = x_pad[:, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
            for k in range(F):
                dw[k] += np.sum(x_slice * dout[:, k, i, j][:, None, None, None], axis=0)
            for n in range(N):
                dx_pad[n, :, i * stride : i * stride + HH, j * stride : j * stride + WW] += np.sum(
                    w * dout[n, :, i, j][:, None, None, None], axis=0
                )
    dx = dx_pad[:, :, pad:-pad, pad:-pad]
    return dx, dw, db
