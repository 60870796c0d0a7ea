"""The files of a submission as a process that reads gets them: open descriptors in place of names."""

import os
from pathlib import Path
from types import TracebackType
from typing import Self, assert_never

from msgspec.structs import replace

from grader.sandbox.control import FIRST_GIVEN, MOST_GIVEN
from grader.submissions import files
from grader.submissions.files import Given, Held, MachineFault, OnDisk, Packed, Unreadable, UnreadableError
from grader.text.language import gettext as _


class OpenedFiles:
    """The files on disk that a process gets: each is opened once."""

    def __init__(self) -> None:
        self.descriptors: list[int] = []
        self._paths: list[OnDisk] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for descriptor in self.descriptors:
            os.close(descriptor)

    def on_wire(self, origin: files.Origin) -> files.Origin:
        """Where a file is for the process; `Unreadable` if it cannot be opened."""
        match origin:
            case OnDisk():
                return self._given(origin)
            case Packed():
                archive = self.on_wire(origin.archive)
                return archive if isinstance(archive, Unreadable | MachineFault) else replace(origin, archive=archive)
            case Held() | Unreadable() | MachineFault() | Given():
                return origin
            case _:
                assert_never(origin)

    def back(self, origin: files.Origin) -> files.Origin:
        """The inverse."""
        match origin:
            case Given():
                place = origin.fd - FIRST_GIVEN
                return self._paths[place] if 0 <= place < len(self._paths) else Unreadable("")
            case Packed():
                archive = self.back(origin.archive)
                return archive if isinstance(archive, Unreadable | MachineFault) else replace(origin, archive=archive)
            case Held() | Unreadable() | MachineFault() | OnDisk():
                return origin
            case _:
                assert_never(origin)

    def _given(self, origin: OnDisk) -> files.Origin:
        if origin not in self._paths:
            if len(self._paths) == MOST_GIVEN:
                return Unreadable(_("there are too many files"))
            try:
                self.descriptors.append(files.open_plain(Path(origin.path), origin.limit))
            except UnreadableError as error:
                return Unreadable(str(error))
            except OSError as error:
                return MachineFault(error.errno or 0, error.strerror or str(error))
            self._paths.append(origin)
        return Given(FIRST_GIVEN + self._paths.index(origin))
