"""Where everything in a lab is: addresses that follow from one loopback prefix, and what a lab consists of.

Pure values; nothing here opens a socket or starts a process.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

DOORS = "faults"
PARTS = ("api", "app", "balancer", "controllers", "istiod", "node", "prometheus", DOORS, "load")
USUAL_PARTS = tuple(part for part in PARTS if part not in (DOORS, "load"))
GATEWAY_NAMESPACE = "istio-gateways"
GATEWAY_NAME = "istio-ingressgateway"
GATEWAY_PORT = 8080
ADMIN_TOKEN = "lab-admin"
SECRET_ID = "lab-id"
SECRET_KEY = "lab-key"
BALANCER_ID = "lb-lab"
LISTENER_ID = "lbl-lab"
REGION = "lab"
OURS = ("app.kubernetes.io/managed-by", "migrator-lab")
"""The label of whatever a lab makes on a control plane that is not its own."""
TAINT = "migrator.lab/only"
"""The taint of a lab's nodes there: nothing of the strangers' is to be scheduled on them."""
HAPROXY = "haproxy"
TKE = "tke"
LAYER_7 = "tencent-l7"
BALANCERS = ("tencent", LAYER_7, TKE, "aliyun-clb", "aliyun-nlb", "aws", HAPROXY)
"""What the balancer is: a cloud whose API it speaks (it speaks all of them at once, a scenario says which is meant), CLB
with an HTTP listener, CLB that TKE's own controller fills, or a real HAProxy process with its runtime API."""
RULES = {"loc-web": "/", "loc-slow": "/slow"}
"""The forwarding rules of the HTTP listener that lead to the gateway, and how the paths of their requests begin."""
CLOUD_CONTROLLER = "cloud-controller"
DERIVED, ENVOY_GATEWAY, ENVOY_GATEWAY_OWNING = "derived", "envoy-gateway", "envoy-gateway-owning"
INGRESS_NGINX, TWO_CLUSTERS, NODE_POOL, NODE_PORT = "ingress-nginx", "two-clusters", "node-pool", "node-port"
NGINX_TO_ENVOY, NGINX_TO_ISTIO, IN_PLACE = "nginx-to-envoy", "nginx-to-istio", "in-place"
CONTOUR, NGINX_TO_CONTOUR = "contour", "nginx-to-contour"
FROM_NGINX = (INGRESS_NGINX, NGINX_TO_ENVOY, NGINX_TO_ISTIO, NGINX_TO_CONTOUR)
WAYS = (
    DERIVED,
    ENVOY_GATEWAY,
    ENVOY_GATEWAY_OWNING,
    CONTOUR,
    INGRESS_NGINX,
    NGINX_TO_ENVOY,
    NGINX_TO_ISTIO,
    NGINX_TO_CONTOUR,
    TWO_CLUSTERS,
    NODE_POOL,
    NODE_PORT,
    IN_PLACE,
)
"""What a migration leads to: a DaemonSet that migrator derives from Istio's Deployment, or a second Gateway of Envoy
Gateway's, whose controller owns both sides (`owning`: the first Gateway's Service has the balancer), or a DaemonSet derived
from the Deployment of Contour's Envoys or of ingress-nginx, or from that one to a Gateway of Envoy Gateway's or to a DaemonSet
of Istio's or of Contour's, or a DaemonSet that is derived from Istio's Deployment and stands in a second cluster, or one that
is derived from a DaemonSet of Istio's and stands on the nodes of another pool, or one that needs the host ports which Istio's
Deployment holds (in place: on no other node than its own)."""
DEMONSTRATED = tuple(way for way in WAYS if way != ENVOY_GATEWAY_OWNING)
"""The ways that `migrator lab demo` goes."""
API_2 = "api-2"
BESIDE = (API_2, "controllers-2", "istiod-2", "node-2")
"""The parts of a second cluster; the app, the balancer and Prometheus are for both."""
CONTROLS = {
    **dict.fromkeys((ENVOY_GATEWAY, ENVOY_GATEWAY_OWNING, NGINX_TO_ENVOY), ENVOY_GATEWAY),
    **dict.fromkeys((CONTOUR, NGINX_TO_CONTOUR), CONTOUR),
}
"""The part that configures the gateways where it is not istiod, by way."""
SECRETS = {
    "TENCENTCLOUD_SECRET_ID": SECRET_ID,
    "TENCENTCLOUD_SECRET_KEY": SECRET_KEY,
    "ALIBABA_CLOUD_ACCESS_KEY_ID": SECRET_ID,
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET": SECRET_KEY,
    "AWS_ACCESS_KEY_ID": SECRET_ID,
    "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
}
"""What an operator exports for the lab's clouds."""

_NET = re.compile(r"127\.(\d{1,3})")
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0}


class Address(NamedTuple):
    """One TCP endpoint; its text is `host:port`."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Layout:
    """The addresses of one lab. `net` is its loopback prefix, `127.20` to `127.250`; all ports are above 1024.

    `cluster` is which of the lab's clusters is meant, where it has two: each has an API server, an istiod and nodes of its own.
    """

    net: str = "127.77"
    cluster: int = 1

    def __post_init__(self) -> None:
        match = _NET.fullmatch(self.net)
        if not match or not 20 <= int(match[1]) <= 250:
            raise ValueError(f"a lab's net is 127.N with N from 20 to 250, not {self.net!r}")

    @property
    def api(self) -> Address:
        return Address(f"{self.net}.0.{10 * self.cluster - 9}", 6443)

    @property
    def istiod(self) -> Address:
        return Address(f"{self.net}.0.{10 * self.cluster - 8}", 15010)

    @property
    def app(self) -> Address:
        return Address(f"{self.net}.0.3", 8000)

    @property
    def prometheus(self) -> Address:
        return Address(f"{self.net}.0.4", 9090)

    @property
    def balancer(self) -> Address:
        """The balancer's control plane: its cloud API and its admin paths."""
        return Address(f"{self.net}.0.5", 8080)

    @property
    def balancer_admin(self) -> Address:
        """The lab's own API of the balancer: counters and faults."""
        return Address(self.balancer.host, 8081)

    @property
    def envoy_gateway(self) -> Address:
        """Where Envoy Gateway's Envoys get their configuration."""
        return Address(f"{self.net}.0.7", 18000)

    @property
    def contour(self) -> Address:
        """Where Contour's Envoys get their configuration."""
        return Address(f"{self.net}.0.8", 8001)

    @property
    def doors(self) -> dict[str, Address]:
        """Where faults can be ordered for what goes through, by what stands behind it."""
        return {
            "api": Address(f"{self.net}.0.6", 6443),
            API_2: Address(f"{self.net}.0.16", 6443),
            "balancer": Address(f"{self.net}.0.6", 8080),
            "prometheus": Address(f"{self.net}.0.6", 9090),
        }

    @property
    def faults(self) -> Address:
        """Where faults are ordered."""
        return Address(f"{self.net}.0.6", 8081)

    @property
    def vip(self) -> Address:
        """Where clients connect: the balancer's listener."""
        return Address(f"{self.net}.0.9", GATEWAY_PORT)

    def node(self, number: int) -> str:
        """The address of node `number`, counted from 1; pods with hostNetwork use it too."""
        return f"{self.nodes}{number}"

    @property
    def nodes(self) -> str:
        """How the address of every node begins."""
        return f"{self.net}.{self.cluster}."

    def addresses(self) -> dict[str, str]:
        """Return where each thing is, for a reader."""
        return {
            "api": f"http://{self.api}",
            "istiod": f"http://{self.istiod}",
            "app": f"http://{self.app}",
            "prometheus": f"http://{self.prometheus}",
            "balancer": f"http://{self.balancer}",
            "balancer-admin": f"http://{self.balancer_admin}",
            "vip": f"http://{self.vip}",
        }


@dataclass(frozen=True, slots=True)
class Scenario:
    """What one lab consists of. Delays are seconds; `net` may be `auto` until a
    supervisor claims one; `strangers` is the kubeconfig of somebody else's API server.

    `mix` names the clients of the load, `pre_stop` is a shell script for the old gateways' preStop hook, `direction` their
    listeners' traffic direction. `gateway_port` is the port of the Istio Gateway's server, after which istiod names virtual
    hosts; with 8080 it is also the one that the old pods listen on.
    """

    net: str = "127.77"
    nodes: int = 5
    replicas: int = 3
    weight: int = 100
    delay: float = 0.005
    propagation: float = 0.5
    health_interval: float = 0.5
    balancer: str = "tencent"
    mix: str = "demo"
    parts: tuple[str, ...] = USUAL_PARTS
    strangers: Path | None = None
    pre_stop: str = ""
    direction: str = "OUTBOUND"
    gateway_port: int = 80
    way: str = DERIVED

    def __post_init__(self) -> None:
        if self.net != "auto":
            Layout(self.net)
        if unknown := sorted(set(self.parts) - set(PARTS)):
            raise ValueError(f"unknown parts {', '.join(unknown)}; a lab has {', '.join(PARTS)}")
        if self.balancer not in BALANCERS:
            raise ValueError(f"the balancer is one of {', '.join(BALANCERS)}, not {self.balancer!r}")
        if self.way not in WAYS:
            raise ValueError(f"the way is one of {', '.join(WAYS)}, not {self.way!r}")
        if self.way != DERIVED and (self.balancer != BALANCERS[0] or self.strangers):
            raise ValueError(f"the way {self.way} is tried behind {BALANCERS[0]} alone, on the lab's own control plane")
        if not 1 <= self.nodes <= 50 or not 1 <= self.replicas <= 50:
            raise ValueError("nodes and replicas are 1 to 50 each")
        if self.taking < 1:
            raise ValueError("a pool of nodes is left for another: there are to be more nodes than replicas")

    @property
    def layout(self) -> Layout:
        return Layout(self.net)

    @property
    def receiving(self) -> Layout:
        """The addresses of the cluster to which a migration leads."""
        return Layout(self.net, 2 if self.way == TWO_CLUSTERS else 1)

    @property
    def taking(self) -> int:
        """How many nodes the new side will have: all, but those of the pool that is left."""
        return self.nodes - self.replicas if self.way == NODE_POOL else self.nodes

    @property
    def arrives_at(self) -> tuple[str, ...]:
        """How the addresses of the new side's gateways begin, those that are in their node's network."""
        if self.way == NODE_POOL:
            return tuple(f"{self.layout.node(number)}:" for number in range(1, self.taking + 1))
        return (self.receiving.nodes,)

    @property
    def started(self) -> tuple[str, ...]:
        """The parts this lab starts, in order; strangers have an API server and controllers of their own."""
        theirs = {"api", "controllers"} if self.strangers else set[str]()
        wanted = (part for part in PARTS if part in self.parts and part not in theirs)
        ours = tuple(CONTROLS.get(self.way, part) if part == "istiod" else part for part in wanted)
        if self.way == TWO_CLUSTERS:
            ours += tuple(part for part in BESIDE if part.removesuffix("-2") in ours)
        return (*ours, CLOUD_CONTROLLER) if self.balancer == TKE and self.has("balancer") else ours

    @property
    def node_names(self) -> tuple[str, ...]:
        """The names of this lab's nodes."""
        return tuple(f"node-{number}" for number in range(1, self.nodes + 1))

    def addresses(self) -> dict[str, str]:
        """Return where each thing of the lab's own is; HAProxy's runtime API speaks lines, not HTTP."""
        addresses = self.layout.addresses() | ({DOORS: f"http://{self.layout.faults}"} if self.has(DOORS) else {})
        if self.way in CONTROLS:  # it has no istiod
            del addresses["istiod"]
            control = {ENVOY_GATEWAY: self.layout.envoy_gateway, CONTOUR: self.layout.contour}
            addresses[CONTROLS[self.way]] = f"http://{control[CONTROLS[self.way]]}"
        if self.way == TWO_CLUSTERS:
            addresses |= {"api-2": f"http://{self.receiving.api}", "istiod-2": f"http://{self.receiving.istiod}"}
        if self.strangers:
            del addresses["api"]
        return addresses | ({"balancer": f"tcp://{self.layout.balancer}"} if self.balancer == HAPROXY else {})

    @property
    def clients(self) -> str:
        """Name the load's mix: an HTTP listener without TLS speaks no HTTP/2, and each of its requests follows the weights."""
        plain = self.balancer == LAYER_7 or self.way in FROM_NGINX
        return "demo-http1" if plain and self.mix == "demo" else self.mix

    def has(self, part: str) -> bool:
        return part in self.parts


def seconds(text: str) -> float:
    """Read `5ms`, `0.5s` or `2m`; a bare number is refused because its unit would be a guess."""
    match = _DURATION.fullmatch(text.strip())
    if not match:
        raise ValueError(f"a duration is a number with ms, s or m, such as 500ms; not {text!r}")
    return float(match[1]) * _SECONDS[match[2]]
