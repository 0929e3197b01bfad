"""Calico's policies: endpoints by an expression over labels, networks, service accounts. Pure.

Source: projectcalico/calico, api/pkg/apis/projectcalico/v3 (NetworkPolicy, GlobalNetworkPolicy, Rule, EntityRule): whoever
a policy of type Ingress means is isolated; rules are Allow, Deny, Log, Pass; a namespaced rule without `namespaceSelector`
means its own namespace; `projectcalico.org/name` is a namespace's name.
"""

from __future__ import annotations

from collections.abc import Iterator

from migrator.domain.messages.message import Value, say
from migrator.domain.model.kubernetes import namespace_of
from migrator.domain.model.manifests import Json, Manifest, items, mapping, text
from migrator.domain.planning.policies.expression import Test, Unreadable, parse
from migrator.domain.planning.policies.policy import Chosen, Peer, Pod, Policy, nobody

NAME = "projectcalico.org/name"
ANYWHERE = ("0.0.0.0/0", "::/0")


def read(thing: Manifest) -> Iterator[Policy]:
    """Give the policy; one whose selector cannot be read means nobody, and says so."""
    spec, home = mapping(thing, "spec"), namespace_of(thing)
    types = spec.get("types")
    ingress = "Ingress" in types if isinstance(types, list) else "ingress" in spec or "egress" not in spec
    scope: Json = {key: spec.get(key) for key in ("selector", "namespaceSelector", "serviceAccountSelector")}
    try:
        chosen = _endpoints(spec, home)
        rules = [(text(row, "action"), peer) for row in items(spec, "ingress") for peer in _peers(row, home)]
    except Unreadable as error:
        yield Policy(thing, nobody, scope, unread=str(error).strip())
        return
    yield Policy(
        thing,
        chosen,
        scope,
        tuple(peer for action, peer in rules if action == "Allow"),
        tuple(peer for action, peer in rules if action == "Deny"),
        ingress,
        selector=text(spec, "selector") or "all()",
    )


def _peers(row: Manifest, home: str) -> Iterator[Peer]:
    source = mapping(row, "source")
    if not source:
        yield Peer(say("policy.everyone"), everyone=True)
        return
    if nets := _texts(source.get("nets")):
        blocks = tuple((cidr, tuple(_texts(source.get("notNets")))) for cidr in nets)
        yield Peer(say("policy.block", block=", ".join(nets)), blocks=blocks)
    elif {"selector", "namespaceSelector", "serviceAccounts", "notSelector"} & source.keys():
        said: Value = text(source, "selector") or None
        spaces: Value = text(source, "namespaceSelector") or None
        yield Peer(say("policy.selectors", namespaces=spaces, pods=said), _endpoints(source, home))
    else:
        left_out = tuple(_texts(source.get("notNets")))
        yield Peer(say("policy.everyone"), blocks=tuple((cidr, left_out) for cidr in ANYWHERE))


def _endpoints(source: Manifest, home: str) -> Chosen:
    wanted, spaces = parse(text(source, "selector")), parse(text(source, "namespaceSelector"))
    unwanted: Test | None = parse(text(source, "notSelector")) if text(source, "notSelector") else None
    by_space = bool(text(source, "namespaceSelector"))
    accounts = _texts(mapping(source, "serviceAccounts").get("names"))

    def chosen(pod: Pod) -> bool:
        having = {
            **pod.having,
            "projectcalico.org/namespace": pod.namespace,
            "projectcalico.org/serviceaccount": pod.account,
        }
        here = spaces({**pod.space, NAME: pod.namespace}) if by_space else not home or pod.namespace == home
        allowed = not accounts or pod.account in accounts
        return here and allowed and wanted(having) and not (unwanted is not None and unwanted(having))

    return chosen


def _texts(value: Json) -> list[str]:
    return [row for row in value if isinstance(row, str)] if isinstance(value, list) else []
