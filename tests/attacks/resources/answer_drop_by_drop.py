"""Sends half an answer a byte at a time

Long: yes
"""

from facts import *

import os
import time


def vault(x):
    os.write(3, b"\xff\xff\x00\x00")
    while True:
        os.write(3, b"x")
        time.sleep(0.05)
