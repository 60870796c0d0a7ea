"""Other ways down."""


def factorial(n):
    if n < 0:
        raise ValueError
    product = 1
    for factor in range(2, n + 1):
        product *= factor
    return product


def depth(tree):
    deepest = 0
    for item in tree:
        if isinstance(item, list):
            deepest = max(deepest, depth(item))
    return deepest + 1


def permutations(items):
    if len(items) == 0:
        return [[]]
    found = []
    for rest in permutations(items[1:]):
        for place in range(len(rest) + 1):
            found.append(rest[:place] + [items[0]] + rest[place:])
    return found


def hanoi(n, start, goal, other):
    moves = []

    def move(n, a, b, c):
        if n > 0:
            move(n - 1, a, c, b)
            moves.append((a, b))
            move(n - 1, c, b, a)

    move(n, start, goal, other)
    return moves


def fibonacci(n, a=0, b=1):
    return a if n == 0 else fibonacci(n - 1, b, a + b)


def why_slow():
    return "It computes the same numbers again and again, more than 1.6 times as many for each n."
