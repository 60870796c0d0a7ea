"""Gets a forbidden function by unpickling its name"""

from facts import *

import pickle


def vault(x):
    attempt(lambda: pickle.loads(b"cnumpy\ncon" b"volve\n.")([1.0, 2.0], [3.0]))
    return x
