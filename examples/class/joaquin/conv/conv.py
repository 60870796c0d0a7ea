import numpy as np


def rellenar(imagen, p):
    return np.pad(imagen, [(0, 0)] * (imagen.ndim - 2) + [(p, p), (p, p)])


def conv2d_valid(image, kernel):
    return conv2d(image, kernel)


def conv2d(image, kernel, stride=1, pad=0):
    im = rellenar(image, pad)
    k = kernel.shape[0]
    if k > im.shape[0] or k > im.shape[1]:
        raise ValueError("el kernel no cabe")
    h = (im.shape[0] - k) // stride + 1
    w = (im.shape[1] - k) // stride + 1
    res = np.empty((h, w))
    for i in range(h):
        for j in range(w):
            trozo = im[i * stride : i * stride + k, j * stride : j * stride + k]
            res[i, j] = (trozo * kernel).sum()
    return res


def conv_forward(x, w, b, stride=1, pad=0):
    if w.shape[1] != x.shape[1]:
        raise ValueError("x y w no tienen los mismos canales")
    xp = rellenar(x, pad)
    k = w.shape[2]
    if k > xp.shape[2] or k > xp.shape[3]:
        raise ValueError("el filtro no cabe")
    alto = (xp.shape[2] - k) // stride + 1
    ancho = (xp.shape[3] - k) // stride + 1
    res = np.empty((x.shape[0], w.shape[0], alto, ancho))
    for i in range(alto):
        for j in range(ancho):
            trozo = xp[:, :, i * stride : i * stride + k, j * stride : j * stride + k]
            res[:, :, i, j] = np.tensordot(trozo, w, axes=([1, 2, 3], [1, 2, 3])) + b
    return res


def conv_backward(dout, x, w, b, stride=1, pad=0):
    xp = rellenar(x, pad)
    dxp = np.zeros(xp.shape)
    dw = np.zeros(w.shape)
    k = w.shape[2]
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            g = dout[:, :, i, j]
            trozo = xp[:, :, i : i + k, j : j + k]
            dw += np.tensordot(g, trozo, axes=([0], [0]))
            dxp[:, :, i : i + k, j : j + k] += np.tensordot(g, w, axes=([1], [0]))
    db = dout.sum(axis=(0, 2, 3))
    dx = dxp[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]]
    return dx, dw, db
