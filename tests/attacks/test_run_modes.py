"""Which reports the page is written from."""

from pathlib import Path

from run_modes import keep, kept
from suite import collect, fingerprint
from table import Mode


def test_only_reports_about_these_attacks(tmp_path: Path) -> None:
    """A report that is kept counts for the attacks that it is about, and is run again for others."""
    attacks = collect()
    mode = Mode("root, no seccomp", fingerprint(attacks), "Linux", None, "exit code 2")
    keep(tmp_path, mode)
    assert kept(tmp_path, mode.name, fingerprint(attacks)) == mode
    assert kept(tmp_path, mode.name, fingerprint(attacks[1:])) is None
    assert kept(tmp_path, "root, neither", fingerprint(attacks)) is None
