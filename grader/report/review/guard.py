"""What stands before every page: only this machine's browsers, only with a session, and only with this app's own forms.

Another site that a browser has open may send requests here, and a name that it owns may resolve to 127.0.0.1: hence the checks of Host
and Origin, and the form token.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import parse_qsl

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from grader.report.review.sessions import Sessions
from grader.text.language import gettext as _

HOSTS = ("127.0.0.1", "localhost")
MOST = 64 << 10  # bytes of a form
FIELDS = 200
FORM = "application/x-www-form-urlencoded"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
WRITTEN = ("points", "because", "text")  # the fields of our forms in which people write
OPEN = ("/enter/", "/static/")  # what is answered without a session

Refused = Callable[[str, int, Sequence[str]], Response]


class Guard:
    """Refuses what does not come from a form or a link of this app. Pages find `state.session` and, for a POST, `state.form`."""

    def __init__(self, app: ASGIApp, sessions: Sessions, cookie: str, refused: Refused) -> None:
        """`cookie` is its name; `refused` makes the page for those who have no session, with what they typed."""
        self._app, self._sessions, self._cookie, self._refused = app, sessions, cookie, refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        request = Request(scope, receive)
        refusal = await self._refusal(request)
        await (refusal or self._app)(scope, receive, guarded)

    async def _refusal(self, request: Request) -> Response | None:
        """Why it is not answered; None if it is."""
        host = request.headers.get("host", "")
        if host.rpartition(":")[0] not in HOSTS and host not in HOSTS:
            return PlainTextResponse(f"This app answers only to {' and '.join(HOSTS)}.\n", 400)
        if request.method not in ("GET", "POST"):  # a HEAD would use up a link
            return PlainTextResponse("Only GET and POST.\n", 405, {"Allow": "GET, POST"})
        if request.url.path.startswith(OPEN):
            return None if request.method == "GET" else PlainTextResponse("Only GET.\n", 405, {"Allow": "GET"})
        session = self._sessions.session(request.cookies.get(self._cookie, ""))
        if session is None:
            typed = await _typed(request, host)  # the app was started anew meanwhile
            return self._refused(_("This browser has no session here."), 403, typed)
        request.state.session = session
        if request.method == "GET":
            return None
        if not _is_own(request, host):
            return PlainTextResponse("This form was sent by another site. Nothing was changed.\n", 403)
        if request.headers.get("content-type", "").partition(";")[0].strip() != FORM:
            return PlainTextResponse("This is not a form of this app. Nothing was changed.\n", 415)
        form = await _form(request)
        if form is None:
            return PlainTextResponse(f"A form has at most {MOST} bytes and {FIELDS} fields. Nothing was changed.\n", 413)
        if not secrets.compare_digest(form.get("form_token", "").encode(), session.form_token.encode()):
            return self._refused(_("This form belongs to another session. Nothing was changed."), 403, written_in(form))
        request.state.form = form
        return None


def _is_own(request: Request, host: str) -> bool:
    """Whether the browser says that one of our pages sent it. Because pages send no referrer, Origin is "null" in some browsers."""
    origin = request.headers.get("origin", "null")
    if origin != "null":
        return origin == f"http://{host}"
    return request.headers.get("sec-fetch-site") == "same-origin"


async def _typed(request: Request, host: str) -> Sequence[str]:
    """What somebody typed into one of our forms that comes without a session."""
    if request.method != "POST" or not _is_own(request, host):
        return ()
    return written_in(await _form(request) or {})


def written_in(form: Mapping[str, str]) -> Sequence[str]:
    """The texts of a form that a person wrote."""
    return [form[name] for name in WRITTEN if form.get(name, "").strip()]


async def _form(request: Request) -> dict[str, str] | None:
    """The fields; None if there is more than a form has."""
    data = b""
    async for chunk in request.stream():
        data += chunk
        if len(data) > MOST:
            return None
    try:
        return dict(parse_qsl(data.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=FIELDS))
    except ValueError:
        return None
