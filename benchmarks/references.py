"""The references beside the solutions and beside PyTorch, on one thread: `python benchmarks/references.py [--quick]`.

Solutions: the CPU time of all calls of each rubric, run in this process. PyTorch: the layers of `torch_layers`, forward and backward, in
both precisions; without torch in the Python that runs this, that table is left out.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"  # before numpy is imported
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from benchmarks.results import Results  # noqa: E402

RESULTS = Results("references")
AIM = 3.0  # times PyTorch, of conv
ROUNDS = 7


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="the solutions alone, in few repetitions and one line")
    parser.add_argument("--torch-only", action="store_true", help="leave the solutions out")
    parser.add_argument("--keep", action="store_true", help="in benchmarks/results")
    options = parser.parse_args()
    RESULTS.keeping = options.keep
    rounds = 3 if options.quick else ROUNDS
    if not options.torch_only:
        _beside_solutions(rounds, brief=options.quick)
    if options.quick:
        return
    try:
        import torch
    except ImportError:
        print("PyTorch is not installed here: nothing beside it")
        return
    torch.set_num_threads(1)
    _beside_torch(rounds)


def _beside_solutions(rounds: int, brief: bool) -> None:
    from grader.course.folder import PUBLIC_SEED, read_course
    from grader.course.rubric import read_reference, solution_namespace
    from grader.engine.prepare import prepare

    ratios = {}
    if not brief:
        print(f"{'topic':14} {'reference ms':>12} {'solution ms':>12} {'ratio':>6}")
    for assignment in read_course(ROOT).assignments:
        plan = prepare(assignment, PUBLIC_SEED).plan
        ours, theirs = (
            _calls(plan, dict(names), rounds) for names in (read_reference(assignment) or {}, solution_namespace(assignment))
        )
        ratios[assignment.name] = ours / theirs
        if not brief:
            print(f"{assignment.name:14} {1000 * ours:12.2f} {1000 * theirs:12.2f} {ours / theirs:6.2f}", flush=True)
        row = {"reference_ms": round(1000 * ours, 3), "solution_ms": round(1000 * theirs, 3)}
        RESULTS.keep({"table": "solutions", "topic": assignment.name}, row)
    if brief:
        least, most = (pick(ratios, key=lambda name: ratios[name]) for pick in (min, max))
        told = f"median {statistics.median(ratios.values()):.2f}, {least} {ratios[least]:.2f}, {most} {ratios[most]:.2f}"
        print(f"CPU time of a reference, as a multiple of the solution's, {len(ratios)} topics: {told}")


def _calls(plan: Any, names: dict[str, Any], rounds: int) -> float:
    """CPU seconds of all calls of a plan with these functions; the best of a few."""
    from grader.sandbox.child.execute import Executor

    def once() -> None:
        executor = Executor(names)
        for step in plan.steps:
            executor.run(step)

    return _best(once, rounds)


def _beside_torch(rounds: int) -> None:
    from benchmarks.torch_layers import LAYERS

    print(f"\n{'layer':26} {'size':6} {'numbers':8} {'':9} {'reference ms':>12} {'torch ms':>9} {'ratio':>6}")
    for layer in LAYERS:
        for size in ("small", "large"):
            for dtype in ("float32", "float64"):
                for way, ours, theirs in _timed(layer, size, dtype, rounds):
                    aim = f"  (at most {AIM:g})" if layer.name.startswith("conv") else ""
                    times = f"{1000 * ours:12.4f} {1000 * theirs:9.4f} {ours / theirs:6.2f}"
                    print(f"{layer.name:26} {size:6} {dtype:8} {way:9} {times}{aim}", flush=True)
                    key = {"table": "torch", "layer": layer.name, "size": size, "dtype": dtype, "way": way}
                    RESULTS.keep(key, {"reference_ms": round(1000 * ours, 4), "torch_ms": round(1000 * theirs, 4)})


def _timed(layer: Any, size: str, dtype: str, rounds: int) -> Iterator[tuple[str, float, float]]:
    """Forward and backward: seconds of the reference and of torch, which agree on the numbers."""
    import torch

    rng = np.random.default_rng(0)
    arrays = [layer.draw(rng, shape).astype(dtype) for shape in getattr(layer, size)]
    leaves = [torch.tensor(array, requires_grad=True) for array in arrays]
    out = layer.torch(*leaves)
    close = 1e-3 if dtype == "float32" else 1e-8
    np.testing.assert_allclose(layer.forward(*arrays, *layer.others), out.detach().numpy(), close, close)

    def forward() -> None:
        with torch.no_grad():
            layer.torch(*leaves)

    yield "forward", *_both(lambda: layer.forward(*arrays, *layer.others), forward, rounds)
    if layer.backward is None:
        return
    dout = rng.normal(size=tuple(out.shape)).astype(dtype) if out.ndim else np.ones((), dtype)
    sent = torch.tensor(dout)
    wanted = [leaf for leaf in leaves if out.ndim or leaf is leaves[0]]  # a loss has no gradient of its targets

    def backward() -> Any:
        return torch.autograd.grad(out, wanted, sent, retain_graph=True)

    found = layer.backward(dout, *arrays, *layer.others)
    for got, expected in zip(found if isinstance(found, tuple) else (found,), backward(), strict=False):
        np.testing.assert_allclose(got, expected.numpy(), 10 * close, 10 * close * float(abs(expected).max()))
    yield "backward", *_both(lambda: layer.backward(dout, *arrays, *layer.others), backward, rounds)


def _both(ours: Callable[[], object], theirs: Callable[[], object], rounds: int) -> tuple[float, float]:
    """The best CPU seconds of two functions, taken in turns: a busy machine slows both."""
    pairs = [(_best(ours, 1), _best(theirs, 1)) for _ in range(rounds)]
    return min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)


def _best(function: Callable[[], object], rounds: int) -> float:
    """CPU seconds of one call; the best of some rounds, each long enough for the clock."""
    function()
    count, taken = 1, 0.0
    while True:
        started = time.process_time()
        for _ in range(count):
            function()
        taken = time.process_time() - started
        if taken > 0.01:
            break
        count *= 4
    best = taken / count
    for _ in range(rounds - 1):
        started = time.process_time()
        for _ in range(count):
            function()
        best = min(best, (time.process_time() - started) / count)
    return best


if __name__ == "__main__":
    main()
