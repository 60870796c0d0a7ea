"""Reading the arithmetic that a student is shown: «2*1 + 1*0 + 3*2 + 1*1 = 9» is a chain of two parts that are both 9."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

KNOWN: dict[str, Any] = {
    "e": np.float64(np.e),
    "abs": abs,
    "log": np.log,
    "max": max,
    "relu": lambda s: max(s, 0),
    "sigmoid": lambda s: 1 / (1 + np.exp(-np.float64(s))),
    "sign": np.sign,
    "softmax": lambda z: np.exp(np.array(z) - max(z)) / np.exp(np.array(z) - max(z)).sum(),
    "sqrt": np.sqrt,
    "tanh": np.tanh,
}
PYTHON = [
    (r"\b(?:log|ln) ([\d.e-]+)", r"log(\1)"),
    (r"\|([^|]*)\|", r"abs(\1)"),
    (r"\[([^\[\]]*[<>][^\[\]]*)\]", r"(\1)"),  # [s > 0] is 1 where it holds
    ("²", "**2"),
    (r"\^", "**"),
]


def chain(text: str) -> list[str]:
    """The parts that are said to be equal; the last is the number. A reason in words before or behind them is left out."""
    text = re.sub(r" \([a-z][^()]*\)$", "", text).partition(", because ")[0]
    return text.rpartition(": ")[2].split(" = ")


def values(text: str, names: Mapping[str, Any]) -> Iterator[float]:
    """What each part of the chain comes to, but for those with names that are not among `names`, and the logarithm of 0."""
    text, _, of_z = text.partition(", z = ")
    if of_z:
        sums = list(values(of_z, names))
        assert len(set(sums)) == 1
        names = {**names, "z": sums[0]}
    for part in chain(text):
        for pattern, replacement in PYTHON:
            part = re.sub(pattern, replacement, part)
        code = compile(part, text, "eval")
        if set(code.co_names) <= {*KNOWN, *names}:
            with np.errstate(all="ignore"):  # e^1000 is more than a float can hold
                value = eval(code, {**KNOWN, **names})
            if np.isfinite(value):
                yield float(value)
