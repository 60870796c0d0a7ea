import numpy as np


def conv2d_valid(image, kernel):
    h, w = image.shape
    k = len(kernel)
    if k > h or k > w:
        raise ValueError("the kernel is larger than the image")
    result = np.zeros((h - k + 1, w - k + 1))
    for i in range(result.shape[0]):
        for j in range(result.shape[1]):
            result[i, j] = np.sum(image[i : i + k, j : j + k] * kernel)
    return result


def conv2d(image, kernel, stride=1, pad=0):
    image = np.pad(image, ((pad, pad), (pad, pad)))
    h, w = image.shape
    k = len(kernel)
    if k > h or k > w:
        raise ValueError("the kernel is larger than the image")
    result = np.zeros(((h - k) // stride + 1, (w - k) // stride + 1))
    for i in range(result.shape[0]):
        for j in range(result.shape[1]):
            result[i, j] = np.sum(image[i : i + k, j : j + k] * kernel)
    return result


def conv_forward(x, w, b, stride=1, pad=0):
    if x.shape[1] != w.shape[1]:
        raise ValueError("channels")
    x = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    k = w.shape[2]
    if k > x.shape[2] or k > x.shape[3]:
        raise ValueError("filter too large")
    rows, cols = (x.shape[2] - k) // stride + 1, (x.shape[3] - k) // stride + 1
    result = np.zeros((x.shape[0], w.shape[0], rows, cols))
    for i in range(rows):
        for j in range(cols):
            si, sj = i * stride, j * stride
            result[:, :, i, j] = np.einsum("ncpq,fcpq->nf", x[:, :, si : si + k, sj : sj + k], w) + b
    return result


def conv_backward(dout, x, w, b, stride=1, pad=0):
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    k = w.shape[2]
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            si, sj = i * stride, j * stride
            dw += np.einsum("nf,ncpq->fcpq", dout[:, :, i, j], xp[:, :, si : si + k, sj : sj + k])
            dxp[:, :, si : si + k, sj : sj + k] += np.einsum("nf,fcpq->ncpq", dout[:, :, i, j], w)
    h, wid = x.shape[2:]
    return dxp[:, :, pad : pad + h, pad : pad + wid], dw, dout.sum(axis=(0, 2, 3))
