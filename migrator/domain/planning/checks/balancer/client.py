"""Checks of who the gateway thinks its client is: source address, X-Forwarded-For and PROXY protocol on both ways in."""

from __future__ import annotations

import re
from collections.abc import Iterable

from migrator.domain.messages.findings import Finding, Severity, finding, warn
from migrator.domain.messages.message import say
from migrator.domain.model.kubernetes import annotations_of, called, pod_containers, words_of
from migrator.domain.model.manifests import Manifest, items, mapping, number, text
from migrator.domain.model.subjects import nodes_subject
from migrator.domain.observation.world import containers
from migrator.domain.planning.proposal import Proposal

SAID = re.compile(r"proxy-?protocol", re.IGNORECASE)
SWITCHED = re.compile(r"\S*proxy[-_]?protocol[\w.-]*(=\S+)?", re.IGNORECASE)
"""`--use-proxy-protocol=true`, `--entryPoints.web.proxyProtocol.trustedIPs=…`, `0.0.0.0:8000 proxy_protocol`."""

OFF = frozenset({"", "off", "false", "no", "0", "disabled", "none"})


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
    rules = [rule for gateway in proposal.gateways.each for rule in gateway.rules_by_client(proposal)]
    yield finding(
        "client.address-changes",
        Severity.BLOCK if rules else Severity.WARN,
        say("subject.services", names=tuple(called(row) for row in hiding)),
        rules=tuple(rules),
    )


def callers_reach_the_gateways(proposal: Proposal) -> Iterable[Finding]:
    """Behind a balancer that keeps the client's address a node cannot reach itself: its callers find nobody now and then."""
    dialled = {slot.backend.address for slot in proposal.old}
    new = {node.name for node in proposal.nodes if node.address not in dialled}
    if not proposal.world.driver.keeps_client or not new:
        return
    if any(listener.layer == 4 for listener in proposal.spec.balancer.listeners):
        sides = {pod.ref.name for pod in (*proposal.world.old.pods, *proposal.world.new.pods)}
        callers = [
            pod
            for pod in proposal.world.all("Pod")
            if text(pod, "spec", "nodeName") in new
            and text(pod, "status", "phase") not in ("Succeeded", "Failed")
            and text(pod, "metadata", "name") not in sides
        ]
        if callers:
            yield warn("client.loopback", nodes_subject(new), pods=len(callers))


def proxy_protocol_is_known(proposal: Proposal) -> Iterable[Finding]:
    """Gateways that expect PROXY protocol refuse whoever does not speak it: our probes, and a balancer set otherwise."""
    if proposal.source is None:
        return
    found = _expecting(proposal)
    if found:
        yield warn("client.proxy-protocol", say("subject.listed", names=tuple(found)))


def _expecting(proposal: Proposal) -> list[str]:
    """Give what makes the gateways expect it: their kind's own configuration, or their words, variables and Services."""
    template = mapping(proposal.source or {}, "spec", "template")
    config = annotations_of(template).get("proxy.istio.io/config", "")
    found = ["annotation proxy.istio.io/config"] if "proxyProtocol" in config else []
    found += proposal.gateways.old.wants_proxy_protocol(proposal)
    for container in pod_containers(proposal.old_pod):
        told = [words_of(container), *(text(row, "value") for row in items(container, "env"))]
        found += [f"container {text(container, 'name')}: {words[0]}" for each in told for words in _switched(each)]
    found += [
        f"Deployment {called(row)}: {words[0]}"  # Contour's control plane tells its Envoys so
        for row in proposal.world.all("Deployment")
        if called(row) != called(proposal.source or {})
        for container in containers(row)
        for words in _switched(words_of(container))
        if words[0].startswith("--use-proxy-protocol")
    ]
    return found + [
        f"Service {called(row)}: {key}"
        for row in proposal.services.leading
        for key, value in annotations_of(row).items()
        if SAID.search(key) and value.strip().lower() not in OFF
    ]


def _switched(words: str) -> list[re.Match[str]]:
    rows = SWITCHED.finditer(words)
    return [found for found in rows if not found[1] or found[1].strip('="').lower() not in OFF]
