import numpy as np


def max_pool(x, size, stride=None):
    stride = stride or size
    n, c, alto, ancho = x.shape
    if size > alto or size > ancho:
        raise ValueError("la ventana no cabe")
    res = np.zeros((n, c, (alto - size) // stride + 1, (ancho - size) // stride + 1))
    for i in range(res.shape[2]):
        for j in range(res.shape[3]):
            trozo = x[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
            res[:, :, i, j] = trozo.max(axis=3).max(axis=2)
    return res


def max_pool_backward(dout, x, size, stride=None):
    stride = stride or size
    dx = np.zeros(x.shape)
    for n in range(dout.shape[0]):
        for c in range(dout.shape[1]):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    trozo = x[n, c, i * stride : i * stride + size, j * stride : j * stride + size]
                    p, q = np.unravel_index(trozo.argmax(), trozo.shape)
                    dx[n, c, i * stride + p, j * stride + q] = dout[n, c, i, j]
    return dx


def avg_pool(x, size, stride=None):
    stride = stride or size
    n, c, alto, ancho = x.shape
    if size > alto or size > ancho:
        raise ValueError("la ventana no cabe")
    res = np.zeros((n, c, (alto - size) // stride + 1, (ancho - size) // stride + 1))
    for i in range(res.shape[2]):
        for j in range(res.shape[3]):
            trozo = x[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
            res[:, :, i, j] = trozo.mean(axis=3).mean(axis=2)
    return res


def avg_pool_backward(dout, x, size, stride=None):
    stride = stride or size
    dx = np.zeros(x.shape)
    for n in range(dout.shape[0]):
        for c in range(dout.shape[1]):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    dx[n, c, i * stride : i * stride + size, j * stride : j * stride + size] = dout[n, c, i, j] / size**2
    return dx


def bordes(i, largo, k):
    return int(np.floor(i * largo / k)), int(np.ceil((i + 1) * largo / k))


def adaptive_avg_pool(x, size):
    if size < 1:
        raise ValueError("size")
    res = np.zeros((x.shape[0], x.shape[1], size, size))
    for i in range(size):
        a, b = bordes(i, x.shape[2], size)
        for j in range(size):
            c, d = bordes(j, x.shape[3], size)
            res[:, :, i, j] = x[:, :, a:b, c:d].mean(axis=(2, 3))
    return res


def adaptive_avg_pool_backward(dout, x, size):
    dx = np.zeros(x.shape)
    for i in range(size):
        a, b = bordes(i, x.shape[2], size)
        for j in range(size):
            c, d = bordes(j, x.shape[3], size)
            dx[:, :, a:b, c:d] = dout[:, :, i, j][:, :, None, None] / ((b - a) * (d - c))
    return dx
