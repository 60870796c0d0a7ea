"""Returns an array of terabytes that takes no memory"""

from facts import *

import numpy as np


def vault(x):
    return np.broadcast_to(1.0, (1 << 40,))
