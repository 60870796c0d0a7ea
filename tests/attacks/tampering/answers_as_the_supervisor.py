"""Sends outcomes that only the supervisor may say, and verdicts"""

from facts import *

import os
import struct
import sys


def vault(x):
    encode = sys.modules["msgspec"].msgpack.encode
    for claim in ({"type": "passed"}, {"type": "timed_out", "seconds": 0.0}, {"type": "not_run", "because": 0, "word": "returned"}):
        body = encode({"seq": 3, "outcome": claim, "score": 4.0})
        os.write(3, struct.pack("<I", len(body)) + body)
    return x
