"""Writes through numpy, pickle, shelve and logging"""

from facts import *

import logging
import shelve

import numpy as np


def vault(x):
    attempt(lambda: np.save(f"{FOLDER}/grader-attack.npy", x))
    attempt(lambda: np.savetxt(f"{FOLDER}/grader-attack.txt", x))
    attempt(lambda: x.tofile(f"{FOLDER}/grader-attack.bin"))
    attempt(lambda: np.memmap(f"{FOLDER}/grader-attack.map", mode="w+", shape=10))
    attempt(lambda: shelve.open(f"{FOLDER}/grader-attack.db"))
    attempt(lambda: logging.FileHandler(f"{FOLDER}/grader-attack.log"))
    return x
