"""What goes in plain HTTP outside this machine, or to whoever answers, is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.messages.message import say
from migrator.domain.model.outside.urls import is_open
from migrator.domain.model.spec import AccessSpec, PrometheusSpec, SecretRef, SigningSpec
from migrator.domain.planning.checks.cluster.transport import nothing_goes_in_the_open
from migrator.domain.planning.proposal import propose
from tests.domain.planning.checks.ground import SPEC, world


@pytest.mark.parametrize(
    ("url", "open_"),
    [
        ("http://prometheus.monitoring:9090", True),
        ("http://10.0.0.1", True),
        ("http://localhost:8080", False),
        ("http://127.3.0.1:1", False),
        ("http://[::1]:1", False),
        ("https://10.0.0.1", False),
        ("HTTP://127.0.0.1.example", True),
        ("http://127.example", True),
        ("60s", False),
    ],
)
def test_plain_http_to_another_machine_lies_open(url: str, open_: bool) -> None:
    assert is_open(url) is open_


def test_each_way_that_lies_open_is_told() -> None:
    why = say("cluster.plain-http", host="http://10.0.0.1")
    judge = replace(SPEC.judge, prometheus=PrometheusSpec("http://prometheus:9090"))
    options = (("ec2Endpoint", "http://ec2.example.org"), ("batch", "20"))
    balancer = replace(SPEC.balancer, endpoint="http://api.example.org", options=options)
    spec = replace(SPEC, balancer=balancer, judge=judge)
    found = list(nothing_goes_in_the_open(propose(replace(world(), exposed=why), spec)))

    assert [(finding.code, finding.subject) for finding in found] == [
        ("transport.api-server", "spec.cluster"),
        ("transport.balancer", "spec.loadBalancer.endpoint"),
        ("transport.balancer", "spec.loadBalancer.options.ec2Endpoint"),
        ("transport.prometheus", "spec.judge.prometheus.url"),
    ]


@pytest.mark.parametrize(
    ("access", "said"),
    [
        (AccessSpec(ca="/a/ca.pem"), "transport.prometheus info"),
        (AccessSpec(bearer=SecretRef("TOKEN")), "transport.prometheus warn"),
        (AccessSpec(signing=SigningSpec("eu-west-1")), "transport.prometheus warn"),
    ],
    ids=["no secret", "a token", "a signature"],
)
def test_a_secret_that_goes_in_the_open_is_a_warning(access: AccessSpec, said: str) -> None:
    prometheus = PrometheusSpec("http://prometheus:9090", access=access)
    spec = replace(SPEC, judge=replace(SPEC.judge, prometheus=prometheus))

    assert [f"{each.code} {each.severity}" for each in nothing_goes_in_the_open(propose(world(), spec))] == [said]


def test_nothing_is_told_of_ways_that_are_closed() -> None:
    spec = replace(SPEC, balancer=replace(SPEC.balancer, endpoint=None), judge=replace(SPEC.judge, prometheus=None))

    assert list(nothing_goes_in_the_open(propose(world(), spec))) == []
