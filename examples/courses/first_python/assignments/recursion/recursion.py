"""Functions that call themselves. Replace the lines that raise NotImplementedError.

Each has a case so small that the answer is known, and calls itself for a smaller one.
"""


def factorial(n: int) -> int:
    """n! = 1 · 2 · … · n, and 0! = 1. A negative n is refused.

    Raises:
        ValueError: n is negative.
    """
    raise NotImplementedError("factorial: n! = 1 · 2 · … · n, and 0! = 1. A negative n is refused.")


def depth(tree: list) -> int:
    """How deep lists lie in lists: [] and [1, 2] have the depth 1, [[1], 2] has 2.

    Numbers have the depth 0.
    """
    raise NotImplementedError("depth: How deep lists lie in lists: [] and [1, 2] have the depth 1, [[1], 2] has 2.")


def permutations(items: list[int]) -> list[list[int]]:
    """All orders of the items, which are all different; which order comes first does not matter."""
    raise NotImplementedError(
        "permutations: All orders of the items, which are all different; which order comes first does not matter."
    )


def hanoi(n: int, start: str, goal: str, other: str) -> list[tuple[str, str]]:
    """The moves that bring a tower of n discs from `start` to `goal`, as few as possible: a pair (from, to) for each.

    One disc is moved at a time, and a larger one never lies on a smaller one.
    """
    raise NotImplementedError(
        "hanoi: The moves that bring a tower of n discs from `start` to `goal`, as few as possible: a pair (from, to) for each."
    )


def fibonacci(n: int) -> int:
    """The n-th Fibonacci number: 0, 1, 1, 2, 3, 5, … Keep what you have computed: n may be 300."""
    raise NotImplementedError(
        "fibonacci: The n-th Fibonacci number: 0, 1, 1, 2, 3, 5, … Keep what you have computed: n may be 300."
    )


def why_slow() -> str:
    """Without what it keeps, `fibonacci` takes minutes for n = 50. Why? Two or three sentences."""
    # Write your answer between the quotes, and put them in place of the line below: return """…"""
    raise NotImplementedError(
        "why_slow: Without what it keeps, `fibonacci` takes minutes for n = 50. Why? Two or three sentences."
    )
