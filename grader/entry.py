"""Where the command begins, by the name that scripts use: see `grader.cli.entry`."""

from grader.cli.entry import main

__all__ = ["main"]
