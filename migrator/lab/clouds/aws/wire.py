"""The HTTP face of the API: POST / with a signed form, XML back. What actions do is in `reads` and `writes`."""

import time
import uuid
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from aiohttp import web

from migrator.lab.clouds.aws import form, monitoring, reads, writes
from migrator.lab.clouds.aws.calls import Action, Call
from migrator.lab.clouds.aws.errors import ApiError, broken, denied, invalid, too_fast
from migrator.lab.clouds.aws.groups import States
from migrator.lab.clouds.aws.signature import SERVICE, admit
from migrator.lab.clouds.call_faults import Dropped, after_effect, before_effect
from migrator.lab.clouds.fleet import Fleet
from migrator.lab.clouds.live import Live

VERSION = "2015-12-01"
READS: dict[str, Action] = {
    "DescribeLoadBalancers": reads.describe_load_balancers,
    "DescribeLoadBalancerAttributes": reads.describe_load_balancer_attributes,
    "DescribeListeners": reads.describe_listeners,
    "DescribeListenerAttributes": reads.describe_listener_attributes,
    "DescribeRules": reads.describe_rules,
    "DescribeTags": reads.describe_tags,
    "DescribeTargetGroups": reads.describe_target_groups,
    "DescribeTargetGroupAttributes": reads.describe_target_group_attributes,
    "DescribeTargetHealth": reads.describe_target_health,
}
WRITES: dict[str, Action] = {
    "ModifyListener": writes.modify_listener,
    "RegisterTargets": writes.register_targets,
    "DeregisterTargets": writes.deregister_targets,
    "ModifyListenerAttributes": writes.modify_listener_attributes,
    "ModifyTargetGroupAttributes": writes.modify_target_group_attributes,
}
WATCHES: dict[str, Action] = {"GetMetricData": monitoring.get_metric_data}
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def also_aws(app: web.Application, fleet: Fleet) -> web.Application:
    """Let `app` answer, beside its own API, every call that is signed AWS's way, for the pooled balancers of `fleet`."""
    wire = Wire(fleet)

    @web.middleware
    async def aws(request: web.Request, handler: _Handler) -> web.StreamResponse:
        signed = request.headers.get("Authorization", "").startswith("AWS4-")
        return await (wire.serve(request) if signed else handler(request))

    app.middlewares.append(aws)
    return app


class Wire:
    """Takes calls."""

    def __init__(self, fleet: Fleet) -> None:
        """Begin without target groups."""
        self._fleet, self._states = fleet, States()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer one call, and write down what became of it."""
        call_id, body = str(uuid.uuid4()), await request.read()
        note: dict[str, Any] = {"action": "", "id": call_id, "error": None, "dropped": False}  # Any: JSON
        status = 200
        try:
            result = await self._answer(request, body, note)
            watches = note["action"] in WATCHES
            space = monitoring.NAMESPACE if watches else form.NAMESPACE
            text = form.answer(note["action"], result, call_id, space)
        except ApiError as error:
            note["error"], status = error.code, error.status
            text = form.fault(error.code, error.message, call_id)
        except Dropped:
            note["dropped"], text = True, ""
        self._fleet.record.note("answer", note.pop("balancer", None), **note)
        if note["dropped"] and request.transport is not None:
            request.transport.abort()
        return web.Response(text=text, status=status, content_type="text/xml", headers={"x-amzn-RequestId": call_id})

    async def _answer(self, request: web.Request, body: bytes, note: dict[str, Any]) -> form.Row:
        headers = {name.lower(): value for name, value in request.headers.items()}
        parameters = form.parsed(body)
        note["action"] = action = str(parameters.pop("Action", ""))
        watches = action in WATCHES
        service, version = (monitoring.SERVICE, monitoring.VERSION) if watches else (SERVICE, VERSION)
        admit(headers, body, self._fleet.credentials, time.time(), service)
        if action not in READS | WRITES | WATCHES or parameters.pop("Version", None) != version:
            raise ApiError(400, "InvalidAction", f"Could not find operation {action} for version {version}")
        call = Call(action, parameters, self._fleet, self._states)
        live = monitoring.meant(call) if watches else self._meant(call)
        if live is None:
            return await (READS | WRITES | WATCHES)[action](call)
        note["balancer"] = live.model.spec.id
        return await self._suffering(call, live, note["id"])

    async def _suffering(self, call: Call, live: Live, call_id: str) -> form.Row:
        faults, writing = live.faults, call.action in WRITES
        if call.action in faults.denied:
            raise denied(call.action)
        await before_effect(faults, too_fast(), broken())
        if writing:
            self._fleet.record.note("call", live.model.spec.id, action=call.action, id=call_id, rows=writes.asked(call))
        result = await (READS | WRITES | WATCHES)[call.action](call)
        await after_effect(faults, writing)
        return result

    def _meant(self, call: Call) -> Live | None:
        """Find the balancer by whatever ARN of it the call names; None where it names none that we know."""
        named = set(_texts(call.parameters.values()))
        for state in call.every():
            listeners = {state.arn("listener", name) for name in state.live.model.listeners}
            if named & {state.arn("loadbalancer"), state.live.model.spec.id, *listeners, *state.groups}:
                return state.live
        return None


def _texts(values: Iterable[object]) -> Iterable[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from (item for item in value if isinstance(item, str))
        elif not isinstance(value, dict):
            raise invalid("a parameter is a text, a list or a structure")
