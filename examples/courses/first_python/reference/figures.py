"""What `figures` should draw, on axes of its own."""

import matplotlib.pyplot as plt


def temperatures(days, morning, evening):
    """Both lines at once."""
    _figure, axes = plt.subplots()
    lines = axes.plot(days, list(zip(morning, evening)))
    axes.set(xlabel="days", ylabel="°C")
    axes.legend(lines, ["a.m.", "p.m."])


def favourites(counts):
    """On axes of their own, too."""
    _figure, axes = plt.subplots()
    animals, heights = zip(*counts.items())
    axes.bar(animals, heights)
    axes.set_title("Favourite animals")
