"""Gives an interview that is over as a file: the same bytes as `mlsd export`, to its owner only."""

from __future__ import annotations

import asyncio
from typing import Annotated

from chainlit.auth import get_current_user
from chainlit.user import PersistedUser, User
from fastapi import Depends, FastAPI
from starlette.responses import PlainTextResponse, Response

from app.bootstrap import App
from app.domain.events import Header
from app.domain.export import ExportForm
from app.errors import InputError, InterviewError, UnknownInterview
from app.ports import StoredInterview
from app.services.disputes import is_over
from app.web.readiness import Readiness

_TYPES = {
    ExportForm.MD: "text/markdown; charset=utf-8",
    ExportForm.HTML: "text/html; charset=utf-8",
    ExportForm.JSON: "application/json",
}
_NONE = "There is no such interview here."
CurrentUser = Annotated[User | PersistedUser | None, Depends(get_current_user)]


def offer_downloads(server: FastAPI, app: App, *, ready: Readiness) -> None:
    """Add the route to Chainlit's server.

    It is put before Chainlit's own routes, the last of which takes every path that is left.

    Args:
        server: Chainlit's.
        app: the parts of the product.
        ready: gets cases ready.
    """

    @server.get("/interviews/{interview_id}/debrief.{form}")
    async def debrief(interview_id: str, form: ExportForm, user: CurrentUser) -> Response:
        if user is None:
            return PlainTextResponse("Open the page first; it knows who you are.", status_code=401)
        try:
            if await app.store.owner(interview_id) != user.identifier:
                return PlainTextResponse(_NONE, status_code=404)
            stored = await app.store.load(interview_id)
            if not is_over(stored):
                return PlainTextResponse("This interview is not over; its debrief comes after the end.", 409)
            return await _file(app, stored, form, ready=ready)
        except UnknownInterview:
            return PlainTextResponse(_NONE, status_code=404)
        except InputError as error:
            return PlainTextResponse(f"There is nothing to download: {error}.", status_code=410)
        except InterviewError as error:
            return PlainTextResponse(f"There is nothing to download: {error}.", status_code=500)

    routes = server.router.routes
    routes.insert(0, routes.pop())


async def _file(app: App, stored: StoredInterview, form: ExportForm, *, ready: Readiness) -> Response:
    await ready.of(stored.header.case)
    text = await asyncio.to_thread(app.exported, stored, form)
    headers = {
        "Content-Disposition": f'attachment; filename="{file_name(stored.header, form)}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(text.encode("utf-8"), media_type=_TYPES[form], headers=headers)


def file_name(header: Header, form: ExportForm) -> str:
    """Such as "mlsd-ad-click-prediction-senior-2026-03-01.html"; a case's id is a slug, so it needs no quoting."""
    return f"mlsd-{header.case}-{header.level.value}-{header.started_at:%Y-%m-%d}.{form.value}"
