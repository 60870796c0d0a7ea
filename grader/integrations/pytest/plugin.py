"""The plugin that pytest loads wherever the grader is installed. Where there is no course, it looks at names of files and does nothing.

`pytest assignments/conv` runs the checks of the stub `assignments/conv/conv.py` as `grader check conv` does. Off by `-p no:grader`, or
in pytest's settings by `grader = false`.
"""

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from grader.integrations.pytest.topic import Checks

COURSE = ("assignments", "course.toml")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The setting that switches it off."""
    parser.addini("grader", "collect the checks of a grader course's exercises (default: true)", type="bool", default=True)


def pytest_configure(config: pytest.Config) -> None:
    """Keep what this run has found; nothing is looked for yet."""
    if config.getini("grader"):
        config.pluginmanager.register(Plugin(config), "grader-checks")


class Plugin:
    """The plugin in one run of pytest."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._checks: Checks | None = None

    @pytest.hookimpl(wrapper=True)
    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> Generator[None, list[Any], list[Any]]:
        """A topic's stub is a file of checks, and nothing else: no other plugin imports a student's code into this process."""
        found = yield
        if file_path.suffix.lower() != ".py" or not is_topic(file_path.parent) or not self._belongs(file_path.parents[2]):
            return found
        if self._checks is None:
            from grader.integrations.pytest.topic import Checks

            self._checks = Checks(self._config)
        return self._checks.collected(file_path, parent, found)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> Any:
        """With `-n`, the checks of a topic go to one process, which runs it once."""
        if config.getoption("dist", "no") != "load" or not any(_course_above(path) for path in self._asked()):
            return None
        from grader.integrations.pytest.scheduler import TopicScheduling

        return TopicScheduling(config, log, is_topic)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """What is skipped is so for a line of the student's, and for none of the grader's."""
        report = yield
        if report.skipped and isinstance(report.longrepr, tuple) and "grader_points" in _said(report):
            path, line, _name = item.reportinfo()
            report.longrepr = (str(path), (line or 0) + 1, report.longrepr[2])
        return report

    def pytest_report_teststatus(self, report: pytest.CollectReport | pytest.TestReport) -> tuple[str, str, str] | None:
        """What is not written yet is not a failure to look into, though the run did not pass."""
        if report.failed and getattr(report, "when", "") == "call" and _said(report).get("grader_verdict") == "skipped":
            return "not written yet", "–", "NOT WRITTEN YET"
        return None

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """The points of what was run."""
        called = [one for reports in terminalreporter.stats.values() for one in reports if getattr(one, "when", "") == "call"]
        worth = [said for report in called if "grader_points" in (said := _said(report))]
        if worth:
            from grader.integrations.pytest.topic import points_text

            terminalreporter.write_line(points_text(worth))

    def pytest_unconfigure(self) -> None:
        """End the sandbox."""
        if self._checks is not None:
            self._checks.close()
            self._checks = None

    def _asked(self) -> list[Path]:
        """The paths that pytest was asked for."""
        here = self._config.invocation_params.dir
        return [here, *(here / argument.partition("::")[0] for argument in self._config.args)]

    def _belongs(self, root: Path) -> bool:
        """Whether the tests of a course are wanted: a course inside another one is a fixture of its tests, unless it is asked for."""
        return not any(_is_course(above) for above in root.parents) or any(path.is_relative_to(root) for path in self._asked())


def is_topic(folder: Path) -> bool:
    """Whether a folder is where a course has a topic."""
    return (folder / "checks.py").is_file() and _is_course(folder.parent.parent)


def _is_course(folder: Path) -> bool:
    return folder.joinpath(*COURSE).is_file()


def _course_above(path: Path) -> bool:
    return any(_is_course(folder) for folder in (path, *path.parents))


def _said(report: Any) -> dict[str, Any]:
    """What an item says of itself beside the outcome, across processes too."""
    return dict(getattr(report, "user_properties", ()))
