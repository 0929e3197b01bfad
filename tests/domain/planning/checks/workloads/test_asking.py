"""In which ways a listener's backends are asked, and what a plan is told of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.messages.message import say
from migrator.domain.model.balancer import ProbeWay
from migrator.domain.model.spec import ListenerSpec
from migrator.domain.model.subjects import listeners_subject
from migrator.domain.observation.probing import candidates
from migrator.domain.planning.checks.workloads.probes import old_side_answers_us
from migrator.domain.planning.proposal import propose
from tests.domain.planning.checks.ground import SPEC, world

HTTP, HTTPS = ProbeWay.HTTP, ProbeWay.HTTPS


@pytest.mark.parametrize(
    ("listener", "backend_port", "first"),
    [
        pytest.param(ListenerSpec("l", 443), 18080, HTTPS, id="clients dial a port of TLS"),
        pytest.param(ListenerSpec("l", 9000), 8443, HTTPS, id="the backend listens on one"),
        pytest.param(ListenerSpec("l", 80), 8080, HTTP, id="neither"),
        pytest.param(ListenerSpec("l", 443, layer=7), 8080, HTTP, id="the balancer ends TLS"),
    ],
)
def test_the_likeliest_way_comes_first_and_proxy_protocol_last(
    listener: ListenerSpec, backend_port: int, first: ProbeWay
) -> None:
    found = candidates(listener, backend_port)

    assert found[0] is first
    assert [way.introduced for way in found] == [False, False, True, True]
    assert [way.in_tls for way in found] == [way is HTTPS for way in found[:2]] * 2


@pytest.mark.parametrize("way", [way for way in ProbeWay if way is not ProbeWay.AUTO])
def test_a_way_that_the_plan_says_is_the_only_one(way: ProbeWay) -> None:
    assert candidates(ListenerSpec("l", 443, probe=way), 8080) == (way,)


def test_a_plan_is_told_of_backends_that_do_not_answer_and_of_listeners_that_are_hardly_asked() -> None:
    listeners = tuple(ListenerSpec(way.value, 80, probe=way) for way in (ProbeWay.NONE, ProbeWay.TCP, HTTP))
    spec = replace(SPEC, balancer=replace(SPEC.balancer, listeners=listeners))
    why = say("probe.no-connection", address="10.0.0.1", port=80, words="refused")
    seen = replace(world(), unspoken=(("http", "http/10.0.0.1:80", why),))

    assert [(f.code, f.subject) for f in old_side_answers_us(propose(seen, spec))] == [
        ("probes.old-unanswered", listeners_subject(["http"])),
        ("probes.not-asked", listeners_subject(["none"])),
        ("probes.connection-only", listeners_subject(["tcp"])),
    ]
