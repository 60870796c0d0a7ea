"""Starts threads until none can be started, by every module that has some"""

from facts import *

import _thread
import concurrent.futures
import threading
import time


def vault(x):
    for _ in range(100):
        attempt(lambda: threading.Thread(target=time.sleep, args=(60,), daemon=True).start() or "started")
        attempt(lambda: _thread.start_new_thread(time.sleep, (60,)))
    attempt(lambda: concurrent.futures.ThreadPoolExecutor(1).submit(int).result(1))
    return x
