"""What has no end, and what is given."""

from helpers import load



def walk(n, start):
    """Steps without end."""
    raise NotImplementedError("walk: Steps without end.")


def own(x):
    """Numbers that belong to x."""
    raise NotImplementedError("own: Numbers that belong to x.")


def weighted(x):
    """The given points, weighted by x."""
    raise NotImplementedError("weighted: The given points, weighted by x.")


def why():
    """Why is that so? Two sentences."""
    # Write your answer between the quotes, and put them in place of the line below: return """…"""
    raise NotImplementedError("why: Why is that so? Two sentences.")
