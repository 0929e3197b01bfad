"""Services of the pods that leave when an earlier workload returns: each leads to the returning pods from Retire on.

They keep leading to the leaving pods until then. Those that would catch the returning ones are narrowed by Guard.
"""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.messages.message import say
from migrator.domain.model.change import Change
from migrator.domain.model.manifests import (
    Json,
    Manifest,
    items,
    labels,
    mapping,
    number,
    ref_of,
    selects,
    text,
    uid_of,
)
from migrator.domain.model.spec import Spec
from migrator.domain.model.target import Kept
from migrator.domain.planning.guards.services import to_new


def kept_services(services: Iterable[Manifest], target: Kept) -> tuple[Manifest, ...]:
    """Give those of the Services of the leaving pods that are to stay."""
    return tuple(service for service in services if ref_of(service) not in target.leftovers)


def opens(service: Manifest, target: Kept) -> bool:
    """Say whether the balancer dials a node port of this Service: Lead and Lead back take care of it, whole."""
    dialled = {backend.port for backend in target.rows}
    return bool(dialled & {number(port, "nodePort") for port in items(service, "spec", "ports")})


def repointed(
    source: Manifest,
    services: Iterable[Manifest],
    spec: Spec,
    target: Kept,
    new: dict[str, str],
    telling: tuple[str, str] | None,
) -> list[Change]:
    """Give each Service's way to the returning pods, which have the labels `new`.

    `telling` is the label that the leaving pods alone have; without one no Service can be kept from the returning ones.
    """
    return [_repointed(source, service, spec, target, new, telling) for service in services] if telling else []


def _repointed(
    source: Manifest, service: Manifest, spec: Spec, target: Kept, new: dict[str, str], telling: tuple[str, str]
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
    led = opens(service, target)
    name = text(service, "metadata", "name")
    return Change(
        ref_of(service),
        uid_of(service),
        narrow,
        {"spec": {"selector": was, "ports": present}},
        say("change.leads-until-ready", service=name) if led else say("change.leads-until-retire", service=name),
        {"spec": {"selector": wanted, "ports": ports}},
        None if led else guarded,
        _as_before(name, spec.target.labels, target),
    )


def _as_before(service: str, telling: Iterable[tuple[str, str]], target: Kept) -> Json:
    """Give the patch by which a Service selects as before the earlier run, once nothing is left to tell the pods from."""
    was = mapping(target.selected, service)
    selector: dict[str, Json] = {key: was.get(key) for key, value in telling if was.get(key) != value}
    return {"spec": {"selector": selector}} if selector else None
