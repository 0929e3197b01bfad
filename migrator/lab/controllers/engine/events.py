"""Records events at the API server as the real recorder does: the same thing said again counts up.

It never fails a write.
"""

from __future__ import annotations

import logging
import uuid
from collections import OrderedDict
from datetime import UTC, datetime

from migrator.lab.apiclient import Api, ApiError, Unanswered
from migrator.lab.controllers.api.objects import micro_stamp, name_of, namespace_of, stamp, uid_of
from migrator.lab.controllers.api.resources import EVENTS, Json
from migrator.lab.controllers.api.writes import MERGE, RecordEvent

_log = logging.getLogger(__name__)
_REMEMBERED = 1024


class Recorder:
    """Writes events, remembering the last ones to count repetitions."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._told: OrderedDict[tuple[str, str, str], tuple[Json, int]] = OrderedDict()

    async def tell(self, write: RecordEvent) -> None:
        """Record one event. A refusal is only logged: an event is a courtesy."""
        key = (uid_of(write.about), write.reason, write.message)
        try:
            self._told[key] = await self._record(write, self._told.get(key))
        except (ApiError, Unanswered) as error:
            self._told.pop(key, None)
            _log.debug("event not recorded: %s", error)
        while len(self._told) > _REMEMBERED:
            self._told.popitem(last=False)

    async def _record(self, write: RecordEvent, known: tuple[Json, int] | None) -> tuple[Json, int]:
        now = datetime.now(UTC)
        if known is None:
            event = _event(write, now)
            path = EVENTS.path(namespace_of(event))
            return await self._api.call("POST", path, event), 1
        event, count = known[0], known[1] + 1
        path = EVENTS.path(namespace_of(event), name_of(event))
        await self._api.call("PATCH", path, _again(write, count, now), content=MERGE)
        return event, count


def _again(write: RecordEvent, count: int, now: datetime) -> Json:
    if write.series:
        return {"series": {"count": count, "lastObservedTime": micro_stamp(now)}}
    return {"count": count, "lastTimestamp": stamp(now)}


def _event(write: RecordEvent, now: datetime) -> Json:
    about = write.about
    body: Json = {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {
            "name": f"{name_of(about)}.{uuid.uuid4().hex[:16]}",
            "namespace": namespace_of(about) or "default",
        },
        "involvedObject": {
            "apiVersion": about["apiVersion"],
            "kind": about["kind"],
            "name": name_of(about),
            "namespace": namespace_of(about),
            "uid": uid_of(about),
            "resourceVersion": about["metadata"].get("resourceVersion", ""),
        },
        "reason": write.reason,
        "message": write.message,
        "type": write.mood.value,
    }
    if write.series:
        return body | _series_fields(write, now)
    times = {"firstTimestamp": stamp(now), "lastTimestamp": stamp(now), "count": 1, "eventTime": None}
    return body | times | {"source": {"component": write.by}, "reportingComponent": "", "reportingInstance": ""}


def _series_fields(write: RecordEvent, now: datetime) -> Json:
    return {
        "source": {},
        "firstTimestamp": None,
        "lastTimestamp": None,
        "eventTime": micro_stamp(now),
        "reportingComponent": write.by,
        "reportingInstance": f"{write.by}-lab",
        "action": write.action,
    }
