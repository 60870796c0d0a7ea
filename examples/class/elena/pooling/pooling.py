import numpy as np

# I keep the images last (H, W, N, C) because then every window is a slice of the first two axes.


def images_last(x):
    return np.transpose(x, (2, 3, 0, 1))


def images_first(x):
    return np.asfortranarray(np.transpose(x, (2, 3, 0, 1)))


def places(H, W, size, stride):
    if size > H or size > W:
        raise ValueError("window larger than image")
    for i, top in enumerate(range(0, H - size + 1, stride)):
        for j, left in enumerate(range(0, W - size + 1, stride)):
            yield (i, j), (slice(top, top + size), slice(left, left + size))


def pool(x, size, stride, reduce):
    stride = stride or size
    a = images_last(x)
    H, W = a.shape[:2]
    out = np.zeros(((H - size) // stride + 1, (W - size) // stride + 1, *a.shape[2:])) if size <= min(H, W) else None
    for at, window in places(H, W, size, stride):
        out[at] = reduce(a[window])
    return images_first(out)


def max_pool(x, size, stride=None):
    return pool(x, size, stride, lambda v: v.max(axis=(0, 1)))


def avg_pool(x, size, stride=None):
    return pool(x, size, stride, lambda v: v.mean(axis=(0, 1)))


def max_pool_backward(dout, x, size, stride=None):
    a, d = images_last(x), images_last(dout)
    dx = np.zeros(a.shape)
    for at, window in places(*a.shape[:2], size, stride or size):
        v = a[window]
        mask = v == v.max(axis=(0, 1))
        dx[window] += mask / mask.sum(axis=(0, 1)) * d[at]  # ties share
    return images_first(dx)


def avg_pool_backward(dout, x, size, stride=None):
    d = images_last(dout)
    dx = np.zeros(images_last(x).shape)
    for at, window in places(*dx.shape[:2], size, stride or size):
        dx[window] += d[at] / size / size
    return images_first(dx)


def adaptive_places(H, W, size):
    for i in range(size):
        for j in range(size):
            rows = slice(i * H // size, -(-(i + 1) * H // size))
            cols = slice(j * W // size, -(-(j + 1) * W // size))
            yield (i, j), (rows, cols)


def adaptive_avg_pool(x, size):
    if size < 1:
        raise ValueError("size < 1")
    a = images_last(x)
    out = np.zeros((size, size, *a.shape[2:]))
    for at, window in adaptive_places(*a.shape[:2], size):
        out[at] = a[window].mean(axis=(0, 1))
    return images_first(out)


def adaptive_avg_pool_backward(dout, x, size):
    d = images_last(dout)
    dx = np.zeros(images_last(x).shape)
    for at, window in adaptive_places(*dx.shape[:2], size):
        area = dx[window].shape[0] * dx[window].shape[1]
        dx[window] += d[at] / area
    return images_first(dx)
