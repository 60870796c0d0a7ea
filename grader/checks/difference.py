"""How a result differs from the expected one."""

from typing import Literal

import msgspec

Stage = Literal["type", "shape", "dtype", "finite", "values"]
Index = tuple[int, ...]


class Difference(msgspec.Struct, frozen=True):
    """The first difference between a result and the expected one.

    Attributes:
        stage: which comparison failed.
        path: which result ("dx", "O[1]"; "" for a single one without a name).
        expected, got: short texts of both (a shape, a dtype, the value at `worst`).
        first, worst: index of the first and of the worst wrong element (empty for a scalar).
        first_expected, first_got: the values at `first`.
        wrong, size: how many elements differ, of how many; for integers instead of floats how many differ in their whole part.
        reason: always empty; kept for readers of the JSON contract.
        missing, extra: of a set, or (at the stage "shape") of the keys of a dict: what is missing, and what should not be there.
    """

    stage: Stage
    path: str
    expected: str
    got: str
    first: Index = ()
    worst: Index = ()
    first_expected: str = ""
    first_got: str = ""
    wrong: int = 0
    size: int = 0
    reason: str = ""
    missing: str = ""
    extra: str = ""
