"""Checks for `weather`."""

import pandas as pd

from grader.course.authoring import agrees, examples, exercise

CITIES = ["Lima", "Oslo", "Porto", "Quito"]


def table(rng, cities, n):
    """n days in each city, in any order."""
    rows = rng.permutation([city for city in cities for _day in range(n)]).tolist()
    return pd.DataFrame(
        {
            "city": rows,
            "celsius": rng.uniform(-9, 35, size=len(rows)).round(1),
            "rain": rng.integers(0, 6, size=len(rows)) * 2.5,
        }
    )


def tables(rng):
    for n, m in [(3, 4), (2, 1), (4, 5)]:
        yield dict(days=table(rng, CITIES[:n], m))


def frost(rng):
    days = table(rng, CITIES[:2], 3)
    yield dict(days=days.assign(celsius=-1.5 - days["celsius"].abs()))


def rows_of_a_larger_table(rng):
    """What was cut out of a larger table keeps its labels."""
    days = table(rng, CITIES, 3)
    yield dict(days=days[days["city"] != "Oslo"])


def wet(rng):
    for n, least in [(3, 5.0), (4, 2.5), (2, 0.0)]:
        yield dict(days=table(rng, CITIES[:n], 4), least=least)


def dry(rng):
    yield dict(days=table(rng, CITIES[:2], 3), least=20.0)


@exercise(points=2)
def hottest():
    """The highest temperature of each city."""
    yield from examples()
    yield agrees("random tables", cases=tables, rows="in any order", share=2)
    yield agrees("cities where it freezes", cases=frost, rows="in any order", share=0.5)


@exercise(points=2)
def with_fahrenheit():
    """One more column."""
    yield from examples()
    yield agrees("random tables", cases=tables, share=2)
    yield agrees("rows of a larger table", cases=rows_of_a_larger_table, share=0.5)


@exercise(points=2)
def wet_days():
    """Rows that are chosen and sorted."""
    yield agrees("random tables", cases=wet, share=2)
    yield agrees("no day is wet enough", cases=dry, share=0.25)
