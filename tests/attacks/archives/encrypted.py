"""Hands in an archive that asks for a password

Earns: 0
"""

import io
import zipfile


def build(class_, student):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("vault/vault.py", "def doubled(x): return 2 * x\n")
    raw = bytearray(data.getvalue())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.find(mark) + place] |= 1
    (class_ / f"{student}.zip").write_bytes(bytes(raw))
