"""Everything is computed in float32, as a deep-learning library would."""

import numpy as np

f32 = np.float32


def conv2d_valid(image, kernel):
    return conv2d(image, kernel, 1, 0)


def conv2d(image, kernel, stride=1, pad=0):
    x = np.asarray(image, dtype=f32).reshape((1, 1) + image.shape)
    w = np.asarray(kernel, dtype=f32).reshape((1, 1) + kernel.shape)
    return conv_forward(x, w, np.zeros(1, dtype=f32), stride, pad)[0, 0]


def conv_forward(x, w, b, stride=1, pad=0):
    x, w, b = x.astype(f32), w.astype(f32), b.astype(f32)
    if x.shape[1] != w.shape[1]:
        raise ValueError("the filters need as many channels as the images")
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    k = w.shape[2]
    if xp.shape[2] < k or xp.shape[3] < k:
        raise ValueError("the filters are larger than the images")
    oh = (xp.shape[2] - k) // stride + 1
    ow = (xp.shape[3] - k) // stride + 1
    out = np.empty((len(x), len(w), oh, ow), dtype=f32)
    for i in range(oh):
        for j in range(ow):
            patch = xp[:, :, i * stride : i * stride + k, j * stride : j * stride + k].reshape(len(x), -1)
            out[:, :, i, j] = patch @ w.reshape(len(w), -1).T + b
    return out


def conv_backward(dout, x, w, b, stride=1, pad=0):
    dout, x, w = dout.astype(f32), x.astype(f32), w.astype(f32)
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    k = w.shape[2]
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            s = (slice(None), slice(None), slice(i * stride, i * stride + k), slice(j * stride, j * stride + k))
            dw += np.tensordot(dout[:, :, i, j], xp[s], axes=([0], [0]))
            dxp[s] += np.tensordot(dout[:, :, i, j], w, axes=([1], [0]))
    if pad:
        dxp = dxp[:, :, pad:-pad, pad:-pad]
    return dxp, dw, dout.sum((0, 2, 3))
