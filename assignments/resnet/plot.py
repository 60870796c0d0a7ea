"""The gradient that arrives at the first block, against the depth of the stack: measured by your own `gradient_norms`.

    python plot.py                              resnet.py beside this file, picture in a window
    python plot.py other.py                     another file
    python plot.py --save gradient_norm.svg     picture in a file

In a notebook: `from plot import draw, measure` and `draw(measure(gradient_norms))`. Change SCALE and look again.
"""

import argparse
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]
Curves = dict[bool, Array]  # by skip: one number for each depth

DEPTHS = (1, 2, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50)
WIDTH, EXAMPLES, STACKS = 16, 8, 5
SMALLEST = float(np.finfo(np.float32).smallest_subnormal)
SCALE = 0.5  # weights are normal with standard deviation SCALE / sqrt(WIDTH)


def stack(seed: int) -> tuple[Array, Array, Array, Array, Array, Array]:
    """x, dout and the weights and biases of the deepest stack; a shallower one is its first blocks."""
    rng = np.random.default_rng(seed)
    x, dout = rng.normal(size=(2, EXAMPLES, WIDTH))
    w1, w2 = SCALE / np.sqrt(WIDTH) * rng.normal(size=(2, max(DEPTHS), WIDTH, WIDTH))
    b1, b2 = np.zeros((2, max(DEPTHS), WIDTH))
    return x, dout, w1, b1, w2, b2


def measure(gradient_norms: Callable[..., Array]) -> Curves:
    """norms[0] / |dout| for every depth, with and without skip connections: the median of a few random stacks."""
    curves = {}
    for skip in (False, True):
        found = np.empty((STACKS, len(DEPTHS)))
        for seed in range(STACKS):
            x, dout, *weights = stack(seed)
            for place, depth in enumerate(DEPTHS):
                norms = gradient_norms(x, dout, *(values[:depth] for values in weights), skip)
                found[seed, place] = norms[0] / np.linalg.norm(dout)
        curves[skip] = np.median(found, axis=0)
    return curves


def table(curves: Curves) -> str:
    """The curves as text."""
    rows = [f"{depth:5d}  {plain:8.1e}  {skip:8.1e}" for depth, plain, skip in zip(DEPTHS, *curves.values(), strict=True)]
    return "\n".join(["depth     plain  with skip", *rows])


def draw(curves: Curves) -> Any:
    """The curves as a matplotlib figure."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(6.4, 3.8), layout="constrained")
    axes.plot(DEPTHS, curves[True], "o-", color="#0072b2", label="with skip connections")
    axes.plot(DEPTHS, curves[False], "s--", color="#d55e00", label="plain")
    axes.set_yscale("log")
    axes.minorticks_off()
    axes.axhline(SMALLEST, color="0.5", linestyle=":")
    axes.annotate("below this line a float32 number is 0", (min(DEPTHS), SMALLEST), va="bottom", color="0.35")
    axes.set_xlabel("depth (blocks)")
    axes.set_ylabel("|gradient at first block| / |dout|")
    axes.grid(color="0.9")
    axes.legend(frameon=False, loc="center left")
    return figure


def load(path: Path) -> Any:
    """The file with your functions, as a module."""
    spec = importlib.util.spec_from_file_location("student_resnet", path)
    if spec is None or spec.loader is None or not path.is_file():
        sys.exit(f"There is no Python file {path}. Say which one is yours:  python plot.py my_resnet.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    """Measure, print, draw."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("file", nargs="?", type=Path, default=Path(__file__).with_name("resnet.py"))
    parser.add_argument("--save", type=Path, metavar="PICTURE", help="write the picture there (.svg, .png) instead of showing it")
    options = parser.parse_args()
    try:
        curves = measure(load(options.file).gradient_norms)
    except NotImplementedError as hole:
        sys.exit(f"{options.file.name} is not complete yet. Still to do:\n  {hole}")
    print(table(curves))
    try:
        import matplotlib
    except ImportError:
        sys.exit(
            "\nThese are the numbers. To see them drawn, matplotlib is needed, which is not installed here:\n"
            "  python -m pip install matplotlib\n"
            "The exercise itself does without it."
        )
    if options.save is None:
        draw(curves)
        matplotlib.pyplot.show()
        return
    matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "resnet"})  # text stays text; the same file every time
    draw(curves).savefig(options.save, metadata={"Date": None} if options.save.suffix == ".svg" else None)
    print(f"\nThe picture is in {options.save}.")


if __name__ == "__main__":
    main()
