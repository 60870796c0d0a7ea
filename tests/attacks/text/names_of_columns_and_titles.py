"""Names columns, rows, titles and legends so that they run in who reads of them

Topic: studio
"""

from facts import *

import datetime

import matplotlib.pyplot as plt
import pandas as pd

TEXT = "<script>alert(1)</script>\x1b[31m\u202e\ud83d\x00=1+1\n| --- | [red]"


def drawn(x):
    plt.plot(x, label=TEXT)
    plt.title(TEXT, parse_math=False)
    plt.legend()


def by_shop(sales):
    return pd.DataFrame({TEXT.replace("\ud83d", ""): [1, 2, 3], ("[bold]", TEXT[:9]): 1}, index=["\x1b[2J", "a", "b"])


def receipt(n, start):
    print(TEXT.replace("\ud83d", ""))


class Zone(datetime.tzinfo):
    key = TEXT

    def utcoffset(self, moment):
        return datetime.timedelta(hours=1)

    def tzname(self, moment):
        return TEXT


def due(day):
    return datetime.datetime(2024, 1, 1, tzinfo=Zone())
