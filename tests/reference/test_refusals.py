"""What references and solutions refuse beyond what the rubrics ask, and what they say of it."""

import re
from typing import Any

import numpy as np
import pytest
from topics import TOPICS, WHOSE, rubric, topic

from grader.checks.raises import Raising

ones, zeros = np.ones, np.zeros
half = np.full(3, 0.5)
LOSSES = ("mae", "mape", "binary_cross_entropy", "categorical_cross_entropy", "poisson", "kl_divergence")
PASSES = [("dropout_mask", half), ("dropout_forward", half, half), ("dropout_backward", half, half), ("Dropout",)]

WORDS = {  # in the text of every refusal that the topic's rubric asks for
    "conv": r"larger|fit|channels|shape",
    "pooling": r"larger|fit|at least",
    "dropout": "p",
    "batchnorm": "shape",
    "resnet": r"added|filters",
    "sequential": r"'(crossentropy|sigmoide)'|shape|match|size",
    "digits": r"larger|fit|window|channels|shape",
    "autoencoder": r"between 0 and 16|at least 1",
    "rnn": r"state|dimension|above 0|do not fit",
}
ALSO: dict[str, list[tuple[Any, ...]]] = {  # calls that are refused, too: the function and its arguments
    "activations": [("softmax_backward", zeros((3, 2)), zeros((2, 3)))],
    "losses": [(f"{loss}{kind}", half, half[:, None]) for loss in LOSSES for kind in ("", "_gradient")],
    "delta_rule": [
        ("forward", ones(4), ones((2, 4)), ones((1, 3))),
        ("hidden_delta", zeros(1), ones((2, 1)), ones(2), "relu"),
    ],
    "logistic": [
        ("bce", half, ones(2)),
        ("step", ones((4, 2)), ones(4), ones(3), 0.0, 0.1),
        ("train", ones((4, 2)), ones(3), ones(2), 0.0, 0.1, 0),
    ],
    "softmax_ce": [("penalised_loss", zeros((2, 2)), ones((1, 2)), ones((2, 3)), 0.1)],
    "conv": [
        ("conv2d_valid", ones((3, 2)), ones((3, 3))),
        ("conv2d", ones((1, 5)), ones((4, 4)), 1, 1),
        ("conv_forward", ones((1, 3, 4, 4)), ones((1, 1, 2, 2)), ones(1)),  # broadcasting would stretch a single channel
    ],
    "pooling": [(name, ones((1, 1, 5, 2)), 3) for name in ("max_pool", "avg_pool")],
    "dropout": [
        *((*call, p) for call in PASSES for p in (1.0, 1.5, -0.1, float("nan"))),
        *(("random_mask", (2, 3), p, 1) for p in (1.5, -0.1, float("nan"))),
    ],
    "batchnorm": [("batchnorm_forward", ones((4, 3)), ones(3), ones(2))],
    "autoencoder": [
        ("train", ones((2, 2)), [ones((2, 1)), ones(1), ones((1, 2)), ones(2)], 1.0, np.array([[0, 1]]), -1),
    ],
    "rnn": [("clip_by_norm", [ones(2)], -1.0), ("windows", ones(2), 11)],
}
ASKED = [
    (name, (exercise.name, *check.args.values()))
    for name in TOPICS
    for exercise in rubric(name).exercises
    for check in exercise.checks()
    if isinstance(check, Raising)
]


@pytest.mark.parametrize("whose", WHOSE)
@pytest.mark.parametrize(
    ("name", "call"),
    [
        pytest.param(*case, id=f"{case[0]}-{case[1][0]}")
        for case in [*ASKED, *((n, call) for n, calls in ALSO.items() for call in calls)]
    ],
)
def test_bad_input_is_refused(name: str, call: tuple[Any, ...], whose: str) -> None:
    """What does not fit, and a word or number that means nothing here, raises ValueError that says what is wrong."""
    function, *args = call
    with pytest.raises(ValueError) as refusal:
        getattr(getattr(topic(name), whose), function)(*args)
    assert re.search(WORDS.get(name, "."), str(refusal.value))
