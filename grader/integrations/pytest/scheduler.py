"""pytest-xdist's `-n`: tests are handed out one by one, as ever, but the checks of a topic together."""

from xdist.scheduler.loadscope import LoadScopeScheduling

from grader.integrations.pytest.plugin import is_topic


class TopicScheduling(LoadScopeScheduling):
    """What belongs to one stub is a unit of work; any other test is one by itself."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return path if is_topic((self.config.rootpath / path).parent) else nodeid
