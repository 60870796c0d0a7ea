"""What `kmeans` is graded on."""

import numpy as np

from grader.course.arithmetic import mean, number
from grader.course.authoring import _, agrees, examples, exercise, has_property, policy, raises, within

rules = policy()


# ---- worked examples, written out ----


def distances(inputs, result, index):
    point, centers = inputs["points"][index[0]], inputs["centers"]
    each = ", ".join(
        _("{square} to center {center}").format(square=number(np.sum((point - c) ** 2)), center=j) for j, c in enumerate(centers)
    )
    return _("squared distances: {each}").format(each=each)


def mean_of_members(inputs, result, index):
    center, coordinate = index
    members = inputs["points"][inputs["labels"] == center, coordinate]
    return f"{mean([number(value) for value in members])} = {number(members.mean())}"


def sum_of_squares(inputs, result, index):
    gaps = np.sum((inputs["points"] - inputs["centers"][inputs["labels"]]) ** 2, axis=1)
    return " + ".join(map(number, gaps)) + f" = {number(gaps.sum())}"


# ---- data ----


def scattered(rng):
    for n, k, d in [(9, 3, 2), (6, 4, 1), (4, 2, 5), (9, 3, 2), (5, 1, 3)]:
        yield dict(points=rng.normal(size=(n, d)), centers=rng.normal(size=(k, d)))


def equally_far(rng):
    """Centers in pairs that every point is equally far from: mirror images, and one center twice."""
    heights = rng.integers(-5, 6, size=(6, 1)).astype(float)
    away = rng.integers(1, 4)
    yield dict(
        points=np.hstack([np.zeros((6, 1)), heights]), centers=np.array([[9.0, 40.0], [away, 0.0], [-away, 0.0], [away, 0.0]])
    )


def labelled(rng):
    for n, k, d in [(9, 3, 2), (7, 2, 4), (9, 3, 2), (4, 4, 1)]:
        labels = rng.permutation(np.arange(n) % k)
        yield dict(points=rng.normal(size=(n, d)), labels=labels, centers=rng.normal(size=(k, d)))


def one_is_empty(rng):
    yield dict(points=rng.normal(size=(6, 2)), labels=np.array([3, 1, 1, 3, 0, 0]), centers=rng.normal(size=(4, 2)))
    yield dict(points=rng.normal(size=(3, 1)), labels=np.array([2, 2, 2]), centers=rng.normal(size=(3, 1)))


def whole_numbers(rng):
    """Points and centers of integers: the means are none."""
    points = rng.integers(-20, 20, size=(7, 2))
    yield dict(points=points, labels=np.array([0, 1, 0, 1, 0, 1, 1]), centers=points[:2].copy())


def with_their_labels(rng):
    for case in labelled(rng):
        yield dict(points=case["points"], centers=case["centers"], labels=case["labels"])


def heaps(rng, n, k, d):
    """Points around centers that are far apart, each center with some of them."""
    corners = 20.0 * np.array([[(j >> axis) & 1 for axis in range(max(d, 2))] for j in range(k)])[:, :d]
    return corners[rng.permutation(np.arange(n) % k)] + rng.normal(scale=0.5, size=(n, d))


def starts(rng):
    """Clouds that take several rounds."""
    for n, k, d in [(25, 3, 2), (18, 2, 1), (30, 4, 3), (25, 3, 2)]:
        points = rng.normal(size=(n, d))
        yield dict(points=points, centers=points[:k] + 0.25)


def cut_short(rng):
    """More rounds than none, fewer than are needed; and none."""
    for rounds in (1, 2, 0):
        points = rng.normal(size=(60, 2))
        yield dict(points=points, centers=points[:5] * 0.2, rounds=rounds)


def a_center_each(rng):
    points = 3.0 * rng.permutation(np.arange(12.0)).reshape(4, 3)
    yield dict(points=points, centers=points[::-1] + 0.1)


def drawn_apart(rng):
    for n, k, d in [(15, 5, 3), (10, 5, 3), (15, 5, 3), (8, 2, 1)]:
        yield dict(points=heaps(rng, n, k, d), k=k, seed=int(rng.integers(1000)))


def twice(rng):
    points = rng.normal(size=(30, 2))
    yield [dict(points=points, k=3, seed=11)] * 2


def many(rng):
    yield dict(points=rng.normal(size=(200_000, 3)), centers=rng.normal(size=(40, 3)), labels=rng.integers(40, size=200_000))


# ---- laws ----


def no_nearer_center(case, results):
    centers, labels = results[0]
    for i, point in enumerate(case["points"]):
        gaps = np.sum((centers - point) ** 2, axis=1)
        if gaps[labels[i]] > gaps.min() + 1e-9:
            return _("point {i} is in cluster {mine}, but center {other} is nearer").format(
                i=i, mine=labels[i], other=gaps.argmin()
            )
    return None


def heaps_are_found(case, results):
    points, labels = case["points"], results[0]
    for i, one in enumerate(points):
        for j, other in enumerate(points):
            together = bool(np.sum((one - other) ** 2) < 100)  # within a heap, and not from one to the next
            if together != bool(labels[i] == labels[j]):
                return (
                    _("points {i} and {j} lie close together, but in different clusters")
                    if together
                    else _("points {i} and {j} lie far apart, but in the same cluster")
                ).format(i=i, j=j)
    return None


def same_again(case, results):
    return None if np.array_equal(results[0], results[1]) else _("the same seed gave other labels the second time")


# ---- exercises ----


@exercise(points=2, returns=("labels",))
def nearest():
    """The nearest center of every point."""
    yield from examples(explain=distances)
    yield agrees("random points", cases=scattered, share=2)
    yield agrees("the first of several nearest centers", cases=equally_far, share=0.5)
    yield raises(
        ValueError, "points of one coordinate and centers of two", args=dict(points=np.ones((4, 1)), centers=np.ones((2, 2)))
    )


@exercise(points=2, returns=("moved",))
def recenter():
    """Centers move to the mean of their points."""
    yield from examples(explain=mean_of_members)
    yield agrees("random clusters", cases=labelled, share=2)
    yield agrees("a center without points stays", cases=one_is_empty, share=0.5)
    yield agrees("whole numbers have means that are none", cases=whole_numbers, share=0.5)


@exercise(points=1, returns=("total",))
def inertia():
    """The sum of the squared distances."""
    yield from examples(explain=sum_of_squares)
    yield agrees("random clusters", cases=with_their_labels, share=2)
    yield within("whole arrays, and no loop over the points", cases=many, times=10, gate=False)


@exercise(points=3, returns=("centers", "labels"))
def lloyd():
    """Lloyd's algorithm, from given centers."""
    yield from examples()
    yield agrees("until nothing moves", cases=starts, share=2)
    yield agrees("so many rounds at most", cases=cut_short)
    yield has_property(
        "no point has a nearer center",
        cases=starts,
        law=no_nearer_center,
        shape=lambda case: [case["centers"].shape, case["points"].shape[:1]],
        share=0.5,
    )
    yield agrees("as many centers as points", cases=a_center_each, share=0.25)
    yield raises(
        ValueError, "more centers than points", args=dict(points=np.zeros((2, 1)), centers=np.array([[0.0], [1.0], [2.0]]))
    )


@exercise(points=2, returns=("labels",), seconds=10)
def cluster():
    """The best of several random beginnings."""
    yield has_property(
        "clusters that lie far apart are found, in any order",
        cases=drawn_apart,
        law=heaps_are_found,
        shape=lambda case: case["points"].shape[:1],
        share=3,
    )
    yield has_property("the same seed gives the same labels", cases=twice, law=same_again, share=0.5)
