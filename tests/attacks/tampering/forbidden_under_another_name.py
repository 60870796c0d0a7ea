"""Convolves by the product of polynomials"""

from facts import *

import numpy as np


def vault(x):
    attempt(lambda: getattr(np, "poly" + "mul")([1.0, 2.0], [3.0, 1.0]))
    attempt(lambda: getattr(np.polynomial.polynomial, "poly" + "mul")([1.0, 2.0], [3.0, 1.0]))
    return x
