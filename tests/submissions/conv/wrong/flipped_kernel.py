import numpy as np


def conv2d_valid(image, kernel):
    return conv2d(image, kernel)


def conv2d(image, kernel, stride=1, pad=0):
    # convolution = rotate the kernel 180 degrees, then slide
    kernel = np.flipud(np.fliplr(kernel))
    image = np.pad(image, pad)
    K = kernel.shape[0]
    H, W = image.shape
    if K > H or K > W:
        raise ValueError("kernel too large")
    oh = (H - K) // stride + 1
    ow = (W - K) // stride + 1
    out = np.zeros((oh, ow))
    for i in range(oh):
        for j in range(ow):
            region = image[i * stride : i * stride + K, j * stride : j * stride + K]
            out[i, j] = (region * kernel).sum()
    return out


def conv_forward(x, w, b, stride=1, pad=0):
    N, C, H, W = x.shape
    F, Cw, K, _ = w.shape
    if C != Cw:
        raise ValueError("channel mismatch")
    out = []
    for n in range(N):
        for f in range(F):
            out.append(sum(conv2d(x[n, c], w[f, c], stride, pad) for c in range(C)) + b[f])
    out = np.array(out)
    return out.reshape(N, F, out.shape[1], out.shape[2])


def conv_backward(dout, x, w, b, stride=1, pad=0):
    N, F, oh, ow = dout.shape
    K = w.shape[2]
    H, W = x.shape[2:]
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    for n in range(N):
        for f in range(F):
            for i in range(oh):
                for j in range(ow):
                    r, c = i * stride, j * stride
                    dw[f] += dout[n, f, i, j] * xp[n, :, r : r + K, c : c + K]
                    dxp[n, :, r : r + K, c : c + K] += dout[n, f, i, j] * w[f]
    return dxp[:, :, pad : pad + H, pad : pad + W], dw, dout.sum(axis=(0, 2, 3))
