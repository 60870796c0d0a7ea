"""Never finishes loading

Earns: 0
"""

from facts import *

while True:
    pass
