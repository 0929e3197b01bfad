"""Services that select the old pods: which of them clients come through, which would catch the new pods, and what is done.

A Deployment's selector is immutable, a Service's is not. In this order: (1) the plan's labels keep the new pods out of every
Service: nothing is touched until Retire leads the Service to them; (2) the Service is narrowed by a label of the old
*template*, which a restart of the old Deployment keeps. Never by a template hash: the next rollout would leave the Service
without endpoints, and Istio's old gateways without their listener, whether migrator runs or not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

from migrator.domain.messages.message import say
from migrator.domain.model.change import Change
from migrator.domain.model.manifests import Json, Manifest, dig, items, labels, ref_of, selects, text, uid_of
from migrator.domain.model.spec import GuardSpec, Spec
from migrator.domain.model.workload import Pod
from migrator.domain.observation.world import World, target_port, template_labels
from migrator.domain.owners.owner import owner_of
from migrator.domain.planning.derive.live import CONTROLLERS_LABELS


class Treatment(StrEnum):
    """What becomes of a Service that selects one side or both, by what was seen and what the plan says."""

    APART = "apart"
    """It does not select the new pods; Retire leads it to them."""
    NARROWED = "narrowed"
    """It would catch the new pods; Guard narrows it by a label of the old template."""
    UNTOLD = "untold"
    """It would catch the new pods, and no label of the old template keeps them out."""
    LEFT = "left"
    """It catches the new pods, no client comes through it, and the plan says to leave it as it is."""
    ASKED = "asked"
    """No client comes through it, and the plan does not say whether the new pods may be in it."""
    BEHIND = "behind"
    """It selects by a label that is not the old template's and that the new pods will not have: it ends with the old ones."""
    OWNED = "owned"
    """A controller makes it, for the old pods alone: it is left as it is, and ends with its owner."""
    ELSEWHERE = "elsewhere"
    """It is in the old side's namespace, where no new pod will be: it leads nowhere once the old ones are gone."""


def telling(source: Manifest, pods: Collection[Pod], added: Iterable[tuple[str, str]]) -> tuple[str, str] | None:
    """Give the label of the old template that every old pod has and no new one will: one that the plan gives another value.

    `pods` are the live old pods, `added` are the labels that the plan adds to the new ones.
    """
    old = template_labels(source)
    for key, value in added:
        present = old.get(key)
        if present is not None and present != value and all(dict(pod.labels).get(key) == present for pod in pods):
            return key, present
    return None


def for_clients(service: Manifest, source: Manifest, world: World, listening: Collection[int]) -> bool:
    """Say whether clients may come through a Service.

    They do by a node port, a balancer of its own, an outside address, or on a port that a listener of the plan's balancer
    leads to. `listening` are those ports; while none is known every Service counts.
    """
    if text(service, "spec", "type") in ("NodePort", "LoadBalancer") or dig(service, "spec", "externalIPs"):
        return True
    if text(service, "metadata", "name") in _bound(world, text(service, "metadata", "namespace")):
        return True
    ports = {target_port(source, port) for port in items(service, "spec", "ports")}
    return not listening or bool(ports & set(listening))


def _bound(world: World, namespace: str) -> set[str]:
    """Give the names of the Services whose pods a cloud controller registers by an object of its own."""
    found = set()
    for kind, thing in world.bindings():
        if text(thing, "metadata", "namespace") == namespace:
            found.add(text(thing, *kind.service))
    return found


def treatment(
    service: Manifest, own: Mapping[str, str], new: Mapping[str, str], clients: bool, told: bool, guard: GuardSpec
) -> Treatment:
    """Give what becomes of a Service. `own` are the old template's labels, `new` the new pods'; `told`: one differs."""
    chosen, name = labels(service, "spec", "selector"), text(service, "metadata", "name")
    caught = selects({k: v for k, v in chosen.items() if k not in CONTROLLERS_LABELS}, new)
    if not caught and not selects(chosen, own):
        return Treatment.BEHIND
    if not clients and name not in (*guard.leave, *guard.narrow):
        return Treatment.ASKED
    if not clients and name in guard.leave:
        return Treatment.LEFT if caught else Treatment.APART
    if not caught:
        return Treatment.APART
    return Treatment.NARROWED if told else Treatment.UNTOLD


def treatments(
    services: Iterable[Manifest],
    source: Manifest,
    new: Mapping[str, str],
    world: World,
    listening: Collection[int],
    told: bool,
    guard: GuardSpec,
) -> tuple[tuple[Manifest, Treatment], ...]:
    """Give what becomes of each Service; one that a controller makes is never written."""
    own, found = template_labels(source), list[tuple[Manifest, Treatment]]()
    for service in services:
        what = treatment(service, own, new, for_clients(service, source, world, listening), told, guard)
        found.append((service, left_to_its_owner(service, what, new) if owner_of(service) else what))
    return tuple(found)


def left_to_its_owner(service: Manifest, what: Treatment, new: Mapping[str, str]) -> Treatment:
    """Give what becomes of a Service that a controller makes, for it is never written: it stays as it is, or it cannot stay."""
    caught = selects(labels(service, "spec", "selector"), new)
    if caught:
        return Treatment.UNTOLD if what is Treatment.NARROWED else what
    return Treatment.OWNED


def guarded(
    source: Manifest,
    treated: Iterable[tuple[Manifest, Treatment]],
    spec: Spec,
    new: Mapping[str, str],
    label: tuple[str, str] | None,
) -> list[Change]:
    """Give the change of every Service that the run changes: at Guard, at Retire, or both."""
    changes = []
    for service, what in treated:
        if what is Treatment.APART:
            changes.append(_apart(source, service, spec, new))
        elif what is Treatment.NARROWED and label is not None:
            changes.append(_narrowed(source, service, label, spec))
    return changes


def _narrowed(source: Manifest, service: Manifest, label: tuple[str, str], spec: Spec) -> Change:
    key, value = label
    chosen = labels(service, "spec", "selector")
    widened: dict[str, Json] = {key: None, **dict(spec.target.labels)}
    narrow: dict[str, Json] = {**{label: chosen.get(label) for label in widened}, key: value}
    ports: list[Json] = [to_new(source, port, spec) for port in items(service, "spec", "ports")]
    present: list[Json] = list(items(service, "spec", "ports"))
    return Change(
        ref_of(service),
        uid_of(service),
        {"spec": {"selector": {key: value}}},
        {"spec": {"selector": {key: chosen.get(key)}}},
        say("change.narrowed", service=text(service, "metadata", "name")),
        {"spec": {"selector": widened, "ports": ports}},
        {"spec": {"selector": narrow, "ports": present}},
    )


def _apart(source: Manifest, service: Manifest, spec: Spec, new: Mapping[str, str]) -> Change:
    """Give the change of a Service that stays as it is until Retire: then each label that differs becomes the new pods'."""
    chosen = labels(service, "spec", "selector")
    wanted: dict[str, Json] = {key: new.get(key) for key, value in chosen.items() if new.get(key) != value}
    wanted.update(spec.target.labels)
    was: Json = {"selector": {key: chosen.get(key) for key in wanted}, "ports": list(items(service, "spec", "ports"))}
    ports: list[Json] = [to_new(source, port, spec) for port in items(service, "spec", "ports")]
    name = text(service, "metadata", "name")
    return Change(
        ref_of(service),
        uid_of(service),
        {},
        {},
        say("change.leads-old-until-retire", service=name),
        {"spec": {"selector": wanted, "ports": ports}},
        {"spec": was},
    )


def to_new(source: Manifest, port: Manifest, spec: Spec) -> Manifest:
    """Give the Service's port as it must be for the new pods; a port that is called by name stays as it is."""
    if isinstance(port.get("targetPort"), str):
        return port
    return {**port, "targetPort": spec.target.port(target_port(source, port))}
