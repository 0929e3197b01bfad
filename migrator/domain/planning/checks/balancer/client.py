"""Checks of who the gateway thinks its client is: source address, X-Forwarded-For and PROXY protocol on both ways in."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.messages.findings import Finding
from migrator.domain.model.kubernetes import annotations_of, called
from migrator.domain.model.manifests import Manifest, items, mapping, number, text
from migrator.domain.model.worded import block, listed, warn
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
    tell = block if rules else warn
    yield tell(
        "client.address-changes",
        f"Service {listed(called(row) for row in hiding)}",
        "old gateways see a node as their client (externalTrafficPolicy Cluster), new ones see what the balancer sends: "
        "X-Forwarded-For, access logs, rate limits and rules by address change with the share"
        + (f"; these rules name client addresses: {listed(rules)}" if rules else ""),
        "kube-proxy translates the source address behind a NodePort",
        "check numTrustedProxies and every rule by address before the first share",
    )


def proxy_protocol_is_known(proposal: Proposal) -> Iterable[Finding]:
    """Gateways that expect PROXY protocol refuse whoever does not speak it: our probes, and a balancer set otherwise."""
    if proposal.source is None:
        return
    found = _expecting(proposal)
    if found:
        yield warn(
            "client.proxy-protocol",
            listed(found),
            "the gateways expect PROXY protocol: the new backends must be sent it too, and plain probes will be refused",
            "listener filter proxy_protocol",
            "check that the balancer sends it per listener and not per backend group, before the first share",
        )


def _expecting(proposal: Proposal) -> list[str]:
    template = mapping(proposal.source or {}, "spec", "template")
    config = annotations_of(template).get("proxy.istio.io/config", "")
    found = ["annotation proxy.istio.io/config"] if "proxyProtocol" in config else []
    return found + proposal.gateway.wants_proxy_protocol(proposal)
