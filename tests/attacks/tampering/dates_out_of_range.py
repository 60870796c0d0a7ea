"""Returns dates beyond the calendar, subclasses that lie, and time zones that answer with anything

Topic: studio
"""

from facts import *

import datetime

import numpy as np

calls = []


class Day(datetime.date):
    def isoformat(self):
        return "9999-99-99"

    def __eq__(self, other):
        return True

    __hash__ = datetime.date.__hash__


class Zone(datetime.tzinfo):
    key = "../../etc/passwd"

    def utcoffset(self, moment):
        return datetime.timedelta(days=40)

    def tzname(self, moment):
        return "\x1b[31m" * 10**6


def due(day):
    calls.append(day)
    return [Day(2024, 1, 1), datetime.datetime.max.replace(tzinfo=Zone()), np.datetime64(2**63 - 1, "Y"), datetime.timedelta.max][
        len(calls) % 4
    ]
