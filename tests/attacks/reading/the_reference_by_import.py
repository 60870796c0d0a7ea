"""Imports the reference from the course's folder"""

from facts import *

import sys

sys.path.insert(0, COURSE)


def vault(x):
    return attempt(lambda: __import__("reference.vault").vault.vault(x))
