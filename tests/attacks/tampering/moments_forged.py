"""Sends dates that there are not, with zones that are paths, and as keys of dicts

Topic: studio
"""

from facts import *

TEXTS = ["0000-00-00", "2024-02-30", "9999-12-31T23:59:59.999999-23:59", "9" * 40, "-" + "9" * 20, "2024-W01-1", "٢٠٢٤-٠١-٠١", ""]
KINDS = ["date", "datetime", "time", "timedelta"]


def due(day):
    def forged(seq):
        moment = ["moment", KINDS[seq % 4], TEXTS[seq % len(TEXTS)], "../../etc/passwd"]
        return returned([moment, ["mapping", [[moment, None]] * 3], ["items", "set", [moment] * 100]][seq % 3])

    take_over(forged)
