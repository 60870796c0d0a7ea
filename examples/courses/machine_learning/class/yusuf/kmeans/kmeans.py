"""No numpy where a loop will do."""

import numpy as np


def nearest(points, centers):
    if points.shape[1] != centers.shape[1]:
        raise ValueError("not in the same space")
    found = []
    for point in points:
        gaps = [sum((a - b) ** 2 for a, b in zip(point, center)) for center in centers]
        found.append(gaps.index(min(gaps)))
    return np.array(found)


def recenter(points, labels, centers):
    moved = []
    for j, center in enumerate(centers):
        mine = [point for point, label in zip(points, labels) if label == j]
        moved.append(sum(mine) / len(mine) if mine else np.array(center, dtype=float))
    return np.array(moved)


def inertia(points, centers, labels):
    return float(((points - centers[labels]) ** 2).sum())


def lloyd(points, centers, rounds=100):
    if len(points) < len(centers):
        raise ValueError
    labels = nearest(points, centers)
    while rounds:
        rounds -= 1
        centers = recenter(points, labels, centers)
        again = nearest(points, centers)
        if (again == labels).all():
            return centers, labels
        labels = again
    return centers, labels


def cluster(points, k, seed):
    rng = np.random.default_rng(seed + 1)
    tries = []
    for _ in range(40):
        centers, labels = lloyd(points, rng.permutation(points)[:k])
        tries.append((inertia(points, centers, labels), labels.tolist()))
    return np.array(min(tries)[1])
