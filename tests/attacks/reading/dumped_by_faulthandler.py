"""Has the interpreter dump its threads and later memory into a file"""

from facts import *

import faulthandler


def vault(x):
    attempt(lambda: faulthandler.dump_traceback(open(f"{FOLDER}/grader-attack-dump", "w")) or "dumped")
    attempt(lambda: faulthandler.enable(open(FILE, "a")) or "enabled")
    attempt(lambda: faulthandler.dump_traceback_later(0.01, file=open(FILE, "a")) or "started")
    return x
