"""The convolution as one linear map A, found by convolving unit images; the gradient of x is its transpose. Fortran order."""

import numpy as np


def slow(image, kernel, stride, pad):
    H, W = image.shape
    K = kernel.shape[0]
    if K > H + 2 * pad or K > W + 2 * pad:
        raise ValueError("the kernel does not fit")
    OH, OW = 1 + (H + 2 * pad - K) // stride, 1 + (W + 2 * pad - K) // stride
    A = matrix(H, W, kernel, stride, pad, OH, OW)
    return (A @ image.ravel().astype(float)).reshape(OH, OW)


def matrix(H, W, kernel, stride, pad, OH, OW):
    K = kernel.shape[0]
    A = np.zeros((OH * OW, H * W))
    for o in range(OH * OW):
        i, j = o // OW * stride - pad, o % OW * stride - pad
        for p in range(max(0, -i), min(K, H - i)):
            for q in range(max(0, -j), min(K, W - j)):
                A[o, (i + p) * W + j + q] = kernel[p, q]
    return A


def conv2d(image, kernel, stride=1, pad=0):
    return np.asfortranarray(slow(image, kernel, stride, pad))


def conv2d_valid(image, kernel):
    return conv2d(image, kernel)


def conv_forward(x, w, b, stride=1, pad=0):
    if x.shape[1] != w.shape[1]:
        raise ValueError("channels")
    out = [[sum(slow(img[c], filt[c], stride, pad) for c in range(len(img))) + bias for filt, bias in zip(w, b)] for img in x]
    return np.array(out, order="F")


def conv_backward(dout, x, w, b, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, K, _ = w.shape
    OH, OW = dout.shape[2:]
    dx = np.zeros(x.shape, order="F")
    dw = np.zeros(w.shape, order="F")
    for f in range(F):
        for c in range(C):
            A = matrix(H, W, w[f, c], stride, pad, OH, OW)
            for n in range(N):
                dx[n, c] += (A.T @ dout[n, f].ravel()).reshape(H, W)
            for p in range(K):
                for q in range(K):
                    unit = np.zeros((K, K))
                    unit[p, q] = 1
                    B = matrix(H, W, unit, stride, pad, OH, OW)
                    dw[f, c, p, q] = sum(dout[n, f].ravel() @ (B @ x[n, c].ravel()) for n in range(N))
    return dx, dw, dout.sum(axis=3).sum(axis=2).sum(axis=0)
