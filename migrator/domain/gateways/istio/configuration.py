"""Checks of who gets which Istio configuration: one-sided rows of the matrix, and rules that name ports or addresses."""

from __future__ import annotations

import json
from collections.abc import Iterable

from migrator.domain.gateways.audit import Form, Reach, Reached
from migrator.domain.gateways.istio import rules
from migrator.domain.gateways.istio.attach import CONTROLS, GATEWAY_NAME, INJECT, by_selector, origin
from migrator.domain.gateways.istio.matrix import matrix
from migrator.domain.gateways.istio.proxy import sides
from migrator.domain.gateways.profile import Planned
from migrator.domain.messages.findings import Finding, Severity, block, finding, info, warn
from migrator.domain.messages.message import say
from migrator.domain.model.kubernetes import called, covers
from migrator.domain.model.manifests import items, labels, text
from migrator.domain.model.refs import source_ref, target_ref

MOST_PATCH = 300
"""A patch of so many characters stands in the finding; a longer one in the matrix alone."""


def same_configuration(planned: Planned) -> Iterable[Finding]:
    """Whatever reaches the old gateways must reach the new ones too, and nothing else may."""
    rows = [row for row in matrix(planned) if row.reach not in (Reach.NONE, Reach.APART)]
    yield from (_one_sided(row) for row in rows if row.one_sided)
    if rows:
        yield info(
            "istio.matrix",
            say("subject.istio-resources", count=len(rows)),
            both=tuple(f"{row.kind} {row.name}" for row in rows if row.reach is Reach.BOTH),
            old=sum(row.reach is Reach.OLD for row in rows),
            new=sum(row.reach is Reach.NEW for row in rows),
        )


def _one_sided(row: Reached) -> Finding:
    severity, subject = Severity.BLOCK if row.steers else Severity.WARN, f"{row.kind} {row.name}"
    if row.by_part:
        old = row.reach is Reach.OLD
        return finding("istio.old-only:port" if old else "istio.new-only:port", severity, subject, why=row.why)
    if row.why is not None and row.why.code == "reach.namespace":
        old = row.reach is Reach.OLD
        return finding(
            "istio.old-only:namespace" if old else "istio.new-only:namespace", severity, subject, why=row.why
        )
    if row.reach is Reach.OLD:
        return finding("istio.old-only", severity, subject, why=row.why, patch=_short(row))
    return finding("istio.new-only", severity, subject, why=row.why, patch=_short(row))


def _short(row: Reached) -> str | None:
    """Give a merge patch that fits into a finding."""
    if row.widening is None or row.widening.form is not Form.MERGE:
        return None
    words = json.dumps(row.widening.patch, separators=(",", ":"))
    return words if len(words) <= MOST_PATCH else None


def no_gateway_left_empty(planned: Planned) -> Iterable[Finding]:
    """A gateway that no Gateway resource reaches has no listener, and is Ready all the same."""
    rows = [row for row in matrix(planned) if row.kind == "Gateway"]
    api = [row for row in planned.world.all("GatewayAPI") if text(row, "spec", "gatewayClassName")]
    if rows and not api and not any(row.reach in (Reach.BOTH, Reach.NEW) for row in rows):
        yield block(
            "istio.no-listener",
            planned.spec.target.name,
            gateways=tuple(say("reach.gateway", name=row.name, why=row.why) for row in rows),
        )


def labels_keep_control(planned: Planned) -> Iterable[Finding]:
    """A label by which Istio chooses the control plane, the injection or the way to a pod must be the same on both sides.

    A second Deployment may be there for the sake of another control plane: a move of version is said, and not refused.
    """
    if planned.source is None:
        return
    before = labels(planned.source, "spec", "template", "metadata", "labels")
    for key in CONTROLS:
        old, new = planned.old_labels.get(key, before.get(key, "")), planned.new_labels.get(key, "")
        if old == new or (key == INJECT and planned.on_host):
            continue  # nobody is injected in a node's network: what the webhook would add is derived from a live pod
        if key == "istio.io/rev" and planned.spec.target.kind == "Deployment":
            yield warn("istio.label-changes:version", planned.spec.target.name, label=key, old=old, new=new)
        elif key == "istio.io/rev":
            yield block("istio.label-changes:revision", planned.spec.target.name, label=key, old=old, new=new)
        else:
            yield block("istio.label-changes", planned.spec.target.name, label=key, old=old, new=new)


def rules_name_ports(planned: Planned) -> Iterable[Finding]:
    """A policy that names a listening port means another port on the new side, where the port map moves it."""
    if planned.source is None:
        return
    between = sides(planned)
    gone = between.new.foreign_ports & between.moved.keys()
    for kind in ("AuthorizationPolicy", "PeerAuthentication") if gone else ():
        for thing in planned.world.all(kind):
            lists = rules.ports(thing)
            named = sorted({port for each in lists for port in each & gone if between.moved[port] not in each})
            if named and by_selector(thing, between.old):
                yield block(
                    "istio.port-in-rule",
                    f"{kind} {called(thing)}",
                    ports=tuple(named),
                    moved=tuple(between.moved[port] for port in named),
                    origin=origin(thing),
                )


def rules_name_own_addresses(planned: Planned) -> Iterable[Finding]:
    """A policy of the gateways that names their own addresses (`destination.ip`) means the old pods' alone."""
    world = planned.world
    if planned.source is None or not planned.on_host:
        return
    old, new = [pod.ref.ip for pod in world.old.live], [node.address for node in world.nodes]
    between = sides(planned)
    for policy in world.all("AuthorizationPolicy"):
        if not by_selector(policy, between.old):
            continue
        for named in rules.destinations(policy):
            met = [any(covers(block_, address) for block_ in named.values) for address in old]
            missed = [address for address in new if not any(covers(block_, address) for block_ in named.values)]
            if any(met) and missed:
                yield block(
                    "istio.address-in-rule",
                    f"AuthorizationPolicy {called(policy)}",
                    field=named.field,
                    values=named.values,
                    missed=tuple(missed),
                )


def gateway_api_by_service(planned: Planned) -> Iterable[Finding]:
    """A Gateway of the Gateway API reaches the pods of the Service that it names, or that istiod made for it.

    Guard takes the new pods out of that Service, and they would have no listener.
    """
    world, spec = planned.world, planned.spec
    if planned.source is None:
        return
    names = {text(row, "metadata", "name") for row in world.services_of(planned.old_labels, source_ref(spec).namespace)}
    for thing in world.all("GatewayAPI"):
        if text(thing, "metadata", "namespace") != source_ref(spec).namespace:
            continue
        hosts = [text(row, "value").split(".")[0] for row in items(thing, "spec", "addresses") if text(row, "value")]
        by_name = sorted(names.intersection(hosts))
        if by_name and spec.target.name not in hosts:
            yield block(
                "istio.gateway-by-service",
                f"Gateway {called(thing)}",
                services=tuple(by_name),
                address=f"{spec.target.name}.{target_ref(spec).namespace}.svc.cluster.local",
            )
        elif not hosts and planned.old_labels.get(GATEWAY_NAME) == text(thing, "metadata", "name"):
            yield block("istio.gateway-by-service:made", f"Gateway {called(thing)}", services=tuple(sorted(names)))
