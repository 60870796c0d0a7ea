import numpy as np


def conv2d_valid(image, kernel):
    # la lámina dice que la salida es (H-K) x (W-K)
    H, W = image.shape
    K = kernel.shape[0]
    if K > H or K > W:
        raise ValueError("K muy grande")
    O = np.zeros((H - K, W - K))
    for i in range(H - K):
        for j in range(W - K):
            O[i, j] = np.sum(image[i:i + K, j:j + K] * kernel)
    return O


def conv2d(image, kernel, stride=1, pad=0):
    image = np.pad(image, pad)
    H, W = image.shape
    K = kernel.shape[0]
    if K > H or K > W:
        raise ValueError("K muy grande")
    O = np.zeros(((H - K) // stride, (W - K) // stride))
    for i in range(O.shape[0]):
        for j in range(O.shape[1]):
            si, sj = stride * i, stride * j
            O[i, j] = np.sum(image[si:si + K, sj:sj + K] * kernel)
    return O


def conv_forward(x, w, b, stride=1, pad=0):
    N, C, H, W = x.shape
    F, C2, K, K = w.shape
    if C != C2:
        raise ValueError("canales")
    x = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    if K > H + 2 * pad or K > W + 2 * pad:
        raise ValueError("K muy grande")
    O = np.zeros((N, F, (H + 2 * pad - K) // stride, (W + 2 * pad - K) // stride))
    for n in range(N):
        for f in range(F):
            for i in range(O.shape[2]):
                for j in range(O.shape[3]):
                    si, sj = stride * i, stride * j
                    O[n, f, i, j] = b[f] + np.sum(x[n, :, si:si + K, sj:sj + K] * w[f])
    return O


def conv_backward(dout, x, w, b, stride=1, pad=0):
    N, C, H, W = x.shape
    F, C2, K, K = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp = np.zeros(xp.shape)
    dw = np.zeros(w.shape)
    for n in range(N):
        for f in range(F):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    si, sj = stride * i, stride * j
                    dxp[n, :, si:si + K, sj:sj + K] += dout[n, f, i, j] * w[f]
                    dw[f] += dout[n, f, i, j] * xp[n, :, si:si + K, sj:sj + K]
    return dxp[:, :, pad:pad + H, pad:pad + W], dw, dout.sum(axis=(0, 2, 3))
