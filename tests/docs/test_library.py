"""The pages of the library name what there is."""

import importlib
import re

import pytest
from toys import ROOT

PAGES = [ROOT / "docs" / "library.md", ROOT / "docs" / "authors" / "api.md"]
NAMED = [name for page in PAGES for name in re.findall(r"^::: (\S+)$", page.read_text(encoding="utf-8"), re.MULTILINE)]


@pytest.mark.parametrize("name", NAMED)
def test_name_exists(name: str) -> None:
    """Whatever the page draws from the code is a module, or something that a module has."""
    module, _, attribute = name.rpartition(".")
    assert hasattr(importlib.import_module(module), attribute) or importlib.import_module(name)
