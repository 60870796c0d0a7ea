"""A browser without a screen or a network: it sends requests to an ASGI app and keeps the cookie that it is given."""

import asyncio
from collections.abc import Mapping
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

import msgspec


class Answer(msgspec.Struct):
    """What the app answered; the names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    text: str


class Browser:
    """One browser: `host` is what it believes that the app is called."""

    def __init__(self, app: Any, host: str) -> None:
        self._app, self._host = app, host
        self.cookies: dict[str, str] = {}

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Ask for a page."""
        return self._send(method, path, b"", headers)

    def post(self, path: str, data: Mapping[str, str] | bytes, **headers: str) -> Answer:
        """Send a form. In names of headers, `_` stands for `-`."""
        body = data if isinstance(data, bytes) else urlencode(data).encode()
        return self._send("POST", path, body, {"Content_Type": "application/x-www-form-urlencoded", **headers})

    def _send(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        parts = urlsplit(path)
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {"host": self._host, **({"cookie": cookie} if cookie else {})}
        sent |= {name.replace("_", "-").lower(): value for name, value in headers.items()}
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(parts.path),
            "raw_path": parts.path.encode(),
            "query_string": parts.query.encode(),
            "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
            "server": ("127.0.0.1", 8000),
            "client": ("127.0.0.1", 50_000),
            "state": {},
        }
        answer = asyncio.run(_answer(self._app, scope, body))
        for name, morsel in SimpleCookie(answer.headers.get("set-cookie", "")).items():
            self.cookies[name] = morsel.value
        return answer


async def _answer(app: Any, scope: dict[str, Any], body: bytes) -> Answer:
    found = Answer(0, {}, "")
    parts: list[bytes] = []
    asked = False

    async def receive() -> dict[str, Any]:
        nonlocal asked
        if asked:
            await asyncio.Event().wait()  # nothing more comes
        asked = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            found.status = message["status"]
            found.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            parts.append(message.get("body", b""))

    await app(scope, receive, send)
    found.text = b"".join(parts).decode()
    return found
