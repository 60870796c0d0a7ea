# Camila Rojas
# Tarea 3: pooling
import numpy as np

def _tam(n, size, stride):
    if size > n:
        raise ValueError("ventana más grande que la entrada")
    return (n - size) // stride + 1

def _ventanas(x, size, stride):
    # genera (i, j, ventana) con ventana de forma (N, C, size, size)
    for i in range(_tam(x.shape[2], size, stride)):
        for j in range(_tam(x.shape[3], size, stride)):
            a, b = i * stride, j * stride
            yield i, j, x[:, :, a:a + size, b:b + size]

def _vacio(x, size, stride):
    return np.zeros(x.shape[:2] + (_tam(x.shape[2], size, stride), _tam(x.shape[3], size, stride)))

def max_pool(x, size, stride=None):
    stride = size if stride is None else stride
    out = _vacio(x, size, stride)
    for i, j, v in _ventanas(x, size, stride):
        out[:, :, i, j] = v.max(axis=(2, 3))
    return out

def max_pool_backward(dout, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    N, C = x.shape[:2]
    n, c = np.ogrid[:N, :C]
    for i, j, v in _ventanas(x, size, stride):
        donde = v.reshape(N, C, -1).argmax(axis=2)
        dx[n, c, i * stride + donde // size, j * stride + donde % size] += dout[:, :, i, j]
    return dx

def avg_pool(x, size, stride=None):
    stride = size if stride is None else stride
    out = _vacio(x, size, stride)
    for i, j, v in _ventanas(x, size, stride):
        out[:, :, i, j] = v.sum(axis=(2, 3))
    return out

def avg_pool_backward(dout, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    # la derivada de una suma es 1 para todos
    for i, j, v in _ventanas(dx, size, stride):
        v += dout[:, :, i, j, None, None]
    return dx

def _corte(i, n, k):
    return slice(int(np.floor(i * n / k)), int(np.ceil((i + 1) * n / k)))

def adaptive_avg_pool(x, size):
    if size < 1:
        raise ValueError("size tiene que ser 1 o más")
    filas = [_corte(i, x.shape[2], size) for i in range(size)]
    cols = [_corte(j, x.shape[3], size) for j in range(size)]
    return np.array([[x[:, :, f, c].mean(axis=(2, 3)) for c in cols] for f in filas]).transpose(2, 3, 0, 1)

def adaptive_avg_pool_backward(dout, x, size):
    dx = np.zeros(x.shape)
    for i in range(size):
        for j in range(size):
            v = dx[:, :, _corte(i, x.shape[2], size), _corte(j, x.shape[3], size)]
            v += dout[:, :, i, j, None, None] / (v.shape[2] * v.shape[3])
    return dx
