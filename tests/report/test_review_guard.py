"""Who may use the review app: browsers of this machine that came in by a link, with the app's own forms."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from asgi_browser import Browser
from reviewing import HERE, HOST, Review, forms, lacking, review_of

PAGES = ("/", "/?all=yes", "/class", "/history", "/assistants", "/help")


@pytest.fixture
def review(small_course: Path, tmp_path: Path) -> Iterator[Review]:
    """A class of two."""
    with review_of(small_course, tmp_path, [lacking("ana"), lacking("bea")]) as found:
        yield found


def stranger(review: Review, host: str = HOST) -> Browser:
    """A browser that did not come in by a link."""
    return Browser(review.app, host)


def made(review: Review) -> int:
    """How many marks were changed by hand."""
    with review.desk.reading() as store:
        return len(store.adjustments())


@pytest.mark.parametrize("path", [*PAGES, "/no-such-page"])
def test_without_a_session_no_page_is_shown(review: Review, path: str) -> None:
    """403, and nothing of the class."""
    answer = stranger(review).get(path)
    assert answer.status == 403 and "ana" not in answer.text


def test_a_forged_cookie_is_no_session(review: Review) -> None:
    """Only the cookie that was given opens the pages."""
    client = stranger(review)
    client.cookies["grader_review"] = "guessed"
    assert client.get("/").status == 403


def test_a_link_works_once(review: Review) -> None:
    """The second browser with the same link stays outside."""
    token = review.sessions.invite("marta")
    assert [stranger(review).get(f"/enter/{token}").status for _ in range(2)] == [200, 403]


def test_a_browser_that_is_in_goes_on_by_its_link(review: Review) -> None:
    """Whoever clicks the same link in the terminal again comes to the queue, and stays who they are."""
    token, client = review.sessions.invite("marta"), stranger(review)
    assert client.get(f"/enter/{token}").status == 200
    cookies = dict(client.cookies)
    again = client.get(f"/enter/{token}")
    assert again.status == 200 and 'http-equiv="refresh"' in again.text and dict(client.cookies) == cookies
    assert client.get("/").status == 200


def test_what_was_typed_before_a_restart_is_not_lost(review: Review) -> None:
    """A form that comes without a session changes nothing, and its text stands on the page, to be copied; not that of another site."""
    form = {"form_token": "of the earlier run", "seen": "x", "points": "+1", "because": "the <stride> is right", "text": ""}
    answer = stranger(review).post("/student/1/vectors", form, Origin=HERE)
    assert answer.status == 403 and made(review) == 0
    assert "the &lt;stride&gt; is right" in answer.text and "<pre" in answer.text and "earlier run" not in answer.text
    elsewhere = stranger(review).post("/student/1/vectors", form, Origin="http://elsewhere.example")
    assert elsewhere.status == 403 and "stride" not in elsewhere.text


def test_looking_ahead_does_not_use_a_link(review: Review) -> None:
    """A preview (HEAD) or a prefetch leaves it for the person."""
    token = review.sessions.invite("marta")
    assert stranger(review).get(f"/enter/{token}", "HEAD").status == 405
    assert stranger(review).get(f"/enter/{token}", Sec_Purpose="prefetch").status == 403
    assert stranger(review).get(f"/enter/{token}").status == 200


def test_the_cookie_is_kept_from_scripts_and_other_sites(review: Review) -> None:
    """HttpOnly and SameSite=Strict."""
    cookie = stranger(review).get(f"/enter/{review.sessions.invite('marta')}").headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:8000", "0.0.0.0:8000", ""])
def test_a_foreign_host_is_refused(review: Review, host: str) -> None:
    """A name that somebody lets resolve to 127.0.0.1 does not reach the app."""
    answer = stranger(review, host).get(f"/enter/{review.sessions.invite('marta')}")
    assert answer.status == 400 and "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Origin": "http://evil.example"}, id="another site"),
        pytest.param({"Origin": "http://127.0.0.1:9000"}, id="another port"),
        pytest.param({"Origin": "null"}, id="no origin"),
        pytest.param({"Origin": "null", "Sec_Fetch_Site": "cross-site"}, id="a sandboxed frame"),
        pytest.param({}, id="no header at all"),
    ],
)
def test_a_form_from_elsewhere_changes_nothing(review: Review, headers: dict[str, str]) -> None:
    """403, even with the session and the right form token."""
    marta = review.assistant()
    fields = forms(marta.student("ana"))[0].fields
    data = {**fields, "do": "adjust", "points": "1", "because": "x"}
    assert marta.browser.post(review.address("ana"), data, **headers).status == 403
    assert made(review) == 0


def test_a_browser_that_sends_no_origin_says_where_the_form_came_from(review: Review) -> None:
    """With `Referrer-Policy: no-referrer` the Origin is "null"; Sec-Fetch-Site is what no page can forge."""
    marta = review.assistant()
    form = next(form for form in forms(marta.student("ana")) if ("do", "adjust") in form.buttons)
    data = {**form.fields, "do": "adjust", "points": "1", "because": "x"}
    headers = {"Origin": "null", "Sec_Fetch_Site": "same-origin"}
    assert marta.browser.post(form.action, data, **headers).status == 303
    assert made(review) == 1


@pytest.mark.parametrize("token", ["", "guessed", "é"])
def test_a_form_without_its_token_changes_nothing(review: Review, token: str) -> None:
    """403, even from the app's own origin."""
    marta = review.assistant()
    data = {"do": "adjust", "points": "1", "because": "x", "seen": "0/1/2.0", "form_token": token}
    assert marta.browser.post(review.address("ana"), data, Origin=HERE).status == 403
    assert made(review) == 0


def test_a_token_is_of_one_session(review: Review) -> None:
    """Another assistant's token does not do."""
    marta, bo = review.assistant("marta"), review.assistant("bo")
    fields = forms(marta.read("/assistants"))[0].fields
    assert bo.browser.post("/assistants", {**fields, "name": "x"}, Origin=HERE).status == 403


def test_every_form_that_changes_something_has_the_token(review: Review) -> None:
    """On every page, those of a student with changes and requests too."""
    marta = review.assistant()
    page = marta.send(marta.student("ana"), "adjust", points="1", because="x")
    page = marta.send(page, "ask", text="please")
    pages = [page, *(marta.read(path) for path in PAGES)]
    posts = [form for one in pages for form in forms(one) if form.method == "post"]
    assert len(posts) >= 4 and all(form.fields.get("form_token") for form in posts)


def test_what_is_no_form_of_the_app_is_refused(review: Review) -> None:
    """Another type, too much of it, or another method."""
    browser = review.assistant().browser
    assert browser.post("/assistants", b'{"name": "x"}', Origin=HERE, Content_Type="application/json").status == 415
    assert browser.post("/assistants", {"name": "x" * 70_000}, Origin=HERE).status == 413
    assert browser.post("/assistants", {str(place): "" for place in range(250)}, Origin=HERE).status == 413
    assert browser.get("/assistants", "PUT", Origin=HERE).status == 405
    assert browser.post("/enter/x", {}, Origin=HERE).status == 405


@pytest.mark.parametrize("path", [*PAGES, "/no-such-page", "/static/review.js", "/enter/x"])
def test_every_answer_has_the_headers(review: Review, path: str) -> None:
    """Nothing is kept, framed, sent on, or run that is not the app's."""
    headers = review.assistant().browser.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
    assert [headers[name] for name in ("referrer-policy", "cache-control", "x-frame-options")] == [
        "no-referrer",
        "no-store",
        "DENY",
    ]


def test_another_assistant_comes_in_under_their_own_name(review: Review) -> None:
    """A link made on the page is theirs, works once, and their changes have their name."""
    marta = review.assistant("marta")
    fields = forms(marta.read("/assistants"))[0].fields
    page = marta.browser.post("/assistants", {**fields, "name": "bo"}, Origin=HERE).text
    link = page.partition(f'value="{HERE}')[2].partition('"')[0]
    bo = stranger(review)
    assert bo.get(link).status == 200 and "bo" in bo.get("/").text
    assert stranger(review).get(link).status == 403
