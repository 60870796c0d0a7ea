"""Answers with outcomes whose type is a number, nothing, or one that only the grader gives"""

from facts import *

TAGS = (0, None, [], "died", "not_run", "Returned", "")


def vault(x):
    take_over(lambda number: {"type": TAGS[number % len(TAGS)], "value": 1, "because": 0})
