"""Raises KeyboardInterrupt while it is loaded

Earns: 1
"""

from facts import *

raise KeyboardInterrupt
