"""How much two submissions share that others do not have.

Each run of `RUN` tokens is a fingerprint, in which a name of the student's own is how far back it stood before: renaming changes
nothing. A fingerprint weighs ln(submissions / submissions that have it), as in tf-idf, so what everybody writes weighs nothing, and what is
given (the stub) is not counted at all. Of two submissions A and B:

    evidence = Σ weight of the shared fingerprints / RUN        (runs overlap: so many stretches of RUN tokens, each as rare as e^-1)
    share    = Σ weight of the shared / the smaller of Σ weight of A and of B

Sources: S. Schleimer, D. Wilkerson, A. Aiken, «Winnowing», SIGMOD 2003 (fingerprints of k-grams); B. Baker, «Parameterized pattern
matching», JCSS 1996 (renaming); K. Spärck Jones, 1972 (weights).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from grader.submissions.tokens import OWN, Token

RUN = 14  # tokens of a fingerprint: about one short statement
EVIDENCE, SHARE = 6.0, 0.45  # at least, for a pair that is worth a look: chosen with `benchmarks/similar.py`
COMMON = 0.34  # of all submissions: what more of them have is not a sign of copying
SMALL = 12  # submissions: a smaller class says too little about what is common

_MASK = (1 << 63) - 1
_FACTORS = np.array([2 * hash(f"factor {place}") + 1 & 2 * _MASK + 1 for place in range(RUN)], np.uint64)
_NAMES = np.array([hash(f"name {ago}") & _MASK for ago in range(RUN)], np.uint64)

Array = NDArray[Any]
Prints = Mapping[int, Set[int]]  # the hash of a fingerprint → the lines on which it stands


class Pair(msgspec.Struct, frozen=True):
    """Two submissions that are alike.

    Attributes:
        share: of the rarer code of the smaller one, from 0 to 1; `evidence`: how much code that is (see above).
        lines: the lines of each that hold what they share.
    """

    first: str
    second: str
    share: float
    evidence: float
    lines: tuple[tuple[int, ...], tuple[int, ...]]


def prints_of(parts: Iterable[Sequence[Token]]) -> Prints:
    """The fingerprints of a submission.

    A name of the student's own is how many tokens ago it stood in the run, or that it is new there, which renaming does not change. A part
    that is shorter than a run ends in what is no token.
    """
    tokens, ago, lines, starts = list[int](), list[int](), list[int](), list[int]()
    for part in filter(None, parts):
        begin, last = len(lines), dict[str, int]()
        for place, token in enumerate(part):
            is_own = token.text.startswith(OWN)
            tokens.append(0 if is_own else hash(token.text) & _MASK | 1 << 63)
            ago.append(place - last.get(token.text, -RUN))
            lines.append(token.line)
            if is_own:
                last[token.text] = place
        short = max(0, RUN - len(part))
        tokens += [1 << 63] * short
        ago += [RUN] * short
        lines += lines[-1:] * short
        starts += range(begin, len(lines) - RUN + 1)
    found: defaultdict[int, set[int]] = defaultdict(set)
    if starts:
        runs = _runs(np.array(tokens, np.uint64), np.array(ago))
        for start in starts:
            found[runs[start]].update(lines[start : start + RUN])
    return found


def _runs(tokens: Array, ago: Array) -> list[int]:
    """A number for the run that begins at each token."""
    count = len(tokens) - RUN + 1
    runs = np.zeros(count, np.uint64)
    for place, factor in enumerate(_FACTORS):
        now = slice(place, place + count)
        runs = (runs ^ np.where(tokens[now] != 0, tokens[now], _NAMES[np.where(ago[now] <= place, ago[now], 0)])) * factor
        runs ^= runs >> np.uint64(29)
    found: list[int] = runs.tolist()
    return found


def pairs(handed_in: Mapping[str, Prints], given: Iterable[Prints] = (), others: Sequence[Prints] = ()) -> list[Pair]:
    """The pairs that are worth a look, the most striking first.

    Args:
        handed_in: by student.
        given: of what every student has: the stub.
        others: more ways to write it that nobody copied, such as the solution; they tell what is common.
    """
    weight = _weights(handed_in, {text for prints in given for text in prints}, others)
    students = list(handed_in)
    mass = np.zeros(
        (len(students), len(students)), np.float32
    )  # Σ weight of what each two share; on the diagonal, of what each has
    having: defaultdict[int, list[int]] = defaultdict(list)
    for place, prints in enumerate(handed_in.values()):
        for text in prints:
            if text in weight:
                having[text].append(place)
    for text, places in having.items():
        mass[np.ix_(places, places)] += weight[text]
    own = np.diag(mass)
    share = mass / np.maximum(np.minimum.outer(own, own), 1e-9)
    striking = np.argwhere(np.triu((share >= SHARE) & (mass / RUN >= EVIDENCE), 1))
    found = []
    for one, two in striking.tolist():
        shared = [text for text in handed_in[students[one]] if text in handed_in[students[two]] and text in weight]
        lines = [tuple(sorted({line for text in shared for line in handed_in[students[place]][text]})) for place in (one, two)]
        found.append(
            Pair(students[one], students[two], float(share[one, two]), float(mass[one, two]) / RUN, (lines[0], lines[1]))
        )
    return sorted(found, key=lambda pair: (-pair.evidence * pair.share, pair.first, pair.second))


def _weights(handed_in: Mapping[str, Prints], known: set[int], others: Sequence[Prints]) -> dict[int, float]:
    """What each fingerprint weighs, without those that are given or common."""
    count = Counter(text for prints in (*handed_in.values(), *others) for text in prints if text not in known)
    total = max(len(handed_in) + len(others), SMALL)
    return {text: float(np.log((total + 1) / n)) for text, n in count.items() if n <= COMMON * total}


def clusters(found: Sequence[Pair]) -> list[list[str]]:
    """Students who are connected by pairs, the largest group first."""
    group: dict[str, set[str]] = {}
    for pair in found:
        merged = group.get(pair.first, {pair.first}) | group.get(pair.second, {pair.second})
        for student in merged:
            group[student] = merged
    different = {id(one): sorted(one) for one in group.values()}
    return sorted(different.values(), key=lambda one: (-len(one), one))
