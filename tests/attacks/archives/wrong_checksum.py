"""Hands in an archive whose contents do not match their checksum

Earns: 0
"""

import io
import zipfile


def build(class_, student):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("vault/vault.py", "def doubled(x): return 2 * x\n")
    (class_ / f"{student}.zip").write_bytes(data.getvalue().replace(b"return 2", b"return 3"))
