"""Removes a neighbour's work and its own traces"""

from facts import *

import os
import shutil


def vault(x):
    attempt(lambda: os.unlink(NEIGHBOUR))
    attempt(lambda: os.rename(NEIGHBOUR, NEIGHBOUR + "-grader-attack"))
    attempt(lambda: shutil.rmtree(FOLDER))
    attempt(lambda: os.unlink(FILE))
    attempt(lambda: os.rmdir(FOLDER))
    return x
