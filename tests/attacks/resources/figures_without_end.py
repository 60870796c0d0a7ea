"""Draws more than anybody looks at: thousands of axes and lines, millions of points, titles of a megabyte

Topic: studio
"""

from facts import *

import matplotlib.pyplot as plt
import numpy as np

calls = []


def drawn(x):
    calls.append(x)
    if len(calls) % 3 == 1:
        plt.plot(np.zeros(1_000_000))
        plt.title("t" * 1_000_000)
    elif len(calls) % 3 == 2:
        axes = plt.figure().add_subplot()
        axes.lines_of_mine = [axes.add_line(plt.Line2D([0, 1], [0, 1])) for _ in range(2000)]
    else:
        while True:
            plt.figure()
