"""What a gateway calls itself, and where its configuration says so. Pure; an address is the gateway's in its own places only.

A pod in the node's network has the node's address, which a rule of access or a backend on that node may name as well. So
names are replaced wherever they stand as a whole, addresses only where a gateway binds, calls itself or calls from.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from migrator.domain.model.manifests import Json, Manifest, items, mapping, text

_NOBODY = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 - nothing is bound here
_OWN_TAGS = frozenset({"istio.canonical_revision", "istio.canonical_service"})
"""Tags of traces that istiod fills from the pod's labels (`version`, `app`); the two workloads differ in these by intent."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What a gateway calls itself, as its own `/server_info` and the cluster say."""

    node_id: str
    node_cluster: str
    pod_name: str
    pod_ip: str


class Own:
    """Takes a gateway's identity out of texts."""

    def __init__(self, identity: Identity) -> None:
        self._cluster, self._ip = identity.node_cluster, identity.pod_ip
        self._names = _Tokens({identity.node_id: "{node}", identity.pod_name: "{pod}"})
        self._addresses = _Tokens({identity.pod_ip: "{ip}"})
        self._made_for = _MadeFor(identity.node_cluster)

    def name(self, value: str) -> str:
        """Replace the gateway's names, wherever they stand as wholes."""
        if value == self._cluster and value:
            return "{workload}"
        return self._names.out_of(self._made_for.out_of(value))

    def resources(self, rows: Json) -> Json:
        """Replace the gateway's own Gateway among the objects that a part was made of, as Envoy Gateway lists them."""
        return [{**row, "name": "{gateway}"} if self._made_for.is_it(row) else row for row in items(rows)]

    def address(self, value: str) -> str:
        """Replace names and the address, in a place that is the gateway's own."""
        return self._addresses.out_of(self.name(value))

    def addresses(self, value: Json) -> Json:
        """Replace names and the address in every text of a value that is the gateway's own, as where it binds."""
        if isinstance(value, dict):
            return {key: self.addresses(part) for key, part in value.items()}
        if isinstance(value, list):
            return [self.addresses(part) for part in value]
        return self.address(value) if isinstance(value, str) else value


def without_own_tags(tags: Json) -> Json:
    """Replace what traces say of the gateway's own labels."""
    return [
        {**tag, "literal": {"value": "{label}"}} if text(tag, "tag") in _OWN_TAGS and mapping(tag, "literal") else tag
        for tag in items(tags)
    ]


class _MadeFor:
    """The Gateway that an Envoy was made for, where it calls its cluster after it: `<namespace>/<name>`, as Envoy Gateway's do.

    Names of listeners, their routes, virtual hosts and rate limits begin with it, those of a Gateway's certificates with
    `gateway/` before; a tracer calls the service `<name>.<namespace>` (envoyproxy/gateway internal/gatewayapi/helpers.go,
    `irListenerName` and `irGatewayTLSCACertName`; internal/xds/translator). Routes and backends are named by HTTPRoutes, which
    may have the same name.
    """

    def __init__(self, cluster: str) -> None:
        space, slash, name = cluster.partition("/")
        known = bool(space and slash and name) and "/" not in name
        self._space, self._name = (space, name) if known else ("", "")
        self._pattern = re.compile(rf"^(gateway/)?{re.escape(cluster)}(?=/)") if known else None

    def out_of(self, value: str) -> str:
        if self._pattern is None:
            return value
        if value == f"{self._name}.{self._space}":
            return "{gateway}"
        return self._pattern.sub(lambda match: f"{match[1] or ''}{{gateway}}", value)

    def is_it(self, row: Manifest) -> bool:
        named = (text(row, "kind"), text(row, "namespace"), text(row, "name"))
        return bool(self._name) and named == ("Gateway", self._space, self._name)


class _Tokens:
    """Words for tokens, found as wholes: 10.0.0.1 is not in 10.0.0.10, nor in 110.0.0.1."""

    def __init__(self, tokens: Mapping[str, str]) -> None:
        self._words = {token: word for token, word in tokens.items() if token not in _NOBODY}
        listed = "|".join(re.escape(token) for token in sorted(self._words, key=len, reverse=True))
        whole = rf"(?<![0-9A-Za-z.\-])(?:{listed})(?![0-9A-Za-z\-]|\.[0-9A-Za-z])"
        self._pattern = re.compile(whole) if self._words else None

    def out_of(self, value: str) -> str:
        return self._pattern.sub(lambda match: self._words[match[0]], value) if self._pattern else value
