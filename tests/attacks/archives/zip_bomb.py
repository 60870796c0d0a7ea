"""Packs ten gigabytes of nothing into a megabyte

Earns: 0
"""

import zipfile


def build(class_, student):
    with zipfile.ZipFile(class_ / f"{student}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("vault/vault.py", "w", force_zip64=True) as member:
            for _ in range(256):
                member.write(b"#" * (1 << 20))
