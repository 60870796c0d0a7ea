"""Broadcasting, and k-means++ to begin."""

import numpy as np


def table(points, centers):
    return np.linalg.norm(points[:, None] - centers[None], axis=-1)


def nearest(points, centers):
    if points.shape[-1] != centers.shape[-1]:
        raise ValueError("coordinates differ")
    return table(points, centers).argmin(-1)


def recenter(points, labels, centers):
    moved = np.array(centers, dtype=np.float64)
    for j in np.unique(labels):
        moved[j] = np.average(points[labels == j], axis=0)
    return moved


def inertia(points, centers, labels):
    gaps = points - centers[labels]
    return float(np.vdot(gaps, gaps))


def lloyd(points, centers, rounds=100):
    if len(centers) > len(points):
        raise ValueError("too many")
    for _round in range(rounds):
        centers = recenter(points, nearest(points, centers), centers)
    return centers, nearest(points, centers)


def cluster(points, k, seed):
    rng = np.random.default_rng(seed)
    best = None
    for _ in range(20):
        chosen = [rng.integers(len(points))]
        while len(chosen) < k:
            gaps = table(points, points[chosen]).min(1) ** 2
            chosen.append(rng.choice(len(points), p=gaps / gaps.sum()))
        centers, labels = lloyd(points, points[chosen], 20)
        if best is None or inertia(points, centers, labels) < best[0]:
            best = inertia(points, centers, labels), labels
    return best[1]
