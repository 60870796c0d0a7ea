"""Dropout: fill in the functions and the class below. In all of them p is the probability that a number is DROPPED.

What is random comes in from outside, as an array of uniform draws or as a seed, so that your results can be compared.
Every index starts at 0. Loops over the elements are fine; numpy is all you need.
"""

import time

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]


def dropout_mask(draws: Array, p: float) -> Array:
    """The mask of dropout: 0 where a number is dropped, 1/(1 - p) where it is kept.

        M[i] = 0              where draws[i] < p         (dropped, with probability p)
        M[i] = 1 / (1 - p)    otherwise                  (kept, with probability 1 - p)

    for every place i of draws, whatever the number of axes. The kept numbers are made larger because fewer of them are left:
    a number is kept with probability 1 - p and then counts 1/(1 - p) times, so that on average it counts once.

    Lecture L1, slide «Previniendo el sobreentrenamiento: Dropout Layers». The slide divides by p; right is 1 - p (erratum E6).
    For p = 0.5, the value of the slide's example, both are the same.

    Args:
        draws: any shape, numbers drawn uniformly from [0, 1), one for each number of the layer's input. None of them is equal
            to p here (the slide would keep such a number).
        p: the probability of dropping, 0 <= p < 1. For p = 0 nothing is dropped and the mask is 1 everywhere.

    Returns:
        M, an array of floats with the shape of draws. draws is not changed.

    Raises:
        ValueError: p < 0 or p >= 1.

    Example (p = 0.2, so a kept number counts 1 / (1 - 0.2) = 1.25 times):
        draws = [0.9, 0.1, 0.5, 0.3]      M = [1.25, 0, 1.25, 1.25]      0.9 >= 0.2: kept;  0.1 < 0.2: dropped
    """
    raise NotImplementedError("dropout_mask: The mask of dropout: 0 where a number is dropped, 1/(1 - p) where it is kept.")


def dropout_forward(x: Array, draws: Array, p: float, training: bool = True) -> Array:
    """Dropout: in training some numbers become 0 and the others grow by 1/(1 - p); at inference nothing happens.

    In training, for every place i of x:

        O[i] = 0                   where draws[i] < p
        O[i] = x[i] / (1 - p)      otherwise

    At inference (training=False) O = x: nothing is dropped and nothing is scaled, because training has already made up for
    what it dropped («inverted» dropout).

    Lecture L1, slides «Previniendo el sobreentrenamiento: Dropout Layers» and «Dropout: Example». The slide divides by p; right
    is 1 - p (erratum E6).

    Args:
        x: any shape, for example (N, D) or (N, C, H, W); floats or integers.
        draws: the shape of x, numbers drawn uniformly from [0, 1). They come at inference too, where they count for nothing.
        p: the probability of dropping, 0 <= p < 1. For p = 0, O = x.
        training: whether the network is being trained.

    Returns:
        O, an array of floats with the shape of x, also where x is of integers. x and draws are not changed; where nothing happens
        to x, x itself may be returned.

    Raises:
        ValueError: p < 0 or p >= 1 in training (`dropout_mask` can do it for you).

    Example (the slide's first row, p = 0.5: kept numbers are divided by 1 - 0.5, that is doubled):
        x = [1, 2, 1, 0]      draws = [0.6, 0.8, 0.2, 0.1]      O = [2, 4, 0, 0]
        O[1]: 0.8 >= 0.5, kept: 2 / (1 - 0.5) = 4               O[2]: 0.2 < 0.5, dropped: 0
    """
    raise NotImplementedError(
        "dropout_forward: Dropout: in training some numbers become 0 and the others grow by 1/(1 - p); at inference nothing happens."
    )


def dropout_backward(dout: Array, draws: Array, p: float, training: bool = True) -> Array:
    """Gradient of dropout with respect to its input.

    Given dout, the gradient of the loss with respect to the output of `dropout_forward(x, draws, p, training)`. What was dropped
    did not reach the loss, so its gradient is 0; what was kept reached it 1/(1 - p) times. In training, with the same draws as in
    the forward pass:

        dx[i] = 0                      where draws[i] < p
        dx[i] = dout[i] / (1 - p)      otherwise

    At inference (training=False) O = x, so dx = dout.

    Lecture L1, slide «Previniendo el sobreentrenamiento: Dropout Layers» (it defines the forward pass; its derivative is derived
    here).

    Args:
        dout: any shape, the shape of x.
        draws: the shape of dout; the draws that the forward pass had, not new ones.
        p: the probability of dropping, 0 <= p < 1. The forward pass has refused every other p, so it need not be looked at again.
        training: as in the forward pass.

    Returns:
        dx, an array of floats with the shape of dout. dout and draws are not changed.

    Example (p = 0.2, so what is kept counts 1 / (1 - 0.2) = 1.25 times):
        dout = [4, 8, -2, 6]      draws = [0.9, 0.1, 0.5, 0.3]      dx = [5, 0, -2.5, 7.5]
        dx[0]: 0.9 >= 0.2, kept: 4 / (1 - 0.2) = 5                  dx[1]: 0.1 < 0.2, dropped: 0
    """
    raise NotImplementedError("dropout_backward: Gradient of dropout with respect to its input.")


def random_mask(shape: tuple[int, ...], p: float, seed: int) -> Array:
    """A mask of dropout that is drawn here: 0 with probability p, 1/(1 - p) otherwise, every place for itself.

    The slide's random(0, 1) is a uniform number between 0 and 1. `rng = np.random.default_rng(seed)` makes a generator of
    random numbers that always begins in the same way for the same seed; `rng.random(shape)` draws an array from it.

    Lecture L1, slide «Previniendo el sobreentrenamiento: Dropout Layers».

    Args:
        shape: of the mask: the whole shape of the layer's input, one draw for each of its numbers.
        p: the probability of dropping, 0 <= p < 1. For p = 0 the mask is 1 everywhere.
        seed: an integer. The same seed gives the same mask, another seed another mask.

    Returns:
        an array of floats of shape `shape` with the two values 0 and 1/(1 - p). Which places are 0 is up to you: looked at are
        the values, how many of each there are, and whether every place was drawn for itself.

    Raises:
        ValueError: p < 0 or p >= 1.

    Example:
        random_mask((2, 3), 0.2, 7) could be [[1.25, 0, 1.25],      (about one in five is 0, and 1 / (1 - 0.2) = 1.25)
                                              [1.25, 1.25, 1.25]]
    """
    raise NotImplementedError(
        "random_mask: A mask of dropout that is drawn here: 0 with probability p, 1/(1 - p) otherwise, every place for itself."
    )


class Dropout:
    """Dropout as a layer: it knows p, whether the network is being trained, and the mask of its latest forward pass.

    A new layer is in training mode. A training step calls `forward` and then `backward`; `backward` belongs to the latest
    `forward` (which is always called first), and the mode is not changed between the two. You may use the functions above. What
    you call the attributes is up to you.

    Lecture L1, slide «Previniendo el sobreentrenamiento: Dropout Layers».

    Example (p = 0.2):
        layer = Dropout(0.2)
        layer.forward([1, 2, 3, 4], draws=[0.9, 0.1, 0.5, 0.3])      gives [1.25, 0, 3.75, 5]     (lists stand for arrays here)
        layer.backward([4, 8, -2, 6])                                gives [5, 0, -2.5, 7.5]
        layer.eval()
        layer.forward([1, 2, 3, 4], draws=[0.9, 0.1, 0.5, 0.3])      gives [1, 2, 3, 4]
    """

    def __init__(self, p: float) -> None:
        """Make a layer that drops with probability p, in training mode.

        Raises:
            ValueError: p < 0 or p >= 1.
        """
        raise NotImplementedError("Dropout.__init__: Make a layer that drops with probability p, in training mode.")

    def train(self) -> None:
        """Switch to training mode: numbers are dropped from now on. Returns nothing."""
        raise NotImplementedError("Dropout.train: Switch to training mode: numbers are dropped from now on. Returns nothing.")

    def eval(self) -> None:
        """Switch to inference mode: nothing is dropped from now on. Returns nothing."""
        raise NotImplementedError("Dropout.eval: Switch to inference mode: nothing is dropped from now on. Returns nothing.")

    def forward(self, x: Array, draws: Array) -> Array:
        """Dropout of x in the layer's mode; remembers what `backward` needs.

        Args:
            x: any shape. The next x may have another shape: the last batch of an epoch is often smaller.
            draws: the shape of x, uniform in [0, 1), fresh ones for every call. Not used in inference mode.

        Returns:
            O, an array of floats with the shape of x, as `dropout_forward` defines it. x and draws are not changed.
        """
        raise NotImplementedError("Dropout.forward: Dropout of x in the layer's mode; remembers what `backward` needs.")

    def backward(self, dout: Array) -> Array:
        """Gradient with respect to the x of the latest `forward`, with the mask of that call.

        Args:
            dout: the shape of that x.

        Returns:
            dx, an array of floats with the shape of dout, as `dropout_backward` defines it; after a forward pass in inference mode
            dx = dout. dout is not changed.
        """
        raise NotImplementedError(
            "Dropout.backward: Gradient with respect to the x of the latest `forward`, with the mask of that call."
        )


def fast_dropout_forward(x: Array, draws: Array, p: float) -> Array:
    """Optional: `dropout_forward` in training once more, without a loop over the places.

    A comparison of whole arrays is an array of True and False. On a large batch it may take 5 times as long as the course's own; start
    this file to see how fast yours is.

    Args:
        x, draws, p: as in `dropout_forward`; p is a probability, you need not check it.

    Returns:
        What `dropout_forward` returns in training.

    Example: that of `dropout_forward`.
    """
    raise NotImplementedError(
        "fast_dropout_forward: Optional: `dropout_forward` in training once more, without a loop over the places."
    )


if __name__ == "__main__":
    # Try your functions here: this runs when you start the file yourself, never when it is graded.
    print(dropout_mask(np.array([0.9, 0.1, 0.5, 0.3]), 0.2))  # should print [1.25 0.   1.25 1.25]
    # Now make it fast: how many times as fast as the loops is yours?
    rng = np.random.default_rng(0)
    batch, draws = rng.normal(size=(800, 1000)), rng.uniform(size=(800, 1000))
    seconds = []
    for function in (dropout_forward, fast_dropout_forward):
        started = time.perf_counter()
        function(batch, draws, 0.3)
        seconds.append(time.perf_counter() - started)
    print(f"loops: {seconds[0]:.3f} s, yours: {seconds[1]:.4f} s: {seconds[0] / seconds[1]:.0f} times as fast")
