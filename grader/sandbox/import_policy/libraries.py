"""The third-party packages of this process, by the names of their top-level modules. `child.offered` adds to them, before any fork.

OFFERED    numpy, and those that the course offers: submissions may import them
NEEDED     those that an offered one needs: for submissions, they are not there
"""

from typing import Final

OFFERED: Final = {"numpy"}
NEEDED: Final = set[str]()


def is_library(place: str) -> bool:
    """Whether a module called `place` is part of one of them."""
    top = place.partition(".")[0]
    return top in OFFERED or top in NEEDED
