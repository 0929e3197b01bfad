"""The HTTP face of Aliyun's RPC APIs: POST /, the API by `x-acs-version`, the action by `x-acs-action`.

It knows actions by name only; what they do is in each API's own modules.
"""

import json
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from migrator.lab.clouds.aliyun import cms, ecs
from migrator.lab.clouds.aliyun.clb import api as clb
from migrator.lab.clouds.aliyun.nlb import api as nlb
from migrator.lab.clouds.aliyun.rpc.calls import Call, Json, Spoken
from migrator.lab.clouds.aliyun.rpc.errors import ApiError, broken, denied, too_fast
from migrator.lab.clouds.aliyun.rpc.parameters import Parameters
from migrator.lab.clouds.aliyun.rpc.signature import Gate
from migrator.lab.clouds.call_faults import Dropped, after_effect, before_effect
from migrator.lab.clouds.fleet import Fleet
from migrator.lab.clouds.live import Live
from migrator.lab.clouds.signing import Signed

_FORM = "application/x-www-form-urlencoded"
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def also_aliyun(app: web.Application, fleet: Fleet) -> web.Application:
    """Let `app` answer, beside its own API, every call that is signed Aliyun's way, for the balancers of `fleet`."""
    others = {ecs.VERSION: ecs.SPOKEN, cms.VERSION: cms.SPOKEN}
    wire = Wire(fleet, {clb.VERSION: clb.spoken(), nlb.VERSION: nlb.spoken()} | others)

    @web.middleware
    async def aliyun(request: web.Request, handler: _Handler) -> web.StreamResponse:
        return await (wire.serve(request) if "x-acs-action" in request.headers else handler(request))

    app.middlewares.append(aliyun)
    return app


class Wire:
    """Takes calls of several APIs; `apis` are by version."""

    def __init__(self, fleet: Fleet, apis: Mapping[str, Spoken]) -> None:
        """Begin with an empty memory of nonces."""
        self._fleet, self._apis, self._gate = fleet, apis, Gate()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer one call, and write down what became of it."""
        call_id = str(uuid.uuid4()).upper()
        body = await request.read()
        note: Json = {"action": request.headers["x-acs-action"], "id": call_id, "error": None, "dropped": False}
        status, reply = 200, {}
        try:
            reply = await self._answer(request, body, call_id, note)
        except ApiError as error:
            note["error"], status = error.code, error.status
            reply = {"HostId": request.host, "Code": error.code, "Message": error.message, "Recommend": ""}
        except Dropped:
            note["dropped"] = True
        self._fleet.record.note("answer", note.pop("balancer", None), **note)
        if note["dropped"] and request.transport is not None:
            request.transport.abort()
        text = json.dumps(reply | {"RequestId": call_id})
        return web.Response(text=text, status=status, content_type="application/json", charset="utf-8")

    async def _answer(self, request: web.Request, body: bytes, call_id: str, note: Json) -> Json:
        action, account = note["action"], self._checked(request, body)
        spoken = self._apis.get(request.headers.get("x-acs-version", ""))
        if spoken is None:
            raise ApiError(400, "InvalidVersion", "Specified parameter Version is not valid.")
        writing = action in spoken.writes
        if not writing and action not in spoken.reads:
            raise ApiError(404, "InvalidAction.NotFound", f"Specified api {action!r} is not found.")
        if not spoken.quota.allow(account, action, writing, time.monotonic()):
            raise too_fast(action)
        call = Call(call_id, self._fleet, Parameters(_parameters(request, body)), body, action)
        live = spoken.meant(call)
        note["balancer"] = live.model.spec.id if live else None
        if live is None:
            return await (spoken.writes if writing else spoken.reads)[action](call)
        return await self._suffering(call, spoken, live, writing)

    async def _suffering(self, call: Call, spoken: Spoken, live: Live, writing: bool) -> Json:
        faults = live.faults
        if call.action in faults.denied:
            raise denied(spoken.denied, call.action)
        if writing and not call.parameters.yes("DryRun"):
            rows = spoken.rows(call)
            self._fleet.record.note("call", live.model.spec.id, action=call.action, id=call.id, rows=rows)
        await before_effect(faults, too_fast(call.action), broken())
        if writing:
            spoken.busy(call, live)
        reply = await (spoken.writes[call.action] if writing else spoken.reads[call.action])(call)
        await after_effect(faults, writing)
        return reply

    def _checked(self, request: web.Request, body: bytes) -> str:
        headers = {name.lower(): value for name, value in request.headers.items()}
        signed = Signed(request.method, request.path, request.query_string, headers, body)
        return self._gate.admit(signed, self._fleet.credentials, time.time())


def _parameters(request: web.Request, body: bytes) -> dict[str, str]:
    parameters: dict[str, Any] = dict(parse_qsl(request.query_string, keep_blank_values=True))
    if request.content_type == _FORM:
        parameters |= dict(parse_qsl(body.decode(), keep_blank_values=True))
    return parameters
