"""Returns tables as wide, as long and as deep as they may be, with labels of megabytes and as many categories as rows

Topic: studio
"""

from facts import *

import numpy as np
import pandas as pd

calls = []


def by_shop(sales):
    calls.append(sales)
    if len(calls) % 4 == 1:
        return pd.DataFrame(np.zeros((100, 1000)))
    if len(calls) % 4 == 2:
        return pd.DataFrame({"u" * 8_000_000: [1, 2, 3]})
    if len(calls) % 4 == 3:
        return pd.DataFrame({"units": pd.Categorical(np.arange(100_000).astype(str))})
    return pd.DataFrame({"units": np.zeros(1000)}, index=pd.MultiIndex.from_arrays([np.arange(1000)] * 12))
