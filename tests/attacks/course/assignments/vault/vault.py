"""One function that anybody can write, and one whose numbers only the reference knows."""

import numpy as np


def doubled(x):
    """Twice x."""
    raise NotImplementedError


def vault(x):
    """The numbers that belong to x, as many as x has. An empty x is refused with a ValueError."""
    raise NotImplementedError
