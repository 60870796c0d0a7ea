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


CANVAS_LIST = (  # Canvas's export of its gradebook, and what it knows that nobody else does
    "Student,ID,SIS User ID,SIS Login ID,Section,Signs (9),Notes,Current Score\n"
    "    Points Possible,,,,,1,,(read only)\n"
    '"Pérez, Ana",4711,0012,ana,"A, night",,from Ana,\n'
    '"O\'Brien ""Bo"", Bo",4712,s-2, bo ,A,0.5,,\n'
    '"Me\u0301ndez, Caro",4713,,caro@uni.edu,,,,\n'
)
MOODLE_SHEET = (  # Moodle's grading worksheet
    'Identifier,"Full name","Email address",Status,Grade,"Maximum grade","Grade can be changed","Last modified (submission)",'
    '"Last modified (grade)","Feedback comments"\n'
    '"Participant 4711","Ana Pérez",ana@uni.edu,"Submitted for grading",,1.00,Yes,"Friday, 23 April 2027, 8:15 PM",-,\n'
    '"Participant 4712","Bo ""Bo"" O\'Brien",,"Submitted for grading - ",0.50,1.00,Yes,"Friday, 23 April 2027, 9:00 PM",'
    '"Saturday, 24 April 2027, 9:00 AM","two\nlines"\n'
    '"Participant 4713","Caro Me\u0301ndez","","No submission",,1.00,Yes,-,-,\n'
)


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


def canvas(path: Path, text: str = RIGHT) -> Path:
    """A download of Ana's and Caro's submissions of the same text."""
    return pack(path, {"pérezana_4711_1_signs-2.py": text, "méndezcaro_LATE_4713_2_signs.py": text})


def moodle(path: Path, text: str = RIGHT) -> Path:
    """A download of Ana's and Caro's submissions of the same text."""
    names = ("Ana Pérez_4711", "Caro Me\u0301ndez_4713")
    return pack(path, {f"{name}_assignsubmission_file/signs.py": text for name in names})
