"""Batch normalization: fill in the functions below. Two work on batches of vectors (N, D), two on batches of images (N, C, H, W),
two on both.

Every feature (or channel) is treated by itself. Loops over the features are fine; numpy is all you need.
"""

import time

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]


def batchnorm_forward(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """Batch normalization of vectors in training: every feature is brought to mean beta and spread gamma.

    For each feature j, with the mean and the variance of this batch (the sums run over the N examples i):

        mu[j]  = 1/N * sum of x[i, j]
        var[j] = 1/N * sum of (x[i, j] - mu[j])²                 (divided by N, not by N - 1)
        xhat[i, j] = (x[i, j] - mu[j]) / sqrt(var[j] + eps)      (eps is inside of the root)
        O[i, j] = xhat[i, j] * gamma[j] + beta[j]

    Lecture L1, slide «BatchNorm Layers: Lidando con el “covariate shift”» (there for images; vectors are images of one pixel).

    Args:
        x: shape (N, D), N examples of D features.
        gamma: shape (D,), what every feature is multiplied by; learned.
        beta: shape (D,), what is added then; learned.
        eps: a small positive number that keeps the root away from 0.

    Returns:
        O, shape (N, D). The arguments are not changed.
        A feature that is the same in all examples has var = 0 and xhat = 0, so O = beta; likewise when N = 1.

    Raises:
        ValueError: x has not two axes, or gamma or beta has not one number for each feature.

    Example (eps = 1, so that the roots are whole numbers):
        x = [[0, 1],      gamma = [3,  2]      mu  = [4, 2]      xhat = [[-4/3, -1/2],      O = [[-3, -2],
             [4, 1],      beta  = [1, -1]      var = [8, 3]              [   0, -1/2],           [ 1, -2],
             [4, 1],                                                     [   0, -1/2],           [ 1, -2],
             [8, 5]]                                                     [ 4/3,  3/2]]           [ 5,  2]]
        mu[0] = (0 + 4 + 4 + 8)/4 = 4      var[0] = (16 + 0 + 0 + 16)/4 = 8      O[0, 0] = (0 - 4)/sqrt(8 + 1) * 3 + 1 = -3
    """
    # BEGIN SOLUTION
    if x.ndim != 2:
        raise ValueError(f"x should have the axes (N, D), not shape {x.shape}")
    N, D = x.shape
    if gamma.shape != (D,) or beta.shape != (D,):
        raise ValueError(f"{D} features, but gamma and beta have shapes {gamma.shape} and {beta.shape}")
    out = np.zeros((N, D))
    for j in range(D):
        mu = x[:, j].sum() / N
        var = ((x[:, j] - mu) ** 2).sum() / N
        xhat = (x[:, j] - mu) / np.sqrt(var + eps)
        out[:, j] = xhat * gamma[j] + beta[j]
    return out
    # END SOLUTION


def batchnorm_backward(dout: Array, x: Array, gamma: Array, eps: float = 1e-5) -> tuple[Array, Array, Array]:
    """Gradients of batch normalization of vectors: dx, dgamma and dbeta.

    Given dout, the gradient of the loss with respect to the output of `batchnorm_forward(x, gamma, beta, eps)`. With mu, var and
    xhat of the forward pass, for each feature j (the sums run over the N examples i):

        dbeta[j]  = sum of dout[i, j]
        dgamma[j] = sum of dout[i, j] * xhat[i, j]
        dx[i, j]  = gamma[j] / sqrt(var[j] + eps) * (dout[i, j] - dbeta[j]/N - xhat[i, j] * dgamma[j]/N)

    An example moves the output in three ways: itself (the first term), through the mean that is subtracted from all examples
    (the second) and through the variance that all are divided by (the third).

    Lecture L1, slide «BatchNorm Layers: Lidando con el “covariate shift”» (it defines the forward pass; its derivative is derived
    here, as in Ioffe and Szegedy 2015).

    Args:
        dout: shape (N, D), the shape of the forward pass's output.
        x: shape (N, D), as in the forward pass.
        gamma: shape (D,), as in the forward pass. beta has no influence on the gradients.
        eps: as in the forward pass.

    Returns:
        the tuple (dx, dgamma, dbeta) with the shapes (N, D), (D,) and (D,). The arguments are not changed.
        For N = 1, and where all examples get the same dout, dx = 0: then moving x moves the mean just as much.

    Example (x, gamma and eps of `batchnorm_forward`'s example):
        dout = [[-1,  0],      dbeta  = [ 8, 4]      dx = [[ 1,  0],
                [ 2, -2],      dgamma = [12, 8]            [ 0, -2],
                [-1,  1],                                  [-3,  1],
                [ 8,  5]]                                  [ 2,  1]]
        dbeta[0] = -1 + 2 - 1 + 8 = 8      dgamma[0] = -1*(-4/3) + 2*0 - 1*0 + 8*4/3 = 12
        dx[0, 0] = 3/sqrt(8 + 1) * (-1 - 8/4 - (-4/3)*12/4) = 1 * (-1 - 2 + 4) = 1
    """
    # BEGIN SOLUTION
    N, D = x.shape
    dx, dgamma, dbeta = np.zeros((N, D)), np.zeros(D), np.zeros(D)
    for j in range(D):
        mu = x[:, j].sum() / N
        var = ((x[:, j] - mu) ** 2).sum() / N
        root = np.sqrt(var + eps)
        xhat = (x[:, j] - mu) / root
        dbeta[j] = dout[:, j].sum()
        dgamma[j] = (dout[:, j] * xhat).sum()
        # the chain rule step by step: what xhat is worth, then var and mu, which all examples share
        dxhat = dout[:, j] * gamma[j]
        dvar = (dxhat * (x[:, j] - mu)).sum() * -0.5 * (var + eps) ** -1.5
        dmu = -dxhat.sum() / root
        dx[:, j] = dxhat / root + dvar * 2 * (x[:, j] - mu) / N + dmu / N
    return dx, dgamma, dbeta
    # END SOLUTION


def running_statistics(x: Array, running_mean: Array, running_var: Array, momentum: float = 0.1) -> tuple[Array, Array]:
    """The running mean and variance after one more batch.

    At inference there may be one example only, whose own mean and variance say nothing. So training keeps a running average of
    the means and variances of its batches. For each feature (or channel) j, with mu[j] and var[j] of the batch:

        new_mean[j] = (1 - momentum) * running_mean[j] + momentum * mu[j]
        new_var[j]  = (1 - momentum) * running_var[j]  + momentum * var[j]

    momentum is the weight of the NEW batch, as in PyTorch (in Keras `momentum` is the weight of the old average). var is the
    slide's variance, divided by the number m of values (m = N for vectors, m = N*H*W for images). Here PyTorch differs: it
    normalizes with that variance, too, but puts the one divided by m - 1 into the running average.

    Lecture L1, slide «BatchNorm Layers: Lidando con el “covariate shift”» (it defines mu and var; the running average is from Ioffe
    and Szegedy 2015, section 3.1).

    Args:
        x: shape (N, D) or (N, C, H, W), the batch. Features (or channels) are axis 1.
        running_mean: shape (D,) or (C,), the average so far.
        running_var: the same shape, the average so far.
        momentum: between 0 (nothing changes) and 1 (the batch replaces the average).

    Returns:
        the tuple (new_mean, new_var), new arrays with the shape of running_mean. The arguments are not changed.

    Example (x of `batchnorm_forward`'s example, with mu = [4, 2] and var = [8, 3]; momentum = 0.25):
        running_mean = [0, 2]      new_mean = [0.75*0 + 0.25*4, 0.75*2 + 0.25*2] = [1,    2  ]
        running_var  = [1, 1]      new_var  = [0.75*1 + 0.25*8, 0.75*1 + 0.25*3] = [2.75, 1.5]
    """
    # BEGIN SOLUTION
    new_mean, new_var = np.zeros(running_mean.shape), np.zeros(running_var.shape)
    for j in range(x.shape[1]):
        values = x[:, j]  # (N,) or (N, H, W)
        mu = values.sum() / values.size
        var = ((values - mu) ** 2).sum() / values.size
        new_mean[j] = (1 - momentum) * running_mean[j] + momentum * mu
        new_var[j] = (1 - momentum) * running_var[j] + momentum * var
    return new_mean, new_var
    # END SOLUTION


def batchnorm_inference(x: Array, gamma: Array, beta: Array, running_mean: Array, running_var: Array, eps: float = 1e-5) -> Array:
    """Batch normalization at inference: with the running mean and variance in the place of the batch's.

    For each feature (or channel) j:

        O[i, j] = (x[i, j] - running_mean[j]) / sqrt(running_var[j] + eps) * gamma[j] + beta[j]

    and for images the same at every row k and column l. Nothing is computed from the batch, so the result of an example does
    not depend on the examples beside it.

    Lecture L1, slide «BatchNorm Layers: Lidando con el “covariate shift”» (with the running statistics of Ioffe and Szegedy 2015).

    Args:
        x: shape (N, D) or (N, C, H, W). Features (or channels) are axis 1; N may be 1.
        gamma, beta, running_mean, running_var: shape (D,) or (C,).
        eps: as in training; inside of the root.

    Returns:
        O, the shape of x. The arguments are not changed.

    Raises:
        ValueError: gamma, beta, running_mean or running_var has not one number for each feature (or channel).

    Example (eps = 1):
        x = [[5,  3],      gamma = [3,  2]      running_mean = [2, 1]      O = [[4,  1],
             [2, -1]]      beta  = [1, -1]      running_var  = [8, 3]           [1, -3]]
        O[0, 0] = (5 - 2)/sqrt(8 + 1) * 3 + 1 = 4      O[1, 1] = (-1 - 1)/sqrt(3 + 1) * 2 - 1 = -3
    """
    # BEGIN SOLUTION
    channels = x.shape[1]
    for name, numbers in [("gamma", gamma), ("beta", beta), ("running_mean", running_mean), ("running_var", running_var)]:
        if numbers.shape != (channels,):
            raise ValueError(f"{channels} features or channels, but {name} has shape {numbers.shape}")
    out = np.zeros(x.shape)
    for j in range(channels):
        xhat = (x[:, j] - running_mean[j]) / np.sqrt(running_var[j] + eps)
        out[:, j] = xhat * gamma[j] + beta[j]
    return out
    # END SOLUTION


def batchnorm_forward_spatial(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """Batch normalization of images in training: every channel is brought to mean beta and spread gamma.

    A channel has one mean and one variance, over all images, rows and columns. For each channel j (the sums run over the
    m = N*H*W places i, k, l):

        mu[j]  = 1/(N*H*W) * sum of x[i, j, k, l]
        var[j] = 1/(N*H*W) * sum of (x[i, j, k, l] - mu[j])²
        O[i, j, k, l] = (x[i, j, k, l] - mu[j]) / sqrt(var[j] + eps) * gamma[j] + beta[j]

    Lecture L1, slide «BatchNorm Layers: Lidando con el “covariate shift”».

    Args:
        x: shape (N, C, H, W); N may be 1.
        gamma: shape (C,).
        beta: shape (C,).
        eps: a small positive number, inside of the root.

    Returns:
        O, shape (N, C, H, W). The arguments are not changed. A channel that is the same everywhere gives O = beta.

    Raises:
        ValueError: x has not four axes, or gamma or beta has not one number for each channel.

    Example (N = 2 images, C = 2 channels, H = 1 row, W = 2 columns; gamma = [3, 4], beta = [1, -1], eps = 1):
        x[0] = [[[0, 4]],      x[1] = [[[4, 8]],      mu  = [4, 2]      O[0] = [[[-3,  1]],      O[1] = [[[ 1, 5]],
                [[1, 1]]]              [[1, 5]]]      var = [8, 3]              [[-3, -3]]]              [[-3, 5]]]
        mu[0] = (0 + 4 + 4 + 8)/4 = 4                 O[0, 0, 0, 0] = (0 - 4)/sqrt(8 + 1) * 3 + 1 = -3
    """
    # BEGIN SOLUTION
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
    # END SOLUTION


def batchnorm_backward_spatial(dout: Array, x: Array, gamma: Array, eps: float = 1e-5) -> tuple[Array, Array, Array]:
    """Gradients of batch normalization of images: dx, dgamma and dbeta.

    As `batchnorm_backward`, with the m = N*H*W numbers of a channel in the place of the N numbers of a feature. For each channel j
    (the sums run over all i, k, l):

        dbeta[j]  = sum of dout[i, j, k, l]
        dgamma[j] = sum of dout[i, j, k, l] * xhat[i, j, k, l]
        dx[i, j, k, l] = gamma[j] / sqrt(var[j] + eps) * (dout[i, j, k, l] - dbeta[j]/m - xhat[i, j, k, l] * dgamma[j]/m)

    Lecture L1, slide «BatchNorm Layers: Lidando con el “covariate shift”» (it defines the forward pass; its derivative is derived
    here, as in Ioffe and Szegedy 2015).

    Args:
        dout: shape (N, C, H, W), the shape of the forward pass's output.
        x: shape (N, C, H, W), as in the forward pass.
        gamma: shape (C,), as in the forward pass.
        eps: as in the forward pass.

    Returns:
        the tuple (dx, dgamma, dbeta) with the shapes (N, C, H, W), (C,) and (C,). The arguments are not changed.

    Example (x, gamma and eps of `batchnorm_forward_spatial`'s example):
        dout[0] = [[[-1,  2]],      dout[1] = [[[-1, 8]],      dbeta  = [ 8, 4]      dx[0] = [[[1,  0]],      dx[1] = [[[-3, 2]],
                   [[ 0, -2]]]                 [[ 1, 5]]]      dgamma = [12, 8]               [[0, -4]]]               [[ 2, 2]]]
        dbeta[0] = -1 + 2 - 1 + 8 = 8               dx[0, 0, 0, 0] = 3/sqrt(8 + 1) * (-1 - 8/4 - (-4/3)*12/4) = 1
    """
    # BEGIN SOLUTION
    N, C, H, W = x.shape
    m = N * H * W
    dx, dgamma, dbeta = np.zeros(x.shape), np.zeros(C), np.zeros(C)
    for j in range(C):
        mu = x[:, j].sum() / m
        var = ((x[:, j] - mu) ** 2).sum() / m
        root = np.sqrt(var + eps)
        xhat = (x[:, j] - mu) / root
        dbeta[j] = dout[:, j].sum()
        dgamma[j] = (dout[:, j] * xhat).sum()
        dx[:, j] = gamma[j] / root * (dout[:, j] - dbeta[j] / m - xhat * dgamma[j] / m)
    return dx, dgamma, dbeta
    # END SOLUTION


def fast_batchnorm_forward(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """Optional: `batchnorm_forward` once more, without a loop over features or examples.

    The mean of all features at once is one call, and numpy subtracts one row from all rows by itself. On a hundred thousand features it
    may take 10 times as long as the course's own; start this file to see how fast yours is.

    Args:
        x, gamma, beta, eps: as in `batchnorm_forward`; they fit each other, you need not check them.

    Returns:
        What `batchnorm_forward` returns.

    Example: that of `batchnorm_forward`.
    """
    # BEGIN SOLUTION
    centred = x - x.mean(axis=0)
    return centred / np.sqrt((centred**2).mean(axis=0) + eps) * gamma + beta
    # END SOLUTION


if __name__ == "__main__":
    # Try your functions here: this runs when you start the file yourself, never when it is graded.
    x = np.array([[0, 1], [4, 1], [4, 1], [8, 5]])
    # should print [[-3. -2.], [1. -2.], [1. -2.], [5. 2.]]
    print(batchnorm_forward(x, np.array([3, 2]), np.array([1, -1]), eps=1))
    # Now make it fast: how many times as fast as the loops is yours?
    vectors, ones = np.random.default_rng(0).normal(size=(4, 100_000)), np.ones(100_000)
    seconds = []
    for function in (batchnorm_forward, fast_batchnorm_forward):
        started = time.perf_counter()
        function(vectors, ones, ones)
        seconds.append(time.perf_counter() - started)
    print(f"loops: {seconds[0]:.3f} s, yours: {seconds[1]:.4f} s: {seconds[0] / seconds[1]:.0f} times as fast")
