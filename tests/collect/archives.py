"""Bulk downloads as the systems write them."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

RIGHT = "def relu(x):\n    return x\n"
METADATA = """---
submission_4711:
  :submitters:
  - :name: Ana Pérez
    :sid: '0101'
    :email: ana@uni.edu
  :created_at: 2027-04-23 20:15:30.123456789 Z
  :score: 3.0
  :status: processed
  :results:
    tests:
    - name: first
      output: "a: b"
  :history:
  - :id: 4600
    :created_at: 2027-04-20 10:00:00.000000000 Z
    :score: 1.0
submission_4712:
  :submitters:
  - :name: Bruno Díaz
    :sid: ''
    :email: bruno@uni.edu
  - :name: Caro López
    :sid: '0103'
    :email: caro@uni.edu
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: 2027-04-25 01:00:00.000000000 Z
    zone: !ruby/object:ActiveSupport::TimeZone
      name: America/Montevideo
    time: 2027-04-24 22:00:00.000000000 Z
  :history: []
"""


def pack(path: Path, members: Mapping[str, str | bytes]) -> Path:
    """A zip file of these members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def gradescope(path: Path, metadata: str = METADATA) -> Path:
    """A download of two submissions, one of them of two students."""
    root = "assignment_88_export"
    return pack(
        path,
        {
            f"{root}/submission_metadata.yml": metadata,
            f"{root}/submission_4711/signs.py": RIGHT,
            f"{root}/submission_4711/helper.py": "x = 1\n",
            f"{root}/submission_4712/work/signs.py": RIGHT,
        },
    )
