import numpy as np


def conv2d_valid(image, kernel):
    H, W = image.shape
    K, _ = kernel.shape
    if K > H or K > W:
        raise ValueError("kernel larger than image")
    # size from the slide
    O = np.zeros((H - K, W - K))
    for i in range(H - K):
        for j in range(W - K):
            for p in range(K):
                for q in range(K):
                    O[i, j] += image[i + p, j + q] * kernel[p, q]
    return O


def conv2d(image, kernel, stride=1, pad=0):
    H, W = image.shape
    K, _ = kernel.shape
    padded = np.zeros((H + 2 * pad, W + 2 * pad))
    padded[pad : pad + H, pad : pad + W] = image
    if K > H + 2 * pad or K > W + 2 * pad:
        raise ValueError("kernel larger than image")
    h2 = int((H - K + 2 * pad) / stride + 1)
    w2 = int((W - K + 2 * pad) / stride + 1)
    O = np.zeros((h2, w2))
    for i in range(h2):
        for j in range(w2):
            O[i, j] = np.sum(padded[stride * i : stride * i + K, stride * j : stride * j + K] * kernel)
    return O


def conv_forward(x, w, b, stride=1, pad=0):
    if x.shape[1] != w.shape[1]:
        raise ValueError("x and w must have the same channels")
    return np.stack(
        [
            np.stack([b[f] + sum(conv2d(img[c], w[f, c], stride, pad) for c in range(x.shape[1])) for f in range(w.shape[0])])
            for img in x
        ]
    )


def conv_backward(dout, x, w, b, stride=1, pad=0):
    K = w.shape[2]
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp = np.zeros(xp.shape)
    dw = np.zeros(w.shape)
    db = np.zeros(b.shape)
    for n, f, i, j in np.ndindex(dout.shape):
        g = dout[n, f, i, j]
        rows, cols = slice(stride * i, stride * i + K), slice(stride * j, stride * j + K)
        dw[f] += g * xp[n, :, rows, cols]
        dxp[n, :, rows, cols] += g * w[f]
        db[f] += g
    return dxp[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]], dw, db
