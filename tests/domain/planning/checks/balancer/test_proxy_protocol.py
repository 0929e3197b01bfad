"""Gateways that expect PROXY protocol are known however they are told: by words, variables, Services, or shared settings."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from migrator.domain.gateways.nginx import config_map
from migrator.domain.model.manifests import Manifest, ObjectRef
from migrator.domain.model.spec import GatewaySpec
from migrator.domain.planning.checks.balancer.client import proxy_protocol_is_known
from migrator.domain.planning.proposal import propose
from tests.domain.planning.checks.ground import SPACE, SPEC, deployment, service, thing, with_container, world

NONE = replace(SPEC, gateway=GatewaySpec("none"))
NGINX = replace(SPEC, gateway=GatewaySpec("nginx"))


def named(seen: Any, spec: Any = NONE) -> list[str]:
    return [str(f.subject["names"]) for f in proxy_protocol_is_known(propose(seen, spec))]


def running(**container: Any) -> Any:
    return world(source=deployment(with_container(**container)))


@pytest.mark.parametrize(
    "container",
    [
        pytest.param({"args": ["--use-proxy-protocol"]}, id="an argument"),
        pytest.param({"args": ["--use-proxy-protocol=true"]}, id="an argument with its value"),
        pytest.param({"args": ["--entryPoints.web.proxyProtocol.trustedIPs=10.0.0.0/8"]}, id="Traefik"),
        pytest.param({"env": [{"name": "KONG_PROXY_LISTEN", "value": "0.0.0.0:8000 proxy_protocol"}]}, id="Kong"),
        pytest.param({"command": ["gw", "--accept-proxy-protocol=v2"]}, id="a command"),
    ],
)
def test_words_and_variables_tell(container: Any) -> None:
    assert len(named(running(**container))) == 1


@pytest.mark.parametrize("off", ["--use-proxy-protocol=false", '--use-proxy-protocol="off"', "--proxy=protocol"])
def test_what_is_switched_off_is_not_expected(off: str) -> None:
    assert named(running(args=[off])) == []


@pytest.mark.parametrize(
    ("key", "value", "found"),
    [
        ("service.beta.kubernetes.io/aws-load-balancer-proxy-protocol", "*", 1),
        ("service.beta.kubernetes.io/alibaba-cloud-loadbalancer-proxy-protocol", "on", 1),
        ("service.beta.kubernetes.io/alibaba-cloud-loadbalancer-proxy-protocol", "off", 0),
    ],
)
def test_a_service_that_asks_the_cloud_for_it_tells(key: str, value: str, found: int) -> None:
    made = service()
    annotated: Manifest = {**made, "metadata": {**made["metadata"], "annotations": {key: value}}}  # type: ignore[dict-item]

    assert len(named(world(plain=[annotated]))) == found


def test_contours_control_plane_tells_for_its_envoys() -> None:
    def contour(*args: str) -> Manifest:
        rows = [{"name": "contour", "args": ["serve", *args]}]
        return thing("Deployment", "contour", {"template": {"spec": {"containers": rows}}}, api="apps/v1")

    assert len(named(world(contour("--use-proxy-protocol")))) == 1
    assert named(world(contour("--incluster"))) == []


def settings(**data: str) -> Manifest:
    return {**thing("ConfigMap", "ingress-nginx-controller"), "data": data}


@pytest.mark.parametrize(
    ("key", "value", "found"),
    [("use-proxy-protocol", "true", 1), ("proxy-protocol", "True", 1), ("use-proxy-protocol", "false", 0)],
)
def test_nginx_is_told_by_the_config_map_that_its_argument_names(key: str, value: str, found: int) -> None:
    source = deployment(
        with_container(args=["/nginx-ingress-controller", "--configmap=$(POD_NAMESPACE)/ingress-nginx-controller"])
    )

    assert len(named(world(settings(**{key: value}), source=source), NGINX)) == found
    assert named(world(settings(**{key: value})), NGINX) == []


@pytest.mark.parametrize(
    ("args", "ref"),
    [
        (["--configmap=edge/conf"], ObjectRef("v1", "ConfigMap", "edge", "conf")),
        (["--configmap", "$(POD_NAMESPACE)/conf"], ObjectRef("v1", "ConfigMap", SPACE, "conf")),
        (["-nginx-configmaps=$(POD_NAMESPACE)/conf"], ObjectRef("v1", "ConfigMap", SPACE, "conf")),
        (["--other"], None),
    ],
)
def test_the_config_map_is_the_one_that_the_argument_names(args: list[str], ref: ObjectRef | None) -> None:
    assert config_map(running(args=args)) == ref


def test_without_a_source_nothing_is_named() -> None:
    assert config_map(replace(world(), source=None)) is None
    assert list(proxy_protocol_is_known(propose(replace(world(), source=None), NGINX))) == []
