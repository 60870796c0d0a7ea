"""Reads files with the readers of pandas and matplotlib

Topic: studio
"""

from facts import *

import matplotlib
import matplotlib.font_manager
import matplotlib.pyplot as plt
import pandas as pd

for path in (FILE, NEIGHBOUR, "/etc/passwd", COURSE + "/course.secret"):
    attempt(lambda: pd.read_csv(path, header=None))
    attempt(lambda: pd.read_csv("file://" + path, header=None))
    attempt(lambda: pd.read_table(path, engine="python"))
    attempt(lambda: pd.read_fwf(path))
    attempt(lambda: pd.read_json(path, lines=True))
    attempt(lambda: pd.read_pickle(path))
    attempt(lambda: pd.read_sql("select * from record", "sqlite:///" + RESULTS + "/records.sqlite"))
    attempt(lambda: plt.imread(path))
    attempt(lambda: matplotlib.rc_params_from_file(path))
    attempt(lambda: plt.style.use(path))
    attempt(lambda: matplotlib.font_manager.fontManager.addfont(path))
    attempt(lambda: matplotlib.font_manager.get_font(path))


def by_shop(sales):
    attempt(lambda: pd.read_csv(FILE))
    return sales
