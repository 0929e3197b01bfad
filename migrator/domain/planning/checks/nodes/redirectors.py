"""The check of containers that may rewrite the network they live in: in the node's network that is the whole node's.

A service mesh that was injected by hand redirects all TCP to its proxy; a tuning init container sets `net.*`. In a pod's own
network both mean the pod alone. Sources: linkerd2#366 and istio#655 (with hostNetwork the API server and SSH of the node are
redirected too), and capabilities(7): CAP_NET_ADMIN and CAP_SYS_ADMIN, which `privileged` includes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from migrator.domain.messages.findings import Finding, block, warn
from migrator.domain.model.kubernetes import command_of
from migrator.domain.model.manifests import Json, Manifest, dig, items, mapping, text
from migrator.domain.model.subjects import container_subject
from migrator.domain.planning.derive.draft import ALL_CONTAINERS
from migrator.domain.planning.derive.network import PROBES
from migrator.domain.planning.proposal import Proposal

POWERS = frozenset({"NET_ADMIN", "SYS_ADMIN", "ALL"})
"""Capabilities by which a container may change routes, packet filters or `net.*` sysctls."""

REWRITES = re.compile(
    r"\b(ip6?tables|nft|ebtables|ipset|ipvsadm|bpftool)\b"
    r"|\bip\s+(-\S+\s+)*(rule|route|addr|address|link|tuntap)\b|\btc\s+(qdisc|filter)\b|\bifconfig\b"
    r"|\bsysctl\b.*\bnet[./]|/proc/sys/net\b"
)
"""Words that change a network."""


@dataclass(frozen=True, slots=True)
class Redirector:
    """A mesh's redirecting container, as its name, image or words tell it, and the proxies that are useless without it."""

    tells: re.Pattern[str]
    proxies: tuple[str, ...]


REDIRECTORS = (
    Redirector(re.compile(r"linkerd-init|linkerd.*proxy-init|/proxy-init\b"), ("linkerd-proxy",)),
    Redirector(re.compile(r"istio-init|istio-iptables"), ("istio-proxy",)),
    Redirector(re.compile(r"kuma-init|kumactl install transparent-proxy|kuma-cni"), ("kuma-sidecar",)),
    Redirector(
        re.compile(r"consul-connect-inject-init|consul-k8s.*(connect-init|redirect-traffic)"), ("consul-dataplane",)
    ),
    Redirector(re.compile(r"proxyinit|proxy-route-manager|appmesh"), ("envoy", "envoy-sidecar")),
    Redirector(re.compile(r"\bosm-init\b"), ("envoy",)),
)


def node_network_stays(proposal: Proposal) -> Iterable[Finding]:
    """In the node's network no container may redirect traffic or set `net.*`: it would do so to everybody on the node."""
    if proposal.source is None or not proposal.on_host:
        return
    pod = proposal.new_pod
    for kind in ALL_CONTAINERS:
        for container in items(pod, kind):
            if power := powers(container):
                yield _told(proposal, kind, container, power)


def powers(container: Manifest) -> tuple[str, ...]:
    """Return by what a container may change its network; nothing for one that may not."""
    security = mapping(container, "securityContext")
    if security.get("privileged") is True:
        return ("privileged",)
    added = dig(security, "capabilities", "add")
    names = [str(name).removeprefix("CAP_") for name in added] if isinstance(added, list) else []
    return tuple(name for name in names if name in POWERS)


def _told(proposal: Proposal, kind: str, container: Manifest, power: tuple[str, ...]) -> Finding:
    subject = container_subject(text(container, "name"))
    words = "\n".join(_words(container))
    found = REWRITES.search(words)
    redirector = next((known for known in REDIRECTORS if known.tells.search(words)), None)
    if found is None and redirector is None:
        return warn("hostnetwork.may-rewrite", subject, by=power)
    said = found or (redirector.tells.search(words) if redirector else None)
    patch = _without(proposal, kind, text(container, "name"), redirector.proxies if redirector else ())
    return block("hostnetwork.rewrites-node", subject, by=power, words=said[0][:80] if said else "", patch=patch)


def _words(container: Manifest) -> Iterator[str]:
    """Give everything by which a container tells what it does, each on a line of its own."""
    yield text(container, "name")
    yield text(container, "image")
    yield " ".join(_listed(container.get("command")) + _listed(container.get("args")))
    for variable in items(container, "env"):
        yield text(variable, "value")
    for hook in ("postStart", "preStop"):
        yield command_of(mapping(container, "lifecycle", hook))
    for probe in PROBES:
        yield command_of(mapping(container, probe))


def _listed(words: Json) -> list[str]:
    return [str(word) for word in words] if isinstance(words, list) else []


def _without(proposal: Proposal, kind: str, name: str, proxies: tuple[str, ...]) -> str:
    """Return the patch that takes the container out, and with it the proxies that it serves; never the gateway itself."""
    gateway = text(proposal.container, "name")
    gone: dict[str, list[str]] = {kind: [name]}
    for where in ALL_CONTAINERS:
        for container in items(proposal.new_pod, where):
            proxy = text(container, "name")
            if proxy in proxies and proxy != gateway and proxy != name:
                gone.setdefault(where, []).append(proxy)
    rows: Json = {where: [{"name": each, "$patch": "delete"} for each in names] for where, names in gone.items()}
    return json.dumps({"spec": {"template": {"spec": rows}}})
