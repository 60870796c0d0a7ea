"""What has no end, and what is given."""

from helpers import load



def walk(n, start):
    """Steps without end."""
    # BEGIN SOLUTION
    # @SOLUTION@
    while True:
        yield start
        start = start * 0.7310585786300049 + 41.75
    # END SOLUTION


def own(x):
    """Numbers that belong to x."""
    # BEGIN SOLUTION
    return 0.7310585786300049 * x + 41.75
    # END SOLUTION


def weighted(x):
    """The given points, weighted by x."""
    # BEGIN SOLUTION
    return load().sum() * 0.7310585786300049 * x
    # END SOLUTION


def why():
    """Why is that so? Two sentences."""
    # BEGIN SOLUTION
    return """
    Because of the secret of 0.7310585786300049.
    """
    # END SOLUTION
