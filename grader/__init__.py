"""Grades numpy exercises: a check is data in, data out, judged elsewhere.

course ──► plan ──► run ──► judge ──► gradebook ──► feedback, integrations
rubric     steps    child   verdicts  durable       what people see

trusted: supervisor                          │  untrusted: child of the zygote
rubric, reference, seeds, expected values    │  the student's source text, numpy
planning, judging, scoring, storing          │  one step at a time, returns bytes
                  msgpack frames over a socketpair, typed, size-capped, numbered

In a notebook: `%load_ext grader`, then `grader.check("conv2d")` and `grader.plot("conv")`.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.integrations.jupyter.checked import Checked
    from grader.integrations.jupyter.plot import Drawn


def check(name: str, topic: str | None = None, course: str | Path | None = None) -> "Checked":
    """Check an exercise of this notebook (or all of a topic) as it would be submitted now."""
    from grader.integrations.jupyter.check import check

    return check(name, topic, course)


def plot(name: str, picture: str | None = None, course: str | Path | None = None) -> "Drawn":
    """Draw the pictures of a topic (or only one) with this notebook's functions."""
    from grader.integrations.jupyter.plot import plot

    return plot(name, picture, course)


def speak(language: str | None = None) -> str:
    """Choose the language of this notebook's output: "es", or another that is there (default: the course's or the environment's)."""
    from grader.integrations.jupyter.check import session

    return session.speak(language)


def load_ipython_extension(shell: Any) -> None:
    """`%load_ext grader`."""
    from grader.integrations.jupyter.extension import load

    load(shell, sys.modules[__name__])
