"""Tables: the weather of some cities. Replace the lines that raise NotImplementedError.

Each row of the table `days` is a day in a city. Its columns are "city", "celsius" (how warm it became) and "rain" (in millimetres).
"""

import pandas as pd


def hottest(days: pd.DataFrame) -> pd.Series:
    """The highest temperature of each city.

    The rows are labelled with the cities; their order does not matter.
    """
    return days.groupby("city")["celsius"].max()


def with_fahrenheit(days: pd.DataFrame) -> pd.DataFrame:
    """The same table with one more column at the end: fahrenheit.

    That is 1.8 times the degrees Celsius, plus 32.
    The table that was given stays as it was.
    """
    return days.assign(fahrenheit=days["celsius"] * 1.8 + 32)


def wet_days(days: pd.DataFrame, least: float) -> pd.DataFrame:
    """The days on which at least so much rain fell, the wettest first.

    The rows keep their labels and their columns. Where two days are equally wet, the one that comes first in the table comes first.
    """
    return days.loc[days["rain"] >= least].sort_values("rain", ascending=False, kind="stable")
