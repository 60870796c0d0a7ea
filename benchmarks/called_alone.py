"""A submission without any grader: its text is executed and its functions are called with a plan's arguments, in this process.

As a program it does so in forks of a warm process, as a grader would have to at least: without a lock-down, a wire or a judge. It reads a
pickle of `(load, steps)` from its standard input, and prints the CPU seconds of one fork that ends at once, and of one that calls.
"""

import contextlib
import io
import itertools
import os
import pickle
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from grader.sandbox.child.execute import Executor
from grader.sandbox.wire import Load, Step

FORKS, WORKING = 200, 20  # that end at once, and that call


def loaded_and_called(load: Load, steps: Sequence[Step]) -> tuple[float, float]:
    """CPU seconds for its text and for its calls: the best of a few rounds."""
    executor = Executor()
    executor.load(load)
    loads = []
    for _ in range(5):
        started = time.process_time()
        _loaded(load)
        loads.append(time.process_time() - started)
    return min(loads), min(sum(_called(steps, executor)) for _ in range(3))


def _loaded(load: Load) -> None:
    for name in load.parts or (load.main,):
        exec(compile(load.modules[name], f"{name}.py", "exec"), {"__name__": name})


def _called(steps: Sequence[Step], executor: Executor) -> Iterator[float]:
    """CPU seconds of each call."""
    case = -1
    for step in steps:
        if step.case != case:
            case = step.case
            executor._handles.clear()
            np.random.seed(0)
            random.seed(0)
        target = executor._resolve(step.target)
        args = [executor._fill(value) for value in step.args]
        kwargs = {name: executor._fill(value) for name, value in step.kwargs}
        result = None
        started = time.process_time()
        with contextlib.suppress(Exception):  # what a refusal check asks for
            result = target if step.op == "get" else target(*args, **kwargs)
            if step.first is not None:
                result = list(itertools.islice(result, step.first))
        yield time.process_time() - started
        if step.save:
            executor._handles[step.save] = result


def _in_forks(work: Callable[[], None], count: int) -> float:
    """CPU seconds of one fork that does this, of its start and its end."""
    before = _used()
    for _ in range(count):
        pid = os.fork()
        if not pid:
            work()
            os._exit(0)
        os.waitpid(pid, 0)
    return (_used() - before) / count


def _used() -> float:
    found = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in found)


def main() -> None:
    """Measure, and print."""
    import gc

    from grader.sandbox.child.preload import preload

    load, steps = pickle.load(sys.stdin.buffer)
    preload(False)

    def work() -> None:
        with contextlib.redirect_stdout(io.StringIO()):
            executor = Executor()
            executor.load(load)
            sum(_called(steps, executor))

    gc.collect()
    gc.freeze()
    print(_in_forks(lambda: None, FORKS), _in_forks(work, WORKING))


if __name__ == "__main__":
    main()
