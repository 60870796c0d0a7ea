"""What the references are compared with in PyTorch: each layer or loss, its backward pass, and inputs of two sizes.

Arrays are of the sizes that the course's rubrics draw, and of one that a person would train with. Torch's backward pass is autograd's
alone, for an output that it kept; a reference's starts from the inputs again where the course's function does.
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import numpy as np
import torch
from torch.nn import functional

from reference import activations, batchnorm, conv, losses, pooling, resnet, rnn, sequential, softmax_ce

Shapes = Sequence[tuple[int, ...]]


class Layer(msgspec.Struct, frozen=True):
    """One comparison.

    Attributes:
        forward, backward: of the reference: forward(*arrays, *others) and backward(dout, *arrays, *others); None where there is none.
        torch: the same as `forward`, of tensors.
        small, large: the shapes of the arrays; an array is drawn from the normal distribution unless `draw` says otherwise.
    """

    name: str
    forward: Callable[..., Any]
    backward: Callable[..., Any] | None
    torch: Callable[..., torch.Tensor]
    small: Shapes
    large: Shapes
    others: tuple[Any, ...] = ()
    draw: Callable[[np.random.Generator, tuple[int, ...]], Any] = lambda rng, shape: rng.normal(size=shape)


def _rnn(x: torch.Tensor, h0: torch.Tensor, wx: torch.Tensor, wh: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    weights = {"weight_ih_l0": wx.T, "weight_hh_l0": wh.T, "bias_ih_l0": b, "bias_hh_l0": torch.zeros_like(b)}
    cell = torch.nn.RNN(*wx.shape, batch_first=True, dtype=x.dtype)
    found: torch.Tensor = torch.func.functional_call(cell, weights, (x, h0[None]))[0]
    return found


def _residual(x: torch.Tensor, w1: torch.Tensor, b1: torch.Tensor, w2: torch.Tensor, b2: torch.Tensor) -> torch.Tensor:
    return torch.relu(x + functional.linear(torch.relu(functional.linear(x, w1.T, b1)), w2.T, b2))


def _chances(rng: np.random.Generator, shape: tuple[int, ...]) -> Any:
    found = rng.uniform(0.1, 1, size=shape)
    return found / found.sum(axis=-1, keepdims=True)


LAYERS = (
    Layer(
        "conv",
        conv.conv_forward,
        conv.conv_backward,
        lambda x, w, b: functional.conv2d(x, w, b, padding=1),
        ((2, 3, 8, 8), (4, 3, 3, 3), (4,)),
        ((16, 32, 56, 56), (64, 32, 3, 3), (64,)),
        (1, 1),
    ),
    Layer(
        "conv, stride 2",
        conv.conv_forward,
        conv.conv_backward,
        lambda x, w, b: functional.conv2d(x, w, b, stride=2, padding=1),
        ((2, 3, 8, 8), (4, 3, 3, 3), (4,)),
        ((16, 32, 56, 56), (64, 32, 3, 3), (64,)),
        (2, 1),
    ),
    Layer(
        "max pooling",
        pooling.max_pool,
        pooling.max_pool_backward,
        lambda x: functional.max_pool2d(x, 2),
        ((2, 3, 8, 8),),
        ((16, 32, 56, 56),),
        (2,),
    ),
    Layer(
        "average pooling",
        pooling.avg_pool,
        pooling.avg_pool_backward,
        lambda x: functional.avg_pool2d(x, 2),
        ((2, 3, 8, 8),),
        ((16, 32, 56, 56),),
        (2,),
    ),
    Layer(
        "batch normalisation",
        batchnorm.batchnorm_forward_spatial,
        lambda dout, x, gamma, _beta: batchnorm.batchnorm_backward_spatial(dout, x, gamma),
        lambda x, gamma, beta: functional.batch_norm(x, None, None, gamma, beta, training=True),
        ((2, 3, 4, 5), (3,), (3,)),
        ((16, 32, 56, 56), (32,), (32,)),
    ),
    Layer(
        "dense, tanh",
        lambda x, w, b: sequential.dense_forward(x, w, b, "tanh"),
        lambda dout, x, w, b: sequential.dense_backward(dout, x, w, b, "tanh"),
        lambda x, w, b: torch.tanh(x @ w + b),
        ((5, 4), (4, 3), (3,)),
        ((256, 784), (784, 256), (256,)),
    ),
    Layer(
        "residual block",
        resnet.residual_forward,
        resnet.residual_backward,
        _residual,
        ((3, 4), (4, 5), (5,), (5, 4), (4,)),
        ((64, 64), (64, 64), (64,), (64, 64), (64,)),
    ),
    Layer(
        "recurrent layer",
        rnn.rnn_forward,
        rnn.rnn_backward,
        _rnn,
        ((2, 4, 3), (2, 5), (3, 5), (5, 5), (5,)),
        ((32, 40, 32), (32, 64), (32, 64), (64, 64), (64,)),
        draw=lambda rng, shape: 0.1 * rng.normal(size=shape),  # with larger weights, rounding grows from step to step
    ),
    Layer(
        "softmax",
        activations.softmax,
        activations.softmax_backward,
        lambda z: torch.softmax(z, dim=-1),
        ((5, 4),),
        ((4096, 100),),
    ),
    Layer(
        "sigmoid",
        activations.sigmoid,
        lambda dout, z: dout * activations.sigmoid_prime(z),
        torch.sigmoid,
        ((5, 4),),
        ((4096, 100),),
    ),
    Layer(
        "softmax and cross-entropy",
        softmax_ce.softmax_ce_loss,
        lambda _dout, z, t: (softmax_ce.softmax_ce_gradient(z, t), t),
        lambda z, t: functional.cross_entropy(z, t),
        ((5, 4), (5, 4)),
        ((4096, 100), (4096, 100)),
        draw=_chances,
    ),
    Layer(
        "mean squared error",
        lambda p, t: losses.mse(t, p),
        lambda _dout, p, t: (losses.mse_gradient(t, p), t),
        functional.mse_loss,
        ((5, 4), (5, 4)),
        ((4096, 100), (4096, 100)),
    ),
)
