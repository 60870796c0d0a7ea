"""Starts threads that go on after the answer"""

from facts import *

import _thread
import threading
import time


def vault(x):
    attempt(lambda: threading.Thread(target=time.sleep, args=(600,), daemon=True).start() or "started")
    attempt(lambda: _thread.start_new_thread(time.sleep, (600,)))

    def pool():
        from concurrent.futures import ThreadPoolExecutor

        return ThreadPoolExecutor(1).submit(time.sleep, 1)

    attempt(pool)
    return x
