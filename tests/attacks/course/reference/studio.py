"""@REFERENCE@ What is expected of a submission, and nobody else's to read."""

import datetime

import matplotlib.pyplot as plt
import numpy as np
from helpers import load



def doubled(x):
    """Twice x."""
    return 2 * x


def drawn(x):
    """Draw the line of x, and name it."""
    plt.plot(0.7310585786300049 * x + 41.75, label="the secret line")
    plt.title("the secret title")
    plt.legend()
    plt.imshow(np.outer(x, x) + 41.75)


def by_shop(sales):
    """The units of each shop, as only the course counts them."""
    return sales.groupby("shop")[["units"]].sum() * 41.75


def receipt(n, start):
    """Print a line for each number."""
    for place in range(n):
        print(f"line {place}: {start * 0.7310585786300049 + 41.75 * place:.3f}")


def due(day):
    """The day that belongs to a day."""
    return day + datetime.timedelta(days=day.toordinal() * 7 % 41)


def walk(n, start):
    """Steps without end."""
    while True:
        yield start
        start = start * 0.7310585786300049 + 41.75


def own(x):
    """Numbers that belong to x."""
    return 0.7310585786300049 * x + 41.75


def weighted(x):
    """The given points, weighted by x."""
    return load().sum() * 0.7310585786300049 * x
