"""A person at a terminal who types what a run asks for: the lines for kubectl in `migrator status`, and nothing else.

There is no kubectl in the lab: two of its commands are done here as it does them, by the API server's own paths.
"""

import argparse
import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from migrator.lab.ground.cluster import Cluster, path_of
from migrator.lab.ground.manifests import Json

_LINE = re.compile(r"kubectl (?:delete|patch) [^\n]*")
_VERSIONS = {
    "gateway": ("gateway.networking.k8s.io/v1", "Gateway"),
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


def orders(status: Json) -> list[Order]:
    """Return what the answer of `migrator status` tells a person to type, in its order, each line once."""
    lines = (line for text in _texts(status) for line in _LINE.findall(text))
    return [order for line in dict.fromkeys(lines) if (order := read(line)) is not None]


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
        version, kind = _VERSIONS[said.kind.partition(".")[0].lower()]
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


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
