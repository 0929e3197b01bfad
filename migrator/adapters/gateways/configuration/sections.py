"""The sections of a config dump, cut into units by name: listeners, clusters, routes, endpoints, secrets and the rest. Pure.

A unit is what can differ on its own. What is of the gateway itself (its node, its admin interface, its own workload
certificate) is left out, or compared by what both sides have in common.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from migrator.adapters.gateways.configuration.endpoints import assignment, endpoints_name, resolves
from migrator.adapters.gateways.configuration.plain import plain
from migrator.adapters.gateways.configuration.rewriting import Rewriting
from migrator.adapters.gateways.configuration.secrecy import certified
from migrator.domain.model.manifests import Json, Manifest, dig, items, mapping, text

Units = Iterator[tuple[str, Json]]

_OWN_CERTIFICATES = frozenset({"default"})
"""Istio's workload certificate: each pod has one of its own, in the name of its service account."""

_OF_THE_GATEWAY = frozenset({"node"})
"""What a bootstrap says of one gateway alone."""


_RESOURCES = frozenset({"listeners", "clusters", "secrets"})


class Sections:
    """Cuts the sections of one dump. It has to know which clusters find their endpoints themselves."""

    def __init__(self, rewriting: Rewriting, dump: Json) -> None:
        self._rewriting = rewriting
        self._sections = [section for section in items(dump, "configs") if kind_of(section) in CUT]
        self._resolving = frozenset(endpoints_name(cluster) for cluster in self._every_cluster() if resolves(cluster))
        self._inline = [plain(found) for found in self._inline_routes()]

    def units(self) -> Units:
        """Give every unit of the dump with its name."""
        for section in self._sections:
            yield from CUT[kind_of(section)](self, section)

    def _every_cluster(self) -> Iterator[Manifest]:
        for section in self._sections:
            for row in [*items(section, "static_clusters"), *items(section, "dynamic_active_clusters")]:
                yield mapping(row, "cluster")

    def _inline_routes(self) -> Iterator[Json]:
        """Give the route configurations that stand inside listeners; a dump repeats them in another section."""
        for section in self._sections:
            for listener in listeners_of(section):
                yield from _within(listener, "route_config")

    def listeners(self, section: Json) -> Units:
        """Listeners as they serve: the active state alone. One without a name goes by its address."""
        for listener in listeners_of(section):
            unit = self._rewriting.listener(listener)
            yield f"listener/{text(unit, 'name') or plain(unit.get('address'))}", unit

    def clusters(self, section: Json) -> Units:
        """Clusters, with their inline endpoints; those of the bootstrap may lead to the gateway itself."""
        for row in items(section, "static_clusters"):
            yield self._cluster(mapping(row, "cluster"), own=True)
        for row in items(section, "dynamic_active_clusters"):
            yield self._cluster(mapping(row, "cluster"), own=False)

    def _cluster(self, cluster: Manifest, own: bool) -> tuple[str, Json]:
        unit = self._whole_cluster(cluster, own)
        return f"cluster/{text(unit, 'name')}", unit

    def _whole_cluster(self, cluster: Manifest, own: bool) -> Manifest:
        inline = mapping(cluster, "load_assignment")
        unit = self._rewriting.object({key: part for key, part in cluster.items() if key != "load_assignment"})
        if inline:
            name: Manifest = {"cluster_name": inline["cluster_name"]} if "cluster_name" in inline else {}
            unit["load_assignment"] = {**name, **assignment(inline, self._rewriting, own)}
        return unit

    def routes(self, section: Json) -> Units:
        """Route configurations of RDS; a static one only where it is not the copy of one inside a listener."""
        for row in items(section, "dynamic_route_configs"):
            unit = self._rewriting.route(mapping(row, "route_config"))
            yield f"route/{text(unit, 'name')}", unit
        for row in items(section, "static_route_configs"):
            found = mapping(row, "route_config")
            if plain(bare(found)) not in self._inline:
                unit = self._rewriting.route(found)
                yield f"route/static {text(unit, 'name') or _host_names(unit)}", unit

    def endpoints(self, section: Json) -> Units:
        """Endpoints of EDS and of lists; not those that a gateway resolves, whose host names stand in its cluster."""
        for key, own in (("static_endpoint_configs", True), ("dynamic_endpoint_configs", False)):
            for row in items(section, key):
                found = mapping(row, "endpoint_config")
                name = text(found, "cluster_name")
                if name not in self._resolving:
                    yield f"endpoints/{name}", assignment(found, self._rewriting, own)

    def secrets(self, section: Json) -> Units:
        """Certificates and keys by their hash; of the gateway's own certificate only in whose name it is."""
        for row in [*items(section, "static_secrets"), *items(section, "dynamic_active_secrets")]:
            name = text(row, "name")
            yield f"secret/{self._rewriting.plain(name)}", self._secret(name, mapping(row, "secret"))

    def _secret(self, name: str, secret: Manifest) -> Manifest:
        if name in _OWN_CERTIFICATES:
            return {"names": certified(secret), "holds": list[Json](sorted(secret))}
        return self._rewriting.object(secret)

    def extensions(self, section: Json) -> Units:
        """Filters that are discovered one by one (ECDS)."""
        for row in items(section, "ecds_filters"):
            unit = self._rewriting.object(mapping(row, "ecds_filter"))
            yield f"ecds/{text(unit, 'name')}", unit

    def scopes(self, section: Json) -> Units:
        """Scoped routes."""
        for row in [*items(section, "inline_scoped_route_configs"), *items(section, "dynamic_scoped_route_configs")]:
            yield f"scoped/{text(row, 'name')}", self._rewriting.plain(row)

    def bootstrap(self, section: Json) -> Units:
        """What a process was started with, by its first keys: limits, runtime, statistics, where configuration is from."""
        for key, part in mapping(section, "bootstrap").items():
            if key == "static_resources":
                yield f"bootstrap/{key}", self._static(mapping(part))
            elif key == "admin":
                yield f"bootstrap/{key}", self._rewriting.own_addresses(self._rewriting.plain(part))
            elif key not in _OF_THE_GATEWAY:
                yield f"bootstrap/{key}", self._rewriting.plain({key: part})

    def _static(self, found: Manifest) -> Manifest:
        """Rewrite the resources of a bootstrap as those of the other sections; they have no order."""
        unit = self._rewriting.object({key: part for key, part in found.items() if key not in _RESOURCES})
        unit["listeners"] = _sorted([self._rewriting.listener(row) for row in items(found, "listeners")])
        unit["clusters"] = _sorted([self._whole_cluster(row, own=True) for row in items(found, "clusters")])
        unit["secrets"] = _sorted([self._secret(text(row, "name"), row) for row in items(found, "secrets")])
        return unit


CUT: dict[str, Callable[[Sections, Json], Units]] = {
    "ListenersConfigDump": Sections.listeners,
    "ClustersConfigDump": Sections.clusters,
    "RoutesConfigDump": Sections.routes,
    "EndpointsConfigDump": Sections.endpoints,
    "SecretsConfigDump": Sections.secrets,
    "EcdsConfigDump": Sections.extensions,
    "ScopedRoutesConfigDump": Sections.scopes,
    "BootstrapConfigDump": Sections.bootstrap,
}


def _sorted(rows: list[Manifest]) -> Json:
    return list[Json](sorted(rows, key=plain))


def kind_of(section: Json) -> str:
    """Give the kind of a section of a dump."""
    return text(section, "@type").rpartition(".")[2]


def listeners_of(section: Json) -> list[Manifest]:
    """Give the listeners of a section that serve."""
    rows = [mapping(row, "listener") for row in items(section, "static_listeners")]
    rows += [mapping(row, "active_state", "listener") for row in items(section, "dynamic_listeners")]
    return [row for row in rows if row]


def bare(route: Manifest) -> Json:
    """Give a route configuration without its type, which a copy in another section has."""
    return {key: part for key, part in route.items() if key != "@type"}


def _within(value: Json, wanted: str) -> Iterator[Json]:
    if isinstance(value, dict):
        for key, part in value.items():
            if key == wanted and isinstance(part, dict):
                yield bare(part)
            yield from _within(part, wanted)
    elif isinstance(value, list):
        for part in value:
            yield from _within(part, wanted)


def _host_names(route: Json) -> str:
    return ",".join(text(host, "name") for host in items(dig(route, "virtual_hosts"))) or "-"
