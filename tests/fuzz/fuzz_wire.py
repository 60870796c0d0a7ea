"""A coverage-guided search for a reply that the supervisor cannot bear.

    python tests/fuzz/fuzz_wire.py --runs 1000000       needs atheris (`pip install atheris`); prints what it saw
    python tests/fuzz/fuzz_wire.py --huge               the worst frames of up to 64 MiB, one process each: their peak memory

seeds ──► damage, or grow another ──► one_input ──► WireError, or a reply that is what it was after a second trip
    ▲                                    │
    └────── kept when it is new ◄────────┘    new: another branch of the decoder's Python code, or another answer of msgspec's

What `one_input` raises is a fault. An input that found one belongs into a test of `tests/sandbox/test_wire.py`.
"""

import argparse
import os
import random
import re
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parent)]

from replies import MAX_LENGTH, damaged, grown, huge, seeds  # noqa: E402

from grader import run  # noqa: E402
from grader.sandbox import values, wire  # noqa: E402
from grader.sandbox.outcome import Outcome, Returned  # noqa: E402
from grader.sandbox.price import MAX_PRICE  # noqa: E402
from grader.sandbox.values import WireError, decode  # noqa: E402
from grader.sandbox.wire import HEADER, body_length, decode_reply, frame  # noqa: E402

SLOW_SECONDS = 1.0  # of CPU time for one input of at most `MAX_LENGTH` bytes
WORST = 3  # times as much memory as the largest frame has bytes

_keep = msgspec.msgpack.Encoder().encode
_kept = msgspec.msgpack.Decoder(Outcome).decode


def one_input(data: bytes) -> str:
    """Do with `data` what the supervisor does with a frame; the result, in a word or two.

    Raises:
        Exception: a fault of the decoder.
    """
    try:
        if len(data) >= HEADER.size:
            body_length(data[: HEADER.size])
    except WireError as error:
        _short(error)
    try:
        reply = decode_reply(data)[0]
    except WireError as error:
        return re.sub(r"[-\d.]+|'.*'", "#", _short(error))
    assert reply is not None
    shape = type(reply.outcome).__name__
    if isinstance(reply.outcome, Returned):
        for value in (reply.outcome.value, *reply.outcome.after):
            shape += f" {_shape(decode(value))}"
        uses = run.report_of(reply.outcome.value).uses  # what the answer to a Load is read for
        assert all(_same(run._refused(use)) for use in uses), "cannot be read back from a record"
    assert _same(reply.outcome), "cannot be read back from a record"
    again = frame(reply)[HEADER.size :]
    assert frame(decode_reply(again)[0])[HEADER.size :] == again, "not the same after a second trip"
    return shape


def _short(error: WireError) -> str:
    assert len(str(error)) < 2000, "an error as long as the child wants"
    return str(error)


def _same(outcome: Outcome) -> bool:
    """Whether it comes out of a record as it went in."""
    stored = _keep(outcome)
    return _keep(_kept(stored)) == stored


def _shape(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"{type(value).__name__}({' '.join(sorted({_shape(item) for item in value}))})"
    if isinstance(value, dict):
        return f"dict({' '.join(sorted({_shape(item) for item in value.values()}))})"
    return f"{value.dtype}{value.ndim}" if isinstance(value, np.ndarray) else type(value).__name__


class Tally:
    """The results of the inputs so far, printed at the end."""

    def __init__(self) -> None:
        self.count, self.slowest, self.first_peak = 0, 0.0, 0
        self.answers: Counter[str] = Counter()
        self.started = time.monotonic()

    def add(self, answer: str, seconds: float) -> None:
        """One more."""
        self.count += 1
        self.answers[answer] += 1
        self.slowest = max(self.slowest, seconds)
        if self.count == 10_000:
            self.first_peak = peak_mib()

    def __str__(self) -> str:
        seconds = time.monotonic() - self.started
        accepted = sum(count for answer, count in self.answers.items() if answer[:1].isupper())
        return (
            f"{self.count} inputs in {seconds:.0f} s ({self.count / max(seconds, 1e-9):.0f} a second), none raised anything but WireError\n"
            f"{accepted} were replies, {self.count - accepted} refused; {len(self.answers)} different answers\n"
            f"the slowest took {self.slowest * 1000:.1f} ms of CPU time; peak memory {peak_mib()} MiB (after 10,000: {self.first_peak} MiB)"
        )


def peak_mib() -> int:
    """This process's peak of resident memory."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def search(runs: int, seed: int, corpus: Path | None) -> None:
    """Hand `runs` inputs to `one_input`, guided by coverage; ends the process."""
    import atheris

    for module, names in ((wire, ("decode_reply", "body_length", "_decode")), (values, ("check", "decode"))):
        for name in names:
            atheris.instrument_func(getattr(module, name))
    for function in (one_input, _shape, run.report_of):
        atheris.instrument_func(function)
    answers: dict[str, Callable[[], int]] = {}
    tally = Tally()

    def new(answer: str) -> None:
        """msgspec is compiled and tells nothing of its branches: each of its answers is a branch here."""
        if answer not in answers and len(answers) < 4000:
            answers[answer] = atheris.instrument_func(eval(f"lambda: {len(answers)}"))
        if answer in answers:
            answers[answer]()

    def target(data: bytes) -> None:
        started = time.process_time()
        answer = one_input(data)
        seconds = time.process_time() - started
        assert seconds < SLOW_SECONDS, f"{seconds:.1f} s for {len(data)} bytes"
        new(answer)
        tally.add(answer, seconds)
        if tally.count == runs:
            print(tally, flush=True)
            os._exit(0)

    def mutator(data: bytes, max_size: int, seed: int) -> bytes:
        rng = random.Random(seed)
        if not data or rng.random() < 0.02:
            data = rng.choice(start)
        kind = rng.random()
        if kind < 0.3:
            return bytes(atheris.Mutate(data, max_size))
        if kind < 0.6:
            data = grown(rng)
        for _ in range(rng.choice((0, 0, 1, 2) if kind < 0.6 else (1, 1, 2, 4))):
            data = damaged(data, rng)
        return data[:max_size]

    start = seeds()
    for data in start:
        target(data)
    options = [f"-seed={seed}", f"-max_len={MAX_LENGTH}", "-len_control=0", "-rss_limit_mb=2048", "-timeout=10", "-verbosity=0"]
    atheris.Setup([sys.argv[0], *options, *([str(corpus)] if corpus else [])], target, custom_mutator=mutator)
    atheris.Fuzz()


def weigh(name: str) -> str:
    """The result of a huge body, and how much more memory than the body itself it took; for a process of its own."""
    body = dict(huge())[name]()
    before, started = peak_mib(), time.perf_counter()
    try:
        answer = repr(type(decode_reply(body)[0].outcome).__name__)
    except WireError as error:
        answer = str(error)
    more = peak_mib() - before
    assert more < WORST * (MAX_PRICE >> 20), f"{more} MiB for a reply that costs at most {MAX_PRICE >> 20} MiB"
    return f"{more:5d} MiB more  {time.perf_counter() - started:6.2f} s  {answer[:60]!a}"


def main() -> None:
    """Search, or weigh."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus", type=Path, help="a folder to keep inputs in that were new")
    parser.add_argument("--huge", action="store_true", help="weigh the worst frames of up to 64 MiB instead")
    parser.add_argument("--weigh", metavar="NAME", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.weigh:
        print(weigh(given.weigh))
    elif given.huge:
        failed = 0
        for name, _ in huge():
            done = subprocess.run([sys.executable, __file__, "--weigh", name], capture_output=True, encoding="utf-8")
            failed += done.returncode != 0
            print(f"{name:34} {done.stdout.strip() or 'FAULT ' + done.stderr[-300:]}")
        sys.exit(failed > 0)
    else:
        search(given.runs, given.seed, given.corpus)


if __name__ == "__main__":
    main()
