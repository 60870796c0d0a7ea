"""A coverage-guided search with atheris over a reader of bytes, bounded in time by input, which prints what it saw."""

import argparse
import os
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from types import ModuleType

MAX_LENGTH = 4096  # bytes of an input
SLOW_SECONDS = 1.0  # of CPU time for one of them


def search(
    doc: str | None,
    one_input: Callable[[bytes], str],
    seeds: Sequence[bytes],
    functions: Iterable[tuple[ModuleType, Sequence[str]]],
) -> None:
    """Hand inputs to `one_input`, guided by the coverage of `functions`; ends the process. `--runs` of the command line says how many."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()

    import atheris

    for module, names in functions:
        for name in names:
            atheris.instrument_func(getattr(module, name))
    answers: Counter[str] = Counter()
    slowest, started = 0.0, time.monotonic()

    def target(data: bytes) -> None:
        nonlocal slowest
        begun = time.process_time()
        answers[one_input(data)] += 1
        seconds = time.process_time() - begun
        assert seconds < SLOW_SECONDS, f"{seconds:.1f} s for {len(data)} bytes"
        slowest = max(slowest, seconds)
        if answers.total() == given.runs:
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(f"{given.runs} inputs in {time.monotonic() - started:.0f} s, none a fault; {len(answers)} different answers")
            print(f"the slowest took {slowest * 1000:.1f} ms of CPU time; peak memory {peak} MiB")
            print(*(f"{count:8} {answer}" for answer, count in answers.most_common(8)), sep="\n", flush=True)
            os._exit(0)

    def mutator(data: bytes, max_size: int, seed: int) -> bytes:
        rng = random.Random(seed)
        if not data or rng.random() < 0.5:
            data = rng.choice(seeds)
        if rng.random() < 0.3:  # the end of another one
            other = rng.choice(seeds)
            data = data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other) + 1) :]
        return bytes(atheris.Mutate(data, max_size))

    options = [f"-seed={given.seed}", f"-max_len={MAX_LENGTH}", "-len_control=0", "-timeout=10", "-verbosity=0"]
    atheris.Setup([sys.argv[0], *options], target, custom_mutator=mutator)
    atheris.Fuzz()
