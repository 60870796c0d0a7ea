import numpy as np


def _pool(x, size, stride, f):
    S = stride if stride else size
    N, C, H, W = x.shape
    if size > H or size > W:
        raise ValueError("K > H o K > W")
    O = np.zeros((N, C, (H - size) // S + 1, (W - size) // S + 1))
    for i in range(O.shape[2]):
        for j in range(O.shape[3]):
            O[:, :, i, j] = f(x[:, :, S*i:S*i+size, S*j:S*j+size], axis=(2, 3))
    return O


def max_pool(x, size, stride=None):
    return _pool(x, size, stride, np.max)


def avg_pool(x, size, stride=None):
    return _pool(x, size, stride, np.mean)


def max_pool_backward(dout, x, size, stride=None):
    S = stride if stride else size
    dx = np.zeros(x.shape)
    N, C, Ho, Wo = dout.shape
    for n in range(N):
        for c in range(C):
            for i in range(Ho):
                for j in range(Wo):
                    ventana = x[n, c, S*i:S*i+size, S*j:S*j+size]
                    p = np.argmax(ventana) // size
                    q = np.argmax(ventana) % size
                    dx[n, c, S*i+p, S*j+q] += dout[n, c, i, j]
    return dx


def avg_pool_backward(dout, x, size, stride=None):
    S = stride if stride else size
    dx = np.zeros(x.shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            dx[:, :, S*i:S*i+size, S*j:S*j+size] += dout[:, :, [[i]], [[j]]] / size**2
    return dx


def limites(i, j, H, W, k):
    # tal cual la lámina
    p0 = int(np.floor(i * H / k))
    pf = int(np.ceil((i + 1) * W / k))
    q0 = int(np.floor(j * H / k))
    qf = int(np.ceil((j + 1) * W / k))
    return p0, pf, q0, qf


def adaptive_avg_pool(x, size):
    if size < 1:
        raise ValueError("size < 1")
    N, C, H, W = x.shape
    O = np.zeros((N, C, size, size))
    for i in range(size):
        for j in range(size):
            p0, pf, q0, qf = limites(i, j, H, W, size)
            O[:, :, i, j] = x[:, :, p0:pf, q0:qf].sum(axis=(2, 3)) / ((pf - p0) * (qf - q0))
    return O


def adaptive_avg_pool_backward(dout, x, size):
    N, C, H, W = x.shape
    dx = np.zeros(x.shape)
    for i in range(size):
        for j in range(size):
            p0, pf, q0, qf = limites(i, j, H, W, size)
            dx[:, :, p0:pf, q0:qf] += dout[:, :, [[i]], [[j]]] / ((pf - p0) * (qf - q0))
    return dx
