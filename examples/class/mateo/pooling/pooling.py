# Mateo N.
import numpy as np

def salida(H, W, size, stride):
    if size > H or size > W:
        raise ValueError("no cabe la ventana")
    # redondeo hacia arriba para no perder el resto
    return int(np.ceil((H - size) / stride)) + 1, int(np.ceil((W - size) / stride)) + 1

def max_pool(x, size, stride=None):
    s = stride or size
    N, C, H, W = x.shape
    Ho, Wo = salida(H, W, size, s)
    O = np.zeros((N, C, Ho, Wo))
    for i in range(Ho):
        for j in range(Wo):
            O[:, :, i, j] = x[:, :, s*i:s*i+size, s*j:s*j+size].max(axis=(2, 3))
    return O

def max_pool_backward(dout, x, size, stride=None):
    s = stride or size
    dx = np.zeros(x.shape)
    N, C, Ho, Wo = dout.shape
    for n in range(N):
        for c in range(C):
            for i in range(Ho):
                for j in range(Wo):
                    v = x[n, c, s*i:s*i+size, s*j:s*j+size]
                    k = v.argmax()
                    dx[n, c, s*i + k // v.shape[1], s*j + k % v.shape[1]] += dout[n, c, i, j]
    return dx

def avg_pool(x, size, stride=None):
    s = stride or size
    N, C, H, W = x.shape
    Ho, Wo = salida(H, W, size, s)
    O = np.zeros((N, C, Ho, Wo))
    for i in range(Ho):
        for j in range(Wo):
            O[:, :, i, j] = x[:, :, s*i:s*i+size, s*j:s*j+size].mean(axis=(2, 3))
    return O

def avg_pool_backward(dout, x, size, stride=None):
    s = stride or size
    dx = np.zeros(x.shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            v = dx[:, :, s*i:s*i+size, s*j:s*j+size]
            v += dout[:, :, i:i+1, j:j+1] / (v.shape[2] * v.shape[3])
    return dx

def adaptive_avg_pool(x, size):
    # solo funciona si se puede dividir
    N, C, H, W = x.shape
    return x.reshape(N, C, size, H // size, size, W // size).mean(axis=(3, 5))

def adaptive_avg_pool_backward(dout, x, size):
    N, C, H, W = x.shape
    a, b = H // size, W // size
    return np.repeat(np.repeat(dout, a, axis=2), b, axis=3) / (a * b)
