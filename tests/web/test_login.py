"""A hosted page over HTTP and in its handlers: who is let in, and that nobody reaches what is another's."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from chainlit import data as chainlit_data
from chainlit.auth import create_jwt
from chainlit.config import config
from chainlit.server import app as chainlit_app
from chainlit.session import WebsocketSession
from chainlit.socket import connect
from chainlit.types import Pagination, ThreadFilter

from app.adapters import password_hash
from app.adapters.users_file import UsersFile
from app.bootstrap import App, VirtualClock
from app.domain.guesses import PER_NAME_AND_ADDRESS
from app.services.conduct import Agreement
from app.web.hosted import HostedGate
from app.web.login import TOO_MANY, Login
from app.web.page import Page
from app.web.viewer import Viewer, viewed_by, viewer
from tests.web.test_page_handlers import Tab

PASSWORDS = {"ann": "correct horse battery", "bob": "staple wrong battery"}
SITE = "https://mlsd.example.org"


@pytest.fixture
def users(parcels: App, monkeypatch: pytest.MonkeyPatch) -> UsersFile:
    monkeypatch.setattr(password_hash, "_COST_LOG2", 4)  # the cost is not what is tested here
    for name, password in PASSWORDS.items():
        parcels.users.add(name, password)
    return parcels.users


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def login(users: UsersFile, clock: VirtualClock) -> Login:
    return Login(users, clock=clock)


@pytest.fixture
def page(parcels: App, login: Login, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """The page, registered with Chainlit as a hosted one, and forgotten afterwards."""
    monkeypatch.setenv("CHAINLIT_AUTH_SECRET", hashlib.sha256(b"of the tests").hexdigest())
    for name, value in vars(config.code).items():
        monkeypatch.setattr(config.code, name, value)
    monkeypatch.setattr(config.code, "header_auth_callback", None)
    page = Page(parcels, log_file=tmp_path / "page.log", login=login)
    page.register()
    monkeypatch.setattr(chainlit_data, "_data_layer", page.history)
    monkeypatch.setattr(chainlit_data, "_data_layer_initialized", True)
    yield page


@asynccontextmanager
async def browser(login: Login, *, site: str = SITE, address: str = "203.0.113.7") -> AsyncIterator[httpx.AsyncClient]:
    gate = HostedGate(chainlit_app, whose=login.whose_request, origins=[SITE])
    transport = httpx.ASGITransport(app=gate, client=(address, 1234))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url=site, headers={"Origin": site}) as client:
        yield client


async def log_in(client: httpx.AsyncClient, name: str, password: str | None = None) -> httpx.Response:
    return await client.post("/login", data={"username": name, "password": password or PASSWORDS[name]})


async def interview_of(parcels: App, owner: str) -> str:
    return (await parcels.conductor().begin(Agreement(case="parcel-eta", minutes=None), owner=owner)).id


async def test_only_name_and_password_let_in(page: Page, login: Login) -> None:
    async with browser(login) as client:
        assert (await client.get("/auth/config")).json()["passwordAuth"] is True
        assert (await client.get("/user")).status_code == 401
        assert (await client.post("/auth/header")).status_code == 400
        assert (await log_in(client, "ann", "wrong wrong wrong")).status_code == 401
        assert (await log_in(client, "nobody", PASSWORDS["ann"])).status_code == 401
        assert (await client.get("/user")).status_code == 401
        answer = await log_in(client, "Ann", PASSWORDS["ann"])
        assert answer.status_code == 200
        cookie = answer.headers["set-cookie"]
        assert "httponly" in cookie.lower() and "samesite=lax" in cookie.lower() and "; secure" in cookie.lower()
        assert (await client.get("/user")).json()["identifier"] == "ann"
        assert (await client.post("/logout")).status_code == 200
        assert (await client.get("/user")).status_code == 401


async def test_guessing_is_stopped_and_the_right_password_is_not_tried_either(
    page: Page, login: Login, clock: VirtualClock
) -> None:
    async with browser(login) as client, browser(login, address="203.0.113.8") as elsewhere:
        for _ in range(PER_NAME_AND_ADDRESS):
            assert (await log_in(client, "ann", "wrong wrong wrong")).status_code == 401
        stopped = await log_in(client, "ann")
        assert (stopped.status_code, stopped.json()["detail"]) == (429, TOO_MANY)
        assert (await log_in(elsewhere, "ann")).status_code == 200
        clock.sleep(16 * 60)
        assert (await log_in(client, "ann")).status_code == 200


async def test_anothers_interview_is_as_if_it_did_not_exist(page: Page, parcels: App, login: Login) -> None:
    hers, his, nobodys = await interview_of(parcels, "ann"), await interview_of(parcels, "bob"), str(uuid4())
    local = await interview_of(parcels, "local")
    async with browser(login) as client:
        await log_in(client, "ann")
        assert (await client.get(f"/project/thread/{hers}")).json()["id"] == hers
        for request in (
            lambda id: client.get(f"/project/thread/{id}"),
            lambda id: client.get(f"/project/share/{id}"),
            lambda id: client.get(f"/project/thread/{id}/element/x"),
            lambda id: client.put("/project/thread", json={"threadId": id, "name": "Mine now"}),
            lambda id: client.put("/project/thread/share", json={"threadId": id, "isShared": True}),
            lambda id: client.request("DELETE", "/project/thread", json={"threadId": id}),
        ):
            answers = [await request(id) for id in (nobodys, his, local)]
            assert {answer.status_code for answer in answers} == {404}
            assert len({answer.text for answer in answers}) == 1
        body = {"pagination": {"first": 20}, "filter": {"userId": "bob"}}
        threads = (await client.post("/project/threads", json=body)).json()["data"]
        assert [thread["id"] for thread in threads] == [hers]
        assert (await client.put("/project/thread/share", json={"threadId": hers, "isShared": True})).status_code == 200
        async with browser(login) as other:
            await log_in(other, "bob")
            assert (await other.get(f"/project/share/{hers}")).status_code == 404
        renamed = await client.put("/project/thread", json={"threadId": hers, "name": "Second try"})
        assert renamed.status_code == 200 and await parcels.store.title(hers) == "Second try"
        assert (await client.request("DELETE", "/project/thread", json={"threadId": hers})).status_code == 200
    assert {header.id for header in await parcels.store.headers()} == {his, local}
    assert await parcels.store.title(his) is None


async def test_without_a_login_there_is_nothing(page: Page, parcels: App, login: Login) -> None:
    hers = await interview_of(parcels, "ann")
    async with browser(login) as client:
        for path in (f"/project/thread/{hers}", f"/project/share/{hers}", "/project/settings", "/user"):
            assert (await client.get(path)).status_code == 401, path
    assert await page.history.get_thread(hers) is None
    found = await page.history.list_threads(Pagination(first=9), ThreadFilter(userId="ann"))
    assert found.data == []


@pytest.mark.parametrize("what", ["change", "remove"])
async def test_a_login_ends_with_its_password(page: Page, login: Login, users: UsersFile, what: str) -> None:
    async with browser(login) as client:
        await log_in(client, "ann")
        token = next(iter(client.cookies.values()))
        assert (await client.get("/user")).status_code == 200
        if what == "change":
            users.change("ann", "another long password")
        else:
            users.remove("ann")
        assert (await client.get("/user")).status_code == 401
        bearer = {"Authorization": f"Bearer {token}"}
        client.cookies.clear()
        assert (await client.get("/user", headers=bearer)).status_code == 401
        assert (await client.post("/auth/jwt", headers=bearer)).status_code == 401


@pytest.mark.parametrize("metadata", [{}, {"stamp": None}, {"stamp": "0" * 24}])
async def test_a_cookie_of_the_loopback_page_is_no_login(
    page: Page, login: Login, metadata: dict[str, str | None]
) -> None:
    """Both sign with the same key, and the loopback page lets everybody in as "local"."""
    from chainlit.user import User

    for name in ("local", "ann", "nobody"):
        assert login.whose(create_jwt(User(identifier=name, metadata=metadata))) is None


@pytest.mark.parametrize("token", ["", "x", "a.b.c", None])
async def test_what_is_no_token_is_nobodys(page: Page, login: Login, token: str | None) -> None:
    assert login.whose(token) is None


async def test_a_damaged_file_lets_nobody_in(page: Page, login: Login, mlsd_home: Path) -> None:
    async with browser(login) as client:
        await log_in(client, "ann")
        (mlsd_home / "users.json").write_text("broken")
        assert (await client.get("/user")).status_code == 401
        assert (await log_in(client, "ann")).status_code == 503


def tab_of(page: Page, login: Login, name: str, *, thread_id: str | None = None) -> Tab:
    from chainlit.user import User

    tab = Tab(page, thread_id=thread_id)
    stamp = login._users.stamp(name)
    tab.session.user.identifier = tab.session.user.id = name
    tab.session.token = create_jwt(User(identifier=name, metadata={"stamp": stamp}))
    return tab


async def test_what_a_user_begins_is_the_users(page: Page, parcels: App, login: Login, users: UsersFile) -> None:
    tab = tab_of(page, login, "ann")
    await tab.open()
    await tab.send("Parcel arrival times")
    assert await parcels.store.owner(tab.session.thread_id) == "ann"
    users.remove("ann")
    before = await parcels.store.load(tab.session.thread_id)
    await tab.send("What scale are we at?")
    assert "logged out" in tab.last
    assert await parcels.store.load(tab.session.thread_id) == before


@pytest.mark.parametrize("whose", ["bob", "nobody"])
async def test_an_address_with_anothers_thread_begins_anew_and_tells_nothing(
    page: Page, parcels: App, login: Login, whose: str
) -> None:
    """Chainlit goes on to a fresh start where a thread is not found; what comes next must not depend on why."""
    thread_id = await interview_of(parcels, "bob") if whose == "bob" else str(uuid4())
    tab = tab_of(page, login, "ann", thread_id=thread_id)
    with viewed_by(Viewer(name="ann", address="")):
        assert await page.history.get_thread(thread_id) is None
    await tab.open()
    assert tab.messages == []
    await tab.send("Parcel arrival times")
    assert tab.session.thread_id != thread_id
    assert await parcels.store.owner(tab.session.thread_id) == "ann"
    assert len(tab.messages) == 1 and not tab.messages[0]["isError"]


async def test_a_socket_is_let_in_by_its_cookie_and_told_the_same_of_all_threads_that_are_not_its_own(
    page: Page, parcels: App, login: Login
) -> None:
    his = await interview_of(parcels, "bob")
    async with browser(login) as client:
        await log_in(client, "ann")
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    for thread_id in (str(uuid4()), his):
        auth = {"sessionId": str(uuid4()), "clientType": "webapp", "threadId": thread_id}
        with viewed_by(Viewer(name="ann", address="")):
            assert await connect(str(uuid4()), {"HTTP_COOKIE": cookie}, auth) is True  # type: ignore[arg-type]
        session = WebsocketSession.get_by_id(auth["sessionId"])
        assert session is not None and session.user is not None and session.user.identifier == "ann"
    with pytest.raises(ConnectionRefusedError):
        await connect(str(uuid4()), {}, {**auth, "sessionId": str(uuid4())})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("origins", "headers", "passes"),
    [
        ([SITE], {"host": "mlsd.example.org"}, True),
        ([SITE], {"host": "mlsd.example.org", "origin": SITE}, True),
        ([SITE, "http://10.0.0.5:8000"], {"host": "10.0.0.5:8000", "origin": "http://10.0.0.5:8000"}, True),
        ([SITE], {"host": "127.0.0.1:8000"}, False),
        ([SITE], {"host": "mlsd.example.org", "origin": "http://mlsd.example.org"}, False),
        ([SITE], {"host": "mlsd.example.org", "origin": "https://evil.example"}, False),
        ([SITE], {"host": "mlsd.example.org", "origin": "null"}, False),
        ([], {"host": "10.0.0.5:8000"}, True),
        ([], {"host": "10.0.0.5:8000", "origin": "http://10.0.0.5:8000"}, True),
        ([], {"host": "10.0.0.5:8000", "origin": "http://10.0.0.6:8000"}, False),
        ([], {}, False),
    ],
)
@pytest.mark.parametrize("kind", ["http", "websocket"])
async def test_the_gate_knows_its_own_addresses(
    origins: list[str], headers: dict[str, str], passes: bool, kind: str
) -> None:
    seen: list[object] = []

    async def inner(scope: object, receive: object, send: object) -> None:
        seen.append(viewer())

    async def receive() -> dict[str, object]:
        return {}

    async def send(message: object) -> None:
        seen.append(message)

    scope = {
        "type": kind,
        "client": ("203.0.113.7", 1),
        "headers": [(k.encode(), v.encode()) for k, v in headers.items()],
    }
    await HostedGate(inner, whose=lambda headers: "ann", origins=origins)(scope, receive, send)  # type: ignore[arg-type]
    assert (seen == [Viewer(name="ann", address="203.0.113.7")]) is passes
    assert viewer() == Viewer(name=None, address="")


async def test_over_plain_http_a_cookie_is_not_kept_back_and_no_other_site_frames_the_page(
    page: Page, login: Login
) -> None:
    gate = HostedGate(chainlit_app, whose=login.whose_request)
    transport = httpx.ASGITransport(app=gate)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://10.0.0.5:8000") as client:
        answer = await log_in(client, "ann")
        assert "secure" not in answer.headers["set-cookie"].lower()
        assert answer.headers["x-frame-options"] == "DENY"
        assert (await client.get("/user")).status_code == 200
