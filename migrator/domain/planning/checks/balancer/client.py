"""Checks of who the gateway thinks its client is: source address, X-Forwarded-For and PROXY protocol on both ways in."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.messages.findings import Finding, Severity, finding, warn
from migrator.domain.messages.message import say
from migrator.domain.model.kubernetes import annotations_of, called
from migrator.domain.model.manifests import Manifest, items, mapping, number, text
from migrator.domain.planning.proposal import Proposal


def snat_services(proposal: Proposal) -> list[Manifest]:
    """Give the NodePort Services on the old way in that hide the client's address (externalTrafficPolicy Cluster)."""
    dialled = {slot.backend.port for slot in proposal.old}
    return [
        service
        for service in proposal.services.leading
        if text(service, "spec", "externalTrafficPolicy") != "Local"
        and any(number(row, "nodePort") in dialled for row in items(service, "spec", "ports"))
    ]


def client_address_stays(proposal: Proposal) -> Iterable[Finding]:
    """kube-proxy hid the client behind a node's address; dialled directly the gateway sees what the balancer sends."""
    hiding = snat_services(proposal)
    if not hiding:
        return
    rules = proposal.gateway.rules_by_client(proposal)
    yield finding(
        "client.address-changes",
        Severity.BLOCK if rules else Severity.WARN,
        say("subject.services", names=tuple(called(row) for row in hiding)),
        rules=tuple(rules),
    )


def proxy_protocol_is_known(proposal: Proposal) -> Iterable[Finding]:
    """Gateways that expect PROXY protocol refuse whoever does not speak it: our probes, and a balancer set otherwise."""
    if proposal.source is None:
        return
    found = _expecting(proposal)
    if found:
        yield warn("client.proxy-protocol", say("subject.listed", names=tuple(found)))


def _expecting(proposal: Proposal) -> list[str]:
    template = mapping(proposal.source or {}, "spec", "template")
    config = annotations_of(template).get("proxy.istio.io/config", "")
    found = ["annotation proxy.istio.io/config"] if "proxyProtocol" in config else []
    return found + proposal.gateway.wants_proxy_protocol(proposal)
