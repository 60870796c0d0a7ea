# Camila Rojas
# Tarea 2: convolución con im2col (una sola multiplicación de matrices)
import numpy as np

def _indices(C, H, W, K, stride):
    if K > H or K > W:
        raise ValueError("el filtro no cabe en la imagen")
    alto = (H - K) // stride + 1
    ancho = (W - K) // stride + 1
    # filas de la matriz: (c, p, q); columnas: (i, j)
    c = np.repeat(np.arange(C), K * K).reshape(-1, 1)
    p = np.tile(np.repeat(np.arange(K), K), C).reshape(-1, 1)
    q = np.tile(np.arange(K), K * C).reshape(-1, 1)
    i = stride * np.repeat(np.arange(alto), ancho).reshape(1, -1)
    j = stride * np.tile(np.arange(ancho), alto).reshape(1, -1)
    return c, p + i, q + j, alto, ancho

def _rellena(x, pad):
    return np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))

def _im2col(x, K, stride):
    _, C, H, W = x.shape
    c, k, l, alto, ancho = _indices(C, H, W, K, stride)
    return x[:, c, k, l], alto, ancho          # (N, C*K*K, alto*ancho)

def conv2d_valid(image, kernel):
    return conv2d(image, kernel)

def conv2d(image, kernel, stride=1, pad=0):
    x = image[None, None]
    w = kernel[None, None]
    return conv_forward(x, w, np.zeros(1), stride, pad)[0, 0]

def conv_forward(x, w, b, stride=1, pad=0):
    F, C, K, _ = w.shape
    if C != x.shape[1]:
        raise ValueError("la imagen y el filtro tienen distinto número de canales")
    cols, alto, ancho = _im2col(_rellena(x, pad), K, stride)
    out = w.reshape(F, -1) @ cols + b.reshape(1, F, 1)
    return out.reshape(len(x), F, alto, ancho)

def conv_backward(dout, x, w, b, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, K, _ = w.shape
    xp = _rellena(x, pad)
    cols, alto, ancho = _im2col(xp, K, stride)
    d = dout.reshape(N, F, -1)

    db = d.sum(axis=(0, 2))
    dw = (d @ cols.transpose(0, 2, 1)).sum(axis=0).reshape(w.shape)

    dcols = w.reshape(F, -1).T @ d
    dxp = np.zeros(xp.shape)
    c, k, l, _, _ = _indices(C, H + 2 * pad, W + 2 * pad, K, stride)
    # add.at porque los índices se repiten
    np.add.at(dxp, (slice(None), c, k, l), dcols)
    dx = dxp[:, :, pad:pad + H, pad:pad + W]
    return dx, dw, db
