"""k-means. Complete the five functions below.

A point is a row of `points`; clusters are numbered 0, 1, …, k - 1.
"""

import numpy as np


def nearest(points, centers):
    """
    Label every point with the number of its nearest center.

    Parameters
    ----------
    points : ndarray of shape (n, d)
    centers : ndarray of shape (k, d)

    Returns
    -------
    labels : ndarray of int, shape (n,)
        Of several centers at the same distance, the one with the smallest number.

    Raises
    ------
    ValueError
        If points and centers differ in their number of coordinates.
    """
    # BEGIN SOLUTION
    if points.shape[1] != centers.shape[1]:
        raise ValueError("points and centers differ in their number of coordinates")
    labels = np.zeros(len(points), dtype=int)
    for i, point in enumerate(points):
        distances = np.sum((point - centers) ** 2, axis=1)
        labels[i] = np.argmin(distances)
    return labels
    # END SOLUTION


def recenter(points, labels, centers):
    """
    Move every center to the mean of its points.

    Parameters
    ----------
    points : ndarray of shape (n, d)
    labels : ndarray of int, shape (n,)
    centers : ndarray of shape (k, d)
        Where the centers are now.

    Returns
    -------
    moved : ndarray of shape (k, d)
        A center without points stays where it is. The arguments are left as they are.
    """
    # BEGIN SOLUTION
    moved = centers.astype(float)
    for j in range(len(centers)):
        members = points[labels == j]
        if len(members) > 0:
            moved[j] = members.mean(axis=0)
    return moved
    # END SOLUTION


def inertia(points, centers, labels) -> float:
    """
    The sum, over all points, of the squared distance from their own center.

    Parameters
    ----------
    points : ndarray of shape (n, d)
    centers : ndarray of shape (k, d)
    labels : ndarray of int, shape (n,)

    Returns
    -------
    total : float
        Computed by whole arrays: a loop over 200,000 points takes too long.
    """
    # BEGIN SOLUTION
    return float(np.sum((points - centers[labels]) ** 2))
    # END SOLUTION


def lloyd(points, centers, rounds=100):
    """
    Lloyd's algorithm: `nearest` and `recenter` in turns, until no center moves, and `rounds` times at most.

    Parameters
    ----------
    points : ndarray of shape (n, d)
    centers : ndarray of shape (k, d)
        Where the centers begin.
    rounds : int

    Returns
    -------
    centers : ndarray of shape (k, d)
    labels : ndarray of int, shape (n,)
        The labels for the centers that are returned.

    Raises
    ------
    ValueError
        If there are more centers than points.
    """
    # BEGIN SOLUTION
    if len(centers) > len(points):
        raise ValueError("more centers than points")
    for _ in range(rounds):
        moved = recenter(points, nearest(points, centers), centers)
        if np.array_equal(moved, centers):
            break
        centers = moved
    return centers, nearest(points, centers)
    # END SOLUTION


def cluster(points, k, seed):
    """
    The best of several runs of `lloyd` from random points as centers.

    Draw from ``np.random.default_rng(seed)`` as you like: which cluster has which number is free, and so is the number of runs, as long as
    clusters that lie far apart are found.

    Parameters
    ----------
    points : ndarray of shape (n, d)
    k : int
    seed : int
        The same seed gives the same labels.

    Returns
    -------
    labels : ndarray of int, shape (n,)
    """
    # BEGIN SOLUTION
    rng = np.random.default_rng(seed)
    best, labels = np.inf, None
    for _ in range(40):
        start = points[rng.choice(len(points), size=k, replace=False)]
        centers, found = lloyd(points, start, rounds=10)
        total = inertia(points, centers, found)
        if total < best:
            best, labels = total, found
    return labels
    # END SOLUTION


if __name__ == "__main__":
    line = np.array([[0.0], [1.0], [10.0], [11.0]])
    print(nearest(line, np.array([[0.0], [10.0]])))
