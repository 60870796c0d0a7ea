"""Which assignment the name of a file or folder says, and which student: by name alone, nothing is opened."""

from collections.abc import Collection, Sequence

from grader.submissions.arrange import Place, copy_number

_BETWEEN = " _-.()"  # what separates a student's name from the assignment's


class TopicNames:
    """The assignments of a course as names say them; the longest name first, for one may be in another.

    Args:
        topics: those that are looked for; `others`: all of the course, so that what is of one is not taken for another.
    """

    def __init__(self, topics: Sequence[str], others: Collection[str] = ()) -> None:
        self._topics = topics
        self.known = sorted({*topics, *others}, key=lambda topic: (-len(topic), topic))

    def in_folder(self, parts: Place) -> tuple[str, int] | None:
        """The topic in whose folder a file is, and how deep that is."""
        for depth, part in enumerate(parts[:-1]):
            if topic := self.named(part):
                return topic, depth + 1
        return None

    def named(self, name: str) -> str:
        """The topic of this name, or of a copy's name."""
        if name in self.known:
            return name
        return next((topic for topic in self.known if copy_number(topic, name) is not None), "")

    def whose(self, name: str) -> tuple[str, str]:
        """The student and the topic in the name of a file beside the students' folders; "" for what it does not say."""
        folded = name.casefold()
        for topic in self.known:
            before, found, behind = folded.partition(topic.casefold())
            if not found or len(folded) != len(name):
                continue
            ends = (name[: len(before)], name[len(name) - len(behind) :])
            cut = [end.strip(_BETWEEN) for end in ends]
            if any(end and end[place] not in _BETWEEN for end, place in zip(ends, (-1, 0), strict=True)):
                continue  # within a word
            student = cut[0] or ("" if cut[1].isdigit() else cut[1])
            return (student, topic) if student and topic in self._topics else ("", "")
        return (name, "") if len(self._topics) == 1 else ("", "")
