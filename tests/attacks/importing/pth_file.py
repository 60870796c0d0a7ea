"""Has site read a .pth file that it would like to have written"""

from facts import *

import site
import sys


def vault(x):
    attempt(lambda: open(f"{FOLDER}/grader-attack.pth", "w").write("import os"))
    site.addsitedir(FOLDER)
    attempt(lambda: [path for path in sys.path if "site-packages" in path][0])
    return x
