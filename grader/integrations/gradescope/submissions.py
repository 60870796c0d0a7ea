"""Gradescope's "Download Submissions": one folder per submission, and a list of their submitters.

    assignment_88_export/submission_metadata.yml
    assignment_88_export/submission_4711/conv.py

A group submission counts for each member. The archive has only the active submission of each student; the list names the others, too.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from grader.errors import UsageError
from grader.integrations.download import Download
from grader.submissions.archive import Member
from grader.submissions.written_time import read_time

METADATA = "submission_metadata.yml"
MAX_METADATA = 200 << 20
_AGAIN = "Download the submissions again: Review Grades → Export Submissions."


def downloads(members: Sequence[Member]) -> tuple[list[Download], list[str]]:
    """The submissions, and notes on members that were ignored.

    Raises:
        UsageError: the list is missing or is not Gradescope's, or PyYAML is not installed.
    """
    lists = [member for member in members if member.name == METADATA]
    if not lists:
        raise UsageError(f"it has no {METADATA}, in which Gradescope lists the owner of each folder. {_AGAIN}")
    listed = min(lists, key=lambda member: len(member.parts))
    root = listed.parts[:-1]
    if listed.size > MAX_METADATA:
        raise UsageError(f"{METADATA} has {listed.size} bytes; at most {MAX_METADATA} are read. {_AGAIN}")
    files: dict[str, dict[tuple[str, ...], Member]] = {}
    notes: list[str] = []
    for member in members:
        if member is not listed and member.parts[: len(root)] == root and len(member.parts) > len(root) + 1:
            files.setdefault(member.parts[len(root)], {})[member.parts[len(root) + 1 :]] = member
        elif member is not listed:
            notes.append(f"{'/'.join(member.parts)}: belongs to no submission; ignored")
    found: list[Download] = []
    for folder, about in _read(listed.read()).items():
        mine = files.pop(folder, {})
        if mine:
            found += _of(folder, about, mine)
            if (written := _written(about.get("created_at"))) and not found[-1].time:
                notes.append(
                    f"{folder}: its time «{written[:60]}» was not understood; write created_at as 2027-04-23 20:15:00 -0300"
                )
        else:
            notes.append(f"{folder}: in the list, but its files are not in the archive")
    notes += [f"{folder}: not in the list, so its owner is unknown; ignored" for folder in files]
    return found, notes


def _of(folder: str, about: Mapping[str, Any], files: Mapping[tuple[str, ...], Member]) -> list[Download]:
    """One submission, for each of its submitters."""
    number = folder.rpartition("_")[2]
    time = _time(about.get("created_at"))
    found = []
    for submitter in about.get("submitters") or [{}]:
        email, sid, name = (str(submitter.get(key) or "").strip() for key in ("email", "sid", "name"))
        names = tuple(text for text in (email, sid, name) if text)
        found.append(Download(names, email or sid or f"{name}_{number}".lstrip("_"), files, time))
    return found


def _read(data: bytes) -> dict[str, dict[str, Any]]:
    """The list, with plain keys: Ruby writes `:name:` for `name`."""
    try:
        import yaml
    except ModuleNotFoundError:
        raise UsageError(f"{METADATA} is YAML, and PyYAML is not installed here: pip install 'dl-grader[gradescope]'") from None

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        """Plain data; Ruby objects are read as mappings."""

    Loader.add_multi_constructor("!ruby/", lambda loader, _tag, node: loader.construct_mapping(node, deep=True))
    try:
        read = _plain(yaml.load(data, Loader))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        where = getattr(error, "problem_mark", None)
        line = f" in line {where.line + 1}" if where else ""
        raise UsageError(f"{METADATA} cannot be read{line}: {getattr(error, 'problem', None) or error}. {_AGAIN}") from None
    if not isinstance(read, dict) or not all(isinstance(about, dict) for about in read.values()):
        raise UsageError(f"{METADATA} does not list submissions by their folders. {_AGAIN}")
    for folder, about in read.items():
        people = about.get("submitters")
        if people is not None and not (isinstance(people, list) and all(isinstance(person, dict) for person in people)):
            raise UsageError(f"{METADATA} lists {folder} without its submitters. {_AGAIN}")
    return {str(folder): about for folder, about in read.items()}


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {key.removeprefix(":") if isinstance(key, str) else key: _plain(item) for key, item in value.items()}
        case list():
            return [_plain(item) for item in value]
    return value


def _written(value: Any) -> str:
    """The text of a time, which Rails may write with its zone."""
    return _written(value.get("utc") or value.get("time")) if isinstance(value, dict) else str(value or "")


def _time(value: Any) -> datetime | None:
    """The time in UTC; None if it is not understood."""
    time = read_time(_written(value))
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC) if time else None
