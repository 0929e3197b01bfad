"""A person at a terminal who types what a plan asks for: its lines for kubectl, and nothing else.

There is no kubectl in the lab: two of its commands are done here as it does them, by the API server's own paths.
"""

import argparse
import json
import shlex
from dataclasses import dataclass

from migrator.lab.ground.cluster import Cluster, path_of
from migrator.lab.ground.manifests import Json

_ORDERS = "handover.orders"
"""The code of the finding that says what a person does at the hand-over."""

_VERSIONS = {
    "gateway": ("gateway.networking.k8s.io/v1", "Gateway"),
    "envoyproxie": ("gateway.envoyproxy.io/v1alpha1", "EnvoyProxy"),
    "envoyproxy": ("gateway.envoyproxy.io/v1alpha1", "EnvoyProxy"),
    "deployment": ("apps/v1", "Deployment"),
    "daemonset": ("apps/v1", "DaemonSet"),
}


@dataclass(frozen=True, slots=True)
class Order:
    """One line for kubectl, read."""

    line: str
    verb: str
    path: str
    patch: Json | None


def orders(plan: Json) -> list[Order]:
    """Return what a plan (as JSON) tells a person to type at the hand-over, in its order."""
    rows = (row for row in plan.get("findings", ()) if row["code"] == _ORDERS)
    lines = (line for row in rows for line in row["values"]["commands"])
    return [order for line in lines if (order := read(line)) is not None]


def read(line: str) -> Order | None:
    """Read `kubectl delete KIND NAME -n SPACE` or `kubectl patch ... -p JSON`; None for what this person cannot type."""
    parser = argparse.ArgumentParser(exit_on_error=False, add_help=False)
    parser.add_argument("verb")
    parser.add_argument("kind")
    parser.add_argument("name")
    parser.add_argument("-n", "--namespace", default="")
    parser.add_argument("-p", "--patch", type=json.loads)
    parser.add_argument("--type")
    try:
        said, _ = parser.parse_known_args(shlex.split(line)[1:])
        version, kind = _VERSIONS[said.kind.partition(".")[0].lower().removesuffix("s")]
    except (argparse.ArgumentError, ValueError, KeyError):
        return None
    if not said.namespace:
        return None
    thing = {"apiVersion": version, "kind": kind, "metadata": {"name": said.name, "namespace": said.namespace}}
    return Order(line, said.verb, path_of(thing), said.patch)


def obey(order: Order, cluster: Cluster) -> None:
    """Do what a line says, once more where it is done already."""
    if order.verb == "delete":
        cluster.delete(order.path, propagationPolicy="Background")
    elif order.patch is not None:
        cluster.merge(order.path, order.patch)
