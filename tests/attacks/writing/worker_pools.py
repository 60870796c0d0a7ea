"""Starts pools of processes"""

from facts import *

def vault(x):
    def pool():
        import multiprocessing

        return multiprocessing.Pool(2).map(abs, [1])

    attempt(pool)
    return x
