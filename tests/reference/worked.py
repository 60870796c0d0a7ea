"""The worked examples of a topic, read as the engine reads them."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from grader.course.folder import read_course
from grader.course.rubric import read_rubric


class Worked(NamedTuple):
    """A worked example, with arrays and numbers in the place of lists and fractions."""

    exercise: str
    inputs: dict[str, Any]
    expected: Any
    atol: float | None


def worked(topic: str) -> Mapping[str, Worked]:
    """The examples of a topic's `examples.toml` by id."""
    assignment = read_course(Path(__file__).resolve().parents[2]).assignment(topic)
    tables = tomllib.loads(assignment.examples.read_text(encoding="utf-8"))
    return {
        name: Worked(tables[name]["exercise"], found.inputs, found.expected, found.atol)
        for name, found in read_rubric(assignment).examples.items()
    }
