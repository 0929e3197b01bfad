"""Which Ingresses are an ingress-nginx's own, and which hosts and paths they name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.gateways.ingresses import ingress_routes
from migrator.domain.model.answers import Route
from migrator.domain.model.manifests import Json, Manifest
from tests.fakes.world import SPEC, FakeWorld

ROOT = Route(0, False, "*", "/")


def ingress(spec: Manifest, space: str = "shop", notes: dict[str, Json] | None = None) -> Manifest:
    meta: Manifest = {"name": "one", "namespace": space, "annotations": notes or {}}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": meta, "spec": spec}


def rule(*paths: str, host: str = "") -> Manifest:
    rows: list[Json] = [{"path": path} for path in paths]
    return {"http": {"paths": rows}, **({"host": host} if host else {})}


def found(*ingresses: Manifest, args: tuple[str, ...] = (), classes: dict[str, str] | None = None) -> list[Route]:
    told: list[Json] = [
        {"kind": "IngressClass", "metadata": {"name": name}, "spec": {"controller": controller}}
        for name, controller in (classes or {}).items()
    ]
    words: list[Json] = ["/nginx-ingress-controller", *args]
    pod: Manifest = {"template": {"spec": {"containers": [{"name": "controller", "args": words}]}}}
    look = FakeWorld().look(SPEC)
    objects = (*look.objects, ("Ingress", tuple[Json, ...](ingresses)), ("IngressClass", tuple(told)))
    return list(ingress_routes(replace(look, source={"kind": "Deployment", "spec": pod}, objects=objects)))


def test_hosts_and_paths_are_routes_each_once_and_in_tls_where_they_have_a_certificate() -> None:
    spec: Manifest = {
        "ingressClassName": "nginx",
        "tls": [{"hosts": ["safe.x", 7]}, {}],
        "rules": [rule("/", "/api(/|$)(.*)", host="safe.x"), rule("/", "/", "no path"), {}],
        "defaultBackend": {"service": {"name": "app"}},
    }

    assert found(ingress(spec)) == [Route(0, True, "safe.x", "/"), Route(0, True, "safe.x", "/api"), ROOT]


NAMED: Manifest = {"rules": [rule("/")], "ingressClassName": "public"}
UNNAMED: Manifest = {"rules": [rule("/")]}


@pytest.mark.parametrize(
    ("row", "args", "classes", "its_own"),
    [
        pytest.param(ingress(NAMED), (), {}, False, id="of nobody's class"),
        pytest.param(ingress(NAMED), (), {"public": "k8s.io/ingress-nginx"}, True, id="of a class of its controller's"),
        pytest.param(ingress(NAMED), (), {"public": "traefik.io/x"}, False, id="of another controller's"),
        pytest.param(
            ingress(NAMED), ("--controller-class=a/b",), {"public": "a/b"}, True, id="of its own controller's"
        ),
        pytest.param(ingress(NAMED), ("--ingress-class=public",), {}, True, id="of the class that it is told"),
        pytest.param(ingress(UNNAMED, notes={"kubernetes.io/ingress.class": "nginx"}), (), {}, True, id="annotated"),
        pytest.param(ingress(UNNAMED), (), {}, False, id="of no class"),
        pytest.param(ingress(UNNAMED), ("--watch-ingress-without-class=true",), {}, True, id="of none, which it takes"),
        pytest.param(ingress(NAMED), ("--ingress-class=public", "--watch-namespace=a"), {}, False, id="elsewhere"),
        pytest.param(ingress(NAMED), ("--ingress-class=public", "--watch-namespace=shop"), {}, True, id="in its own"),
    ],
)
def test_an_ingress_is_a_controllers_by_its_class(
    row: Manifest, args: tuple[str, ...], classes: dict[str, str], its_own: bool
) -> None:
    assert found(row, args=args, classes=classes) == ([ROOT] if its_own else [])
