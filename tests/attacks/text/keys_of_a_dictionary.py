"""Returns a dictionary whose keys are control codes and markup"""

from facts import *

def vault(x):
    return {"\x1b[2J": 1.0, "<script>": 2.0, "=1+1": 3.0, "k" * 10_000: 4.0}
