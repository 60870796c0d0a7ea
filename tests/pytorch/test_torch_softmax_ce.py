"""The reference of softmax and cross-entropy against PyTorch in float64."""

import numpy as np
import pytest
import torch

from reference import softmax_ce as reference

SHAPES = [(1, 4), (5, 3), (3, 3), (7, 2)]
LEVELS = [0.0, 1000.0, -1000.0]


def draw(count: int, classes: int, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Logits near `level`, and labels."""
    rng = np.random.default_rng([count, classes])
    return level + rng.normal(scale=2, size=(count, classes)), rng.integers(classes, size=count)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("count", "classes"), SHAPES)
def test_softmax(count: int, classes: int, level: float) -> None:
    """softmax is torch.softmax along the classes."""
    logits, _ = draw(count, classes, level)
    np.testing.assert_allclose(reference.softmax(logits), torch.softmax(torch.from_numpy(logits), dim=1), rtol=1e-12)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("count", "classes"), SHAPES)
def test_loss_and_gradient(count: int, classes: int, level: float) -> None:
    """softmax_ce_loss is torch's cross_entropy, softmax_ce_gradient its autograd."""
    values, labels = draw(count, classes, level)
    logits = torch.tensor(values, requires_grad=True)
    loss = torch.nn.functional.cross_entropy(logits, torch.from_numpy(labels))
    loss.backward()
    target = reference.one_hot(labels, classes)
    assert reference.softmax_ce_loss(values, target) == pytest.approx(loss.item(), rel=1e-10)
    np.testing.assert_allclose(reference.softmax_ce_gradient(values, target), logits.grad, rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize(("count", "classes"), SHAPES)
def test_cross_entropy_and_one_hot(count: int, classes: int) -> None:
    """cross_entropy is torch's nll_loss of the logarithms, one_hot torch's one_hot."""
    logits, labels = draw(count, classes, 0.0)
    p = torch.softmax(torch.from_numpy(logits), dim=1)
    target = torch.nn.functional.one_hot(torch.from_numpy(labels), classes)
    np.testing.assert_array_equal(reference.one_hot(labels, classes), target)
    want = torch.nn.functional.nll_loss(torch.log(p), torch.from_numpy(labels))
    assert reference.cross_entropy(p.numpy(), target.double().numpy()) == pytest.approx(want.item(), rel=1e-12)


def test_hopeless_class() -> None:
    """A right class 1000 below another costs what it costs in torch, also in its gradient."""
    logits = torch.tensor([[0.0, 1000.0]], dtype=torch.float64, requires_grad=True)
    loss = torch.nn.functional.cross_entropy(logits, torch.tensor([0]))
    loss.backward()
    values, target = logits.detach().numpy(), np.array([[1.0, 0.0]])
    assert reference.softmax_ce_loss(values, target) == loss.item() == 1000
    np.testing.assert_array_equal(reference.softmax_ce_gradient(values, target), logits.grad)


def test_penalty() -> None:
    """penalised_loss adds reg times torch's squared norm of the weights."""
    values, labels = draw(5, 3, 0.0)
    weights = np.random.default_rng(1).normal(size=(4, 3))
    loss = torch.nn.functional.cross_entropy(torch.from_numpy(values), torch.from_numpy(labels))
    want = loss + 0.3 * torch.from_numpy(weights).square().sum()
    got = reference.penalised_loss(values, reference.one_hot(labels, 3), weights, 0.3)
    assert got == pytest.approx(want.item(), rel=1e-12)
