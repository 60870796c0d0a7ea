"""Mistakes that people make with dropout, each as a wrong version of a reference function (or of the reference's class)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.course.authoring import misconception
from reference import dropout as reference

Array = NDArray[np.floating[Any]]
Bools = NDArray[np.bool_]

P_IS_KEEP = (
    "With p = 0.2, how many of five numbers should be dropped, and how many does your code drop? p is the probability of which?"
)
INVERTED = "Take the slide's first draw, 0.6 with p = 0.5: is that number kept or dropped? Which way round is your comparison?"
ONE_OVER_P = (
    "At p = 0.5 it fits, so try p = 0.2: five numbers, four of them kept. By how much must those grow to make up for the fifth?"
)
NOT_SCALED = "The right numbers are dropped. What happens in the slide to the numbers that are kept?"
ONE_MINUS_P_DRAWS = (
    "You drop as often as p says, but other places than the slide: which draws does it drop, small ones or large ones?"
)
KEPT_SHARE = (
    "Your factor changes from one mask to the next. The formula's factor depends on p alone, whatever the draws turn out to be."
)
NEVER_GENERATED = "Everything is scaled but nothing is dropped. Where do the draws enter your code?"
P_ONE = "What would 1/(1 - p) be for p = 1? The docstring says what becomes of such a p."
P_UNCHECKED = "The docstring names the values of p that are refused. Which line of your function looks at p before it is used?"
ALWAYS_TRAINING = "When the network is being used, nothing should be left to chance. Does your code look at the mode?"
SCALED_AT_INFERENCE = "Training has made up for the dropped numbers already. What is left to correct at inference?"
MISSES_SCALE = (
    "A number that is kept counts more than once in the output. How much does the output grow when that number grows by 1?"
)
NO_MASK = "Does the loss notice when a number that was dropped changes a little? What is its gradient, then?"
SCALE_TWICE = "Your gradients are too large by just the factor of the forward pass. How often should it be applied?"
FROM_NORMAL = "The slide's random(0, 1) lies between 0 and 1, all values alike. Which distribution do your numbers come from?"
PER_ROW = "Every number of the input is dropped or kept for itself. How many draws does that take for an input of 40 x 50?"
P_IGNORED = "Count the zeros of your mask for p = 0.2 and for p = 0.7: they are as many. Where does p enter?"
SEED_IGNORED = "Two different seeds give the same mask. What does your generator start from?"
MASK_KEPT = "The layer drops the same places in every step. When should a new mask replace the old one?"
READ_OFF_OUTPUT = (
    "An output can be 0 although its number was kept: x itself may be 0. What else tells you which numbers were dropped?"
)
BACKWARD_FORGETS_MODE = "After a forward pass in inference mode, O = x. Which gradient belongs to that?"
STUCK = "After eval and then train, your layer still drops nothing. What does train have to change?"


def _factor(kept: Bools, scale: float, p: float) -> Array:
    """A mask, once the reference has had a look at p."""
    reference.dropout_mask(np.zeros(0), p)
    return np.where(kept, scale, 0.0)


def _p_is_keep(draws: Array, p: float) -> Array:
    with np.errstate(divide="ignore"):
        return _factor(draws < p, float(np.float64(1.0) / p), p)


def _inverted(draws: Array, p: float) -> Array:
    return _factor(draws < p, 1 / (1 - p) if p < 1 else 1.0, p)


def _one_over_p(draws: Array, p: float) -> Array:
    with np.errstate(divide="ignore"):
        return _factor(draws >= p, float(np.float64(1.0) / p), p)


def _not_scaled(draws: Array, p: float) -> Array:
    return _factor(draws >= p, 1.0, p)


def _one_minus_p_draws(draws: Array, p: float) -> Array:
    return _factor(draws < 1 - p, 1 / (1 - p) if p < 1 else 1.0, p)


def _kept_share(draws: Array, p: float) -> Array:
    kept = draws >= p
    return _factor(kept, kept.size / max(int(kept.sum()), 1), p)


def _nothing_dropped(draws: Array, p: float) -> Array:
    return _factor(np.ones(draws.shape, dtype=bool), 1 / (1 - p) if p < 1 else 1.0, p)


def _forward(x: Array, mask: Array, training: bool) -> Array:
    return np.asarray(x * mask if training else x * 1.0)


# --- the mask for given draws


@misconception(of="dropout_mask", hint=P_IS_KEEP, name="p_is_keep_probability")
def p_is_keep_probability_mask(draws: Array, p: float) -> Array:
    """p is taken for the probability of keeping: (draws < p) / p."""
    return _p_is_keep(draws, p)


@misconception(of="dropout_mask", hint=INVERTED, name="mask_inverted")
def mask_inverted_mask(draws: Array, p: float) -> Array:
    """The numbers that should be dropped are kept, but scaled for p: (draws < p) / (1 - p)."""
    return _inverted(draws, p)


@misconception(of="dropout_mask", hint=ONE_OVER_P, name="scaled_by_one_over_p")
def scaled_by_one_over_p_mask(draws: Array, p: float) -> Array:
    """Kept numbers count 1/p times (erratum E6 read literally)."""
    return _one_over_p(draws, p)


@misconception(of="dropout_mask", hint=NOT_SCALED, name="not_inverted")
def not_inverted_mask(draws: Array, p: float) -> Array:
    """Kept numbers are not scaled: the mask is 0 and 1."""
    return _not_scaled(draws, p)


@misconception(of="dropout_mask", hint=ONE_MINUS_P_DRAWS, name="kept_below_one_minus_p")
def kept_below_one_minus_p_mask(draws: Array, p: float) -> Array:
    """Draws below 1 - p are kept: the right share, at other places."""
    return _one_minus_p_draws(draws, p)


@misconception(of="dropout_mask", hint=KEPT_SHARE, name="scaled_by_kept_share")
def scaled_by_kept_share_mask(draws: Array, p: float) -> Array:
    """Scaled by the share that this mask happens to keep."""
    return _kept_share(draws, p)


@misconception(of="dropout_mask", hint=P_ONE)
def p_of_one_allowed(draws: Array, p: float) -> Array:
    """p = 1 is let through, and everything is dropped."""
    return np.zeros(draws.shape) if p == 1 else reference.dropout_mask(draws, p)


@misconception(of="dropout_mask", hint=P_UNCHECKED)
def p_not_checked(draws: Array, p: float) -> Array:
    """No p is refused: p = 1 gives 0/0."""
    with np.errstate(all="ignore"):
        result: Array = (draws >= p) / np.float64(1.0 - p)
    return result


# --- forward


@misconception(of="dropout_forward", hint=P_IS_KEEP)
def p_is_keep_probability(x: Array, draws: Array, p: float, training: bool = True) -> Array:
    """p is taken for the probability of keeping: x * (draws < p) / p."""
    return _forward(x, _p_is_keep(draws, p), training)


@misconception(of="dropout_forward", hint=INVERTED)
def mask_inverted(x: Array, draws: Array, p: float, training: bool = True) -> Array:
    """The numbers that should be dropped are kept, but scaled for p."""
    return _forward(x, _inverted(draws, p), training)


@misconception(of="dropout_forward", hint=ONE_OVER_P)
def scaled_by_one_over_p(x: Array, draws: Array, p: float, training: bool = True) -> Array:
    """Kept numbers are divided by p (erratum E6 read literally)."""
    return _forward(x, _one_over_p(draws, p), training)


@misconception(of="dropout_forward", hint=NOT_SCALED)
def not_inverted(x: Array, draws: Array, p: float, training: bool = True) -> Array:
    """Kept numbers are not scaled."""
    return _forward(x, _not_scaled(draws, p), training)


@misconception(
    of="dropout_forward", hint="This is dropout as it was first written. The slide moves the factor: from inference to where?"
)
def scaled_at_inference_instead(x: Array, draws: Array, p: float, training: bool = True) -> Array:
    """Not scaled in training, multiplied by 1 - p at inference: dropout that is not inverted."""
    return _forward(x, _not_scaled(draws, p), True) if training else x * (1 - p)


@misconception(of="dropout_forward", hint=ONE_MINUS_P_DRAWS)
def kept_below_one_minus_p(x: Array, draws: Array, p: float, training: bool = True) -> Array:
    """Draws below 1 - p are kept: the right share, at other places."""
    return _forward(x, _one_minus_p_draws(draws, p), training)


@misconception(of="dropout_forward", hint=KEPT_SHARE)
def scaled_by_kept_share(x: Array, draws: Array, p: float, training: bool = True) -> Array:
    """Scaled by the share that this mask happens to keep."""
    return _forward(x, _kept_share(draws, p), training)


@misconception(of="dropout_forward", hint=NEVER_GENERATED)
def mask_never_generated(x: Array, draws: Array, p: float, training: bool = True) -> Array:
    """Scaled, but no mask is made: nothing is dropped."""
    return _forward(x, _nothing_dropped(draws, p), training)


@misconception(of="dropout_forward", hint=ALWAYS_TRAINING)
def dropped_at_inference(x: Array, draws: Array, p: float, training: bool = True) -> Array:
    """Numbers are dropped at inference, too."""
    return _forward(x, reference.dropout_mask(draws, p), True)


@misconception(of="dropout_forward", hint=SCALED_AT_INFERENCE)
def scaled_at_inference_too(x: Array, draws: Array, p: float, training: bool = True) -> Array:
    """Scaled in training and again, by 1 - p, at inference."""
    return _forward(x, reference.dropout_mask(draws, p), True) if training else x * (1 - p)


@misconception(
    of="dropout_forward",
    hint="Whole numbers come in, but what comes out has digits after the point. Of which type is the array for O?",
)
def cut_to_whole_numbers(x: Array, draws: Array, p: float, training: bool = True) -> Array:
    """The output has the dtype of x, which cuts off what is behind the point of integers."""
    out: Array = reference.dropout_forward(x, draws, p, training).astype(x.dtype)
    return out


# --- backward


@misconception(of="dropout_backward", hint=MISSES_SCALE)
def backward_misses_scale(dout: Array, draws: Array, p: float, training: bool = True) -> Array:
    """The gradient is masked, but not divided by 1 - p."""
    return _forward(dout, _not_scaled(draws, p), training)


@misconception(of="dropout_backward", hint=ONE_OVER_P, name="scaled_by_one_over_p")
def scaled_by_one_over_p_backward(dout: Array, draws: Array, p: float, training: bool = True) -> Array:
    """Kept gradients are divided by p (erratum E6 read literally)."""
    return _forward(dout, _one_over_p(draws, p), training)


@misconception(of="dropout_backward", hint=P_IS_KEEP, name="p_is_keep_probability")
def p_is_keep_probability_backward(dout: Array, draws: Array, p: float, training: bool = True) -> Array:
    """p is taken for the probability of keeping."""
    return _forward(dout, _p_is_keep(draws, p), training)


@misconception(of="dropout_backward", hint=INVERTED, name="mask_inverted")
def mask_inverted_backward(dout: Array, draws: Array, p: float, training: bool = True) -> Array:
    """What was dropped has a gradient, what was kept has none."""
    return _forward(dout, _inverted(draws, p), training)


@misconception(of="dropout_backward", hint=NO_MASK)
def backward_without_mask(dout: Array, draws: Array, p: float, training: bool = True) -> Array:
    """dout is passed on as it is."""
    return np.asarray(dout * 1.0)


@misconception(of="dropout_backward", hint=NO_MASK)
def backward_scaled_without_mask(dout: Array, draws: Array, p: float, training: bool = True) -> Array:
    """dout is divided by 1 - p everywhere, also where numbers were dropped."""
    return _forward(dout, _nothing_dropped(draws, p), training)


@misconception(of="dropout_backward", hint=SCALE_TWICE)
def backward_scales_twice(dout: Array, draws: Array, p: float, training: bool = True) -> Array:
    """Divided by (1 - p) squared."""
    return _forward(dout, reference.dropout_mask(draws, p) ** 2, training)


@misconception(of="dropout_backward", hint=BACKWARD_FORGETS_MODE)
def backward_masked_at_inference(dout: Array, draws: Array, p: float, training: bool = True) -> Array:
    """The gradient is masked at inference, too."""
    return _forward(dout, reference.dropout_mask(draws, p), True)


# --- a mask drawn from a seed


def _uniform(shape: tuple[int, ...], seed: int) -> Array:
    return np.random.default_rng(seed).random(shape)


@misconception(of="random_mask", hint=FROM_NORMAL)
def draws_from_normal(shape: tuple[int, ...], p: float, seed: int) -> Array:
    """The draws are normal (randn) instead of uniform."""
    return reference.dropout_mask(np.random.default_rng(seed).standard_normal(shape), p)


@misconception(of="random_mask", hint=PER_ROW)
def mask_per_row(shape: tuple[int, ...], p: float, seed: int) -> Array:
    """One draw for each row: a mask of len(x) numbers."""
    return reference.dropout_mask(_uniform(shape[:1], seed), p)


@misconception(of="random_mask", hint=PER_ROW)
def mask_per_row_over_p(shape: tuple[int, ...], p: float, seed: int) -> Array:
    """A mask of len(x) numbers, scaled by 1/p."""
    return _one_over_p(_uniform(shape[:1], seed), p)


@misconception(of="random_mask", hint=PER_ROW)
def whole_rows_dropped(shape: tuple[int, ...], p: float, seed: int) -> Array:
    """One draw for each row, repeated along it."""
    draws = _uniform(shape[:1], seed).reshape(-1, *[1] * (len(shape) - 1))
    return reference.dropout_mask(np.broadcast_to(draws, shape), p)


@misconception(of="random_mask", hint=P_IS_KEEP, name="p_is_keep_probability")
def p_is_keep_probability_random(shape: tuple[int, ...], p: float, seed: int) -> Array:
    """p is taken for the probability of keeping."""
    return _p_is_keep(_uniform(shape, seed), p)


@misconception(of="random_mask", hint=INVERTED, name="mask_inverted")
def mask_inverted_random(shape: tuple[int, ...], p: float, seed: int) -> Array:
    """1 - p of the numbers are dropped, but the others are scaled for p."""
    return _inverted(_uniform(shape, seed), p)


@misconception(of="random_mask", hint=ONE_OVER_P, name="scaled_by_one_over_p")
def scaled_by_one_over_p_random(shape: tuple[int, ...], p: float, seed: int) -> Array:
    """Kept numbers count 1/p times (erratum E6 read literally)."""
    return _one_over_p(_uniform(shape, seed), p)


@misconception(of="random_mask", hint=NOT_SCALED, name="not_inverted")
def not_inverted_random(shape: tuple[int, ...], p: float, seed: int) -> Array:
    """The mask is 0 and 1."""
    return _not_scaled(_uniform(shape, seed), p)


@misconception(of="random_mask", hint=P_IGNORED)
def heads_or_tails(shape: tuple[int, ...], p: float, seed: int) -> Array:
    """Half of the numbers are dropped, whatever p is."""
    coins = np.random.default_rng(seed).integers(0, 2, size=shape)
    return _factor(coins == 1, 1 / (1 - p) if p < 1 else 1.0, p)


@misconception(of="random_mask", hint=SEED_IGNORED)
def seed_ignored(shape: tuple[int, ...], p: float, seed: int) -> Array:
    """The generator starts from one and the same seed."""
    return reference.random_mask(shape, p, 0)


# --- the layer


class _Layer:
    """The reference's layer with a mask that can go wrong in many ways."""

    def __init__(self, p: float) -> None:
        reference.Dropout(p)  # refuses what the reference refuses
        self.p, self.training = p, True
        self.factor: Array = np.ones(())

    def train(self) -> None:
        self.training = True

    def eval(self) -> None:
        self.training = False

    def mask(self, draws: Array) -> Array:
        return reference.dropout_mask(draws, self.p)

    def forward(self, x: Array, draws: Array) -> Array:
        self.factor = self.mask(draws) if self.training else np.ones(x.shape)
        return np.asarray(x * self.factor)

    def backward(self, dout: Array) -> Array:
        return np.asarray(dout * self.factor)


@misconception(of="Dropout", hint=P_IS_KEEP, name="p_is_keep_probability")
class PIsKeepProbability(_Layer):
    """p is taken for the probability of keeping."""

    def mask(self, draws: Array) -> Array:
        """The wrong mask."""
        return _p_is_keep(draws, self.p)


@misconception(of="Dropout", hint=INVERTED, name="mask_inverted")
class MaskInverted(_Layer):
    """The numbers that should be dropped are kept, but scaled for p."""

    def mask(self, draws: Array) -> Array:
        """The wrong mask."""
        return _inverted(draws, self.p)


@misconception(of="Dropout", hint=ONE_OVER_P, name="scaled_by_one_over_p")
class ScaledByOneOverP(_Layer):
    """Kept numbers are divided by p (erratum E6 read literally)."""

    def mask(self, draws: Array) -> Array:
        """The wrong mask."""
        return _one_over_p(draws, self.p)


@misconception(of="Dropout", hint=NOT_SCALED, name="not_inverted")
class NotInverted(_Layer):
    """Kept numbers are not scaled."""

    def mask(self, draws: Array) -> Array:
        """The wrong mask."""
        return _not_scaled(draws, self.p)


@misconception(of="Dropout", hint=MASK_KEPT, name="mask_never_renewed")
class MaskNeverRenewed(_Layer):
    """The mask of the first training step is used for ever."""

    def __init__(self, p: float) -> None:
        super().__init__(p)
        self.first: Array | None = None

    def mask(self, draws: Array) -> Array:
        """The wrong mask."""
        if self.first is None:
            self.first = super().mask(draws)
        return self.first


@misconception(of="Dropout", hint=NEVER_GENERATED, name="mask_never_generated")
class MaskNeverGenerated(_Layer):
    """Scaled, but no mask is made: nothing is dropped."""

    def mask(self, draws: Array) -> Array:
        """The wrong mask."""
        return _nothing_dropped(draws, self.p)


@misconception(of="Dropout", hint=READ_OFF_OUTPUT, name="mask_read_off_output")
class MaskReadOffOutput(_Layer):
    """What is 0 in the output is taken for dropped, also where x was 0."""

    def forward(self, x: Array, draws: Array) -> Array:
        """O, and what backward will use."""
        out = super().forward(x, draws)
        self.factor = np.where(out != 0, self.factor, 0.0)
        return out


@misconception(of="Dropout", hint=MISSES_SCALE, name="backward_misses_scale")
class BackwardMissesScale(_Layer):
    """The gradient is masked, but not divided by 1 - p."""

    def backward(self, dout: Array) -> Array:
        """The wrong dx."""
        return np.asarray(dout * (self.factor != 0))


@misconception(of="Dropout", hint=NO_MASK, name="backward_without_mask")
class BackwardWithoutMask(_Layer):
    """dout is passed on as it is."""

    def backward(self, dout: Array) -> Array:
        """The wrong dx."""
        return np.asarray(dout * 1.0)


@misconception(of="Dropout", hint=ALWAYS_TRAINING, name="dropped_at_inference")
class DroppedAtInference(_Layer):
    """eval changes nothing."""

    def eval(self) -> None:
        """Does not listen."""


@misconception(of="Dropout", hint=SCALED_AT_INFERENCE, name="scaled_at_inference_too")
class ScaledAtInferenceToo(_Layer):
    """Multiplied by 1 - p at inference."""

    def forward(self, x: Array, draws: Array) -> Array:
        """O, and what backward will use."""
        out = super().forward(x, draws)
        return out if self.training else out * (1 - self.p)


@misconception(of="Dropout", hint=BACKWARD_FORGETS_MODE, name="backward_masked_at_inference")
class BackwardMaskedAtInference(_Layer):
    """At inference backward still uses the mask of the last training step."""

    def forward(self, x: Array, draws: Array) -> Array:
        """O, and what backward will use."""
        if not self.training:
            return np.asarray(x * 1.0)
        return super().forward(x, draws)


@misconception(of="Dropout", hint=STUCK, name="stuck_in_inference")
class StuckInInference(_Layer):
    """train does not bring the layer back."""

    def train(self) -> None:
        """Does not listen."""
