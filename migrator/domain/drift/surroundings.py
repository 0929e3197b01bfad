"""What surrounds the two sides and changes while a run goes on: their nodes, and how the balancer's listeners are set. Pure.

A node that comes or goes by the plan's own selector is a slot of its side, so it is told and holds nothing. A listener that is
set otherwise than the plan has seen holds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from typing import TypeVar

from migrator.domain.balancers.settings import HealthCheck, Steering
from migrator.domain.messages.findings import Finding, block
from migrator.domain.messages.message import Message, say
from migrator.domain.model.manifests import Manifest
from migrator.domain.observation.nodes import Host, repelling

Setting = TypeVar("Setting", HealthCheck, Steering)


def nodes_moved(
    planned: Collection[str], hosts: Iterable[Host], tolerations: Sequence[Manifest] = ()
) -> tuple[Message, ...]:
    """Tell which nodes have come and gone since the plan was made, and which of its own are about to go or closed to pods.

    The plan's nodes had no taint that the new pods do not tolerate (`tolerations`), or the plan would have been refused.
    """
    found = {host.name: host for host in hosts}
    came, left = sorted(found.keys() - set(planned)), sorted(set(planned) - found.keys())
    here = [host for host in found.values() if host.name in planned]
    said = [say("drift.nodes-came", nodes=tuple(came))] if came else []
    said += [say("drift.nodes-left", nodes=tuple(left))] if left else []
    said += [say("drift.node-leaves", node=host.name, why=host.leaving) for host in here if host.leaving is not None]
    tainted = [(host.name, repelling(host.taints, tolerations)) for host in here if host.leaving is None]
    said += [say("drift.node-tainted", node=name, taints=tuple(map(str, taints))) for name, taints in tainted if taints]
    closed = tuple(sorted(host.name for host in here if host.cordoned and host.leaving is None))
    return (*said, *((say("drift.nodes-cordoned", nodes=closed),) if closed else ()))


def listeners_moved(planned: Iterable[Setting], now: Iterable[Setting]) -> tuple[Finding, ...]:
    """Give a finding for each listener whose settings of one kind are others than the plan has seen.

    Several of the balancer's listeners may lead to what the plan names once: then one name has several settings.
    """
    known, there = _by_listener(planned), _by_listener(now)
    return tuple(
        block("drift.listener", listener, changes=changes)
        for listener, found in there.items()
        for was, setting in _others(known.get(listener, []), found)
        if (changes := _changes(was, setting))
    )


def _by_listener(settings: Iterable[Setting]) -> dict[str, list[Setting]]:
    sorted_out: dict[str, list[Setting]] = {}
    for setting in settings:
        sorted_out.setdefault(setting.listener, []).append(setting)
    return sorted_out


def _others(was: list[Setting], now: list[Setting]) -> Iterable[tuple[Setting, Setting]]:
    """Pair what is not there any more with what was not there before, whatever order the balancer lists them in."""
    gone, came = [each for each in was if each not in now], [each for each in now if each not in was]
    return zip(gone, came, strict=False)


def _changes(was: Setting, now: Setting) -> tuple[Message, ...]:
    """Give what is another one. Of `Steering` an empty text is what nobody could read, then or now."""
    pairs = [(each.name, getattr(was, each.name), getattr(now, each.name)) for each in fields(now)]
    unread = "" if isinstance(now, Steering) else None
    return tuple(
        say("drift.setting", name=name, was=old, now=new)
        for name, old, new in pairs
        if old != new and unread not in (old, new)
    )
