import numpy as np


def conv2d_valid(image, kernel):
    # convolution: flip the kernel in both directions, then slide
    kernel = np.flipud(np.fliplr(kernel))
    H, W = image.shape
    K = kernel.shape[0]
    if K > min(H, W):
        raise ValueError("kernel too large")
    out = np.zeros((H - K + 1, W - K + 1))
    for i in range(H - K + 1):
        for j in range(W - K + 1):
            out[i, j] = (image[i:i+K, j:j+K] * kernel).sum()
    return out


def conv2d(image, kernel, stride=1, pad=0):
    # stride = take every stride-th element of the stride 1 result
    image = np.pad(image, pad)
    return conv2d_valid(image, kernel)[::stride, ::stride]


def _correlate(image, kernel, stride):
    K = kernel.shape[-1]
    Ho = (image.shape[1] - K) // stride + 1
    Wo = (image.shape[2] - K) // stride + 1
    if Ho < 1 or Wo < 1:
        raise ValueError("filter too large")
    out = np.empty((Ho, Wo))
    for i in range(Ho):
        for j in range(Wo):
            out[i, j] = np.sum(image[:, i*stride:i*stride+K, j*stride:j*stride+K] * kernel)
    return out


def conv_forward(x, w, b, stride=1, pad=0):
    if x.shape[1] != w.shape[1]:
        raise ValueError("channels differ")
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    return np.stack([np.stack([_correlate(img, w[f], stride) + b[f] for f in range(len(w))]) for img in xp])


def conv_backward(dout, x, w, b, stride=1, pad=0):
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp = np.zeros(xp.shape)
    dw = np.zeros(w.shape)
    K = w.shape[2]
    for n, f, i, j in np.ndindex(dout.shape):
        rows = slice(i * stride, i * stride + K)
        cols = slice(j * stride, j * stride + K)
        dxp[n, :, rows, cols] += dout[n, f, i, j] * w[f]
        dw[f] += dout[n, f, i, j] * xp[n, :, rows, cols]
    db = dout.sum(axis=(0, 2, 3))
    H, W = x.shape[2], x.shape[3]
    return dxp[:, :, pad:H+pad, pad:W+pad], dw, db
