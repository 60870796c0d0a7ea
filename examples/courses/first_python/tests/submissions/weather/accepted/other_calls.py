import pandas as pd


def hottest(days):
    cities = days["city"].unique()
    return pd.Series([days.loc[days.city == city, "celsius"].max() for city in cities], index=cities)


def with_fahrenheit(days):
    return days.assign(fahrenheit=days.celsius * 1.8 + 32)


def wet_days(days, least):
    return days.query("rain >= @least").sort_values(by="rain", ascending=False, kind="mergesort")
