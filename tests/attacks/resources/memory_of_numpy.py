"""Takes memory through numpy"""

from facts import *

import numpy as np


def vault(x):
    attempt(lambda: np.ones(1 << 32).sum())
    attempt(lambda: np.empty((1 << 20, 1 << 20)))
    return [np.zeros(1 << 25) for _ in range(64)]
