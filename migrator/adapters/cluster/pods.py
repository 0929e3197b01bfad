"""One pod's manifest and its events, read into a `Pod`: ready or not, and why not. Pure.

Reasons (machine words of the API) decide, never message texts: those change between versions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeAlias

from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import PodRef
from migrator.domain.model.kubernetes import COST, LEAST_COST
from migrator.domain.model.manifests import Manifest, items, labels, mapping, number, text
from migrator.domain.model.workload import Pod

_PATIENCE_SECONDS = 30.0
_CRASHES = 3
_FIRST_YEAR, _LAST_YEAR = 1970, 9000
_FATAL_WAITING = frozenset({"ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "CreateContainerConfigError"})
_FATAL_PHASE = frozenset({"SysctlForbidden"})
_QUIET_WAITING = frozenset({"", "ContainerCreating", "PodInitializing"})
Trouble: TypeAlias = tuple[Message | None, bool]
"""What keeps a pod from being Ready, and whether waiting alone will not help."""

_FINE: Trouble = (None, False)

_COST = re.compile(r"0|-[0-9]{1,20}|[1-9][0-9]{0,19}")


def pod_of(pod: Manifest, events: Sequence[Manifest], now: datetime) -> Pod:
    """Give the pod; `events` may be those of many pods, the ones of this uid are used."""
    ready = condition(pod, "Ready")
    is_ready = text(ready, "status") == "True"
    terminating = bool(text(pod, "metadata", "deletionTimestamp"))
    trouble, hopeless = _FINE if is_ready or terminating else _trouble(pod, warnings_of(pod, events), now)
    statuses = _statuses(pod)
    return Pod(
        ref=ref_of_pod(pod),
        labels=tuple(sorted(labels(pod, "metadata", "labels").items())),
        ready=is_ready and not terminating,
        terminating=terminating,
        restarts=sum(number(status, "restartCount") for status in statuses),
        last_restart=_last_restart(statuses),
        ready_since=moment(text(ready, "lastTransitionTime")) if is_ready else None,
        trouble=trouble,
        hopeless=hopeless,
        made_at=moment(text(pod, "metadata", "creationTimestamp")),
        host_ip=text(pod, "status", "hostIP"),
        unready_since=None if is_ready else moment(text(ready, "lastTransitionTime")),
        deletion_cost=_cost(pod),
    )


def _cost(pod: Manifest) -> int:
    """Give the pod's deletion cost; what the controller does not read as a number of 32 bits counts as none, as it does there
    (a plus, leading zeros, blanks; k8s.io/kubernetes/pkg/apis/core/helper)."""
    written = labels(pod, "metadata", "annotations").get(COST, "0")
    if not _COST.fullmatch(written):
        return 0
    cost = int(written)
    return cost if LEAST_COST <= cost < -LEAST_COST else 0


def ref_of_pod(pod: Manifest) -> PodRef:
    """Give where the pod is and where it answers; the address is empty until it has one."""
    meta = mapping(pod, "metadata")
    ip = text(pod, "status", "podIP")
    return PodRef(text(meta, "namespace"), text(meta, "name"), text(meta, "uid"), ip, text(pod, "spec", "nodeName"))


def condition(thing: Manifest, kind: str) -> Manifest:
    """Give the status condition of this type, or an empty one."""
    return next((row for row in items(thing, "status", "conditions") if text(row, "type") == kind), {})


def moment(words: str) -> datetime | None:
    """Read an API time (`2026-01-02T03:04:05Z`, with or without fractions); None for an empty or odd one."""
    try:
        time = datetime.fromisoformat(words)
    except ValueError:
        return None
    if not _FIRST_YEAR <= time.year < _LAST_YEAR:  # so that minutes may be added to it, and zones taken off
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def unwell(pod: Manifest) -> bool:
    """Say whether a pod's events are worth asking for: neither ready nor on its way out."""
    return text(condition(pod, "Ready"), "status") != "True" and not text(pod, "metadata", "deletionTimestamp")


def _trouble(pod: Manifest, events: Sequence[Manifest], now: datetime) -> Trouble:
    for look in (_failed, _refused, _unscheduled, _containers):
        trouble = look(pod, events, now)
        if trouble[0]:
            return trouble
    return _unready(pod, events), False


def _failed(pod: Manifest, _events: Sequence[Manifest], _now: datetime) -> Trouble:
    if text(pod, "status", "phase") != "Failed":
        return _FINE
    reason = text(pod, "status", "reason") or "Failed"
    words = text(pod, "status", "message")
    told = say("pod.event", reason=reason, words=words) if words else say("pod.failed", reason=reason)
    return told, reason in _FATAL_PHASE


def _refused(_pod: Manifest, events: Sequence[Manifest], _now: datetime) -> Trouble:
    fatal = [event for event in events if text(event, "reason") in _FATAL_PHASE]
    return (quoted(fatal[-1]), True) if fatal else _FINE


def _unscheduled(pod: Manifest, events: Sequence[Manifest], now: datetime) -> Trouble:
    """A pod that wants host ports and found no node for half a minute waits for a person, not for time."""
    scheduled = condition(pod, "PodScheduled")
    if text(scheduled, "status") != "False":
        return _FINE
    since = moment(text(scheduled, "lastTransitionTime"))
    lasting = since is not None and (now - since).total_seconds() >= _PATIENCE_SECONDS
    ports = tuple(_host_ports(pod))
    why = _said(scheduled) or _newest(events) or say("pod.no-node-takes-it")
    reason = text(scheduled, "reason") or "Unschedulable"
    return say("pod.no-node", reason=reason, why=why, ports=ports), bool(ports) and lasting


def _containers(pod: Manifest, events: Sequence[Manifest], _now: datetime) -> Trouble:
    for status in _statuses(pod):
        name, restarts = text(status, "name"), number(status, "restartCount")
        waiting = mapping(status, "state", "waiting")
        reason = text(waiting, "reason")
        if reason not in _QUIET_WAITING:
            why = _ended(mapping(status, "lastState", "terminated")) or _said(waiting) or _newest(events)
            hopeless = reason in _FATAL_WAITING or (reason == "CrashLoopBackOff" and restarts >= _CRASHES)
            return say("pod.container-waits", container=name, reason=reason, restarts=restarts, why=why), hopeless
        if ended := _ended(mapping(status, "state", "terminated")):
            trouble = say("pod.container-ended", container=name, why=ended, restarts=restarts)
            return trouble, restarts >= _CRASHES
    return _FINE


def _ended(terminated: Manifest) -> Message | None:
    if not terminated:
        return None
    words, code, reason = (
        text(terminated, "message").strip(),
        number(terminated, "exitCode"),
        text(terminated, "reason"),
    )
    if not reason:
        return say("pod.ended-without-reason", exit=code, words=words)
    return say("pod.ended", exit=code, reason=reason, words=words)


def _unready(pod: Manifest, events: Sequence[Manifest]) -> Message:
    words = text(condition(pod, "Ready"), "message") or text(condition(pod, "ContainersReady"), "message")
    return say("pod.unready", words=words, event=_newest(events))


def _said(of: Manifest) -> Message | None:
    return say("pod.says", words=text(of, "message")) if text(of, "message") else None


def _newest(events: Sequence[Manifest]) -> Message | None:
    return quoted(events[-1]) if events else None


def quoted(event: Manifest) -> Message:
    """Return an event's reason and message, on one line."""
    return say("pod.event", reason=text(event, "reason"), words=" ".join(text(event, "message").split()))


def warnings_of(thing: Manifest, events: Sequence[Manifest]) -> list[Manifest]:
    """Give the object's warnings, the newest last; a newer API leaves lastTimestamp null and fills eventTime."""
    uid = text(thing, "metadata", "uid")
    own = [e for e in events if text(e, "involvedObject", "uid") == uid and text(e, "type") == "Warning"]
    return sorted(own, key=_when)


def _when(event: Manifest) -> str:
    stamps = (text(event, "series", "lastObservedTime"), text(event, "lastTimestamp"), text(event, "eventTime"))
    return max(*stamps, text(event, "metadata", "creationTimestamp"))


def _statuses(pod: Manifest) -> list[Manifest]:
    return [*items(pod, "status", "initContainerStatuses"), *items(pod, "status", "containerStatuses")]


def _last_restart(statuses: Sequence[Manifest]) -> datetime | None:
    ends = [moment(text(s, "lastState", "terminated", "finishedAt")) for s in statuses if number(s, "restartCount")]
    starts = [moment(text(s, "state", "running", "startedAt")) for s in statuses if number(s, "restartCount")]
    return max((when for when in (*ends, *starts) if when), default=None)


def _host_ports(pod: Manifest) -> list[int]:
    ports = [port for container in items(pod, "spec", "containers") for port in items(container, "ports")]
    return sorted({number(port, "hostPort") for port in ports if number(port, "hostPort")})
