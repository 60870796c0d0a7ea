"""Packs archives in archives in archives

Earns: 0
"""

import io
import zipfile


def build(class_, student):
    data = b"#" * (1 << 20)
    name = "vault.py"
    for level in range(6):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for copy in range(10):
                archive.writestr(f"vault/{copy}-{name}", data)
        data, name = packed.getvalue(), "vault.zip"
    (class_ / f"{student}.zip").write_bytes(data)
