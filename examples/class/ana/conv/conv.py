"""Convolución - Ana"""

import numpy as np


def conv2d_valid(image, kernel):
    return conv2d(image, kernel, 1, 0)


def conv2d(image, kernel, stride=1, pad=0):
    H, W = image.shape
    K = kernel.shape[0]
    if K > H + 2 * pad or K > W + 2 * pad:
        raise ValueError("el kernel es más grande que la imagen")
    P = np.zeros((H + 2 * pad, W + 2 * pad))
    P[pad : pad + H, pad : pad + W] = image
    alto = (H + 2 * pad - K) // stride + 1
    ancho = (W + 2 * pad - K) // stride + 1
    O = np.zeros((alto, ancho))
    for i in range(alto):
        for j in range(ancho):
            for p in range(K):
                for q in range(K):
                    O[i, j] += P[stride * i + p, stride * j + q] * kernel[p, q]
    return O


def conv_forward(x, w, b, stride=1, pad=0):
    N, C, H, W = x.shape
    F, C2, K, _ = w.shape
    if C != C2:
        raise ValueError("canales distintos")
    # cada filtro es una suma de convoluciones 2d, una por canal
    salidas = []
    for n in range(N):
        mapas = []
        for f in range(F):
            mapa = conv2d(x[n, 0], w[f, 0], stride, pad)
            for c in range(1, C):
                mapa = mapa + conv2d(x[n, c], w[f, c], stride, pad)
            mapas.append(mapa + b[f])
        salidas.append(mapas)
    return np.array(salidas)


def conv_backward(dout, x, w, b, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, K, _ = w.shape
    _, _, Ho, Wo = dout.shape
    dx = np.zeros(x.shape)
    dw = np.zeros(w.shape)
    db = np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(Ho):
                for j in range(Wo):
                    g = dout[n, f, i, j]
                    db[f] += g
                    for p in range(K):
                        for q in range(K):
                            k = stride * i + p - pad
                            l = stride * j + q - pad
                            # fuera de la imagen hay ceros: no aportan
                            if 0 <= k < H and 0 <= l < W:
                                for c in range(C):
                                    dw[f, c, p, q] += g * x[n, c, k, l]
                                    dx[n, c, k, l] += g * w[f, c, p, q]
    return dx, dw, db
