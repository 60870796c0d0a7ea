"""Prints a hundred megabytes while it is loaded"""

from facts import *

import os

for _ in range(1600):
    os.write(1, b"y" * 65536)
