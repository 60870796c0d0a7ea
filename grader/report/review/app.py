"""The app: addresses, and the guard before them."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from grader.errors import UsageError
from grader.feedback.html import templates
from grader.report.page import TEMPLATES, own
from grader.report.review.desk import Desk
from grader.report.review.guard import Guard
from grader.report.review.pages import Pages
from grader.report.review.sessions import Sessions
from grader.text.language import gettext as _

STATIC = {"review.css": "text/css", "review.js": "text/javascript"}


def review_app(desk: Desk, sessions: Sessions, cookie: str = "grader_review") -> ASGIApp:
    """The app on a desk; `cookie` is the name of its cookie, which other ports of the same machine see too."""
    pages = Pages(desk, sessions, templates(TEMPLATES), cookie)
    static = {name: own(name) for name in STATIC}

    def file(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in static:
            return pages.refused(_("There is no such file."), 404)
        return Response(static[name], media_type=STATIC[name])

    routes = [
        Route("/", pages.queue),
        Route("/class", pages.everybody),
        Route("/history", pages.history),
        Route("/help", pages.help),
        Route("/assistants", pages.assistants, methods=["GET", "POST"]),
        Route("/student/{student}/{topic}", pages.student, methods=["GET", "POST"]),
        Route("/part/{student}/{topic}/{exercise}/{number}", pages.part, methods=["GET", "POST"]),
        Route("/pair/{topic}/{pair}", pages.pair),
        Route("/enter/{token}", pages.enter),
        Route("/static/{name}", file),
    ]
    handlers = {UsageError: pages.failed, HTTPException: pages.missing}
    return Guard(Starlette(routes=routes, exception_handlers=handlers), sessions, cookie, pages.refused)
