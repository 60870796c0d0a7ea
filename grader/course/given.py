"""What a course gives student code along: third-party modules that it may import, and files that it may read."""

import msgspec


class Given(msgspec.Struct, frozen=True):
    """What is there beside a submission's own text.

    Attributes:
        modules: third-party ones, as `course.toml` names them.
        files: the names of data files, relative to the working directory.
    """

    modules: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


NOTHING = Given()
