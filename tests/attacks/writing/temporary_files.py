"""Makes temporary files, named and nameless"""

from facts import *

import os
import tempfile


def vault(x):
    attempt(lambda: tempfile.NamedTemporaryFile(prefix="grader-attack", delete=False).name)
    attempt(lambda: tempfile.mkdtemp(prefix="grader-attack"))
    attempt(lambda: os.memfd_create("grader-attack"))
    attempt(lambda: os.open(FOLDER, os.O_TMPFILE | os.O_RDWR))
    return x
