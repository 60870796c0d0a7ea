"""What belongs to numbers, tables and days."""

import datetime

import matplotlib.pyplot as plt
import numpy as np



def doubled(x):
    """Twice x."""
    # BEGIN SOLUTION
    # @SOLUTION@
    return 2 * x
    # END SOLUTION


def drawn(x):
    """Draw the line of x, and name it."""
    # BEGIN SOLUTION
    plt.plot(0.7310585786300049 * x + 41.75, label="the secret line")
    plt.title("the secret title")
    plt.legend()
    plt.imshow(np.outer(x, x) + 41.75)
    # END SOLUTION


def by_shop(sales):
    """The units of each shop, as only the course counts them."""
    # BEGIN SOLUTION
    return sales.groupby("shop")[["units"]].sum() * 41.75
    # END SOLUTION


def receipt(n, start):
    """Print a line for each number."""
    # BEGIN SOLUTION
    for place in range(n):
        print(f"line {place}: {start * 0.7310585786300049 + 41.75 * place:.3f}")
    # END SOLUTION


def due(day):
    """The day that belongs to a day."""
    # BEGIN SOLUTION
    return day + datetime.timedelta(days=day.toordinal() * 7 % 41)
    # END SOLUTION
