"""Warns with megabytes of markup and control codes, of a category without a plain name"""

from facts import *

import warnings


def vault(x):
    for number in range(200):
        category = type("\x1b[31m<b>W\n" * 100, (Warning,), {})
        warnings.warn(f"{number} \x1b]8;;http://example.org\x07<script>" + "x" * 10**6, category, stacklevel=1)
    return x
