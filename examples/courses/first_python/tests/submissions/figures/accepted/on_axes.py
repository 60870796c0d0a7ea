import matplotlib.pyplot as plt
import numpy as np


def temperatures(days, morning, evening):
    figure = plt.figure(figsize=(8, 3))
    axes = figure.add_subplot()
    axes.plot(np.array(days), np.array(evening), "r--", label="in the evening")
    axes.plot(np.array(days), np.array(morning), "b-o", label="in the morning")
    axes.set_xlabel("d")
    axes.set_ylabel("T")
    axes.legend(loc="upper left")
    return figure


def favourites(counts):
    plt.bar(counts.keys(), counts.values(), color="grey", width=0.5)
    plt.title("Favourite animals")
    plt.show()
