"""Every layer as it was written for its own topic, loops and all."""

import numpy as np


def conv_forward(x, w, b, stride=1, pad=0):
    N, C, _, _ = x.shape
    F, filter_channels, K, _ = w.shape
    if filter_channels != C:
        raise ValueError(f"the images have {C} channels, the filters {filter_channels}")
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    H, W = padded.shape[2:]
    if K > H or K > W:
        raise ValueError(f"a {K}x{K} filter does not fit on a padded {H}x{W} image")
    out = np.zeros((N, F, (H - K) // stride + 1, (W - K) // stride + 1))
    for n in range(N):
        for f in range(F):
            for i in range(out.shape[2]):
                for j in range(out.shape[3]):
                    top, left = (stride * i, stride * j)
                    out[n, f, i, j] = np.sum(padded[n, :, top : top + K, left : left + K] * w[f]) + b[f]
    return out


def conv_backward(dout, x, w, b, stride=1, pad=0):
    N, F, out_height, out_width = dout.shape
    H, W = x.shape[2:]
    K = w.shape[2]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dpadded = np.zeros(padded.shape)
    dw = np.zeros(w.shape)
    db = np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(out_height):
                for j in range(out_width):
                    top, left = (stride * i, stride * j)
                    dpadded[n, :, top : top + K, left : left + K] += dout[n, f, i, j] * w[f]
                    dw[f] += dout[n, f, i, j] * padded[n, :, top : top + K, left : left + K]
                    db[f] += dout[n, f, i, j]
    return (dpadded[:, :, pad : pad + H, pad : pad + W], dw, db)


def running_statistics(x, running_mean, running_var, momentum=0.1):
    new_mean, new_var = (np.zeros(running_mean.shape), np.zeros(running_var.shape))
    for j in range(x.shape[1]):
        values = x[:, j]
        mu = values.sum() / values.size
        var = ((values - mu) ** 2).sum() / values.size
        new_mean[j] = (1 - momentum) * running_mean[j] + momentum * mu
        new_var[j] = (1 - momentum) * running_var[j] + momentum * var
    return (new_mean, new_var)


def batchnorm_inference(x, gamma, beta, running_mean, running_var, eps=1e-05):
    channels = x.shape[1]
    for name, numbers in [("gamma", gamma), ("beta", beta), ("running_mean", running_mean), ("running_var", running_var)]:
        if numbers.shape != (channels,):
            raise ValueError(f"{channels} features or channels, but {name} has shape {numbers.shape}")
    out = np.zeros(x.shape)
    for j in range(channels):
        xhat = (x[:, j] - running_mean[j]) / np.sqrt(running_var[j] + eps)
        out[:, j] = xhat * gamma[j] + beta[j]
    return out


def batchnorm_forward_spatial(x, gamma, beta, eps=1e-05):
    if x.ndim != 4:
        raise ValueError(f"x should have the axes (N, C, H, W), not shape {x.shape}")
    N, C, H, W = x.shape
    if gamma.shape != (C,) or beta.shape != (C,):
        raise ValueError(f"{C} channels, but gamma and beta have shapes {gamma.shape} and {beta.shape}")
    m = N * H * W
    out = np.zeros(x.shape)
    for j in range(C):
        mu = x[:, j].sum() / m
        var = ((x[:, j] - mu) ** 2).sum() / m
        out[:, j] = (x[:, j] - mu) / np.sqrt(var + eps) * gamma[j] + beta[j]
    return out


def batchnorm_backward_spatial(dout, x, gamma, eps=1e-05):
    N, C, H, W = x.shape
    m = N * H * W
    dx, dgamma, dbeta = (np.zeros(x.shape), np.zeros(C), np.zeros(C))
    for j in range(C):
        mu = x[:, j].sum() / m
        var = ((x[:, j] - mu) ** 2).sum() / m
        root = np.sqrt(var + eps)
        xhat = (x[:, j] - mu) / root
        dbeta[j] = dout[:, j].sum()
        dgamma[j] = (dout[:, j] * xhat).sum()
        dx[:, j] = gamma[j] / root * (dout[:, j] - dbeta[j] / m - xhat * dgamma[j] / m)
    return (dx, dgamma, dbeta)


def relu(z):
    return np.where(z > 0, z, 0.0)


def max_pool(x, size, stride=None):
    S = size if stride is None else stride
    N, C, H, W = x.shape
    if size > H or size > W:
        raise ValueError(f"a {size}x{size} window does not fit on {H}x{W} images")
    out = np.zeros((N, C, (H - size) // S + 1, (W - size) // S + 1))
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            out[:, :, i, j] = x[:, :, S * i : S * i + size, S * j : S * j + size].max(axis=(2, 3))
    return out


def max_pool_backward(dout, x, size, stride=None):
    S = size if stride is None else stride
    dx = np.zeros(x.shape)
    N, C, out_height, out_width = dout.shape
    for n in range(N):
        for c in range(C):
            for i in range(out_height):
                for j in range(out_width):
                    window = x[n, c, S * i : S * i + size, S * j : S * j + size]
                    p, q = divmod(int(window.argmax()), size)
                    dx[n, c, S * i + p, S * j + q] += dout[n, c, i, j]
    return dx


def dropout_mask(draws, p):
    if not 0 <= p < 1:
        raise ValueError(f"p is the probability of dropping: at least 0 and below 1, not {p}")
    mask = np.zeros(draws.shape)
    for place in np.ndindex(draws.shape):
        if draws[place] >= p:
            mask[place] = 1 / (1 - p)
    return mask


def dropout_forward(x, draws, p, training=True):
    mask = dropout_mask(draws, p)
    if not training:
        return x.astype(float)
    out = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        out[place] = x[place] * mask[place]
    return out


def softmax(logits):
    n_examples, n_classes = logits.shape
    p = np.zeros((n_examples, n_classes))
    for i in range(n_examples):
        largest = max(logits[i])
        total = 0.0
        for c in range(n_classes):
            p[i, c] = np.exp(logits[i, c] - largest)
            total += p[i, c]
        for c in range(n_classes):
            p[i, c] /= total
    return p


def softmax_ce_gradient(logits, target):
    if logits.shape != target.shape:
        raise ValueError(f"logits has shape {logits.shape}, but target has shape {target.shape}")
    n_examples, n_classes = logits.shape
    p = softmax(logits)
    gradient = np.zeros((n_examples, n_classes))
    for i in range(n_examples):
        for c in range(n_classes):
            gradient[i, c] = (p[i, c] - target[i, c]) / n_examples
    return gradient


def adam_step(theta, gradient, m, v, t, rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-08):
    new_m = beta1 * m + (1 - beta1) * gradient
    new_v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = new_m / (1 - beta1**t)
    v_hat = new_v / (1 - beta2**t)
    new_theta = theta - rate * m_hat / (np.sqrt(v_hat) + epsilon)
    return (new_theta, new_m, new_v)


def forward(p, images, draws, drop):
    maps = relu(batchnorm_forward_spatial(conv_forward(images, p["w"], p["b"]), p["gamma"], p["beta"]))
    row = max_pool(maps, 2).reshape(len(images), -1)
    return dropout_forward(row, draws, drop) @ p["wd"] + p["bd"]


def predict(p, mean, var, images):
    maps = relu(batchnorm_inference(conv_forward(images, p["w"], p["b"]), p["gamma"], p["beta"], mean, var))
    return max_pool(maps, 2).reshape(len(images), -1) @ p["wd"] + p["bd"]


def gradients(p, images, target, draws, drop):
    sums = conv_forward(images, p["w"], p["b"])
    normal = batchnorm_forward_spatial(sums, p["gamma"], p["beta"])
    maps = relu(normal)
    pooled = max_pool(maps, 2)
    kept = dropout_forward(pooled.reshape(len(images), -1), draws, drop)
    dlogits = softmax_ce_gradient(kept @ p["wd"] + p["bd"], target)
    drow = dropout_forward(dlogits @ p["wd"].T, draws, drop)
    dmaps = max_pool_backward(drow.reshape(pooled.shape), maps, 2)
    dnormal = dmaps * (normal > 0)
    dsums, dgamma, dbeta = batchnorm_backward_spatial(dnormal, sums, p["gamma"])
    _, dw, db = conv_backward(dsums, images, p["w"], p["b"])
    return {"w": dw, "b": db, "gamma": dgamma, "beta": dbeta, "wd": kept.T @ dlogits, "bd": dlogits.sum(axis=0)}


def train(p, images, labels, orders, draws, batch_size, drop, rate):
    p = dict(p)
    m = {name: np.zeros(value.shape) for name, value in p.items()}
    v = {name: np.zeros(value.shape) for name, value in p.items()}
    mean, var = (np.zeros(len(p["w"])), np.ones(len(p["w"])))
    t = 0
    for e, order in enumerate(orders):
        for start in range(0, len(order), batch_size):
            batch = order[start : start + batch_size]
            t += 1
            slopes = gradients(p, images[batch], np.eye(len(p["bd"]))[labels[batch]], draws[e, batch], drop)
            mean, var = running_statistics(conv_forward(images[batch], p["w"], p["b"]), mean, var)
            for name, slope in slopes.items():
                p[name], m[name], v[name] = adam_step(p[name], slope, m[name], v[name], t, rate)
    return (p, mean, var)
