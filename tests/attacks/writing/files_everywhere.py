"""Writes files wherever files are usually welcome"""

from facts import *

import os


def vault(x):
    for folder in (FOLDER, "/tmp", "/var/tmp", "/dev/shm", "/run/lock", COURSE, RESULTS, os.path.expanduser("~"), "."):
        attempt(lambda: open(f"{folder}/grader-attack-file", "w").write("x"))
    return x
