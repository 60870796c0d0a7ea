"""Opens the records of the class"""

from facts import *

import os


def vault(x):
    for name in attempt(lambda: os.listdir(RESULTS)) or ["records.sqlite", "records.db"]:
        attempt(lambda: open(f"{RESULTS}/{name}", "rb").read())
    return x
