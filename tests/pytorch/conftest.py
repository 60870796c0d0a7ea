"""The reference against PyTorch: where torch is not installed, these files are left out, and the summary says so."""

import importlib.util
from pathlib import Path

collect_ignore_glob = [] if importlib.util.find_spec("torch") else ["test_*.py"]


def pytest_terminal_summary(terminalreporter) -> None:
    """Name the files that were left out."""
    if collect_ignore_glob:
        left_out = sorted(path.stem.removeprefix("test_torch_") for path in Path(__file__).parent.glob("test_*.py"))
        terminalreporter.write_line(f"not run, because torch is not installed: tests/pytorch ({', '.join(left_out)})")
