"""Lists directories by every call there is"""

from facts import *

import glob
import os


def vault(x):
    for path in ("/", "/tmp", "/home", "/proc", COURSE):
        attempt(lambda: os.listdir(path))
        attempt(lambda: next(os.scandir(path)))
    attempt(lambda: glob.glob("/tmp/*")[0])
    attempt(lambda: next(os.walk("/tmp"))[1])
    return x
