"""The rubric of studio."""

import datetime

import numpy as np
import pandas as pd

from grader.course.authoring import agrees, draws, exercise, has_property, manual, prints


def vectors(rng):
    """Vectors of the same length."""
    for _ in range(3):
        yield {"x": rng.normal(size=3)}


def frames(rng):
    """Sales of a few days."""
    for n in (3, 6):
        yield {"sales": pd.DataFrame({"shop": ["north", "south", "west"] * n, "units": rng.integers(1, 50, size=3 * n)})}


def days(rng):
    """Days of all weeks."""
    for _ in range(3):
        yield {"day": datetime.date(2024, 1, 1) + datetime.timedelta(int(rng.integers(366)))}


def counts(rng):
    """Numbers of lines."""
    for n in (3, 5):
        yield {"n": n, "start": float(rng.normal())}


def keeps_the_sum(case, results):
    """Nothing is lost or added but the secret share."""
    total = results[0].to_pandas()["units"].sum()
    return None if np.isclose(total, case["sales"]["units"].sum() * 41.75) else "the units do not add up"


@exercise(points=1, returns=("y",), seconds=0.3, unchanged=False)
def doubled():
    """Twice x: what an honest part of a submission earns."""
    yield agrees("random vectors", cases=vectors, n=3)


@exercise(points=1, seconds=0.5, unchanged=False)
def drawn():
    """A curve that only the reference knows."""
    yield draws("random vectors", ("lines", "titles", "legends", "images"), cases=vectors)


@exercise(points=1, seconds=0.5, unchanged=False)
def by_shop():
    """Units that only the reference knows."""
    yield agrees("random tables", cases=frames, rows="in any order")
    yield has_property("the units add up", cases=frames, law=keeps_the_sum)


@exercise(points=1, seconds=0.3, unchanged=False)
def receipt():
    """Lines that only the reference knows."""
    yield prints("random counts", cases=counts, by="line")


@exercise(points=1, seconds=0.3, unchanged=False)
def due():
    """A day that only the reference knows."""
    yield agrees("random days", cases=days)


@exercise(points=1, seconds=0.3, unchanged=False, first=5)
def walk():
    """Steps that only the reference knows."""
    yield agrees("random counts", cases=counts)


@exercise(points=1, seconds=0.3, unchanged=False, per_student=True)
def own():
    """Numbers of each student's own."""
    yield agrees("random vectors", cases=vectors)


@exercise(points=1, seconds=0.3, unchanged=False)
def weighted():
    """The given points, with weights that only the reference knows."""
    yield agrees("random vectors", cases=vectors)


@exercise(points=1)
def why():
    """Why is that so?"""
    yield manual("the argument", points=1, items={"names the reason": 1})
