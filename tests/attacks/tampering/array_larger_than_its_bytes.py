"""Sends an array whose shape promises more than its bytes hold"""

from facts import *

import os


def vault(x):
    array = inside("values").Array("<f8", (1 << 40,), b"12345678")
    os.write(3, inside("wire").frame(inside("wire").Reply(3, inside("outcome").Returned(array))))
    return x
