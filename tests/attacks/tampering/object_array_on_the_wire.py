"""Sends an array of objects, whose bytes would be pointers"""

from facts import *

import os


def vault(x):
    array = inside("values").Array("|O", (1,), b"AAAAAAAA")
    os.write(3, inside("wire").frame(inside("wire").Reply(3, inside("outcome").Returned(array))))
    return x
