"""Figures with matplotlib. Replace the lines that raise NotImplementedError.

Draw with plt.plot, plt.bar and so on. You need not save or show what you draw.
"""

import matplotlib.pyplot as plt


def temperatures(days: list[int], morning: list[float], evening: list[float]) -> None:
    """Draw the temperatures over the days: a line for the mornings, and one for the evenings.

    Both axes have labels, and a legend says which line is which. You choose the words.
    """
    raise NotImplementedError(
        "temperatures: Draw the temperatures over the days: a line for the mornings, and one for the evenings."
    )


def favourites(counts: dict[str, int]) -> None:
    """Draw a bar for each animal, as high as its count, below the title `Favourite animals`.

    >>> favourites({"cat": 5, "dog": 7})
    """
    raise NotImplementedError(
        "favourites: Draw a bar for each animal, as high as its count, below the title `Favourite animals`."
    )
