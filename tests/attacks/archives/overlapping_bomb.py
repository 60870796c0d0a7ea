"""Packs a thousand members that share the same bytes

Earns: 0
"""

import io
import struct
import zipfile


def build(class_, student):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("vault/vault.py", b"#" * (4 << 20))
    raw = data.getvalue()
    start, size = raw.rfind(b"PK\x01\x02"), 0
    entry = raw[start : raw.rfind(b"PK\x05\x06")]
    entries = [entry]
    for number in range(999):
        name = b"vault/v%04d.py" % number
        entries.append(entry[:28] + struct.pack("<H", len(name)) + entry[30:46] + name)
    body = b"".join(entries)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1000, 1000, len(body), start, 0)
    (class_ / f"{student}.zip").write_bytes(raw[:start] + body + end)
