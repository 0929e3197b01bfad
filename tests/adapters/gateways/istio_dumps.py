"""Config dumps of two Istio-like gateways of equal intent: written by hand, and taken from real Envoys."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from migrator.domain.model.manifests import Json, Manifest, dig
from tests.adapters.gateways import istio_like
from tests.adapters.gateways.istio_like import NEW, OLD, Side

ADMIN = "type.googleapis.com/envoy.admin.v3"
TYPES = {
    "lds": "type.googleapis.com/envoy.config.listener.v3.Listener",
    "cds": "type.googleapis.com/envoy.config.cluster.v3.Cluster",
    "eds": "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment",
    "sds": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret",
    "ecds": "type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig",
    "rds": "type.googleapis.com/envoy.config.route.v3.RouteConfiguration",
}
REDACTED = "W3JlZGFjdGVkXQ=="  # Envoy shows this instead of a private key


def by_hand(side: Side) -> Manifest:
    """Give `/config_dump?include_eds` as this gateway would answer it; the new one lists what has no order another way."""
    bootstrap = istio_like.bootstrap(side)
    static = bootstrap["static_resources"]
    ready, agent = dig(static, "listeners", 0), dig(static, "clusters", 0)
    clusters, endpoints = istio_like.clusters(side), istio_like.assignments(side)
    listeners: list[Json] = [
        {"name": each["name"], "active_state": row(side, "listener", each)} for each in istio_like.listeners(side)
    ]
    secrets = istio_like.secrets(side, "chain", "key", "ca")
    sections: list[Json] = [
        section("BootstrapConfigDump", bootstrap=bootstrap, last_updated=side.stamp),
        section(
            "ClustersConfigDump",
            static_clusters=[row(side, "cluster", agent)],
            dynamic_active_clusters=turned(side, rows(side, "cluster", clusters)),
        ),
        section("EndpointsConfigDump", dynamic_endpoint_configs=turned(side, rows(side, "endpoint_config", endpoints))),
        section(
            "ListenersConfigDump",
            static_listeners=[row(side, "listener", ready)],
            dynamic_listeners=turned(side, listeners),
        ),
        section("ScopedRoutesConfigDump"),
        section(
            "RoutesConfigDump",
            static_route_configs=[row(side, "route_config", inline_route(ready))],
            dynamic_route_configs=turned(side, rows(side, "route_config", istio_like.routes(side))),
        ),
        section(
            "SecretsConfigDump",
            dynamic_active_secrets=turned(
                side, [{"name": each["name"], **row(side, "secret", each)} for each in secrets]
            ),
        ),
        section("EcdsConfigDump", ecds_filters=turned(side, rows(side, "ecds_filter", istio_like.extensions(side)))),
    ]
    return {"configs": turned(side, sections)}


def section(kind: str, **parts: Json) -> Manifest:
    """Give a section of a dump."""
    return {"@type": f"{ADMIN}.{kind}", **parts}


def row(side: Side, key: str, resource: Json) -> Manifest:
    """Give a resource as a dump shows it: with a version and a time of its own."""
    return {"version_info": side.stamp, "last_updated": side.stamp, key: resource}


def rows(side: Side, key: str, resources: list[Manifest]) -> list[Json]:
    """Give several."""
    return [row(side, key, each) for each in resources]


def turned(side: Side, found: list[Json]) -> list[Json]:
    """Give a list whose order means nothing in this gateway's order."""
    return found if side.http == OLD.http else found[::-1]


def inline_route(listener: Json) -> Json:
    """Give the routes inside a listener, which a dump shows a second time."""
    inside = dig(listener, "filter_chains", 0, "filters", 0, "typed_config", "route_config")
    return inside


@contextmanager
def of_envoys(folder: Path, net: str) -> Iterator[tuple[Manifest, Manifest]]:
    """Run two real Envoys on the loopback prefix `net` and give their dumps."""
    from migrator.lab.envoy.program import Envoy

    chain, key = certificate(folder)
    backend = f"{net}.9.1"
    old = replace(
        OLD, ip=f"{net}.1.1", bind=f"{net}.1.1", folder=str(folder / "old"), backend=backend, node=f"{net}.2.1"
    )
    new = replace(
        NEW, ip=f"{net}.2.1", bind=f"{net}.2.1", folder=str(folder / "new"), backend=backend, node=f"{net}.2.1"
    )
    new = replace(new, http=18080, https=18443)
    envoys = []
    try:
        for side in (old, new):
            Path(side.folder).mkdir()
            for name, document in documents(side, chain, key).items():
                Path(side.folder, f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
            envoys.append(Envoy(Path(side.folder), (side.ip, 15000)))
            envoys[-1].start(istio_like.bootstrap(side), "--concurrency", "1")
        yield settled(old), settled(new)
    finally:
        for envoy in envoys:
            envoy.kill()


def documents(side: Side, chain: str, key: str) -> dict[str, Json]:
    """Give the files that an Envoy reads, by name."""
    found: dict[str, Json] = {
        "lds": document("lds", istio_like.listeners(side)),
        "cds": document("cds", istio_like.clusters(side)),
        "eds": document("eds", istio_like.assignments(side)),
        "ecds": document("ecds", istio_like.extensions(side)),
    }
    for each in istio_like.secrets(side, chain, key, chain):
        found[f"sds.{str(each['name']).removeprefix('kubernetes://')}"] = document("sds", [each])
    return found | {str(each["name"]): document("rds", [each]) for each in istio_like.routes(side)}


def document(kind: str, resources: list[Manifest]) -> Json:
    """Give a discovery response as a file."""
    return {"version_info": "1", "resources": [{"@type": TYPES[kind], **each} for each in resources]}


def settled(side: Side) -> Manifest:
    """Give a gateway's dump once everything in it is active."""
    import time
    import urllib.request

    for _ in range(100):
        try:
            with urllib.request.urlopen(f"http://{side.ip}:15000/config_dump?include_eds", timeout=2) as answer:
                found: Manifest = json.load(answer)
        except OSError:
            time.sleep(0.1)
            continue
        words = json.dumps(found)
        if words.count('"active_state"') == 2 and "warming" not in words and words.count("virtual_hosts") >= 5:
            return found
        time.sleep(0.1)
    raise AssertionError(f"the Envoy at {side.ip} did not settle: {words[:2000]}")


def certificate(folder: Path) -> tuple[str, str]:
    """Make a certificate and its key, in PEM."""
    new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1")
    command = ["openssl", "req", "-x509", *new, "-keyout", "key.pem", "-out", "chain.pem", "-subj", "/CN=a.example"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return (folder / "chain.pem").read_text(encoding="utf-8"), (folder / "key.pem").read_text(encoding="utf-8")


def can_certify() -> bool:
    """Say whether there is what makes certificates."""
    return shutil.which("openssl") is not None
