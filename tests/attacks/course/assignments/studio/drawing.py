"""What belongs to numbers, tables and days."""

import datetime

import matplotlib.pyplot as plt
import numpy as np



def doubled(x):
    """Twice x."""
    raise NotImplementedError("doubled: Twice x.")


def drawn(x):
    """Draw the line of x, and name it."""
    raise NotImplementedError("drawn: Draw the line of x, and name it.")


def by_shop(sales):
    """The units of each shop, as only the course counts them."""
    raise NotImplementedError("by_shop: The units of each shop, as only the course counts them.")


def receipt(n, start):
    """Print a line for each number."""
    raise NotImplementedError("receipt: Print a line for each number.")


def due(day):
    """The day that belongs to a day."""
    raise NotImplementedError("due: The day that belongs to a day.")
