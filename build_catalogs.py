"""Build step of setuptools: the wheel holds compiled catalogs (.mo) in place of the .po files, and the guides of `grader help`.

An editable installation needs none of it: it reads the .po files themselves (`grader/text/translations.py`), and docs/.
"""

import shutil
from pathlib import Path

import polib
from setuptools.command.build_py import build_py

GUIDES = (Path("docs/authors.md"), *sorted(Path("docs/authors").glob("*.md")))


class BuildPy(build_py):
    """Copies the package, compiles its catalogs into the copy, and puts the guides there."""

    def run(self) -> None:
        """Build."""
        super().run()
        for po, mo in self._catalogs().items():
            mo.parent.mkdir(parents=True, exist_ok=True)
            mo.write_bytes(polib.pofile(str(po), encoding="utf-8").to_binary())
        for page, copy in self._guides().items():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(page, copy)

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        """The files built, the catalogs and the guides among them."""
        return [*super().get_outputs(include_bytecode), *map(str, (*self._catalogs().values(), *self._guides().values()))]

    def get_source_files(self) -> list[str]:
        """The files of a source archive, the .po files and the guides among them."""
        return [*super().get_source_files(), *map(str, (*_po_files(), *GUIDES))]

    def _catalogs(self) -> dict[Path, Path]:
        return {} if self.editable_mode else {po: Path(self.build_lib) / po.with_suffix(".mo") for po in _po_files()}

    def _guides(self) -> dict[Path, Path]:
        return {} if self.editable_mode else {page: Path(self.build_lib) / "grader" / page for page in GUIDES}


def _po_files() -> list[Path]:
    return sorted(Path("grader/locale").rglob("*.po"))
