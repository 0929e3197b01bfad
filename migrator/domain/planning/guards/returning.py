"""Services of the pods that leave when an earlier workload returns: each leads to the returning pods from Retire on.

They keep leading to the leaving pods until then. Those that would catch the returning ones are narrowed by Guard.
"""

from __future__ import annotations

from migrator.domain.model.change import Change
from migrator.domain.model.kept import Kept
from migrator.domain.model.manifests import Json, Manifest, items, labels, number, ref_of, selects, text, uid_of
from migrator.domain.model.spec import Spec
from migrator.domain.planning.derive import derived
from migrator.domain.planning.guards.services import to_new
from migrator.domain.planning.world import World, template_labels


def kept_services(world: World, source: Manifest, spec: Spec, stored: Kept) -> list[Manifest]:
    """Give the Services that lead to the leaving pods and are to stay."""
    found = world.services_of(template_labels(source), spec.cluster.namespace)
    return [service for service in found if ref_of(service) not in stored.leftovers]


def opens(service: Manifest, stored: Kept) -> bool:
    """Say whether the balancer dials a node port of this Service: Lead and Lead back take care of it, whole."""
    dialled = {backend.port for backend in stored.rows}
    return bool(dialled & {number(port, "nodePort") for port in items(service, "spec", "ports")})


def repointed(world: World, source: Manifest, spec: Spec, stored: Kept, telling: tuple[str, str]) -> list[Change]:
    """Give each Service's way to the returning pods; `telling` is the label that the leaving ones alone have."""
    new = template_labels(derived(world, spec)[0])
    return [_repointed(source, each, spec, stored, new, telling) for each in kept_services(world, source, spec, stored)]


def _repointed(
    source: Manifest, service: Manifest, spec: Spec, stored: Kept, new: dict[str, str], telling: tuple[str, str]
) -> Change:
    chosen = labels(service, "spec", "selector")
    key, value = telling
    narrow: Json = {"spec": {"selector": {key: value}}} if selects(chosen, new) else {}
    wanted: dict[str, Json] = {k: None for k, v in chosen.items() if new.get(k) != v}
    wanted.update(spec.target.labels)
    was: dict[str, Json] = {k: chosen.get(k) for k in (*wanted, key)}
    ports: list[Json] = [to_new(source, port, spec) for port in items(service, "spec", "ports")]
    present: list[Json] = list(items(service, "spec", "ports"))
    guarded: Json = {"spec": {"selector": {**was, **({key: value} if narrow else {})}, "ports": present}}
    led = opens(service, stored)
    until = "those that return are Ready" if led else "Retire"
    return Change(
        ref_of(service),
        uid_of(service),
        narrow,
        {"spec": {"selector": was, "ports": present}},
        f"Service {text(service, 'metadata', 'name')} leads to the leaving pods until {until}, then to the returning ones",
        {"spec": {"selector": wanted, "ports": ports}},
        None if led else guarded,
        {"spec": {"selector": {k: None for k, _ in spec.target.labels}}},
    )
