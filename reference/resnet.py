"""Reference of the topic `resnet`: residual blocks with identity and with projection shortcut, and gradients along a stack of them.

Source: lecture L1, slides «Que es el desvanecimiento de la gradiente?» and «Skip Connections y Redes Residuales»; equations (1)
and (2) and Figure 2 of He et al. 2015, «Deep Residual Learning for Image Recognition»: the last ReLU comes after the addition.
The dense block is computed by its Jacobian: for each example the branch is linear where its ReLUs do not switch, so that
∂z/∂x = [I +] W₁ diag(s > 0) W₂. The derivative of ReLU at 0 is 0.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.conv import conv_backward, conv_forward

Array = NDArray[np.floating[Any]]


def _relu(s: Array) -> Array:
    result: Array = np.maximum(s, 0)
    return result


def _open(s: Array) -> NDArray[np.bool_]:
    """The derivative of ReLU, with 0 at 0."""
    result: NDArray[np.bool_] = s > 0
    return result


def _affine(x: Array, w: Array, b: Array) -> Array:
    result: Array = np.einsum("nd,dm->nm", x, w) + b
    return result


def _sums(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool) -> tuple[Array, Array]:
    """The sums s and z that go into the two ReLUs of a dense block."""
    s = _affine(x, w1, b1)
    residual = _affine(_relu(s), w2, b2)
    if skip and residual.shape != x.shape:
        raise ValueError(f"the residual of shape {residual.shape} cannot be added to x of shape {x.shape}")
    return s, x + residual if skip else residual


def residual_forward(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Array:
    """relu(x + relu(x W₁ + b₁) W₂ + b₂), without the «x +» when skip is False (He et al. 2015, equation 1).

    Raises:
        ValueError: the residual has not the shape of x.
    """
    return _relu(_sums(x, w1, b1, w2, b2, skip)[1])


def _jacobians(s: Array, z: Array, w1: Array, w2: Array, skip: bool) -> Array:
    """∂out/∂x of each example, shape (N, D, outputs): ([I +] W₁ diag(s > 0) W₂) diag(z > 0)."""
    inner: Array = np.einsum("dm,nm,me->nde", w1, _open(s), w2)
    if skip:
        inner = inner + np.eye(len(w1), dtype=inner.dtype)
    return inner * _open(z)[:, None, :]


def residual_backward(
    dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True
) -> tuple[Array, Array, Array, Array, Array]:
    """(dx, dw1, db1, dw2, db2) for the upstream gradient dout of `residual_forward` (derived from He et al. 2015, equation 1).

    Raises:
        ValueError: the residual has not the shape of x.
    """
    s, z = _sums(x, w1, b1, w2, b2, skip)
    dz, inner = dout * _open(z), _open(s)
    dx: Array = np.einsum("ne,nde->nd", dout, _jacobians(s, z, w1, w2, skip))
    dw1: Array = np.einsum("nd,ne,me,nm->dm", x, dz, w2, inner)
    db1: Array = np.einsum("ne,me,nm->m", dz, w2, inner)
    dw2: Array = np.einsum("nm,ne->me", _relu(s), dz)
    return dx, dw1, db1, dw2, dz.sum(axis=0)


def _maps(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, wp: Array, stride: int) -> tuple[Array, Array]:
    """The sums s and z that go into the two ReLUs of a block with a projection."""
    if len(wp) != len(w2):
        raise ValueError(f"wp has {len(wp)} filters and w2 has {len(w2)}")
    s = conv_forward(x, w1, b1, stride, 1)
    shortcut = np.einsum("nchw,fcpq->nfhw", x[:, :, ::stride, ::stride], wp)
    return s, shortcut + conv_forward(_relu(s), w2, b2, 1, 1)


def projection_forward(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, wp: Array, stride: int = 1) -> Array:
    """relu(P + conv₂(relu(conv₁(x)))), P[n,f,i,j] = Σ_c x[n,c,Si,Sj] wp[f,c] (He et al. 2015, equation 2).

    Raises:
        ValueError: wp and w2 differ in the number of filters, or wp or w1 and x in the number of channels.
    """
    return _relu(_maps(x, w1, b1, w2, b2, wp, stride)[1])


def projection_backward(
    dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, wp: Array, stride: int = 1
) -> tuple[Array, Array, Array, Array, Array, Array]:
    """(dx, dw1, db1, dw2, db2, dwp) for the upstream gradient dout of `projection_forward` (from He et al. 2015, equation 2).

    Raises:
        ValueError: wp and w2 differ in the number of filters, or wp or w1 and x in the number of channels.
    """
    s, z = _maps(x, w1, b1, w2, b2, wp, stride)
    dz = dout * _open(z)
    dh, dw2, db2 = conv_backward(dz, _relu(s), w2, b2, 1, 1)
    dx, dw1, db1 = conv_backward(dh * _open(s), x, w1, b1, stride, 1)
    dx[:, :, ::stride, ::stride] += np.einsum("nfhw,fcpq->nchw", dz, wp)
    dwp: Array = np.einsum("nfhw,nchw->fc", dz, x[:, :, ::stride, ::stride])[:, :, None, None]
    return dx, dw1, db1, dw2, db2, dwp


def gradient_norms(x: Array, dout: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Array:
    """|∂L/∂h_k| for k = 0..L-1, h_k the input of block k: dout times the Jacobians of the blocks L-1..k (L1 «Que es el
    desvanecimiento de la gradiente?»)."""
    jacobians = []
    for k in range(len(w1)):
        s, z = _sums(x, w1[k], b1[k], w2[k], b2[k], skip)
        jacobians.append(_jacobians(s, z, w1[k], w2[k], skip))
        x = _relu(z)
    norms = []
    for jacobian in reversed(jacobians):
        dout = np.einsum("ne,nde->nd", dout, jacobian)
        norms.append(np.linalg.norm(dout))
    return np.array(norms[::-1], dout.dtype)
