"""The page of the library names what there is."""

import importlib
import re

import pytest
from toys import ROOT

NAMED = re.findall(r"^::: (\S+)$", (ROOT / "docs" / "library.md").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("name", NAMED)
def test_name_exists(name: str) -> None:
    """Whatever the page draws from the code is a module, or something that a module has."""
    module, _, attribute = name.rpartition(".")
    assert hasattr(importlib.import_module(module), attribute) or importlib.import_module(name)
