import numpy as np


def conv2d_valid(image, kernel):
    H, W = image.shape
    K = kernel.shape[0]
    if K > H or K > W:
        raise ValueError("el kernel es más grande que la imagen")
    O = np.zeros((H - K + 1, W - K + 1))
    for i in range(H - K + 1):
        for j in range(W - K + 1):
            O[i, j] = np.sum(image[i:i+K, j:j+K] * kernel)
    return O


def conv2d(image, kernel, stride=1, pad=0):
    I = np.pad(image, pad)
    return conv2d_valid(I, kernel)[::stride, ::stride]


def conv_forward(x, w, b, stride=1, pad=0):
    if x.shape[1] != w.shape[1]:
        raise ValueError("x y w deben tener los mismos canales")
    N, C = x.shape[0], x.shape[1]
    O = []
    for n in range(N):
        fila = []
        for f in range(w.shape[0]):
            total = b[f]
            for c in range(C):
                total = total + conv2d(x[n, c], w[f, c], stride, pad)
            fila.append(total)
        O.append(fila)
    return np.array(O)


# b no se usa, stride y pad tampoco los necesito si asumo 1 y 0
def conv_backward(dout, x, w):
    N, F, Ho, Wo = dout.shape
    K = w.shape[2]
    dx = np.zeros(x.shape)
    dw = np.zeros(w.shape)
    db = np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(Ho):
                for j in range(Wo):
                    dx[n, :, i:i+K, j:j+K] += dout[n, f, i, j] * w[f]
                    dw[f] += dout[n, f, i, j] * x[n, :, i:i+K, j:j+K]
                    db[f] += dout[n, f, i, j]
    return dx, dw, db
