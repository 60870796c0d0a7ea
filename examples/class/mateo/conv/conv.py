# Mateo N.
import numpy as np

def con_borde(x):
    # agrega el borde de ceros
    if x.ndim == 2:
        return np.pad(x, 1)
    return np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))

def conv2d_valid(image, kernel):
    H, W = image.shape
    K = kernel.shape[0]
    if K > H or K > W:
        raise ValueError("kernel no cabe")
    O = np.zeros((H - K + 1, W - K + 1))
    for i in range(H - K + 1):
        for j in range(W - K + 1):
            O[i, j] = (image[i:i+K, j:j+K] * kernel).sum()
    return O

def conv2d(image, kernel, stride=1, pad=0):
    if pad > 0:
        image = con_borde(image)
    H, W = image.shape
    K = kernel.shape[0]
    if K > H or K > W:
        raise ValueError("kernel no cabe")
    O = np.zeros(((H - K) // stride + 1, (W - K) // stride + 1))
    for i in range(O.shape[0]):
        for j in range(O.shape[1]):
            O[i, j] = (image[stride*i:stride*i+K, stride*j:stride*j+K] * kernel).sum()
    return O

def conv_forward(x, w, b, stride=1, pad=0):
    if x.shape[1] != w.shape[1]:
        raise ValueError("canales no calzan")
    if pad > 0:
        x = con_borde(x)
    N, C, H, W = x.shape
    F, _, K, _ = w.shape
    if K > H or K > W:
        raise ValueError("filtro no cabe")
    O = np.zeros((N, F, (H - K) // stride + 1, (W - K) // stride + 1))
    for i in range(O.shape[2]):
        for j in range(O.shape[3]):
            ventana = x[:, :, stride*i:stride*i+K, stride*j:stride*j+K]
            for f in range(F):
                O[:, f, i, j] = (ventana * w[f]).sum(axis=(1, 2, 3)) + b[f]
    return O

def conv_backward(dout, x, w, b, stride=1, pad=0):
    xp = con_borde(x) if pad > 0 else x
    dxp = np.zeros(xp.shape)
    dw = np.zeros(w.shape)
    K = w.shape[2]
    N, F, Ho, Wo = dout.shape
    for n in range(N):
        for f in range(F):
            for i in range(Ho):
                for j in range(Wo):
                    dxp[n, :, stride*i:stride*i+K, stride*j:stride*j+K] += dout[n, f, i, j] * w[f]
                    dw[f] += dout[n, f, i, j] * xp[n, :, stride*i:stride*i+K, stride*j:stride*j+K]
    db = dout.sum(axis=(0, 2, 3))
    if pad > 0:
        return dxp[:, :, 1:-1, 1:-1], dw, db
    return dxp, dw, db
