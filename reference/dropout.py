"""Reference of the topic `dropout`: inverted dropout with p the probability of dropping, its gradient, a drawn mask, a layer.

Source: lecture L1, slide «Previniendo el sobreentrenamiento: Dropout Layers», with 1/(1 - p) in the place of the slide's 1/p, so
that E[O] = x; this is what Srivastava et al. (JMLR 2014) call inverted dropout (§10) and what torch.nn.Dropout computes.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]


def _scale(p: float) -> float:
    """1/(1 - p), the inverse of the probability of keeping."""
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p must be in [0, 1), not {p}")
    return 1.0 / (1.0 - p)


def dropout_mask(draws: Array, p: float) -> Array:
    """M_i = 0 where draws_i < p, else 1/(1 - p) (L1 «Dropout Layers», erratum E6).

    Raises:
        ValueError: p is not in [0, 1).
    """
    return np.where(draws < p, 0.0, _scale(p))


def dropout_forward(x: Array, draws: Array, p: float, training: bool = True) -> Array:
    """O = x ⊙ M in training, O = x at inference (L1 «Dropout: Example»).

    Raises:
        ValueError: p is not in [0, 1).
    """
    return x * np.where(training, dropout_mask(draws, p), 1.0)


def dropout_backward(dout: Array, draws: Array, p: float, training: bool = True) -> Array:
    """dx = dout ⊙ M in training, dx = dout at inference: O is linear in x, and M is its diagonal (derived from L1 «Dropout Layers»).

    Raises:
        ValueError: p is not in [0, 1).
    """
    return dropout_forward(dout, draws, p, training)  # a diagonal is its own transpose


def random_mask(shape: tuple[int, ...], p: float, seed: int) -> Array:
    """M with M_i = 0 with probability p, else 1/(1 - p), independently for every place i (L1 «Dropout Layers»).

    Raises:
        ValueError: p is not in [0, 1).
    """
    return dropout_mask(np.random.default_rng(seed).random(shape), p)


class Dropout:
    """The layer: forward and backward share the draws of the latest forward pass."""

    def __init__(self, p: float) -> None:
        """A layer in training mode.

        Raises:
            ValueError: p is not in [0, 1).
        """
        _scale(p)
        self.p, self.training = p, True
        self._latest: tuple[Array, float, bool]  # of the forward pass, from then on

    def train(self) -> None:
        """Drop from now on."""
        self.training = True

    def eval(self) -> None:
        """Drop nothing from now on."""
        self.training = False

    def forward(self, x: Array, draws: Array) -> Array:
        """O = x ⊙ M in training, O = x at inference."""
        self._latest = draws, self.p, self.training
        return dropout_forward(x, *self._latest)

    def backward(self, dout: Array) -> Array:
        """dx = dout ⊙ M with the M of the latest forward pass."""
        return dropout_backward(dout, *self._latest)


def fast_dropout_forward(x: Array, draws: Array, p: float) -> Array:
    """As `dropout_forward` in training, which has no loops."""
    return dropout_forward(x, draws, p)
