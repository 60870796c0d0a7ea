"""Replaces its output by something that interrupts whoever writes there"""

from facts import *

import sys


class Output:
    def write(self, text):
        raise KeyboardInterrupt

    def flush(self):
        raise SystemExit


sys.stdout = sys.stderr = Output()


def vault(x):
    return x
