"""Ends its process with codes that mean something to the sandbox"""

from facts import *

import os


def vault(x):
    os._exit(70 if len(x) else 71)
