"""Opens its own memory as a file"""

from facts import *

def vault(x):
    attempt(lambda: open("/proc/self/mem", "r+b"))
    attempt(lambda: open("/proc/self/maps").read(1000))
    attempt(lambda: open("/proc/self/cmdline").read())
    return x
