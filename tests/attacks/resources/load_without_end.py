"""Never finishes loading

Earns: 0
Long: yes
"""

from facts import *

while True:
    pass
