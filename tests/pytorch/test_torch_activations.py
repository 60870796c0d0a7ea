"""The activations against PyTorch in float64: values and autograd."""

from typing import Any

import numpy as np
import pytest
import torch
from against_torch import ACTIVATIONS, close, is_layer, normal

from reference import activations as reference

SHAPES = [(7,), (3, 5), (4, 4), (1, 6)]
FAR_OUT = np.array([-1000.0, -30.0, 30.0, 1000.0])
ROWS_FAR_OUT = np.array([[1000.0, 999.0, 998.5], [-1000.0, -1001.0, -999.0]])


def is_torchs(name: str, z: Any) -> None:
    """Value and derivative are torch's."""
    prime = getattr(reference, f"{name}_prime")
    is_layer(getattr(reference, name), lambda dout, z: dout * prime(z), ACTIVATIONS[name], [z])


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", ["sigmoid", "tanh", "relu"])
def test_elementwise(name: str, shape: tuple[int, ...]) -> None:
    """Value and derivative of sigmoid, tanh and ReLU."""
    is_torchs(name, 3 * normal(shape)[0])


@pytest.mark.parametrize("name", ["sigmoid", "tanh"])
def test_far_out(name: str) -> None:
    """Values and derivatives at ±1000 and at ±30."""
    is_torchs(name, FAR_OUT)


@pytest.mark.parametrize("z", [*(3 * normal(shape)[0] for shape in SHAPES[1:]), ROWS_FAR_OUT], ids=[*map(str, SHAPES[1:]), "far"])
def test_softmax(z: Any) -> None:
    """Softmax of a batch and its backward pass, for rows near 1000 and -1000 too."""
    is_layer(reference.softmax, reference.softmax_backward, ACTIVATIONS["softmax"], [z])


@pytest.mark.parametrize("length", [1, 2, 5, 7])
def test_softmax_of_a_row(length: int) -> None:
    """Softmax of a single row, and its Jacobian."""
    z = 3 * normal(length)[0]
    close(reference.softmax(z), torch.softmax(torch.tensor(z), dim=-1))
    close(reference.softmax_jacobian(z), torch.autograd.functional.jacobian(ACTIVATIONS["softmax"], torch.tensor(z)))
