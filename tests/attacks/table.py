"""From the reports of every mode to `docs/attacks.md`. Pure: reports in, text out."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec
from suite import FAMILIES, REPO, Attack, Report, Told

DOCUMENT = REPO / "docs" / "attacks.md"

_TITLES = {
    "tampering": "tampering with verdicts",
    "reading": "reading what is not theirs",
    "writing": "writing and persisting",
    "resources": "using up resources",
    "leaving": "leaving the sandbox",
    "importing": "import-time tricks",
    "text": "text that is obeyed",
    "archives": "archives and files",
}
_BY_ERROR = {
    "EPERM": "system call filter",
    "ENOSYS": "system call filter",
    "ENOENT": "it is not there",
    "ENOTDIR": "it is not there",
    "ESRCH": "it is not there",
    "ENXIO": "it is not there",
    "EINVAL": "it is not there",
    "ENODEV": "it is not there",
    "EOFError": "it is not there",
    "StopIteration": "it is not there",
    "EROFS": "read-only file system",
    "ForbiddenError": "policy of the course",
    "EMFILE": "descriptor limit",
    "ENOMEM": "memory limit",
    "EFBIG": "file size limit",
    "MemoryError": "memory limit",
    "RuntimeError": "system call filter",  # no new thread
    "TypeError": "built-in types cannot be changed",
    "ValueError": "limits cannot be raised",
    "ModuleNotFoundError": "it is not there",
    "ImportError": "it is not there",
    "AttributeError": "it is not there",
    "IndexError": "it is not there",
    "KeyError": "it is not there",
    "NameError": "it is not there",
    "UnboundLocalError": "it is not there",
}
_BY_OUTCOME = {
    "timed_out": "time limit",
    "out_of_memory": "memory limit",
    "bad_return": "typed wire",
    "died": "only its own process ends",
    "raised": "judged elsewhere",
    "returned": "judged elsewhere",
    "not_implemented": "judged elsewhere",
}
_NOT_STOPPED = """\
* **Whether a file exists, and how large it is**, where its name is known and there is no `bwrap` (`reading/names_and_sizes`): Landlock does
  not govern `stat`. Nothing is read by it. In mode `closed-fs`, and with `bwrap`, it is stopped.
* **Its own output pipe, opened once more** through `/proc/self/fd` by an ordinary user's child (`writing/output_of_others`): what it writes
  there is counted and cut as before. The descriptors of others are refused.
* **What every process may know**: the time, the kernel's version, the number of processors, how busy the machine is; and the standard
  library, numpy and the system's shared libraries, which are there to be read.
* **A submission's own process.** It may patch numpy, the worker and msgspec there, and crash it. That it then answers for itself is the
  same as if it had been written to give those answers: they are judged elsewhere, from bytes.
* **Answers that are known**: the results of the worked examples are in the statement. Whoever copies them earns nothing by that: those
  checks pay once a result of the exercise is right that was never published.
* **Inputs of hidden checks, bit by bit.** Whether a check passes, in which line an exception was raised and which shape came are told,
  and a program can choose them by its input. That is a few bits for each submission, and of what comes in only: what should come out is in
  no process of a student's, and feedback names no number of it before the grades are published.
* **Digging a forbidden function of numpy out of the interpreter** (`tampering/forbidden_dug_out`, `tampering/policy_switched_off`). The
  policy of an assignment is a rule of the course: `np.convolve` is replaced by a guard that answers numpy's own code alone. Python keeps
  nothing from code in the same process: whoever switches the guard off, reads the function out of its closure (`__closure__`), finds it
  with `gc`, or calls the copy that a class of numpy holds (`np.polynomial.Polynomial._mul`) has it, and nothing else. Loading numpy a
  second time is refused. What is not numpy's (scipy, another module of the course) is not there to be read at all.
* **Time and memory within the limits.** A submission may use its whole budget; a class of such submissions takes long.
* **Faults of the kernel** that are reached through the system calls that are allowed, and what processors leak from one process to another
  by their timing. No grader in a process can stop those: whoever fears them gives it a virtual machine.
* **The weak sandbox** (`--allow-weak-sandbox`, and `grader check` of one's own file): time limits and little else. A class is refused there
  unless the flag is given."""


class Mode(msgspec.Struct, frozen=True):
    """One machine that the class was graded on: its report, or what `grader grade` said when it refused.

    Attributes:
        suite: the fingerprint of the attacks.
        ran_on: system, Python and numpy, in words.
    """

    name: str
    suite: str
    ran_on: str
    report: Report | None
    refusal: str = ""


def barriers(attack: Attack, told: Told, mode: str) -> tuple[str, ...]:
    """What stopped an attack, by what it and its record say."""
    if attack.family == "text":
        return ("escaped where it is shown",)
    found = [_barrier(line, mode) for line in told.tried if line.startswith("refused: ")]
    if "broke the protocol" in told.said:
        found.append("typed wire")
    elif '"exercises": []' in told.said or (attack.earns == 0 and attack.family in ("archives", "importing")):
        found.append("submissions are only read")
    elif not found:
        found += [_BY_OUTCOME[outcome] for outcome in told.outcomes if outcome in _BY_OUTCOME]
    return tuple(dict.fromkeys(found)) or ("judged elsewhere",)


def _barrier(line: str, mode: str) -> str:
    words = line.split()
    if "EACCES" in words:
        return "Landlock" if mode == "landlock" else "rights of files"
    if "OperationalError" in words:  # SQLite does not say why it could not open the file
        return "Landlock" if mode == "landlock" else "system call filter"
    return next((_BY_ERROR[word] for word in reversed(words[1:3]) if word in _BY_ERROR), "system call filter")


def got(told: Told) -> bool:
    """Whether it got something beside points."""
    return any(line.startswith("got: ") for line in told.tried)


def document(attacks: Sequence[Attack], modes: Sequence[Mode], missing: Sequence[str]) -> str:
    """The whole page. `missing`: the names of machines that these attacks were not run on."""
    parts = [
        "# What attacks achieve",
        f"{len(attacks)} attacks in {len(FAMILIES)} families, each a file of `tests/attacks/`, graded by `grader grade` as one class with "
        "honest students among them; once for each machine below. The weaker machines are made by an outer filter of system calls, so that "
        "the kernel itself refuses. Written by `tests/attacks/run_modes.py`: edit nothing here by hand. "
        f"Run on {'; '.join(sorted({mode.ran_on for mode in modes}))}; every machine with the same attacks (`{modes[0].suite}`).",
        "An attack is stopped when it earned nothing beyond its honest part, no secret was found in its record, and it got nothing of what "
        "it tried. After each class, files, modes, times, processes, priorities, sockets, shared memory and keys were compared with those "
        "before, and the grades of the honest students with those that they get alone.",
        "## Machines",
        _machines(attacks, modes),
        *([f"These attacks were not run on: {'; '.join(missing)}."] if missing else []),
        "## What stops what",
        "How many attacks of a family met what; an attack that tries several things meets several.",
        _families(attacks, modes),
        "## What is not stopped",
        _NOT_STOPPED,
        "What attacks got, by machine: " + _gotten(attacks, modes),
        "## Every attack",
        *_listing(attacks, modes),
    ]
    return "\n\n".join(parts) + "\n"


def _machines(attacks: Sequence[Attack], modes: Sequence[Mode]) -> str:
    lines = [
        "| machine | sandbox | namespaces | user of the child | stopped | changed outside | honest grades |",
        "|---|---|---|---|---|---|---|",
    ]
    for mode in modes:
        if mode.report is None:
            lines.append(f"| {mode.name} | a class is refused: {mode.refusal} | | | | | |")
            continue
        facts, told = mode.report.facts, mode.report.attacks
        stopped = sum(_stopped(attack, told[attack.student]) for attack in attacks)
        outside = "nothing" if not mode.report.changed else f"**{len(mode.report.changed)} things**"
        same = "the same" if mode.report.honest == mode.report.undisturbed else "**others**"
        cells = (
            mode.name,
            f"`{facts['sandbox']}`",
            facts["namespaces"],
            facts["user"],
            f"{stopped} of {len(attacks)}",
            outside,
            same,
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _stopped(attack: Attack, told: Told) -> bool:
    return told.score == attack.earns and not told.leaked and not got(told)


def _families(attacks: Sequence[Attack], modes: Sequence[Mode]) -> str:
    graded = [mode for mode in modes if mode.report is not None]
    lines = [f"| family | attacks | {' | '.join(mode.name for mode in graded)} |", f"|---|---|{'---|' * len(graded)}"]
    for family in FAMILIES:
        own = [attack for attack in attacks if attack.family == family]
        cells = []
        for mode in graded:
            assert mode.report is not None
            told, sandbox = mode.report.attacks, mode.report.facts["sandbox"]
            met = Counter(name for attack in own for name in barriers(attack, told[attack.student], sandbox))
            cells.append(
                ", ".join(f"{name} {count}" for name, count in sorted(met.items(), key=lambda item: (-item[1], item[0])))
            )
        lines.append(f"| {_TITLES[family]} | {len(own)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _gotten(attacks: Sequence[Attack], modes: Sequence[Mode]) -> str:
    found = []
    for mode in modes:
        if mode.report is not None:
            names = [f"`{item.family}/{item.name}`" for item in attacks if got(mode.report.attacks[item.student])]
            found.append(f"{mode.name}: {', '.join(names) or 'nothing'}")
    return "; ".join(found) + "."


def _listing(attacks: Sequence[Attack], modes: Sequence[Mode]) -> list[str]:
    first = next(mode.report for mode in modes if mode.report is not None)
    parts = []
    for family in FAMILIES:
        lines = [f"| {_TITLES[family]} | what it tries | met on the first machine |", "|---|---|---|"]
        for attack in attacks:
            if attack.family == family:
                met = ", ".join(barriers(attack, first.attacks[attack.student], first.facts["sandbox"]))
                lines.append(f"| `{family}/{attack.name}` | {attack.does.replace('|', chr(92) + '|')} | {met} |")
        parts.append("\n".join(lines))
    return parts


def listed(text: str) -> Mapping[str, list[str]]:
    """The attacks that a page lists, by family."""
    found: dict[str, list[str]] = {}
    for family, name in re.findall(r"^\| `(\w+)/(\w+)` \|", text, re.MULTILINE):
        found.setdefault(family, []).append(name)
    return found
