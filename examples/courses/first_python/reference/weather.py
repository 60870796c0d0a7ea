"""What `weather` should return: city by city and row by row."""

import pandas as pd


def hottest(days):
    """A dict of the largest number so far."""
    found = {}
    for city, celsius in zip(days["city"], days["celsius"]):
        found[city] = max(celsius, found.get(city, celsius))
    index = pd.Index(sorted(found), name="city")
    return pd.Series([found[city] for city in index], index=index, name="celsius")


def with_fahrenheit(days):
    """A new table, column by column."""
    columns = {name: days[name] for name in days.columns}
    return pd.DataFrame(columns | {"fahrenheit": [celsius * 9 / 5 + 32 for celsius in days["celsius"]]}, index=days.index)


def wet_days(days, least):
    """The places of the rows, sorted."""
    rain = list(days["rain"])
    return days.iloc[sorted((i for i, amount in enumerate(rain) if amount >= least), key=lambda i: -rain[i])]
