"""Checks of the nodes' addresses: nobody else may take what the balancer sends to one, and each must be of the right family."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from migrator.domain.messages.findings import Finding, block
from migrator.domain.messages.message import Message, say
from migrator.domain.model.kubernetes import called
from migrator.domain.model.manifests import Manifest, dig, items, mapping, number, text
from migrator.domain.planning.proposal import Proposal


def addresses_are_the_sockets(proposal: Proposal) -> Iterable[Finding]:
    """What kube-proxy or the network plugin catches at a node's address and port never reaches the gateway's socket there.

    The old pods would go on answering behind it, so health checks and shares of traffic would look right.
    """
    if proposal.source is None:
        return
    dialled = {(slot.backend.address, slot.backend.port) for slot in proposal.sides.new}
    for service in proposal.world.all("Service"):
        ports = {number(row, "port") for row in items(service, "spec", "ports")}
        for why, address in _caught(service):
            if taken := tuple(sorted(port for at, port in dialled if at == address and port in ports)):
                yield block(
                    "ports.service-address", f"Service {called(service)}", why=why, address=address, ports=taken
                )
    yield from _redirected(proposal, dialled)


def _caught(service: Manifest) -> Iterator[tuple[Message, str]]:
    """Give the addresses besides its cluster addresses that every node's proxy answers for a Service, and by which field."""
    listed = dig(service, "spec", "externalIPs")
    yield from ((say("address.external"), str(ip)) for ip in (listed if isinstance(listed, list) else []))
    for row in items(service, "status", "loadBalancer", "ingress"):
        if text(row, "ip") and text(row, "ipMode") != "Proxy":
            yield say("address.load-balancer"), text(row, "ip")


def _redirected(proposal: Proposal, dialled: set[tuple[str, int]]) -> Iterator[Finding]:
    """Cilium's local redirects catch an address and port before any socket, too."""
    for policy in proposal.world.all("CiliumLocalRedirectPolicy"):
        frontend = mapping(policy, "spec", "redirectFrontend", "addressMatcher")
        ports = {text(row, "port") for row in items(frontend, "toPorts")}
        taken = tuple(sorted(p for at, p in dialled if at == text(frontend, "ip") and (not ports or str(p) in ports)))
        if taken:
            yield block(
                "ports.service-address",
                f"CiliumLocalRedirectPolicy {called(policy)}",
                why=say("address.redirect"),
                address=text(frontend, "ip"),
                ports=taken,
            )
