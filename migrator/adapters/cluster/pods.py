"""One pod's manifest and its events, read into a `Pod`: ready or not, and in plain words why not. Pure.

Reasons (machine words of the API) decide, never message texts: those change between versions.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from migrator.domain.model.actions import PodRef
from migrator.domain.model.manifests import Manifest, items, labels, mapping, number, text
from migrator.domain.model.workload import Pod

_PATIENCE_SECONDS = 30.0
_CRASHES = 3
_FATAL_WAITING = frozenset({"ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "CreateContainerConfigError"})
_FATAL_PHASE = frozenset({"SysctlForbidden"})
_QUIET_WAITING = frozenset({"", "ContainerCreating", "PodInitializing"})
Trouble = tuple[str, bool]
_FINE: Trouble = ("", False)


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
    )


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
    return f"{reason}: {text(pod, 'status', 'message') or 'the pod has failed'}", reason in _FATAL_PHASE


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
    words = text(scheduled, "message") or (quoted(events[-1]) if events else "no node takes it")
    ports = _host_ports(pod)
    wants = f" (it wants host ports {', '.join(map(str, ports))})" if ports else ""
    return f"{text(scheduled, 'reason') or 'Unschedulable'}: {words}{wants}", bool(ports) and lasting


def _containers(pod: Manifest, events: Sequence[Manifest], _now: datetime) -> Trouble:
    for status in _statuses(pod):
        name, restarts = text(status, "name"), number(status, "restartCount")
        waiting = mapping(status, "state", "waiting")
        reason = text(waiting, "reason")
        if reason not in _QUIET_WAITING:
            ended = _ended(mapping(status, "lastState", "terminated"))
            words = ended or text(waiting, "message") or (quoted(events[-1]) if events else "")
            hopeless = reason in _FATAL_WAITING or (reason == "CrashLoopBackOff" and restarts >= _CRASHES)
            return f"container {name}: {reason}, {restarts} restarts{'; ' + words if words else ''}", hopeless
        if ended := _ended(mapping(status, "state", "terminated")):
            return f"container {name} {ended}, {restarts} restarts", restarts >= _CRASHES
    return _FINE


def _ended(terminated: Manifest) -> str:
    if not terminated:
        return ""
    message = text(terminated, "message").strip()
    what = f"ended with code {number(terminated, 'exitCode')} ({text(terminated, 'reason') or 'no reason'})"
    return f"{what}: {message}" if message else what


def _unready(pod: Manifest, events: Sequence[Manifest]) -> str:
    words = text(condition(pod, "Ready"), "message") or text(condition(pod, "ContainersReady"), "message")
    heard = f"; {quoted(events[-1])}" if events else ""
    return f"not ready{': ' + words if words else ''}{heard}"


def quoted(event: Manifest) -> str:
    """Give an event's reason and message in a line."""
    return f"{text(event, 'reason')}: {' '.join(text(event, 'message').split())}"


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
