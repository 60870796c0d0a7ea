"""Makes the warnings module raise and swallow at will"""

from facts import *

import sys
import warnings


def vault(x):
    warnings.showwarning = lambda *args, **kwargs: sys.exit(0)
    warnings.warn("passed")
    return x
