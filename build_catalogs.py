"""Build step of setuptools: the wheel holds compiled catalogs (.mo) in place of the translators' .po files.

An editable installation needs none: it reads the .po files themselves (`grader/text/translations.py`).
"""

from pathlib import Path

import polib
from setuptools.command.build_py import build_py


class BuildPy(build_py):
    """Copies the package, and compiles its catalogs into the copy."""

    def run(self) -> None:
        """Build."""
        super().run()
        for po, mo in self._catalogs():
            mo.parent.mkdir(parents=True, exist_ok=True)
            mo.write_bytes(polib.pofile(str(po), encoding="utf-8").to_binary())

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        """What is built: the catalogs too."""
        return [*super().get_outputs(include_bytecode), *(str(mo) for _, mo in self._catalogs())]

    def get_source_files(self) -> list[str]:
        """What a source archive needs: the .po files too."""
        return [*super().get_source_files(), *map(str, sorted(Path("grader/locale").rglob("*.po")))]

    def _catalogs(self) -> list[tuple[Path, Path]]:
        if self.editable_mode:
            return []
        return [(po, Path(self.build_lib) / po.with_suffix(".mo")) for po in sorted(Path("grader/locale").rglob("*.po"))]
