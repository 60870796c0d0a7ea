"""Exchanges what is returned by sys.setprofile"""

from facts import *

import sys


def vault(x):
    def watch(frame, event, argument):
        if event == "return" and frame.f_code.co_name in ("encode", "_answer"):
            raise KeyboardInterrupt

    sys.setprofile(watch)
    return x
