"""The reference of softmax and cross-entropy against PyTorch in float64."""

from typing import Any

import numpy as np
import pytest
import torch
from against_torch import close, is_loss, normal
from torch.nn.functional import cross_entropy, nll_loss, one_hot

from reference import softmax_ce as reference

every_shape = pytest.mark.parametrize(("count", "classes"), [(1, 4), (5, 3), (3, 3), (7, 2)])
every_level = pytest.mark.parametrize("level", [0.0, 1000.0, -1000.0])


def draw(count: int, classes: int, level: float = 0.0) -> tuple[Any, Any]:
    """Logits near `level`, and labels."""
    return level + 2 * normal((count, classes))[0], np.random.default_rng([count, classes]).integers(classes, size=count)


@every_level
@every_shape
def test_softmax(count: int, classes: int, level: float) -> None:
    """softmax is torch.softmax along the classes."""
    logits, _ = draw(count, classes, level)
    close(reference.softmax(logits), torch.softmax(torch.from_numpy(logits), dim=1))


@every_level
@every_shape
def test_loss_and_gradient(count: int, classes: int, level: float) -> None:
    """softmax_ce_loss is torch's cross_entropy, softmax_ce_gradient its autograd."""
    logits, labels = draw(count, classes, level)
    target = reference.one_hot(labels, classes)
    loss, gradient = reference.softmax_ce_loss(logits, target), reference.softmax_ce_gradient(logits, target)
    is_loss(loss, [gradient], lambda z: cross_entropy(z, torch.from_numpy(labels)), logits)


@every_shape
def test_cross_entropy_and_one_hot(count: int, classes: int) -> None:
    """cross_entropy is torch's nll_loss of the logarithms, one_hot torch's one_hot."""
    logits, labels = (torch.from_numpy(array) for array in draw(count, classes))
    p, target = torch.softmax(logits, dim=1), one_hot(labels, classes)
    close(reference.one_hot(labels.numpy(), classes), target)
    close(reference.cross_entropy(p.numpy(), target.double().numpy()), nll_loss(torch.log(p), labels))


def test_hopeless_class() -> None:
    """A right class 1000 below another costs what it costs in torch, also in its gradient."""
    logits, target = np.array([[0.0, 1000.0]]), np.array([[1.0, 0.0]])
    assert reference.softmax_ce_loss(logits, target) == 1000
    is_loss(1000, [reference.softmax_ce_gradient(logits, target)], lambda z: cross_entropy(z, torch.tensor([0])), logits)


def test_penalty() -> None:
    """penalised_loss adds reg times torch's squared norm of the weights."""
    (logits, labels), weights = draw(5, 3), normal((4, 3), seed=1)[0]
    want = cross_entropy(torch.from_numpy(logits), torch.from_numpy(labels)) + 0.3 * torch.from_numpy(weights).square().sum()
    close(reference.penalised_loss(logits, reference.one_hot(labels, 3), weights, 0.3), want)
