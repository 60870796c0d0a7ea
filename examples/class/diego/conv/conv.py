import numpy as np


def conv2d_valid(image, kernel):
    H, W = image.shape
    K, _ = kernel.shape
    if K > H or K > W:
        raise ValueError("kernel does not fit")
    output = np.zeros((H - K + 1, W - K + 1))
    for i in range(output.shape[0]):
        for j in range(output.shape[1]):
            output[i, j] = np.sum(image[i:i + K, j:j + K] * kernel)
    return output


def conv2d(image, kernel, stride=1, pad=0):
    image = np.pad(image, ((pad, pad), (pad, pad)), mode="constant")
    H, W = image.shape
    K, _ = kernel.shape
    if K > H or K > W:
        raise ValueError("kernel does not fit")
    output = np.zeros(((H - K) // stride + 1, (W - K) // stride + 1))
    for i in range(output.shape[0]):
        for j in range(output.shape[1]):
            output[i, j] = np.sum(image[i * stride:i * stride + K, j * stride:j * stride + K] * kernel)
    return output


def conv_forward(x, w, b, stride=1, pad=0):
    N, C, H, W = x.shape
    F, C_w, K, _ = w.shape
    if C != C_w:
        raise ValueError("x and w must have the same channels")
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    if K > H + 2 * pad or K > W + 2 * pad:
        raise ValueError("filter does not fit")
    H_out = (H + 2 * pad - K) // stride + 1
    W_out = (W + 2 * pad - K) // stride + 1
    out = np.zeros((N, F, H_out, W_out))
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    window = x_pad[n, :, i * stride:i * stride + K, j * stride:j * stride + K]
                    out[n, f, i, j] = np.sum(window * w[f]) + b[f]
    return out


def conv_backward(dout, x, w, b, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, K, _ = w.shape
    _, _, H_out, W_out = dout.shape
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    dx_pad = np.zeros_like(x_pad)
    dw = np.zeros_like(w)
    db = np.zeros_like(b)
    for n in range(N):
        for f in range(F):
            db[f] += np.sum(dout[n, f])
            for i in range(H_out):
                for j in range(W_out):
                    hs, ws = i * stride, j * stride
                    dw[f] += x_pad[n, :, hs:hs + K, ws:ws + K] * dout[n, f, i, j]
                    dx_pad[n, :, hs:hs + K, ws:ws + K] += w[f] * dout[n, f, i, j]
    # remove the padding
    dx = dx_pad[:, :, pad:-pad, pad:-pad]
    return dx, dw, db
