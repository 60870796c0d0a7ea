"""`docs/performance.md` and its pictures, drawn from what the benchmarks kept in `benchmarks/results`: `python benchmarks/page.py`.

The page's words are in `benchmarks/performance.md`; `{name}` stands there for a table, a figure or a line of this module.
"""

import statistics
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.charts import bars, lines  # noqa: E402
from benchmarks.results import load  # noqa: E402

WORDS = Path(__file__).with_name("performance.md")
FOLDER = ROOT / "docs"
PAGE = "performance.md"
Rows = Sequence[Mapping[str, Any]]
COMMANDS = {
    "grade": "`grade`",
    "resume": "`grade` again, nothing to do",
    "show": "`show`, the class",
    "show one": "`show STUDENT TOPIC`",
    "export": "`export`, csv",
    "rejudge": "`rejudge`",
    "report": "`report`",
}
WAYS = {"here": "one machine", "local:2": "two Dask workers on it", "copied": "records copied"}
AIM = 3.0  # times PyTorch, of conv


def main() -> None:
    """Write the page and its pictures."""
    for name, text in files().items():
        (FOLDER / name).parent.mkdir(exist_ok=True)
        (FOLDER / name).write_text(text, encoding="utf-8")


def files() -> dict[str, str]:
    """Everything that is drawn, by its place in `docs`."""
    scale, references, engine, others, flame = (load(name) for name in ("scale", "references", "engine", "others", "flame"))
    large, one, workers, limit = (load(name) for name in ("large", "one", "workers", "limit"))
    words = {
        "machine": _machine(scale["machine"]),
        "scale": _scale(scale["rows"]),
        "memory": _memory(scale["rows"]),
        "model": _model(scale["rows"]),
        "solutions": _solutions(references["rows"]),
        "torch": _torch(references["rows"]),
        "engine": _engine(engine["rows"]),
        "others": _others(others["rows"]),
        "notebooks": _notebooks(engine["rows"]),
        "flame": _flame(flame["rows"]),
        "large": _scale(large["rows"]),
        "one": _one(one["rows"]),
        "workers": _workers(workers["rows"]),
        "limit": _limit(limit["rows"]),
    }
    text = WORDS.read_text(encoding="utf-8")
    for name, found in words.items():
        text = text.replace(f"{{{name}}}", found)
    return {PAGE: text, "performance/scale.svg": _curve(scale["rows"]), "performance/torch.svg": _ratios(references["rows"])}


def _machine(machine: Mapping[str, Any]) -> str:
    return f"{machine['cores']} cores ({machine['processor']}), {machine['system']}, Python {machine['python']}, numpy {machine['numpy']}"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    aligned = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in (head, aligned, *rows))


def _scale(rows: Rows) -> str:
    """Seconds and CPU of each command, for each size."""
    found = []
    for row in sorted(rows, key=lambda row: ([*COMMANDS].index(row["command"]), [*WAYS].index(row["way"]), row["count"])):
        peak = max(row["mib"].values())
        each = 1000 * row["cpu"] / row["count"]
        cells = (
            _count(row),
            _seconds(row["seconds"]),
            _seconds(row["cpu"]),
            f"{each:.2f}",
            _mib(row["mib"]["main"]),
            _mib(peak),
        )
        found.append((f"{COMMANDS[row['command']]}, {WAYS[row['way']]}", *cells))
    return _table(("", "submissions", "wall", "CPU", "CPU ms each", "its own peak", "largest process"), found)


def _one(rows: Rows) -> str:
    found = ((f"`{row['topic']}`", row["ms"], f"{row['imports']:.1f}", row["most"]) for row in rows)
    return _table(("a class of one", "ms of CPU", "numpy imports", "at most"), found)


def _limit(rows: Rows) -> str:
    found = []
    for row in rows:
        least, inside, more = row["fork_ms"] + row["own_ms"], row["inside_ms"], row["more_ms"]
        found.append(
            (f"`{row['topic']}`", f"{least:.1f}", f"{inside:.1f}", f"{row['inside']:.1f}", f"{more:.1f}", f"{row['more']:.1f}")
        )
    means = (f"{statistics.mean(row[name] for row in rows):.1f}" for name in ("inside", "more"))
    found.append(("mean", "", "", next(means), "", next(means)))
    return _table(("topic", "fork and own work, ms", "done in that fork, ms", "times", "graded, ms", "times"), found)


def _workers(rows: Rows) -> str:
    found = []
    for row in sorted(rows, key=lambda row: row["workers"]):
        each = 1000 * row["used"] * row["share"] * row["workers"] / row["rate"]
        cells = (f"{row['rate']:.2f}", f"{row['times']:.2f}", f"{row['used']:.0%}", f"{each:.0f}")
        found.append((f"{row['workers']}, {row['share']:g} of a core each", *cells))
    return _table(("workers", "submissions a second", "times one", "of their shares used", "their CPU ms each"), found)


def _mib(peak: int) -> str:
    """Memory; of what ended before it was looked at, nothing is known."""
    return f"{peak} MiB" if peak else "–"


def _count(row: Mapping[str, Any]) -> str:
    """How many submissions; `of` says of how many, where the run was stopped."""
    return f"{row['count']:,}" + (f" of {row['of']:,}, stopped" if "of" in row else "")


def _seconds(value: float) -> str:
    return f"{value:.1f} s" if value < 120 else f"{value / 60:.1f} min"


def _memory(rows: Rows) -> str:
    """How much the command's own memory grows for each submission more."""
    said = []
    for name, spoken in (
        ("resume", "`grade` with nothing to do"),
        ("show", "`show`"),
        ("export", "`export`"),
        ("report", "`report`"),
    ):
        sizes = sorted((row["count"], row["mib"]["main"]) for row in rows if row["command"] == name and row["mib"]["main"])
        if len({size for size, _ in sizes}) > 1:
            (few, low), (many, high) = sizes[0], sizes[-1]
            said.append(f"{spoken} {1024 * max(high - low, 0) / (many - few):.1f} KiB")
    return ", ".join(said)


def _slope(rows: Rows, command: str, column: str, ways: Sequence[str]) -> float:
    """Seconds for each submission more, from the smallest size to the largest."""
    sizes = sorted((row["count"], row[column]) for row in rows if row["command"] == command and row["way"] in ways)
    (few, low), (many, high) = sizes[0], sizes[-1]
    return float((high - low) / (many - few) if many > few else high / many)


def _model(rows: Rows) -> str:
    """What a million submissions cost."""
    grade, own = (_slope(rows, "grade", column, ("here",)) for column in ("cpu", "own_cpu"))
    million = 1_000_000 / 3600
    items = [
        ("CPU of one more submission", f"{1000 * grade:.1f} ms"),
        ("of that, in the one process that judges and saves", f"{1000 * own:.1f} ms"),
        ("core-hours of 10⁶ submissions", f"{grade * million:.1f}"),
        ("cores that one machine's grading keeps busy, at most", f"{grade / own:.1f}"),
    ]
    clients = [row for row in rows if row["command"] == "grade" and row["way"].startswith("local")]
    if len({row["count"] for row in clients}) > 1:  # of one size alone, the start could not be told from the rest
        ways = [row["way"] for row in clients]
        whole, client = (_slope(clients, "grade", column, ways) for column in ("cpu", "own_cpu"))
        items += [
            ("CPU of one more submission on a cluster", f"{1000 * whole:.1f} ms"),
            ("of that, in the client (read, send, save)", f"{1000 * client:.1f} ms"),
            ("workers that one client keeps busy, at most", f"{(whole - client) / client:.0f}"),
            ("hours of 10⁶ submissions with as many workers", f"{client * million:.1f}"),
        ]
    for name in ("resume", "export", "rejudge", "report"):
        items.append(
            (f"{COMMANDS[name]}: hours for 10⁶ records, on one core", f"{_slope(rows, name, 'cpu', [*WAYS]) * million:.2f}")
        )
    return _table(("", ""), items)


def _curve(rows: Rows) -> str:
    series: dict[str, list[tuple[float, float]]] = {}
    for name in ("grade", "rejudge", "report", "resume", "show", "export"):
        sizes: dict[int, float] = {}
        for row in rows:
            if row["command"] == name and row["way"] in ("here", "copied"):
                sizes[row["count"]] = row["cpu"]
        if sizes:
            series[name] = sorted(sizes.items())
    return lines(series, "submissions", "CPU seconds")


def _solutions(rows: Rows) -> str:
    found = [row for row in rows if row["table"] == "solutions"]
    return _table(
        ("topic", "reference ms", "solution ms", "ratio"),
        [
            (
                row["topic"],
                f"{row['reference_ms']:.1f}",
                f"{row['solution_ms']:.1f}",
                f"{row['reference_ms'] / row['solution_ms']:.2f}",
            )
            for row in found
        ],
    )


def _torch(rows: Rows) -> str:
    """The ratio to PyTorch of each layer, forward and backward, in both precisions and sizes."""
    of: dict[str, dict[tuple[str, str, str], float]] = {}
    for row in rows:
        if row["table"] == "torch":
            of.setdefault(row["layer"], {})[row["size"], row["dtype"], row["way"]] = row["reference_ms"] / row["torch_ms"]
    kinds = [
        (size, dtype, way) for size in ("small", "large") for dtype in ("float32", "float64") for way in ("forward", "backward")
    ]
    head = ("times PyTorch", *(f"{size}, {dtype}, {way}" for size, dtype, way in kinds))
    return _table(
        head, [(layer, *(f"{ratios[kind]:.2f}" if kind in ratios else "" for kind in kinds)) for layer, ratios in of.items()]
    )


def _ratios(rows: Rows) -> str:
    large = [row for row in rows if row["table"] == "torch" and row["size"] == "large" and row["dtype"] == "float32"]
    values = {f"{row['layer']}, {row['way']}": row["reference_ms"] / row["torch_ms"] for row in large}
    return bars(values, "times PyTorch's CPU time: large arrays, float32, one thread", AIM)


def _engine(rows: Rows) -> str:
    return _table(("", "", "at most"), [(row["figure"], row["value"], row["aim"]) for row in rows if row["table"] == "engine"])


def _others(rows: Rows) -> str:
    """What each takes, and how often ours would fit into it."""
    found = []
    for row in rows:
        version = row.get("version", "")
        name = row["figure"] + (f" ({version})" if version else "")
        if "missing" in row:
            found.append((name, row["missing"], "", "", ""))
            continue
        wall, cpu = row["ms"], row["cpu_ms"]
        found.append((name, f"{wall:,.0f}", f"{cpu:,.0f}", f"{wall / row['ours_ms']:.0f}", f"{cpu / row['ours_cpu_ms']:.0f}"))
    return _table(("", "ms a submission", "ms of CPU", "times ours", "times our CPU"), found)


def _notebooks(rows: Rows) -> str:
    found = [row for row in rows if row["table"] == "notebooks"]
    fast = next((row["more_ms"] for row in found if row["ms"] == row["ours_ms"] and "more_ms" in row), None)
    return _table(
        ("", "ms a notebook", "times ours", "ms of one more", "times ours"),
        [
            (
                row["figure"],
                f"{row['ms']:,.0f}",
                f"{row['ms'] / row['ours_ms']:.1f}",
                f"{row['more_ms']:,.0f}" if fast else "",
                f"{row['more_ms'] / fast:.1f}" if fast else "",
            )
            for row in found
        ],
    )


def _flame(rows: Rows) -> str:
    """CPU time of each kind of process."""
    found = []
    for row in sorted(rows, key=lambda row: (row["topic"], row["when"])):
        name = row["topic"] + (f", at {row['commit']}" if row["commit"] else "")
        found.append((name, *(f"{ms:.1f}" for ms in row["ms"].values()), f"{sum(row['ms'].values()):.1f}"))
    return _table(("CPU ms a submission", *rows[0]["ms"], "all"), found)


if __name__ == "__main__":
    main()
