"""Checks for `figures`."""

from grader.course.authoring import draws, exercise

ANIMALS = ["cat", "dog", "hen", "owl", "pig"]


def weeks(rng):
    for n in (7, 4):
        morning, evening = rng.uniform(-5, 30, size=(2, n)).round(1).tolist()
        yield dict(days=list(range(1, n + 1)), morning=morning, evening=evening)


def some_days_only(rng):
    """Days between which there are others."""
    days = sorted(rng.choice(range(1, 31), size=5, replace=False).tolist())
    morning, evening = rng.uniform(-5, 30, size=(2, 5)).round(1).tolist()
    yield dict(days=days, morning=morning, evening=evening)


def votes(rng):
    for n in (3, 5):
        names = rng.choice(ANIMALS, size=n, replace=False).tolist()
        yield dict(counts=dict(zip(names, rng.permutation(range(1, 30))[:n].tolist())))


@exercise(points=2, unchanged=False)
def temperatures():
    """Two lines with a legend."""
    yield draws("random weeks", ("lines", "has labels", "has legends"), cases=weeks, share=2)
    yield draws("days that are apart", ("lines",), cases=some_days_only, share=0.5)


@exercise(points=2)
def favourites():
    """A bar chart with a title."""
    yield draws("random counts", ("bars", "titles"), cases=votes)
