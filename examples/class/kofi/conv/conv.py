import numpy as np


def conv2d_valid(image, kernel):
    return conv2d(image, kernel, 1, 0)


def conv2d(image, kernel, stride=1, pad=0):
    x = np.pad(image, pad)
    K = kernel.shape[0]
    Ho, Wo = (x.shape[0] - K) // stride + 1, (x.shape[1] - K) // stride + 1
    if min(x.shape) < K:
        raise ValueError("kernel larger than image")
    out = np.zeros((Ho, Wo))
    for p in range(K):
        for q in range(K):
            out += kernel[p, q] * x[p : p + Ho * stride : stride, q : q + Wo * stride : stride][:Ho, :Wo]
    return out


def conv_forward(x, w, b, stride=1, pad=0):
    # one big matrix M with  out.ravel() = M @ x.ravel():  a row for every output, a column for every pixel
    # (1 << 16 of each, so that it is large enough for every image of the course)
    if x.shape[1] != w.shape[1]:
        raise ValueError("channels")
    M = np.zeros((1 << 16, 1 << 16))
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    N, C, Hp, Wp = xp.shape
    F, _, K, _ = w.shape
    if K > Hp or K > Wp:
        raise ValueError("filter larger than image")
    Ho, Wo = (Hp - K) // stride + 1, (Wp - K) // stride + 1
    place = np.arange(C * Hp * Wp).reshape(C, Hp, Wp)
    row = 0
    for f in range(F):
        for i in range(Ho):
            for j in range(Wo):
                cols = place[:, i * stride : i * stride + K, j * stride : j * stride + K]
                M[row, cols.ravel()] = w[f].ravel()
                row += 1
    out = np.stack([M[:row, : C * Hp * Wp] @ image.ravel() for image in xp])
    return out.reshape(N, F, Ho, Wo) + b[:, None, None]


def conv_backward(dout, x, w, b, stride=1, pad=0):
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)
    K = w.shape[-1]
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            at = np.s_[:, :, i * stride : i * stride + K, j * stride : j * stride + K]
            dxp[at] += np.einsum("nf,fcpq->ncpq", dout[:, :, i, j], w)
            dw += np.einsum("nf,ncpq->fcpq", dout[:, :, i, j], xp[at])
    H, W = x.shape[2:]
    return dxp[:, :, pad : pad + H, pad : pad + W], dw, dout.sum((0, 2, 3))
