"""Reference of the topic `capstone`: convolution, batch norm, ReLU, max pooling, dropout and a dense layer, trained with Adam.

Source: the topics that the layers come from; the order of the layers as in Ioffe and Szegedy (2015), batch norm before the activation.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.activations import relu, relu_prime
from reference.batchnorm import (
    batchnorm_backward_spatial,
    batchnorm_forward_spatial,
    batchnorm_inference,
    running_statistics,
)
from reference.conv import conv_backward, conv_forward
from reference.dropout import dropout_backward, dropout_forward
from reference.optimizers import adam_step
from reference.pooling import max_pool, max_pool_backward
from reference.softmax_ce import softmax_ce_gradient

Array = NDArray[np.floating[Any]]
Labels = NDArray[np.integer[Any]]
Parameters = dict[str, Array]


def _dense(p: Parameters, row: Array) -> Array:
    result: Array = np.dot(row, p["wd"]) + p["bd"]
    return result


def _rows(pooled: Array) -> Array:
    return pooled.reshape(len(pooled), math.prod(pooled.shape[1:]))


def forward(p: Parameters, images: Array, draws: Array, drop: float) -> Array:
    """The logits in training: batch statistics, and dropout by `draws`."""
    normal = batchnorm_forward_spatial(conv_forward(images, p["w"], p["b"]), p["gamma"], p["beta"])
    return _dense(p, dropout_forward(_rows(max_pool(relu(normal), 2)), draws, drop))


def predict(p: Parameters, mean: Array, var: Array, images: Array) -> Array:
    """The logits at inference: running statistics, and no dropout."""
    normal = batchnorm_inference(conv_forward(images, p["w"], p["b"]), p["gamma"], p["beta"], mean, var)
    return _dense(p, _rows(max_pool(relu(normal), 2)))


def gradients(p: Parameters, images: Array, target: Array, draws: Array, drop: float) -> Parameters:
    """∂ mean cross-entropy / ∂ each parameter, by the chain rule through the layers."""
    sums = conv_forward(images, p["w"], p["b"])
    normal = batchnorm_forward_spatial(sums, p["gamma"], p["beta"])
    pooled = max_pool(relu(normal), 2)
    kept = dropout_forward(_rows(pooled), draws, drop)
    upstream: Array = softmax_ce_gradient(_dense(p, kept), target)
    dense = {"wd": np.tensordot(kept, upstream, axes=(0, 0)), "bd": upstream.sum(axis=0)}
    upstream = dropout_backward(np.inner(upstream, p["wd"]), draws, drop).reshape(pooled.shape)
    upstream = max_pool_backward(upstream, relu(normal), 2) * relu_prime(normal)
    upstream, dgamma, dbeta = batchnorm_backward_spatial(upstream, sums, p["gamma"])
    _, dw, db = conv_backward(upstream, images, p["w"], p["b"])
    return {"w": dw, "b": db, "gamma": dgamma, "beta": dbeta, **dense}


def train(
    p: Parameters, images: Array, labels: Labels, orders: Labels, draws: Array, batch_size: int, drop: float, rate: float
) -> tuple[Parameters, Array, Array]:
    """Adam on mini-batches in the given orders, and the running statistics of the convolution's outputs."""
    state = {name: (value, np.zeros_like(value), np.zeros_like(value)) for name, value in p.items()}
    statistics = np.zeros_like(p["b"]), np.ones_like(p["b"])
    places = [
        (e, batch) for e, order in enumerate(orders) for batch in np.split(order, range(batch_size, len(order), batch_size))
    ]
    for t, (e, batch) in enumerate(places, 1):
        now = {name: value for name, (value, *_) in state.items()}
        target = (labels[batch][:, None] == np.arange(len(p["bd"]))).astype(float)
        found = gradients(now, images[batch], target, draws[e][batch], drop)
        statistics = running_statistics(conv_forward(images[batch], now["w"], now["b"]), *statistics)
        state = {name: adam_step(value, found[name], m, v, t, rate) for name, (value, m, v) in state.items()}
    return {name: value for name, (value, *_) in state.items()}, *statistics
