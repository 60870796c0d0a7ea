"""Writes files with the writers of pandas and matplotlib, and over those that the course gives

Topic: studio
"""

from facts import *

import os
import shutil
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

table = pd.DataFrame({"a": [1]})
figure = plt.figure()
for folder in (FOLDER, "/tmp", "/dev/shm", os.path.dirname(NEIGHBOUR)):
    path = folder + "/grader-attack-table"
    attempt(lambda: table.to_csv(path))
    attempt(lambda: table.to_pickle(path))
    attempt(lambda: table.to_json(path))
    attempt(lambda: table.to_sql("record", "sqlite:///" + RESULTS + "/records.sqlite"))
    attempt(lambda: figure.savefig(path + ".svg"))
    attempt(lambda: figure.canvas.print_raw(path + ".raw"))
    attempt(lambda: np.savetxt(path, [1]))
for name in ("points.csv", "helpers.py", "./points.csv", "../points.csv"):
    attempt(lambda: open(name, "w"))
    attempt(lambda: open(name, "r+b"))
    attempt(lambda: Path(name).write_text("0,0"))
    attempt(lambda: os.remove(name))
    attempt(lambda: os.rename(name, "other"))
    attempt(lambda: os.truncate(name, 0))
    attempt(lambda: shutil.copy(FILE, name))
    attempt(lambda: np.savetxt(name, [0]))
    attempt(lambda: np.memmap(name, mode="w+", shape=3))
plt.close("all")


def weighted(x):
    attempt(lambda: table.to_csv("points.csv"))
    return x
