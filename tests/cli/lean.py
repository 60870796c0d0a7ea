"""Imported before nbgrader: what takes longer than the rest of it and is optional to jsonschema, a grammar of addresses, is left out."""

import sys

sys.modules.setdefault("rfc3987_syntax")  # type: ignore[arg-type]
