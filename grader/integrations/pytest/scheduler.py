"""pytest-xdist's `-n`: tests are handed out one by one, as ever, but the checks of a topic together."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from xdist.scheduler.loadscope import LoadScopeScheduling


class TopicScheduling(LoadScopeScheduling):
    """What belongs to one stub is a unit of work; any other test is one by itself."""

    def __init__(self, config: Any, log: Any, is_topic: Callable[[Path], bool]) -> None:
        super().__init__(config, log)
        self._is_topic = is_topic

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return path if self._is_topic((self.config.rootpath / path).parent) else nodeid
