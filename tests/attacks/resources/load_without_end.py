"""Never finishes loading

Long: yes
"""

from facts import *

while True:
    pass
