"""A coverage-guided search for a CSV file that the readers of class lists, worksheets and groups cannot bear.

    python tests/fuzz/fuzz_csv.py --runs 100000       needs atheris (`pip install atheris`); prints what it saw

What `one_input` raises is a fault. An input that found one belongs into a test of
`tests/test_roster.py` or `tests/gradebook/test_groups.py`.
"""

import os
import sys
from datetime import UTC
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parent)]

from searching import search  # noqa: E402

from grader.errors import UsageError  # noqa: E402
from grader.gradebook import csv_rows, groups, roster  # noqa: E402
from grader.gradebook.groups import read_groups  # noqa: E402
from grader.gradebook.roster import Match, Matcher, read_roster  # noqa: E402
from grader.integrations.moodle import submissions  # noqa: E402

SEEDS = [
    b'\xef\xbb\xbfStudent;ID;SIS Login ID;Section;vectors (9)\n"    Points Possible";;;;5\n"P\xc3\xa9rez, Ana";1;ana;A;\n',
    b'Identifier,Full name,"Last modified (submission)"\nParticipant 1,Ana,"Friday, 23 April 2027, 8:15 PM"\nParticipant 2,Bea,-\n',
    b"team,student,topic\nred,ana,\nred,bea,conv\n",
    b"team\tstudent\r\nred\tana\r\n",
    b"student_id,last_name,first_name,email\nana,P,A,ana@uni.edu\n",
]
MEMORY = os.memfd_create("list.csv")  # to write a file to a disk takes longer than all that is tried here
FILE = Path(f"/proc/self/fd/{MEMORY}")
FUNCTIONS = (
    (csv_rows, ("read_text", "csv_rows", "_delimiter", "head_key")),
    (groups, ("parse_groups", "_teams")),
    (roster, ("parse_roster", "_is_student")),
    (submissions, ("submitted",)),
)


def one_input(data: bytes) -> str:
    """Read `data` as each kind of list; the result, in a word or two."""
    os.ftruncate(MEMORY, 0)
    os.pwrite(MEMORY, data, 0)
    found = []
    try:
        teams = read_groups(FILE, ("conv", "mlp"))
        assert all(student in team.members for (_, student), team in teams.teams.items())
        found.append("groups")
    except UsageError as error:
        found.append(str(error).removeprefix(str(FILE))[:20])
    try:
        people = read_roster(FILE)
    except UsageError as error:
        return " ".join([*found, str(error).removeprefix(str(FILE))[:20]])
    matcher = Matcher(people)
    matched = sum(isinstance(matcher.match(people.folder(row)), Match) for row in people.students)
    times, notes = submissions.submitted(people, UTC)
    return " ".join([*found, f"a list, {min(matched, 2)} found, {min(len(times), 2)} times, {len(notes)} notes"])


if __name__ == "__main__":
    search(__doc__, one_input, SEEDS, FUNCTIONS)
