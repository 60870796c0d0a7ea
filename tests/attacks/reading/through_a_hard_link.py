"""Links the reference under a name of its own to read it there"""

from facts import *

import os


def vault(x):
    attempt(lambda: os.link(f"{COURSE}/reference/vault.py", f"{FOLDER}/grader-attack-link"))
    attempt(lambda: os.symlink(f"{COURSE}/reference/vault.py", f"{FOLDER}/grader-attack-symlink"))
    attempt(lambda: open(f"{FOLDER}/grader-attack-link").read())
    return x
