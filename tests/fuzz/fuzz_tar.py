"""A coverage-guided search for an archive that its readers cannot bear: tar files, packed or not, and what else `format_of` takes them for.

    python tests/fuzz/fuzz_tar.py --runs 1000000       needs atheris (`pip install atheris`); prints what it saw

seeds ──► damage ──► one_input ──► members, each of which can be read or says why, or one reason for the whole

What `one_input` raises is a fault, and so is more CPU time than `SECONDS` and `SECONDS_A_BYTE`. An input that found one belongs into a
test of `tests/collect/test_tar.py`.
"""

import argparse
import io
import os
import random
import re
import resource
import sys
import tarfile
import time
from collections import Counter
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2])]

from grader.submissions import archives, files, tar_members  # noqa: E402
from grader.submissions.files import MAX_MEMBERS, Held, Unreadable, UnreadableError  # noqa: E402
from grader.submissions.listing import Archive, listed  # noqa: E402

MAX_LENGTH = 20_000
SECONDS, SECONDS_A_BYTE = 0.5, 5e-4  # of CPU time: gzip, bzip2 and xz unpack a thousand times as much
MODES = ("w:", "w:gz", "w:bz2", "w:xz")
FORMATS = (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT)


def one_input(data: bytes) -> str:
    """List `data` as a student's archive and read each member; the result in a word or two.

    Raises:
        Exception: a fault of a reader.
    """
    found = listed(Archive(Held(data), ("x",), ("x", "work")))
    assert len(found) <= MAX_MEMBERS
    answers = []
    for file in found[:4]:
        assert file.parts[:1] == ("x",) and ".." not in file.parts and not any("\0" in part for part in file.parts), file.parts
        try:
            answers.append("read" if len(file.read()) <= files.MAX_NOTEBOOK else "too large")
        except UnreadableError as error:
            answers.append(_short(str(error)))
    whole = [file for file in found if file.parts == ("x",) and isinstance(file.origin, Unreadable)]
    return f"{'broken' if whole else 'listed'} {' '.join(sorted(set(answers)))[:200]}"


def _short(error: str) -> str:
    assert len(error) < 1000, "an error as long as the student wants"
    return re.sub(r"[-\d.]+|'.*'", "#", error)


def seeds() -> list[bytes]:
    """Tar files as programs write them: each format, packing and kind of member."""
    found = []
    for mode in MODES:
        for format_ in FORMATS:
            data = io.BytesIO()
            with tarfile.open(fileobj=data, mode=mode, format=format_) as file:  # type: ignore[call-overload]
                for name, kind, content in (
                    ("work/conv.py", tarfile.REGTYPE, b"x = 1\n" * 50),
                    ("./é/" + "n" * 90 + "/" * 3 + "o" * 60, tarfile.REGTYPE, b"y"),
                    ("../up.py", tarfile.REGTYPE, b""),
                    ("link.py", tarfile.SYMTYPE, b""),
                    ("pipe", tarfile.FIFOTYPE, b""),
                    ("folder", tarfile.DIRTYPE, b""),
                ):
                    info = tarfile.TarInfo(name)
                    info.type, info.size, info.linkname, info.mtime = kind, len(content), "/etc/passwd" * (not content), 1.8e9
                    file.addfile(info, io.BytesIO(content))
            found.append(data.getvalue())
    return found


def damaged(data: bytes, rng: random.Random) -> bytes:
    """`data` with one thing wrong: a byte, a field of a header, a piece cut out, doubled or put elsewhere."""
    if not data:
        return rng.randbytes(10)
    at = rng.randrange(len(data))
    block = at // 512 * 512
    match rng.randrange(7):
        case 0:
            return data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]
        case 1:
            return data[:at]
        case 2:
            return data[: max(at - rng.randrange(600), 0)] + data[at:]
        case 3:
            return data[:block] + data[block : block + 512] * rng.randrange(1, 5) + data[block:]
        case 4:  # the size
            return (
                data[: block + 124]
                + rng.choice((b"77777777777\0", b"\x80" + bytes(10) + b"\xff", b"\xff" * 12))
                + data[block + 136 :]
            )
        case 5:  # the kind
            return data[: block + 156] + bytes([rng.choice(b"0123456789xgLKSVDNM\0")]) + data[block + 157 :]
        case _:
            return _summed(data, block)


def _summed(data: bytes, block: int) -> bytes:
    """`data` with the right checksum in one header, as damage to it is seen otherwise."""
    header = data[block : block + 512]
    if len(header) < 512:
        return data
    total = sum(header[:148]) + 8 * 32 + sum(header[156:])
    return data[: block + 148] + b"%06o\0 " % total + data[block + 156 :]


def search(runs: int, seed: int, corpus: Path | None) -> None:
    """Hand `runs` inputs to `one_input`, guided by coverage; ends the process."""
    import atheris

    for module, names in (
        (
            tarfile.TarInfo,
            ("fromtarfile", "_proc_member", "_proc_builtin", "_proc_gnulong", "_proc_sparse", "_proc_pax", "_block"),
        ),
        (tarfile.TarFile, ("next",)),
        (tar_members, ("tar_members", "read_tarred", "_member", "_unpacking")),
        (archives, ("format_of", "split", "stem")),
        (files, ("listed", "_members", "_listed", "_read_member")),
    ):
        for name in names:
            if hasattr(module, name) and not isinstance(vars(module).get(name), classmethod):
                setattr(module, name, atheris.instrument_func(getattr(module, name)))
    answers: Counter[str] = Counter()
    count, slowest, started = 0, 0.0, time.monotonic()

    def target(data: bytes) -> None:
        nonlocal count, slowest
        before = time.process_time()
        answers[one_input(data)] += 1
        seconds = time.process_time() - before
        assert seconds < SECONDS + SECONDS_A_BYTE * len(data), f"{seconds:.1f} s for {len(data)} bytes"
        slowest, count = max(slowest, seconds), count + 1
        if count == runs:
            listed_ = sum(number for answer, number in answers.items() if answer.startswith("listed"))
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(
                f"{count} inputs in {time.monotonic() - started:.0f} s; {listed_} were listed, {len(answers)} different answers"
            )
            print(f"the slowest took {1000 * slowest:.0f} ms of CPU time; peak memory {peak} MiB", flush=True)
            os._exit(0)

    def mutator(data: bytes, max_size: int, seed: int) -> bytes:
        rng = random.Random(seed)
        if not data or rng.random() < 0.05:
            data = rng.choice(start)
        if rng.random() < 0.3:
            return bytes(atheris.Mutate(data, max_size))
        for _ in range(rng.choice((1, 1, 2, 4))):
            data = damaged(data, rng)
        return (_summed(data, rng.randrange(max(len(data) // 512, 1)) * 512) if rng.random() < 0.5 else data)[:max_size]

    start = seeds()
    for data in start:
        target(data)
    options = [f"-seed={seed}", f"-max_len={MAX_LENGTH}", "-len_control=0", "-rss_limit_mb=2048", "-timeout=20", "-verbosity=0"]
    atheris.Setup([sys.argv[0], *options, *([str(corpus)] if corpus else [])], target, custom_mutator=mutator)
    atheris.Fuzz()


def main() -> None:
    """Search."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus", type=Path, help="a folder to keep inputs in that were new")
    given = parser.parse_args()
    search(given.runs, given.seed, given.corpus)


if __name__ == "__main__":
    main()
