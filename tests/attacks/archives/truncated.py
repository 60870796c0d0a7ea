"""Hands in half of an archive

Earns: 0
"""

import io
import zipfile


def build(class_, student):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("vault/vault.py", "def doubled(x): return 2 * x\n" * 1000)
    (class_ / f"{student}.zip").write_bytes(data.getvalue()[: len(data.getvalue()) // 2])
