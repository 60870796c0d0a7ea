"""Ends with the code for a sandbox that could not be set up, while it is loaded

Earns: 0
"""

from facts import *

import os

os._exit(70)
