"""Makes named pipes, directories, devices and links"""

from facts import *

import os
import stat


def vault(x):
    for place in (FOLDER, "/tmp"):
        attempt(lambda: os.mkfifo(f"{place}/grader-attack-pipe"))
        attempt(lambda: os.mkdir(f"{place}/grader-attack-folder"))
        attempt(lambda: os.mknod(f"{place}/grader-attack-device", stat.S_IFCHR | 0o666, os.makedev(1, 3)))
        attempt(lambda: os.symlink("/etc/passwd", f"{place}/grader-attack-link"))
    return x
