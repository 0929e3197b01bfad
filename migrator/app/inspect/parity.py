"""Two gateways' configurations beside each other, outside of any run: live pods or saved dumps. It changes nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from migrator.adapters.gateways.comparison.comparing import Dump, Job, Outcome, done, parsed
from migrator.adapters.gateways.comparison.difference import Most
from migrator.adapters.gateways.comparison.listening import identity_of, moved
from migrator.adapters.gateways.configuration.sections import kind_of
from migrator.app.wiring import CLOCK
from migrator.domain.messages.errors import MigratorError, NotFound, Unreachable, UsageError
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Side
from migrator.domain.model.manifests import Json, ObjectRef, items
from migrator.domain.model.spec import Allowance, ClusterSpec
from migrator.domain.observation.likeness import model
from migrator.domain.observation.parity import Reference

MOST = Most(of_unit=50, in_all=1000)
ENDPOINTS = "EndpointsConfigDump"


@dataclass(frozen=True, slots=True)
class Beside:
    """What two gateways have in common: `lines` differ, `allowed` differ by the plan's leave, `old` and `new` are unsettled.

    `notes` say what was left out. `ports` are the old side's listening ports by the new side's.
    """

    names: tuple[str, str]
    ports: Mapping[int, int]
    lines: tuple[Message, ...]
    allowed: tuple[Message, ...]
    old: tuple[Message, ...]
    new: tuple[Message, ...]
    notes: tuple[Message, ...] = ()

    @property
    def alike(self) -> bool:
        """Say whether nothing differs, and nothing of the new one is under way that is not on the old one."""
        return not self.lines and not self.new


def beside(
    names: tuple[str, str], old: Dump, new: Dump, ports: Mapping[int, int] | None, allow: Sequence[Allowance]
) -> Beside:
    """Compare. Where nobody says which port became which, the listeners do."""
    left, right = parsed(old.body), parsed(new.body)
    if ports is None:
        ports = moved(left, right)
    old, new, notes = _of_one_kind(old, new, left, right)
    first = done(Job(replace(old, ports=ports), keep=True))
    chosen = model((Reference(PodRef("", names[0], "", ""), first.parity, first.kept),))
    assert chosen is not None
    second: Outcome = done(Job(new, chosen.reference, tuple(allow), most=MOST))
    found, unready = second.differences, chosen.left(second.parity.unready)
    return Beside(names, ports, found.lines, found.allowed, first.parity.unready, unready, notes)


def _of_one_kind(old: Dump, new: Dump, left: Json, right: Json) -> tuple[Dump, Dump, tuple[Message, ...]]:
    """Leave out of both what only one can say: a saved dump has no runtime, and may have been saved without endpoints."""
    notes = []
    if (old.drain is None) is not (new.drain is None):
        old, new = replace(old, drain=None), replace(new, drain=None)
        notes.append(say("parity.no-runtime"))
    if _has(left) is not _has(right):
        old, new = (replace(each, body=_without(of)) for each, of in ((old, left), (new, right)))
        notes.append(say("parity.no-endpoints"))
    return old, new, tuple(notes)


def _has(dump: Json) -> bool:
    return any(kind_of(section) == ENDPOINTS for section in items(dump, "configs"))


def _without(dump: Json) -> bytes:
    kept = [section for section in items(dump, "configs") if kind_of(section) != ENDPOINTS]
    return json.dumps({"configs": kept}).encode()


def saved(path: str) -> Dump:
    """Read a saved dump. UsageError for a file that is none."""
    try:
        body = Path(path).read_bytes()
        dump = parsed(body)
    except (OSError, Unreachable) as error:
        raise UsageError(say("parity.unreadable", file=path, why=_why(error))) from error
    if not items(dump, "configs"):
        raise UsageError(say("parity.no-dump", file=path))
    return Dump(body, identity_of(dump))


def _why(error: Exception) -> Message | str:
    return error.message if isinstance(error, MigratorError) else str(error)


class Pods:
    """Gateways in a cluster, by `namespace/name`. Nothing is asked before the first one is wanted."""

    def __init__(self, spec: ClusterSpec, admin_port: int) -> None:
        self._spec, self._admin_port = spec, admin_port

    def dump(self, name: str) -> Dump:
        """Fetch a gateway's configuration. NotFound for a pod that is not there."""
        from migrator.adapters.cluster import connect
        from migrator.adapters.cluster.pods import ref_of_pod
        from migrator.adapters.gateways import may_belong_to
        from migrator.adapters.gateways.admin import Admin
        from migrator.adapters.gateways.configurations import Configurations

        namespace, _, pod = name.partition("/")
        cluster = connect(replace(self._spec, namespace=namespace))
        found = cluster.reader.get(ObjectRef("v1", "Pod", namespace, pod))
        if found is None:
            raise NotFound(say("parity.no-pod", pod=name))
        admin = Admin(cluster.ports, self._admin_port, may_belong_to, CLOCK.now)
        return Configurations(admin, {}).dump(ref_of_pod(found), Side.NEW)
