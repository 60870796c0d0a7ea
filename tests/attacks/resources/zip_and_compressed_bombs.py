"""Unpacks a compressed bomb in its own memory"""

from facts import *

import zlib


def vault(x):
    bomb = zlib.compress(b"\0" * (64 << 20))
    kept = [zlib.decompress(bomb) for _ in range(100)]
    return len(kept)
