"""Functions that call themselves. Replace the lines that raise NotImplementedError.

Each has a case so small that the answer is known, and calls itself for a smaller one.
"""


def factorial(n: int) -> int:
    """n! = 1 · 2 · … · n, and 0! = 1. A negative n is refused.

    Raises:
        ValueError: n is negative.
    """
    # BEGIN SOLUTION
    if n < 0:
        raise ValueError("n is negative")
    return 1 if n == 0 else n * factorial(n - 1)
    # END SOLUTION


def depth(tree: list) -> int:
    """How deep lists lie in lists: [] and [1, 2] have the depth 1, [[1], 2] has 2.

    Numbers have the depth 0.
    """
    # BEGIN SOLUTION
    if not isinstance(tree, list):
        return 0
    return 1 + max((depth(item) for item in tree), default=0)
    # END SOLUTION


def permutations(items: list[int]) -> list[list[int]]:
    """All orders of the items, which are all different; which order comes first does not matter."""
    # BEGIN SOLUTION
    if not items:
        return [[]]
    found = []
    for place in range(len(items)):
        for rest in permutations(items[:place] + items[place + 1 :]):
            found.append([items[place], *rest])
    return found
    # END SOLUTION


def hanoi(n: int, start: str, goal: str, other: str) -> list[tuple[str, str]]:
    """The moves that bring a tower of n discs from `start` to `goal`, as few as possible: a pair (from, to) for each.

    One disc is moved at a time, and a larger one never lies on a smaller one.
    """
    # BEGIN SOLUTION
    if n == 0:
        return []
    return [*hanoi(n - 1, start, other, goal), (start, goal), *hanoi(n - 1, other, goal, start)]
    # END SOLUTION


def fibonacci(n: int) -> int:
    """The n-th Fibonacci number: 0, 1, 1, 2, 3, 5, … Keep what you have computed: n may be 300."""
    # BEGIN SOLUTION
    known = {0: 0, 1: 1}

    def find(k: int) -> int:
        if k not in known:
            known[k] = find(k - 1) + find(k - 2)
        return known[k]

    return find(n)
    # END SOLUTION


def why_slow() -> str:
    """Without what it keeps, `fibonacci` takes minutes for n = 50. Why? Two or three sentences."""
    # BEGIN SOLUTION
    return """
    It calls itself twice, and both calls compute the same smaller numbers again. The number of calls grows like the Fibonacci numbers
    themselves, by more than half with each n.
    """
    # END SOLUTION
