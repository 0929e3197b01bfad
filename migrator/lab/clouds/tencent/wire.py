"""The HTTP face of the API: one URL, JSON in and out, always status 200, errors inside the reply.

It knows actions by name only; what they do is in `reads` and `writes`.
"""

import json
import time
import uuid
from typing import Any

from aiohttp import web

from migrator.lab.clouds.call_faults import Dropped, after_effect, before_effect
from migrator.lab.clouds.fleet import Fleet
from migrator.lab.clouds.live import Live
from migrator.lab.clouds.rates import Rates
from migrator.lab.clouds.signing import Signed
from migrator.lab.clouds.tencent import monitoring, reads, writes
from migrator.lab.clouds.tencent.calls import Action, Call
from migrator.lab.clouds.tencent.errors import ApiError, in_operating, too_fast, unauthorized
from migrator.lab.clouds.tencent.fields import Fields
from migrator.lab.clouds.tencent.signature import verify

VERSION = "2018-03-17"
CALLS_A_SECOND = 20  # of every action of this emulator
READS: dict[str, Action] = {
    "DescribeLoadBalancers": reads.describe_load_balancers,
    "DescribeListeners": reads.describe_listeners,
    "DescribeTargets": reads.describe_targets,
    "DescribeTargetHealth": reads.describe_target_health,
    "DescribeTaskStatus": reads.describe_task_status,
    "DescribeQuota": reads.describe_quota,
}
WRITES: dict[str, Action] = {
    "RegisterTargets": writes.register_targets,
    "DeregisterTargets": writes.deregister_targets,
    "ModifyTargetWeight": writes.modify_target_weight,
    "BatchModifyTargetWeight": writes.batch_modify_target_weight,
    "BatchRegisterTargets": writes.batch_register_targets,
    "BatchDeregisterTargets": writes.batch_deregister_targets,
}
WATCHES: dict[str, Action] = {"GetMonitorData": monitoring.get_monitor_data}
_Json = dict[str, Any]  # Any: JSON values


def tencent(fleet: Fleet, calls_a_second: int = CALLS_A_SECOND) -> web.Application:
    """Return the application that speaks CLB API 3.0 for every balancer of `fleet`, so many calls of one action a second."""
    app = web.Application(client_max_size=10 << 20)  # API 3.0 takes 10 MB
    wire = _Wire(fleet, calls_a_second)
    app.router.add_route("*", "/", wire.serve)
    return app


class _Wire:
    def __init__(self, fleet: Fleet, calls_a_second: int) -> None:
        self._fleet = fleet
        self._rates, self._limit = Rates(1.0), calls_a_second

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer one call, and write down what became of it."""
        call_id = str(uuid.uuid4())
        body = await request.read()
        note: _Json = {"action": request.headers.get("X-TC-Action", ""), "id": call_id, "error": None, "dropped": False}
        try:
            reply = await self._answer(request, body, call_id, note)
        except ApiError as error:
            note["error"] = error.code
            reply = {"Error": {"Code": error.code, "Message": error.message}}
        except Dropped:
            note["dropped"] = True
            reply = {}
        self._fleet.record.note("answer", note.pop("balancer", None), **note)
        if note["dropped"] and request.transport is not None:
            request.transport.abort()
        text = json.dumps({"Response": reply | {"RequestId": call_id}}).encode()
        # Exactly this content type, without a charset: the official SDK overlooks errors in any other.
        return web.Response(body=text, content_type="application/json")

    async def _answer(self, request: web.Request, body: bytes, call_id: str, note: _Json) -> _Json:
        action = note["action"]
        account = self._checked(request, body)
        if action not in READS | WRITES | WATCHES:
            raise ApiError("InvalidAction", f"The request action={action!r} is invalid or not found.")
        if not self._rates.allow(account, action, self._limit, time.monotonic()):
            raise too_fast(self._limit)
        raw = _parsed(body)
        live = monitoring.meant(self._fleet, raw) if action in WATCHES else self._meant(raw)
        note["balancer"] = live.model.spec.id if live else None
        if any(action in balancer.faults.denied for balancer in ([live] if live else self._fleet)):
            raise unauthorized(action)
        if action in WRITES:
            self._fleet.record.note("call", note["balancer"], action=action, id=call_id, rows=_rows(raw))
        if live is not None:
            await _suffer(live, action in WRITES)
        reply = await (READS | WRITES | WATCHES)[action](Call(call_id, self._fleet, Fields(raw)))
        if live is not None:
            await after_effect(live.faults, action in WRITES)
        return reply

    def _checked(self, request: web.Request, body: bytes) -> str:
        if request.method != "POST":
            raise ApiError("UnsupportedProtocol", "Only POST with a JSON body is served here.")
        headers = {name.lower(): value for name, value in request.headers.items()}
        for name in ("Action", "Version", "Region"):
            if f"x-tc-{name.lower()}" not in headers:
                raise ApiError("MissingParameter", f"The request is missing a required parameter `{name}`.")
        signed = Signed(request.method, request.path, request.query_string, headers, body)
        watches = headers["x-tc-action"] in WATCHES
        service, version = ("monitor", monitoring.VERSION) if watches else ("clb", VERSION)
        account = verify(signed, self._fleet.credentials, time.time(), service)
        if headers["x-tc-version"] != version:
            raise ApiError("NoSuchVersion", f"The version {headers['x-tc-version']!r} does not exist.")
        return account

    def _meant(self, raw: _Json) -> Live | None:
        ids = raw.get("LoadBalancerIds")
        first = ids[0] if isinstance(ids, list) and ids else None
        task = self._fleet.tasks.get(str(raw.get("TaskId")))
        name = raw.get("LoadBalancerId") or first or (task.balancer if task else None)
        return self._fleet.get(name) if isinstance(name, str) else None


async def _suffer(live: Live, writing: bool) -> None:
    """Let the faults act that come before any effect."""
    broken = ApiError("InternalError", "An internal error has occurred. Retry your request.")
    await before_effect(live.faults, too_fast(0), broken)
    if writing and live.faults.busy():
        raise in_operating(live.model.spec.id)


def _parsed(body: bytes) -> _Json:
    try:
        raw = json.loads(body or b"{}")
    except ValueError as error:
        raise ApiError("InvalidParameter", "The body is not JSON.") from error
    if not isinstance(raw, dict):
        raise ApiError("InvalidParameter", "The body is not an object.")
    return raw


def _rows(raw: _Json) -> list[_Json]:
    """Flatten the targets of a write for the record: [{"listener", "target", "weight"}], as they were asked for."""
    return [
        {
            "listener": _listener_name(row if "ListenerId" in row else rule),
            "target": f"{row.get('EniIp') or row.get('InstanceId')}:{row.get('Port')}",
            "weight": row.get("Weight", rule.get("Weight")),
        }
        for rule in [raw, *_objects(raw.get("ModifyList"))]
        for row in _objects(rule.get("Targets"))
    ]


def _listener_name(row: _Json) -> str:
    """Name a listener, or a rule of it, as the balancer's other APIs do."""
    return "/".join(str(row[key]) for key in ("ListenerId", "LocationId") if row.get(key) is not None)


def _objects(raw: object) -> list[_Json]:
    return [item for item in raw if isinstance(item, dict)] if isinstance(raw, list) else []
