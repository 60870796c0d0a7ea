"""Settings of Visual Studio Code for students: tasks that check, failures beside the code, and the test explorer.

    .vscode/tasks.json         check this topic (Ctrl+Shift+B), check everything, watch this topic
    .vscode/settings.json      the explorer runs pytest, whose plugin comes with the grader
    .vscode/extensions.json    Python's own extension

A failure of the report is two lines, which the tasks read:

        assignments/conv/conv.py:12
        ✗ a padding of 1, stride 1
"""

import json
from pathlib import PurePosixPath
from typing import Any

from grader.release.public import Files
from grader.text.language import SOURCE, speaking
from grader.text.language import gettext as _

FOLDER = PurePosixPath(".vscode")
PLACE, FAILURE = r"^ {4}(\S.*\.py):(\d+)$", r"^ {4}[✗◐–x~] (.+)$"
AGAIN, DONE = r"^─{20,}$", r"Ctrl-C|\d\d:\d\d:\d\d"  # the line before a check of --watch, and its last one, in every language


def vscode_files(language: str | None = None) -> Files:
    """The files of the settings; the tasks are named in `language`."""
    with speaking(language or SOURCE):
        tasks = _tasks()
    files = {"tasks.json": tasks, "settings.json": _SETTINGS, "extensions.json": {"recommendations": ["ms-python.python"]}}
    return {FOLDER / name: (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode() for name, content in files.items()}


_SETTINGS: dict[str, Any] = {
    "python.testing.pytestEnabled": True,
    "python.testing.unittestEnabled": False,
    "python.testing.pytestArgs": ["assignments"],
    "files.exclude": {"**/__pycache__": True, "**/.pytest_cache": True, "**/known.msgpack": True},
}


def _tasks() -> dict[str, Any]:
    this = "${fileDirname}"
    return {
        "version": "2.0.0",
        "tasks": [
            _task(_("check this topic"), [this]) | {"group": {"kind": "build", "isDefault": True}},
            _task(_("check everything"), ["--all"]) | {"group": "build"},
            _task(_("watch this topic"), [this, "--watch"], background=True),
        ],
    }


def _task(label: str, arguments: list[str], background: bool = False) -> dict[str, Any]:
    matcher: dict[str, Any] = {
        "owner": "grader",
        "source": "grader",
        "fileLocation": ["autoDetect", "${workspaceFolder}"],
        "pattern": [{"regexp": PLACE, "file": 1, "line": 2}, {"regexp": FAILURE, "message": 1}],
    }
    if background:
        matcher["background"] = {"activeOnStart": True, "beginsPattern": AGAIN, "endsPattern": DONE}
    return {
        "label": f"grader: {label}",
        "type": "process",
        "command": "${command:python.interpreterPath}",  # of the environment that the guide makes, on every system
        "args": ["-m", "grader", "check", *arguments],
        "options": {"cwd": "${workspaceFolder}"},
        "isBackground": background,
        "presentation": {"panel": "dedicated", "clear": not background},
        "problemMatcher": matcher,
    }
