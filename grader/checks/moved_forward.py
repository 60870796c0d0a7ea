"""The forward pass that a gradient check moves: what the reference's returns, and what the student's own did."""

from typing import Any

import msgspec
import numpy as np

from grader.checks.draft import Arguments
from grader.checks.evidence import Evidence, OracleView
from grader.checks.slopes import H, forward_output, slope
from grader.checks.variable import Array, Variable


class GradientCase(msgspec.Struct, frozen=True):
    """One case: the arguments and, by variable, the direction, the two calls along it and those along each coordinate."""

    arguments: Arguments
    backward: int
    directions: dict[Variable, Array]
    probes: dict[Variable, tuple[int, int]]
    coordinates: dict[Variable, tuple[tuple[int, int], ...]]


class Forward(msgspec.Struct, frozen=True):
    """The function `of`, of whose several results `item` is differentiated, and the argument of a case that is its gradient upstream."""

    of: str
    item: int | None
    upstream: str | None

    def arguments(self, case: Arguments) -> Arguments:
        """Those of the forward pass among a case's."""
        return {name: value for name, value in case.items() if name != self.upstream}

    def dout(self, case: GradientCase) -> Array:
        """The gradient upstream."""
        return np.asarray(1.0 if self.upstream is None else case.arguments[self.upstream], dtype=np.float64)

    def reference(
        self, case: GradientCase, variable: Variable, direction: Array, moves: tuple[float, ...], oracle: OracleView
    ) -> list[Any]:
        """What the reference returns with `variable` moved along `direction` by each of `moves`."""
        forward, function = self.arguments(case.arguments), oracle.function(self.of)
        outputs = [function(**variable.moved(forward, move * direction)) for move in moves]
        return outputs if self.item is None else [output[self.item] for output in outputs]

    def reference_slope(
        self, case: GradientCase, variable: Variable, direction: Array, oracle: OracleView
    ) -> tuple[float, float]:
        """See `slopes.slope`: of the reference along a direction."""
        plus, minus = self.reference(case, variable, direction, (H, -H), oracle)
        return slope(self.dout(case), (plus, minus))

    def own(self, case: GradientCase, seqs: tuple[int, int], evidence: Evidence) -> tuple[Any, Any] | None:
        """What the student's own returned at the two points, when both are arrays of the right shape."""
        shape = None if self.upstream is None else np.shape(case.arguments[self.upstream])
        plus, minus = (forward_output(evidence.outcomes[seq]) for seq in seqs)
        if plus is None or minus is None or plus.shape != minus.shape or shape not in (None, plus.shape):
            return None
        return plus, minus
