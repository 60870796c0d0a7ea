"""What `kmeans` should return: all distances at once, and sums by one-hot rows."""

import numpy as np


def _squared(points, centers):
    return ((points[:, np.newaxis, :] - centers[np.newaxis, :, :]) ** 2).sum(axis=2)


def nearest(points, centers):
    """The first of the smallest distances."""
    if points.shape[1] != centers.shape[1]:
        raise ValueError("coordinates")
    return _squared(points, centers).argmin(axis=1)


def recenter(points, labels, centers):
    """Sums divided by counts."""
    members = labels == np.arange(len(centers))[:, np.newaxis]
    counts = members.sum(axis=1, keepdims=True)
    return np.where(counts > 0, members @ points / np.maximum(counts, 1), centers)


def inertia(points, centers, labels):
    """The squares of one cluster after the other."""
    return sum(float(((points[labels == j] - center) ** 2).sum()) for j, center in enumerate(centers))


def lloyd(points, centers, rounds=100):
    """Until the centers stay."""
    if len(points) < len(centers):
        raise ValueError("more centers than points")
    while rounds > 0:
        before, rounds = centers, rounds - 1
        centers = recenter(points, nearest(points, before), before)
        if (before == centers).all():
            rounds = 0
    return centers, nearest(points, centers)


def cluster(points, k, seed):
    """Farthest points first: another way to begin, without luck. Clusters that lie far apart each get one."""
    chosen = [seed % len(points)]
    while len(chosen) < k:
        chosen.append(int(_squared(points, points[chosen]).min(axis=1).argmax()))
    return lloyd(points, points[chosen])[1]
