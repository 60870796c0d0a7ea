"""Says that matplotlib's backend is a module of its own, in which figures are what it likes

Topic: studio
"""

from facts import *

import os
import sys
import types

import matplotlib

mine = types.ModuleType("mine")
mine.FigureCanvas = type("FigureCanvas", (), {"__init__": lambda self, figure: None})
mine.FigureManager = type("FigureManager", (), {})
mine.new_figure_manager = lambda *args, **kwargs: None
sys.modules["mine"] = sys.modules["matplotlib.backends.backend_agg"] = mine
os.environ["MPLBACKEND"] = "module://mine"
matplotlib.use = lambda *args, **kwargs: None
matplotlib.rcParams["backend"] = "module://mine"


def drawn(x):
    import matplotlib.pyplot as plt

    plt.plot(x)
