"""Prints a line of hundreds of megabytes where what is printed is compared

Topic: studio
"""

from facts import *

import sys


def receipt(n, start):
    while True:
        sys.stdout.write("x" * 1_000_000)
        sys.stdout.flush()
