"""How `grader check` shows a grade: as a report, as JSON, as annotations, as a page; and what changed since the last time."""

import os
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from grader.course.folder import Course
from grader.engine.last_checks import folder_of, remember
from grader.engine.self_check import SelfCheck, Work, own_files
from grader.feedback.places import Places, places
from grader.feedback.since import since, since_text
from grader.feedback.summary import is_wrong
from grader.feedback.terminal import console, student_report
from grader.feedback.view import view_of
from grader.feedback.view_types import View
from grader.judge.verdicts import Grade
from grader.text import atomic, private
from grader.text.escape import json_line, one_line
from grader.text.language import gettext as _

if TYPE_CHECKING:
    from grader.cli.options import Form


class Shown:
    """Shows what is checked, in one form."""

    def __init__(self, form: "Form", html: bool = False, show_call: bool = False, beep: bool = False) -> None:
        self.form, self.rounds = form, 0
        self._html, self._show_call, self._beep = html, show_call, beep
        self._before: dict[str, Grade] = {}
        self._found: list[tuple[Path, Grade]] = []

    def say(self, text: str) -> None:
        """One line before the results; where those are for a program, on stderr."""
        if self.form == "text":
            console().print(text, style="dim", markup=False, soft_wrap=True)
        else:
            print(f"grader: {text}", file=sys.stderr)

    def show(self, checked: SelfCheck, exercise: str | None, course: Course, alone: bool) -> int:
        """Show one grade; returns the exit code."""
        work, whole = checked.work, checked.grade
        if work.main is not None:
            self._found.append((work.main, whole))
        checked = checked.only(exercise) if exercise else checked
        where = places(checked.grade, checked.run, work.modules)
        view = self._view(checked, where)
        self._before[whole.assignment] = checked.grade
        match self.form:
            case "json":
                print(json_line(checked.grade), flush=True)
            case "github":
                from grader.integrations.github.annotations import annotations

                print("\n".join(annotations(checked.grade, view, where)), flush=True)
            case "text":
                self._report(checked, view, course, alone)
            case _:
                assert_never(self.form)
        if checked.grade.status == "grader_error":
            return 3
        return 1 if not checked.grade.judged or any(map(is_wrong, checked.grade.exercises)) else 0

    def say_whose(self, student: str) -> None:
        """Whose inputs are checked, where these are drawn for each student; on stderr."""
        known = _("the inputs are those of {student}; another id: --student ID").format(student=one_line(student, 60))
        unknown = _(
            "the inputs are drawn for each student: say who you are, with grader check --student ID, to check with your own"
        )
        print(f"grader: {known if student else unknown}", file=sys.stderr)

    def end(self, todo: Sequence[Work], course: Course) -> None:
        """After all that was checked together: remember it, and say that it is watched."""
        own = {path.resolve() for path in own_files(course, Path.cwd())}
        remember(course.root, [(path, grade) for path, grade in self._found if path.resolve() in own])
        self._found.clear()
        if self._beep and self.rounds > 1:
            print("\a", end="", file=sys.stderr, flush=True)
        if self.rounds == 1 and self.form == "text":
            names = ", ".join(one_line(str(path)) for path in [work.paths[0] for work in todo if work.paths][:3])
            self.say(_("watching {files}; Ctrl-C ends it").format(files=names))

    def _view(self, checked: SelfCheck, where: Places) -> View:
        assignment, grade = checked.work.assignment, checked.grade
        before = self._before.get(assignment.name)
        changed = ""
        if before is not None:
            text = _("saved at {time}: {changes}")
            changed = text.format(time=f"{datetime.now():%H:%M:%S}", changes=since_text(since(before, grade)))
        title = f"{assignment.name} · {_(assignment.title)}"
        return view_of(grade, title, checked.plan, checked.run, places=where, since=changed)

    def _report(self, checked: SelfCheck, view: View, course: Course, alone: bool) -> None:
        out = console()
        if self.rounds > 1:
            print("─" * min(out.width, 80))  # what was printed before stays: it can be scrolled back to
        out.print(student_report(view))
        if self._show_call:
            from grader.feedback.programs import programs

            print("\n".join(programs(checked.plan, checked.grade, checked.work.module)))
        if self._html:
            self._page(checked, view, course, alone and self.rounds < 2)
        sys.stdout.flush()

    def _page(self, checked: SelfCheck, view: View, course: Course, is_opened: bool) -> None:
        """Write the page, say where, and open it where there is a screen."""
        import webbrowser

        from grader.feedback.pages import own_page

        private.make_folder(folder_of(course.root))
        path = folder_of(course.root) / f"{checked.work.assignment.name}.html"
        atomic.write(path, own_page(view, _(course.title)).written("html"), mode=private.MODE)
        self.say(str(path))
        if is_opened and _has_screen():
            webbrowser.open(path.as_uri())


def _has_screen() -> bool:
    return sys.platform != "linux" or any(os.environ.get(name) for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"))
