"""The TKE driver before an API server, our emulation of TKE's Service controller, and our emulator of CLB behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import yaml

from migrator.adapters.balancers.access.credentials import Credentials
from migrator.adapters.balancers.tencent.access.api import Api
from migrator.adapters.balancers.tencent.driver import Tencent
from migrator.adapters.balancers.tencent.monitoring import Monitoring
from migrator.adapters.balancers.tencent.rights import READ_ONLY
from migrator.adapters.balancers.tke.driver import Tke
from migrator.adapters.balancers.tke.options import options
from migrator.adapters.cluster import connect
from migrator.domain.model.balancer import Backend
from migrator.domain.model.manifests import labels, mapping
from migrator.domain.model.spec import BalancerSpec, ClusterSpec, ListenerSpec
from migrator.domain.ports.outside import ClusterWriter
from migrator.lab.controllers.services.tke.controller import DIRECT, WEIGHT, Controller
from migrator.lab.ground.cloud import Cloud
from migrator.lab.ground.cluster import Cluster
from migrator.lab.ground.layout import Address
from tests.contracts.balancer import Can, Driver, Kind, Sent
from tests.contracts.rigs.controlling import Watched, Working
from tests.contracts.rigs.tencent import CANARY, CHECKED, LISTENERS, MONITORED, PORTS, halves
from tests.lab.clouds.world import SECRET, Balancer, Process
from tests.lab.kube.world import TOKEN, Server

CAN = frozenset({Can.CHECKS, Can.ALONE, Can.APART, Can.NAMED, Can.MONITORED})
SERVICES = {"lbl-1": "web", "lbl-2": "tls"}
CONFIG = "/api/v1/namespaces/kube-system/configmaps"
MERGE = {"Content-Type": "application/merge-patch+json"}


class Rig:
    """One namespace with two Services, their pods, and the balancer that the controller fills."""

    def __init__(self, site: Site, standing: tuple[Backend, ...], spare: tuple[Backend, ...]) -> None:
        self.standing, self.spare = standing, spare
        self.site = site
        self._names = {name_of(backend): backend for backend in (*standing, *spare)}
        self.writer = Watched(site.cluster.writer, site.working.wake)

    def driver(self, **changes: Any) -> Tke:
        return self.site.driver(self.writer, **changes)

    def stranger(self) -> tuple[Driver, str]:
        return self.driver(credentials=Credentials(SECRET[0], CANARY)), CANARY

    def nobody(self) -> Driver:
        return self.driver(id="lb-nobody")

    def unplugged(self) -> Driver:
        return self.driver(endpoint="http://127.0.0.1:9")

    def spoiled(self) -> Mapping[str, Callable[[], AbstractContextManager[Driver]]]:
        web = f"/api/v1/namespaces/{self.site.namespace}/services/web"
        old = {"data": {"VERSION": "v2.3.9"}}, {"data": {"VERSION": "v2.11.4"}}
        indirect = {"metadata": {"annotations": {DIRECT: "false"}}}, {"metadata": {"annotations": {DIRECT: "true"}}}
        wide = {"spec": {"selector": {"app": "gw"}}}, {"spec": {"selector": {"app": None}}}
        config = f"{CONFIG}/tke-service-controller-config"
        return {
            "balancer.tke-version": partial(self._spoiled, config, *old),
            "balancer.tke-direct-access": partial(self._spoiled, web, *indirect),
            "balancer.tke-selector": partial(self._spoiled, web, *wide),
            "balancer.tke-service": self._without_service,
            "balancer.tke-template": self._with_template,
        }

    @contextmanager
    def _spoiled(self, path: str, patch: Any, undo: Any) -> Iterator[Driver]:
        self.site.http.patch(path, json=patch, headers=MERGE).raise_for_status()
        yield self.driver()
        self.site.http.patch(path, json=undo, headers=MERGE).raise_for_status()

    @contextmanager
    def _without_service(self) -> Iterator[Driver]:
        yield self.driver(services="lbl-1=web,lbl-2=nobody")

    @contextmanager
    def _with_template(self) -> Iterator[Driver]:
        template = {"metadata": {"labels": {"app": "gw", "member-web": "yes"}}, "spec": {"containers": [CONTAINER]}}
        spec = {"selector": {"matchLabels": {"app": "gw"}}, "template": template}
        body = {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "gw"}, "spec": spec}
        path = f"/apis/apps/v1/namespaces/{self.site.namespace}/daemonsets"
        self.site.http.post(path, json=body).raise_for_status()
        yield self.driver()
        self.site.http.delete(f"{path}/gw").raise_for_status()

    def sent(self) -> list[Sent]:
        return [_sent(self._names[name], patch) for name, patch in self.writer.patches]

    def trouble(self, which: Can) -> None:
        raise AssertionError(f"no {which} here")

    def calm(self) -> None:
        pass

    def sicken(self, backend: Backend) -> None:
        self.site.balancer.faults(health={f"{backend.address}:{backend.port}": "dead"})

    def rest(self) -> None:
        self.site.working.rest()


CONTAINER = {"name": "gw", "image": "gw"}


class Site:
    """A namespace, a balancer, and the controller between them."""

    def __init__(self, server: Server, process: Process, folder: Path, namespace: str) -> None:
        self.namespace = namespace
        self._process = process
        self.http = httpx.Client(
            base_url=server.url, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=10, trust_env=False
        )
        self._kubeconfig = folder / f"{namespace}.yaml"
        self._kubeconfig.write_text(yaml.safe_dump(_kubeconfig(server.url)))
        self.cluster = connect(ClusterSpec(namespace, kubeconfig=str(self._kubeconfig), context="c"))

    def fill(self, weights: dict[Backend, int], spare: tuple[Backend, ...]) -> None:
        """Make Services and pods; those with a weight here are members, with it as their annotation."""
        self.http.post("/api/v1/namespaces", json={"metadata": {"name": self.namespace}}).raise_for_status()
        for listener, name in SERVICES.items():
            port = {"port": PORTS[listener], "targetPort": PORTS[listener]}
            meta = {"name": name, "annotations": {DIRECT: "true"}}
            body = {"metadata": meta, "spec": {"selector": {f"member-{name}": "yes"}, "ports": [port]}}
            self.http.post(f"/api/v1/namespaces/{self.namespace}/services", json=body).raise_for_status()
        for backend in (*weights, *spare):
            self._pod(backend, weights.get(backend))
        self.balancer = self._process.balancer({}, {}, health=CHECKED, timings=dict(MONITORED))
        alive = {f"{b.address}:{b.port}": "alive" for b in (*weights, *spare)}
        self.balancer.faults(health=alive)
        host, _, port_ = self._process.control.rpartition(":")
        cloud = Cloud(Address(host, int(port_)), "ap-guangzhou", self.balancer.id)
        services = {listener: (self.namespace, name) for listener, name in SERVICES.items()}
        self.working = Working(Controller(Cluster(self.http), cloud, services))
        self.working.rest()

    def _pod(self, backend: Backend, weight: int | None) -> None:
        member = {f"member-{SERVICES[backend.listener]}": "yes"} if weight is not None else {}
        notes = {WEIGHT: str(weight)} if weight is not None else {}
        meta = {"name": name_of(backend), "labels": {"app": "gw"} | member, "annotations": notes}
        container = CONTAINER | {"ports": [{"containerPort": backend.port}]}
        path = f"/api/v1/namespaces/{self.namespace}/pods"
        self.http.post(path, json={"metadata": meta, "spec": {"containers": [container]}}).raise_for_status()
        ready = {"type": "Ready", "status": "True"}
        status = {"status": {"phase": "Running", "podIP": backend.address, "conditions": [ready]}}
        self.http.patch(f"{path}/{name_of(backend)}/status", json=status, headers=MERGE).raise_for_status()

    def driver(
        self, writer: ClusterWriter, services: str = "", credentials: Credentials | None = None, **changes: Any
    ) -> Tke:
        """Give a driver that writes through `writer`."""
        known: dict[str, Any] = {"id": self.balancer.id, "endpoint": f"http://{self._process.control}"} | changes
        named = services or ",".join(f"{listener}={name}" for listener, name in SERVICES.items())
        given = (("namespace", self.namespace), ("services", named), ("kubeconfig", str(self._kubeconfig)))
        listeners = tuple(map(ListenerSpec, LISTENERS, self.balancer.ports))
        spec = BalancerSpec("tke", listeners=listeners, region="ap-guangzhou", options=given, **known)
        api = Api(spec.endpoint, spec.region, lambda: credentials or Credentials(*SECRET))
        clb = Tencent(api, spec, READ_ONLY, Monitoring(api.watching(str(spec.endpoint)), 1.0))
        return Tke(clb, self.cluster.reader, writer, options(spec))

    def close(self) -> None:
        self.working.close()
        self._process.admin("DELETE", f"/balancers/{self.balancer.id}")
        self.cluster.close()
        self.http.close()

    balancer: Balancer
    working: Working


def name_of(backend: Backend) -> str:
    """Give the name of a backend's pod."""
    return f"gw-{backend.address.replace('.', '-')}"


def _sent(backend: Backend, patch: Any) -> Sent:
    """Read a patch as the call that it is: a label given or taken away, or a weight alone."""
    given = labels(patch, "metadata", "annotations").get(WEIGHT)
    changed = mapping(patch, "metadata", "labels")
    if None in changed.values():
        return Sent("deregister", ((backend, None),))
    return Sent("register" if changed else "weigh", ((backend, int(given or -1)),))


def _kubeconfig(server: str) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "c",
        "clusters": [{"name": "c", "cluster": {"server": server}}],
        "users": [{"name": "c", "user": {"token": TOKEN}}],
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "c"}}],
    }


class Ground:
    """One API server and one emulator process for a module."""

    can = CAN
    crowd = 24

    def __init__(self, server: Server, process: Process, folder: Path) -> None:
        self._made = (server, process, folder)
        self._numbers = count(1)

    @contextmanager
    def rig(self, weights: Sequence[int], spare: int) -> Iterator[Rig]:
        standing = halves(1, len(weights))
        spares = halves(1 + len(weights), spare)
        site = Site(*self._made, f"gw-{next(self._numbers)}")
        site.fill(dict(zip(standing, weights, strict=True)), spares)
        try:
            yield Rig(site, standing, spares)
        finally:
            site.close()


@contextmanager
def opened() -> Iterator[Ground]:
    """Run an API server and the emulator for the length of the block."""
    process, server = Process("--calls", "1000"), Server()  # the controller asks as often as the driver
    body = {"metadata": {"name": "tke-service-controller-config"}, "data": {"VERSION": "v2.11.4"}}
    server.send("POST", "/api/v1/namespaces", {"metadata": {"name": "kube-system"}})
    status, said = server.send("POST", CONFIG, body)
    assert status == 201, said
    try:
        with TemporaryDirectory() as folder:
            yield Ground(server, process, Path(folder))
    finally:
        server.close()
        process.close()


KIND = Kind("tke", CAN, opened)
