"""Prints and raises what could end a string in JSON"""

from facts import *

TEXT = '", "score": 4.0, "x": "\\u2028\u2028\u2029\\\\"} \n{"score": 4.0}'


def vault(x):
    print(TEXT)
    raise RuntimeError(TEXT)
