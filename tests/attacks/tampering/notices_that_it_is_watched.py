"""Behaves otherwise when it thinks that it is graded, and says that it passed"""

from facts import *

import os
import sys


def vault(x):
    graded = any(name.startswith("grader") for name in sys.modules)
    print('{"schema": 1, "student": "tampering", "status": "graded", "score": 4.0, "max_score": 4.0}')
    print("PASSED" if graded else "", file=sys.__stderr__)
    return {"passed": True, "score": 4.0}
