"""Learns by stat whether a file exists and how large it is"""

from facts import *

import os


def vault(x):
    for path in (f"{COURSE}/course.secret", NEIGHBOUR, "/etc/shadow"):
        attempt(lambda: os.stat(path).st_size)
        attempt(lambda: os.readlink(path))
    return x
