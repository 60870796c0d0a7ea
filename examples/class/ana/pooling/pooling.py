"""Pooling - Ana"""

import math

import numpy as np


def max_pool(x, size, stride=None):
    if stride is None:
        stride = size
    N, C, H, W = x.shape
    if size > H or size > W:
        raise ValueError("la ventana es más grande que la imagen")
    alto = (H - size) // stride + 1
    ancho = (W - size) // stride + 1
    O = np.zeros((N, C, alto, ancho))
    for n in range(N):
        for c in range(C):
            for i in range(alto):
                for j in range(ancho):
                    O[n, c, i, j] = np.max(x[n, c, i * stride : i * stride + size, j * stride : j * stride + size])
    return O


def max_pool_backward(dout, x, size, stride=None):
    if stride is None:
        stride = size
    dx = np.zeros(x.shape)
    N, C, alto, ancho = dout.shape
    for n in range(N):
        for c in range(C):
            for i in range(alto):
                for j in range(ancho):
                    # busco el primer máximo de la ventana
                    mejor = None
                    for k in range(i * stride, i * stride + size):
                        for l in range(j * stride, j * stride + size):
                            if mejor is None or x[n, c, k, l] > x[n, c, mejor[0], mejor[1]]:
                                mejor = (k, l)
                    dx[n, c, mejor[0], mejor[1]] += dout[n, c, i, j]
    return dx


def avg_pool(x, size, stride=None):
    if stride is None:
        stride = size
    N, C, H, W = x.shape
    if size > H or size > W:
        raise ValueError("la ventana es más grande que la imagen")
    alto = (H - size) // stride + 1
    ancho = (W - size) // stride + 1
    O = np.zeros((N, C, alto, ancho))
    for n in range(N):
        for c in range(C):
            for i in range(alto):
                for j in range(ancho):
                    for p in range(size):
                        for q in range(size):
                            O[n, c, i, j] += x[n, c, i * stride + p, j * stride + q]
    return O / size**2


def avg_pool_backward(dout, x, size, stride=None):
    if stride is None:
        stride = size
    dx = np.zeros(x.shape)
    N, C, alto, ancho = dout.shape
    for n in range(N):
        for c in range(C):
            for i in range(alto):
                for j in range(ancho):
                    for p in range(size):
                        for q in range(size):
                            dx[n, c, i * stride + p, j * stride + q] += dout[n, c, i, j] / size**2
    return dx


def ventana(i, largo, k):
    return math.floor(i * largo / k), math.ceil((i + 1) * largo / k)


def adaptive_avg_pool(x, size):
    if size < 1:
        raise ValueError("size debe ser al menos 1")
    N, C, H, W = x.shape
    O = np.zeros((N, C, size, size))
    for i in range(size):
        p0, pf = ventana(i, H, size)
        for j in range(size):
            q0, qf = ventana(j, W, size)
            O[:, :, i, j] = x[:, :, p0:pf, q0:qf].mean(axis=(2, 3))
    return O


def adaptive_avg_pool_backward(dout, x, size):
    N, C, H, W = x.shape
    dx = np.zeros((N, C, H, W))
    for i in range(size):
        p0, pf = ventana(i, H, size)
        for j in range(size):
            q0, qf = ventana(j, W, size)
            area = (pf - p0) * (qf - q0)
            for k in range(p0, pf):
                for l in range(q0, qf):
                    dx[:, :, k, l] += dout[:, :, i, j] / area
    return dx
