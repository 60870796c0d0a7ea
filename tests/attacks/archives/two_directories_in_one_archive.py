"""Packs an archive whose list of members says other things than the members themselves, behind another archive

Earns: 0
"""

import io
import zipfile


def packed(text):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("vault/vault.py", text)
    return data.getvalue()


def build(class_, student):
    first = packed("def doubled(x): return 0\n")
    second = packed("def doubled(x): return 1\n").replace(b"vault/vault.py", b"../../v\\.py\0", 1)
    (class_ / f"{student}.zip").write_bytes(first + second)
