"""The figures of the last runs as JSON with the machine: `benchmarks/results/NAME.json`. `docs/performance.md` is drawn from them."""

import json
import os
import platform
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parent / "results"


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    return {
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "processor": platform.machine(),
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(),
        "numpy": version("numpy"),
    }


def load(name: str) -> dict[str, Any]:
    """What is kept of a benchmark: the machine and its rows; no rows if it never ran."""
    path = RESULTS / f"{name}.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"machine": {}, "rows": []}
    return found


class Results:
    """What one benchmark measures. It is kept only where somebody said so, as most runs are to look at."""

    def __init__(self, name: str) -> None:
        self._name, self.keeping = name, False

    def keep(self, key: Mapping[str, Any], figures: Mapping[str, Any]) -> None:
        """Keep one row, in place of the one with the same key."""
        if not self.keeping:
            return
        rows = [row for row in load(self._name)["rows"] if any(row.get(field) != value for field, value in key.items())]
        rows.append({**key, **figures})
        RESULTS.mkdir(exist_ok=True)
        lines = ",\n".join(f"    {json.dumps(row, ensure_ascii=False)}" for row in rows)
        text = f'{{\n  "machine": {json.dumps(machine())},\n  "rows": [\n{lines}\n  ]\n}}\n'
        (RESULTS / f"{self._name}.json").write_text(text, encoding="utf-8")
