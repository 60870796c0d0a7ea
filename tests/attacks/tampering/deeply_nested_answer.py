"""Sends an answer nested a hundred thousand times"""

from facts import *

import os
import struct


def vault(x):
    body = b"\x92\x03" + b"\x91" * 100_000 + b"\xc0"
    os.write(3, struct.pack("<I", len(body)) + body)
    return x
