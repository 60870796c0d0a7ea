"""Says in the sandbox's own words that it failed, to be graded once more or not at all

Earns: 0
"""

from facts import *

def vault(x):
    take_over(lambda number: {"type": "raised", "name": "SandboxError", "bases": ["SandboxError", "KeyboardInterrupt"], "message": "failed"})
