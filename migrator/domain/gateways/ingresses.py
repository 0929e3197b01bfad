"""What ingress-nginx has routes for, by the Ingress objects that are its own: its process tells nobody. Pure; nothing is asked.

Which are its own: kubernetes/ingress-nginx internal/ingress/controller/store (`GetIngressClass`), ingressclass/ingressclass.go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrator.domain.model.answers import Route
from migrator.domain.model.kubernetes import annotations_of, name_of, namespace_of, words_of
from migrator.domain.model.manifests import Manifest, dig, items, mapping, text
from migrator.domain.observation.world import World, containers

ANNOTATION = "kubernetes.io/ingress.class"
CONTROLLER, CLASS = "k8s.io/ingress-nginx", "nginx"
"""What the controller's `--controller-class` and `--ingress-class` are where it does not say."""

_LITERAL = re.compile(r"/[\w~%./-]*")
"""The beginning of a path that stands for itself; it may be a regular expression (`nginx.ingress.kubernetes.io/use-regex`)."""


def ingress_routes(world: World) -> tuple[Route, ...]:
    """Give a route for every host and path of the old controllers' Ingresses; port 0 is whichever listener speaks so."""
    words = " ".join(words_of(row) for row in containers(world.source or {}))
    classes = {_said(words, "--ingress-class", CLASS), *_classes(world, _said(words, "--controller-class", CONTROLLER))}
    space, unnamed = _said(words, "--watch-namespace", ""), "--watch-ingress-without-class=true" in words
    found = [
        row
        for row in world.all("Ingress")
        if space in ("", namespace_of(row)) and ((named := _class_of(row)) in classes or (not named and unnamed))
    ]
    return tuple(dict.fromkeys(route for row in found for route in _of(row)))


def _said(words: str, flag: str, otherwise: str) -> str:
    told = re.search(rf"{flag}[= ]([^\s$]+)", words)
    return told[1] if told else otherwise


def _classes(world: World, controller: str) -> Iterator[str]:
    """Give the names of the classes that this controller answers for."""
    for row in world.all("IngressClass"):
        if text(row, "spec", "controller") == controller:
            yield name_of(row)


def _class_of(ingress: Manifest) -> str:
    return text(ingress, "spec", "ingressClassName") or annotations_of(ingress).get(ANNOTATION, "")


def _of(ingress: Manifest) -> Iterator[Route]:
    encrypted = [dig(row, "hosts") for row in items(ingress, "spec", "tls")]
    hosts = {host for row in encrypted if isinstance(row, list) for host in row if isinstance(host, str)}
    for rule in items(ingress, "spec", "rules"):
        host = text(rule, "host") or "*"
        for row in items(mapping(rule, "http"), "paths"):
            literal = _LITERAL.match(text(row, "path"))
            yield Route(0, host in hosts, host, literal[0] if literal else "/")
    if mapping(ingress, "spec", "defaultBackend"):
        yield Route(0, False, "*", "/")
