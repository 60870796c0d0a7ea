"""The name by which a course's `checks.py` may import the authoring language, wherever that lives: see `grader.course.authoring`."""

from grader.course.authoring import *  # noqa: F403 - the same names, all of them
from grader.course.authoring import __all__ as __all__
