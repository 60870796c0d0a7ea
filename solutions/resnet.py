"""Residual blocks: fill in the five functions below, from one dense block to a stack whose gradients you measure.

A residual block adds its input x to the residual r, which its layers (the branch) make of x. Everywhere in this file the last
ReLU comes AFTER the addition (He et al. 2015, Figure 2; the slide names the idea and gives no formula):

    x ──┬── layer 1 ── ReLU ── layer 2 ── r ──(+)── z ── ReLU ── out          z = shortcut + r,   out = relu(z)
        └───────────── shortcut ───────────────┘

`relu`, `conv_forward` and `conv_backward` are given: use them as they are. Every index starts at 0, and no argument may be
changed. The derivative of ReLU is 1 where its input is positive and 0 where it is negative; at exactly 0 both are accepted.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]


def relu(s: Array) -> Array:
    """The rectified linear unit (given): max(0, s), number by number."""
    return np.maximum(s, 0)


def conv_forward(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Array:
    """The convolutional layer of the topic `conv` (given).

    x (N, C, H, W), w (F, C, K, K), b (F,) → (N, F, H', W') with H' = floor((H + 2*pad - K) / stride) + 1 and W' likewise.
    ValueError when x and w have different numbers of channels, or b has not one number for each filter.
    """
    if x.shape[1] != w.shape[1] or len(b) != len(w):
        raise ValueError(f"shapes do not fit: x {x.shape}, w {w.shape}, b {b.shape}")
    K = w.shape[2]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    rows, columns = ((n - K) // stride + 1 for n in padded.shape[2:])
    out = np.zeros((len(x), len(w), rows, columns), np.result_type(x, w, b)) + b[:, None, None]
    for p in range(K):
        for q in range(K):
            met = padded[:, :, p : p + stride * rows : stride, q : q + stride * columns : stride]
            out += np.einsum("ncij,fc->nfij", met, w[:, :, p, q])
    return out


def conv_backward(dout: Array, x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> tuple[Array, Array, Array]:
    """The gradients (dx, dw, db) of `conv_forward(x, w, b, stride, pad)` for the upstream gradient dout (given)."""
    K = w.shape[2]
    H, W = x.shape[2:]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    rows, columns = dout.shape[2:]
    dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
    for p in range(K):
        for q in range(K):
            place = np.s_[:, :, p : p + stride * rows : stride, q : q + stride * columns : stride]
            dpadded[place] += np.einsum("nfij,fc->ncij", dout, w[:, :, p, q])
            dw[:, :, p, q] = np.einsum("nfij,ncij->fc", dout, padded[place])
    return dpadded[:, :, pad : pad + H, pad : pad + W], dw, dout.sum(axis=(0, 2, 3))


def residual_forward(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Array:
    """Forward pass of a dense residual block, or of the same block without its skip connection.

    The branch is two dense layers with a ReLU between them; each row of x is one example, so a layer is x @ w + b:

        s = x @ w1 + b1          h = relu(s)          r = h @ w2 + b2
        z = x + r   (skip=True)        z = r   (skip=False, a plain block)
        out = relu(z)

    The shortcut is added BEFORE the last ReLU: out = relu(x + r), not x + relu(r).
    Lecture L1, slide «Skip Connections y Redes Residuales».

    Args:
        x: shape (N, D), N examples.
        w1: shape (D, M).    b1: shape (M,).
        w2: shape (M, D).    b2: shape (D,).
        skip: whether the input is added. Without it, w2 may also have another number of columns than D.

    Returns:
        out, an array of floats of the shape of z. The arguments are not changed.

    Raises:
        ValueError: skip is True and r has not the shape of x. (Test it: numpy adds (N, D) and (N, 1) without complaint.)

    Example:
        x = [[2, -1]]      w1 = [[1, 0, -1],      b1 = [0, 1, 3]      w2 = [[ 1, 2],      b2 = [0, -4]
                                 [1, 2,  0]]                                [ 4, 1],
                                                                            [-2, 1]]
        s = [[2*1 + -1*1 + 0, 2*0 + -1*2 + 1, 2*-1 + -1*0 + 3]] = [[1, -1, 1]]          h = [[1, 0, 1]]
        r = [[1*1 + 0*4 + 1*-2 + 0, 1*2 + 0*1 + 1*1 + -4]] = [[-1, -1]]
        z = [[2 + -1, -1 + -1]] = [[1, -2]]          out = [[1, 0]]          (with skip=False: z = r, out = [[0, 0]])
    """
    # BEGIN SOLUTION
    h = relu(x @ w1 + b1)
    r = h @ w2 + b2
    if not skip:
        return relu(r)
    if r.shape != x.shape:
        raise ValueError(f"the branch makes {r.shape} of {x.shape}: they cannot be added")
    return relu(x + r)
    # END SOLUTION


def residual_backward(
    dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True
) -> tuple[Array, Array, Array, Array, Array]:
    """Backward pass of the dense block: the gradients of x, w1, b1, w2 and b2.

    Given dout, the gradient of the loss L with respect to `residual_forward(x, w1, b1, w2, b2, skip)`. Compute s, h and z again
    (nothing is handed over from the forward pass) and walk back; * is number by number, .T the transpose, and [z > 0] is 1 where
    z is positive and 0 elsewhere:

        dz  = dout * [z > 0]                    the last ReLU: its input is the SUM z
        dw2 = h.T @ dz                          db2 = sum of the rows of dz
        ds  = (dz @ w2.T) * [s > 0]
        dw1 = x.T @ ds                          db1 = sum of the rows of ds
        dx  = dz + ds @ w1.T                    the shortcut's part and the branch's part

    x went into z by two ways, so its gradient has two parts; the shortcut's is dz itself, with no weight in between. That is
    the slide's «camino alternativo para la gradiente». With skip=False, z = r and dx has the branch's part only.
    Lecture L1, slide «Skip Connections y Redes Residuales».

    Args:
        dout: shape of the output of `residual_forward`.
        x, w1, b1, w2, b2, skip: as in the forward pass.

    Returns:
        (dx, dw1, db1, dw2, db2), arrays of floats with the shapes of x, w1, b1, w2 and b2, in this order. Sums over the
        examples, no mean. The arguments are not changed.

    Example (the block of `residual_forward`, dout = [[3, 5]]; z = [[1, -2]], s = [[1, -1, 1]], h = [[1, 0, 1]]):
        dz  = [[3, 0]]                     the second z is negative
        dw2 = [[3, 0], [0, 0], [3, 0]]     db2 = [3, 0]
        ds  = [[3*1, 0, 3*-2]] = [[3, 0, -6]]                  the second s is negative
        dw1 = [[6, 0, -12], [-3, 0, 6]]    db1 = [3, 0, -6]
        dx  = [[3 + (3*1 + 0*0 + -6*-1), 0 + (3*1 + 0*2 + -6*0)]] = [[12, 3]]
    """
    # BEGIN SOLUTION
    s = x @ w1 + b1
    h = relu(s)
    r = h @ w2 + b2
    z = x + r if skip else r
    dz = dout * (z > 0)
    dw2 = h.T @ dz
    db2 = dz.sum(axis=0)
    ds = (dz @ w2.T) * (s > 0)
    dw1 = x.T @ ds
    db1 = ds.sum(axis=0)
    dx = ds @ w1.T
    if skip:
        dx = dx + dz
    return dx, dw1, db1, dw2, db2
    # END SOLUTION


def projection_forward(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, wp: Array, stride: int = 1) -> Array:
    """Forward pass of a convolutional residual block whose shortcut is a projection.

    A block that makes images smaller (stride) or changes the number of channels cannot add x itself: the shapes differ. The
    shortcut is then a convolution too, with 1 x 1 filters wp, which are learned, and with the stride of the block:

        s = conv(x, w1, b1), 3 x 3, this stride, pad 1          h = relu(s)          r = conv(h, w2, b2), 3 x 3, stride 1, pad 1
        P = conv(x, wp, no bias), 1 x 1, this stride, pad 0, that is
            P[n, f, i, j] = sum over c of x[n, c, stride*i, stride*j] * wp[f, c, 0, 0]
        z = P + r          out = relu(z)

    The shortcut is always projected, also where the shapes of x and r are equal. It needs no bias of its own, since b2 is added
    at the same place already: give `conv_forward` zeros, np.zeros(F). It has no ReLU of its own either.
    Lecture L1, slides «Skip Connections y Redes Residuales» and «Convolución: Forwarding»; the projection is from
    He et al. 2015, equation (2).

    Args:
        x: images, shape (N, C, H, W).
        w1: filters, shape (F, C, 3, 3).    b1: shape (F,).
        w2: filters, shape (F, F, 3, 3).    b2: shape (F,).
        wp: filters of the projection, shape (F, C, 1, 1).
        stride: at least 1; of the first convolution and of the projection, not of the second convolution.

    Returns:
        out, an array of floats of shape (N, F, H', W') with H' = floor((H - 1) / stride) + 1 and W' likewise from W.
        The arguments are not changed.

    Raises:
        ValueError: wp has not as many filters as w2. (Test it: numpy adds 1 channel to F channels without complaint.)

    Example (N = C = F = 1, stride = 2; the leading axes of length 1 are left out):
        x = [[1, 2, 1, 1],      w1 = [[0, 0,  0],      b1 = [1]      w2 = [[0,  0, 0],      b2 = [1]      wp = [[2]]
             [0, 1, 3, 3],            [0, 1,  0],                          [0, -2, 2],
             [2, 0, 2, 1]]            [0, 0, -1]]                          [0,  0, 0]]
        s = [[1 - 1 + 1, 1 - 3 + 1], [2 - 0 + 1, 2 - 0 + 1]] = [[1, -1], [3, 3]]          h = [[1, 0], [3, 3]]
        r = [[-2*1 + 2*0 + 1, -2*0 + 2*0 + 1], [-2*3 + 2*3 + 1, -2*3 + 2*0 + 1]] = [[-1, 1], [1, -5]]
        P = [[2*1, 2*1], [2*2, 2*2]] = [[2, 2], [4, 4]]          (rows 0 and 2, columns 0 and 2 of x)
        z = [[2 - 1, 2 + 1], [4 + 1, 4 - 5]] = [[1, 3], [5, -1]]          out = [[1, 3], [5, 0]]
    """
    # BEGIN SOLUTION
    if len(wp) != len(w2):
        raise ValueError(f"the projection has {len(wp)} filters, the branch {len(w2)}")
    h = relu(conv_forward(x, w1, b1, stride, 1))
    r = conv_forward(h, w2, b2, 1, 1)
    P = conv_forward(x, wp, np.zeros(len(wp), wp.dtype), stride, 0)
    return relu(P + r)
    # END SOLUTION


def projection_backward(
    dout: Array, x: Array, w1: Array, b1: Array, w2: Array, b2: Array, wp: Array, stride: int = 1
) -> tuple[Array, Array, Array, Array, Array, Array]:
    """Backward pass of the block with a projection: the gradients of x, w1, b1, w2, b2 and wp.

    Given dout, the gradient of the loss with respect to `projection_forward(x, w1, b1, w2, b2, wp, stride)`. Compute s, h and z
    again and walk back, with `conv_backward` for each of the three convolutions:

        dz = dout * [z > 0]           the last ReLU: its input is the SUM z
        dh, dw2, db2                  from dz through the second convolution (its input was h; stride 1, pad 1)
        ds = dh * [s > 0]
        dx_branch, dw1, db1           from ds through the first convolution (its input was x; this stride, pad 1)
        dx_short, dwp                 from dz through the projection (its input was x; this stride, pad 0)
        dx = dx_short + dx_branch

    The projection has no bias: leave the third result of its `conv_backward` aside.
    Lecture L1, slides «Skip Connections y Redes Residuales» and «Convolución: Forwarding».

    Args:
        dout: shape (N, F, H', W'), the shape of the output of `projection_forward`.
        x, w1, b1, w2, b2, wp, stride: as in the forward pass.

    Returns:
        (dx, dw1, db1, dw2, db2, dwp), arrays of floats with the shapes of x, w1, b1, w2, b2 and wp, in this order.
        The arguments are not changed.

    Example (the block of `projection_forward`, dout = [[1, -1], [2, 4]]; z = [[1, 3], [5, -1]]):
        dz  = [[1, -1], [2, 0]]          the last z is negative
        db2 = [1 + -1 + 2 + 0] = [2]          dwp = [[1*1 + -1*1 + 2*2 + 0*2]] = [[4]]
        dh  = [[-2*1, 2*1 + -2*-1], [-2*2, 2*2 + -2*0]] = [[-2, 4], [-4, 4]]          ds = [[-2, 0], [-4, 4]]
        db1 = [-2 + 0 + -4 + 4] = [-2]
        dx  = [[2, 0, -2, 0], [0, 0, 0, 0], [4, 0, 0, 0]]          the shortcut's part
            + [[-2, 0, 0, 0], [0, 2, 0, 0], [-4, 0, 4, 0]]         the branch's part
            = [[0, 0, -2, 0], [0, 2, 0, 0], [0, 0, 4, 0]]
    """
    # BEGIN SOLUTION
    s = conv_forward(x, w1, b1, stride, 1)
    h = relu(s)
    r = conv_forward(h, w2, b2, 1, 1)
    no_bias = np.zeros(len(wp), wp.dtype)
    z = conv_forward(x, wp, no_bias, stride, 0) + r
    dz = dout * (z > 0)
    dh, dw2, db2 = conv_backward(dz, h, w2, b2, 1, 1)
    ds = dh * (s > 0)
    dx_branch, dw1, db1 = conv_backward(ds, x, w1, b1, stride, 1)
    dx_short, dwp, _ = conv_backward(dz, x, wp, no_bias, stride, 0)
    return dx_short + dx_branch, dw1, db1, dw2, db2, dwp
    # END SOLUTION


def gradient_norms(x: Array, dout: Array, w1: Array, b1: Array, w2: Array, b2: Array, skip: bool = True) -> Array:
    """How large the gradient is when it arrives at each block of a stack.

    L blocks of `residual_forward` follow each other, all with skip connections or all without (block k has the weights
    w1[k], b1[k], w2[k], b2[k]):

        h_0 = x          h_{k+1} = residual_forward(h_k, w1[k], b1[k], w2[k], b2[k], skip)          for k = 0..L-1

    dout is the gradient of the loss with respect to the last output h_L. Send it back block by block, from the last to the
    first: g_L = dout, and g_k, the gradient with respect to h_k, is the dx of block k for the upstream gradient g_{k+1}. Then

        norms[k] = |g_k| = square root of the sum of the squares of ALL numbers of g_k          for k = 0..L-1

    norms[0] belongs to the first block, the one that sees x: there gradients vanish first when a stack is deep. |dout| itself
    is not in the list. Each block needs the h_k that went into it: keep them on the way forward.
    Lecture L1, slide «Que es el desvanecimiento de la gradiente?»; lecture L2, slide «Una Red Neuronal profunda».

    Args:
        x: shape (N, D).
        dout: shape (N, D).
        w1: shape (L, D, M), L at least 1.    b1: shape (L, M).
        w2: shape (L, M, D).                  b2: shape (L, D).
        skip: whether the blocks have skip connections.

    Returns:
        norms, an array of floats of shape (L,); a list of L numbers is as good. The arguments are not changed.

    Example (N = D = M = 1, three equal blocks, x = [[1]], dout = [[1]]): w1[k] = [[0.5]], w2[k] = [[1]], b1[k] = b2[k] = [0].
        Every sum is positive, so no ReLU cuts anything: r = 0.5*h, and its part of the gradient is 0.5*g.
        skip=False:  g_2 = 0.5*1 = 0.5, g_1 = 0.5*0.5 = 0.25, g_0 = 0.5*0.25 = 0.125          norms = [0.125, 0.25, 0.5]
        skip=True:   g_2 = 1 + 0.5*1 = 1.5, g_1 = 1.5 + 0.5*1.5 = 2.25, g_0 = 3.375           norms = [3.375, 2.25, 1.5]
    """
    # BEGIN SOLUTION
    L = len(w1)
    inputs = []
    h = x
    for k in range(L):
        inputs.append(h)
        h = residual_forward(h, w1[k], b1[k], w2[k], b2[k], skip)
    norms = np.zeros(L)
    g = dout
    for k in reversed(range(L)):
        g = residual_backward(g, inputs[k], w1[k], b1[k], w2[k], b2[k], skip)[0]
        norms[k] = np.sqrt(np.sum(g**2))
    return norms
    # END SOLUTION


if __name__ == "__main__":
    # Try your functions here: this runs when you start the file yourself, never when it is graded.
    w1, b1 = np.array([[1, 0, -1], [1, 2, 0]]), np.array([0, 1, 3])
    w2, b2 = np.array([[1, 2], [4, 1], [-2, 1]]), np.array([0, -4])
    print(residual_forward(np.array([[2.0, -1.0]]), w1, b1, w2, b2))  # should print [[1. 0.]]
