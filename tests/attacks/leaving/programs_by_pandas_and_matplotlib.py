"""Starts programs by what pandas evaluates, and by matplotlib's TeX, fonts and films

Topic: studio
"""

from facts import *

import matplotlib.animation
import matplotlib.pyplot as plt
import matplotlib.texmanager
import pandas as pd


def film():
    figure = plt.figure()
    writer = matplotlib.animation.FFMpegWriter()
    writer.setup(figure, FOLDER + "/grader-attack.mp4")


attempt(lambda: pd.eval("@__import__('os').fork()", engine="python", target=None))
attempt(lambda: pd.DataFrame({"a": [1]}).query("@pd.io.common.os.fork()", engine="python"))
attempt(lambda: matplotlib.texmanager.TexManager().make_dvi("x", 10))
attempt(film)
attempt(lambda: matplotlib._get_executable_info("dvipng"))
attempt(lambda: pd.read_clipboard())
plt.close("all")


def by_shop(sales):
    return sales
