"""The pages of the review app: each an answer to a request that the guard let through."""

from collections.abc import Mapping, Sequence

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from grader.errors import UsageError
from grader.feedback.history import change_lines
from grader.gradebook.store import BusyError
from grader.report.review.around import FILTERS, Around, address_of, filtered, tasks_around
from grader.report.review.case import Case, is_of
from grader.report.review.changes import change
from grader.report.review.deciding import decide
from grader.report.review.desk import ChangedMeanwhileError, Desk
from grader.report.review.parts import PartCase
from grader.report.review.queue import TITLES
from grader.report.review.sessions import LONGEST, Session, Sessions
from grader.report.similar_page import safe_sides
from grader.text.escape import one_line, plain
from grader.text.language import gettext as _
from grader.text.language import marked

BUSY = marked("another run is writing to the records. What you typed is still here; save again in a moment.")


class Pages:
    """The endpoints. Starlette calls them from several threads."""

    def __init__(self, desk: Desk, sessions: Sessions, templates: Environment, cookie: str) -> None:
        self._desk, self._sessions, self._templates, self._cookie = desk, sessions, templates, cookie

    def enter(self, request: Request) -> Response:
        """A link that works once becomes a session."""
        if "prefetch" in request.headers.get("sec-purpose", request.headers.get("purpose", "")):
            return self.refused(_("Open this link by hand."), 403)
        cookie = self._sessions.enter(request.path_params["token"])
        if cookie is None and self._sessions.session(request.cookies.get(self._cookie, "")):
            return HTMLResponse(self._render("review_enter.html.j2"))  # it is in already, and goes on to the queue
        if cookie is None:
            return self.refused(_("This link has been used already, or is from an earlier run."), 403)
        page = HTMLResponse(self._render("review_enter.html.j2"))
        page.set_cookie(self._cookie, cookie, max_age=12 * 3600, path="/", httponly=True, samesite="strict")
        return page

    def refused(self, problem: str, status: int, typed: Sequence[str] = ()) -> Response:
        """The page for those who are not let in; what they `typed` is not lost."""
        return HTMLResponse(self._render("review_refused.html.j2", problem=problem, typed=typed), status)

    def failed(self, request: Request, error: Exception) -> Response:
        """The page where the records cannot be read or a change cannot be made."""
        return self._page(
            request, "review_failed.html.j2", 503 if isinstance(error, BusyError) else 400, problem=plain(str(error))
        )

    def missing(self, request: Request, error: Exception) -> Response:
        """The page for an address that is none."""
        if not hasattr(request.state, "session"):
            return self.refused(_("There is no such page."), 404)
        return self._page(
            request, "review_failed.html.j2", 404, problem=_("There is no such page. The queue has what needs a person.")
        )

    def queue(self, request: Request) -> Response:
        """What needs a person."""
        with self._desk.reading() as store:
            names, every = self._desk.names(store), self._desk.queue(store)
            problems = self._desk.damage(store)
        shown = filtered(every, request.query_params, names)
        return self._page(
            request,
            "review_queue.html.j2",
            names=names,
            tasks=shown,
            open=sum(task.settled is None for task in every),
            count=len(every),
            topics=[one.name for one in self._desk.course.assignments],
            reasons=TITLES,
            questions=sorted({task.question: f"{task.item.assignment} · {task.called}" for task in every if task.place}.items()),
            sort=request.query_params.get("sort") or "reason",
            with_code=self._desk.code is not None,
            problems=problems,
        )

    def everybody(self, request: Request) -> Response:
        """The class, an assignment at a time."""
        with self._desk.reading() as store:
            names, known = self._desk.names(store), store.assignments()
            topics = [one.name for one in self._desk.course.assignments if one.name in known]
            topic = request.query_params.get("topic") or next(iter(topics), "")
            rows = self._desk.everybody(store, topic) if topic in topics else []
        find = request.query_params.get("find", "").strip()
        rows = [one for one in rows if find.casefold() in names.shown(one.student).casefold()]
        rows.sort(key=lambda one: names.order(one.student))
        return self._page(request, "review_class.html.j2", names=names, rows=rows, topics=topics, chosen=topic, find=find)

    def history(self, request: Request) -> Response:
        """Every change of a mark."""
        with self._desk.reading() as store:
            names, history = self._desk.names(store), store.adjustments()
        lines = list(zip(history, change_lines(history), strict=True))[::-1]
        return self._page(request, "review_history.html.j2", names=names, lines=lines)

    def student(self, request: Request) -> Response:
        """One student and assignment: everything known, and the forms. A POST makes a change."""
        form: dict[str, str] = request.state.form if request.method == "POST" else {}
        with self._desk.reading() as store:
            names = self._desk.names(store)
            student = names.student(request.path_params["student"])
            topic = request.path_params["topic"]
            if student is None or topic not in [one.name for one in self._desk.course.assignments]:
                return self.missing(request, KeyError())
            case = self._desk.case(store, student, topic, _attempt(request))
        if not form:
            return self._student(request, case)
        session: Session = request.state.session
        try:
            session.told = change(self._desk, case, form, session.name)
        except UsageError as error:
            status = 409 if isinstance(error, ChangedMeanwhileError) else 503 if isinstance(error, BusyError) else 422
            problem = _(BUSY) if isinstance(error, BusyError) else names.hidden(plain(str(error)), student)
            with self._desk.reading() as store:
                case = self._desk.case(store, student, topic, _attempt(request))
            return self._student(request, case, status, _("Not saved: {problem}").format(problem=problem), form)
        return RedirectResponse(str(request.url.replace(scheme="", netloc="")) or "/", 303)

    def _student(
        self, request: Request, case: Case, status: int = 200, problem: str = "", typed: Mapping[str, str] | None = None
    ) -> Response:
        with self._desk.reading() as store:
            names, every, known = self._desk.names(store), self._desk.queue(store), store.assignments()
        topics = [one.name for one in self._desk.course.assignments if one.name in known]
        closed = {task.item for task in case.tasks if task.settled}
        return self._page(
            request,
            "review_student.html.j2",
            status,
            names=names,
            case=case,
            work=case.work,
            around=tasks_around(every, request.query_params, names, case.tasks),
            problem=problem,
            typed=typed or {},
            item=request.query_params.get("item", ""),
            asked=[(one, plain(one.text, 4000)) for one in case.requests if one.item not in closed],
            changes=change_lines(case.history),
            topics=topics,
            with_code=self._desk.code is not None,
        )

    def part(self, request: Request) -> Response:
        """One part that a person decides: the answer beside the items. A POST decides it."""
        form: dict[str, str] = request.state.form if request.method == "POST" else {}
        with self._desk.reading() as store:
            names = self._desk.names(store)
            student, topic = names.student(request.path_params["student"]), request.path_params["topic"]
            if student is None or topic not in [one.name for one in self._desk.course.assignments]:
                return self.missing(request, KeyError())
            case = self._desk.part(store, student, topic, f"{request.path_params['exercise']}/{request.path_params['number']}")
        if not form:
            return self._part(request, case)
        session: Session = request.state.session
        try:
            session.told = decide(self._desk, case, form, session.name)
        except UsageError as error:
            status = 409 if isinstance(error, ChangedMeanwhileError) else 503 if isinstance(error, BusyError) else 422
            problem = _(BUSY) if isinstance(error, BusyError) else names.hidden(plain(str(error)), student)
            with self._desk.reading() as store:
                case = self._desk.part(store, student, topic, case.place)
            return self._part(request, case, status, _("Not saved: {problem}").format(problem=problem), form)
        after = self._around_part(request, case).next
        if form.get("do") == "next" and after is not None:
            return RedirectResponse(address_of(after, names, request.query_params), 303)
        return RedirectResponse(str(request.url.replace(scheme="", netloc="")) or "/", 303)

    def _around_part(self, request: Request, case: PartCase) -> Around:
        """Where a part stands; without a filter, among those of the same question."""
        with self._desk.reading() as store:
            names, every = self._desk.names(store), self._desk.queue(store)
        own = [task for task in every if task.place == case.place and is_of(task, {case.student, case.handed_in_by}, case.topic)]
        query = dict(request.query_params)
        if not any(query.get(name) for name in ("reason", "question")):
            query["question"] = f"{case.topic}/{case.place}"
        return tasks_around(every, query, names, own)

    def _part(
        self, request: Request, case: PartCase, status: int = 200, problem: str = "", typed: Mapping[str, str] | None = None
    ) -> Response:
        with self._desk.reading() as store:
            names = self._desk.names(store)
        return self._page(
            request,
            "review_part.html.j2",
            status,
            names=names,
            case=case,
            around=self._around_part(request, case),
            problem=problem,
            typed=typed,
            item=request.query_params.get("item", ""),
            query=str(request.url.query),
        )

    def pair(self, request: Request) -> Response:
        """Two submissions that are alike, beside each other."""
        topic, asked = request.path_params["topic"], request.path_params["pair"]
        with self._desk.reading() as store:
            names = self._desk.names(store)
        for pair in self._desk.pairs.get(topic, ()):
            if "-".join(map(names.id, sorted((pair.first, pair.second)))) == asked and self._desk.code is not None:
                rows = safe_sides(pair, *(self._desk.code.text(student, topic) for student in (pair.first, pair.second)))
                return self._page(request, "review_pair.html.j2", names=names, topic=topic, pair=pair, rows=rows)
        return self.missing(request, KeyError())

    def assistants(self, request: Request) -> Response:
        """Who is here; a POST makes a link for somebody else."""
        link = name = problem = ""
        if request.method == "POST":
            name = one_line(request.state.form.get("name", ""), LONGEST)
            if name:
                link = f"{request.url.scheme}://{request.url.netloc}/enter/{self._sessions.invite(name)}"
            else:
                problem = _("give the assistant's name; the history of changes shows it.")
        return self._page(
            request,
            "review_assistants.html.j2",
            422 if problem else 200,
            names_here=self._sessions.names(),
            link=link,
            invited=name,
            problem=problem,
        )

    def help(self, request: Request) -> Response:
        """The keys, and what a blind review hides."""
        return self._page(request, "review_help.html.j2")

    def _page(self, request: Request, template: str, status: int = 200, **values: object) -> Response:
        session: Session = request.state.session
        filters = {name: value for name in FILTERS if (value := request.query_params.get(name))}
        text = self._render(
            template,
            session=session,
            told=session.take_told() if request.method == "GET" else "",
            path=request.url.path,
            filters=filters,
            course=self._desk.course.title,
            blind=self._desk.blind,
            **values,
        )
        return HTMLResponse(text, status)

    def _render(self, template: str, **values: object) -> str:
        return self._templates.get_template(template).render(values)


def _attempt(request: Request) -> int | None:
    asked = request.query_params.get("attempt", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else None
