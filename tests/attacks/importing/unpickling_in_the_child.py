"""Has numpy load a pickle in its own process"""

from facts import *

import io
import pickle

import numpy as np


class Bomb:
    def __reduce__(self):
        return open, (f"{FOLDER}/grader-attack-unpickled", "w")


def vault(x):
    attempt(lambda: pickle.loads(pickle.dumps(Bomb())))
    attempt(lambda: np.load(io.BytesIO(pickle.dumps(Bomb())), allow_pickle=True))
    return x
