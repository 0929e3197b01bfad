"""What a plan says of the old gateways' configurations, with which the new ones will be compared."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.messages.findings import Finding
from migrator.domain.messages.message import say
from migrator.domain.model.spec import Allowance, ParitySpec
from migrator.domain.observation.sighting import Configs
from migrator.domain.planning.checks.judging import parity
from migrator.domain.planning.proposal import propose
from tests.fakes.world import SPEC, FakeWorld
from tests.words import told

WARMING = say("unsettled.part", kind="secret", name="site", state="warming", words="")
LINE = say("config.extra", unit="route/x", path="", new=None, by="")


def found(configs: Configs | None, silent: tuple[str, ...] = ()) -> list[Finding]:
    world = replace(FakeWorld().look(), configs=configs, silent=tuple((name, say("look.not-yet")) for name in silent))
    return list(parity.old_gateways_are_settled(propose(world, SPEC)))


@pytest.mark.parametrize(
    ("configs", "words"),
    [
        pytest.param(None, "", id="nobody was asked"),
        pytest.param(Configs(reference="a"), "", id="all are alike"),
        pytest.param(
            Configs(reference="b", unready=(("a", WARMING), ("s", WARMING))),
            f"a: parity.unsettled why=({WARMING}) reference=b",
            id="one is not settled",
        ),
        pytest.param(
            Configs(unready=(("a", WARMING), ("s", WARMING))),
            f"a: parity.unsettled:all why=({WARMING})",
            id="none is settled",
        ),
        pytest.param(
            Configs(reference="a", apart=(("b", (LINE,)),)),
            f"b: parity.old-apart lines=[({LINE})] reference=a",
            id="one differs",
        ),
        pytest.param(
            Configs(reference="a", common=(WARMING,)), f"a: parity.common why=({WARMING})", id="all have one trouble"
        ),
    ],
)
def test_an_old_gateway_that_is_no_model_is_named_with_its_trouble(configs: Configs | None, words: str) -> None:
    assert told(found(configs, silent=("s",))) == words


def test_a_place_that_no_configuration_has_is_told() -> None:
    allow = (Allowance("routes/x", "a slip"), Allowance("route/x", "right"))
    proposal = propose(FakeWorld().look(), replace(SPEC, parity=ParitySpec(allow)))

    assert told(parity.allowances_are_places(proposal)) == (
        "spec.parity.allow: parity.unknown-place place=routes/x reason=a slip"
    )


UNWATCHED = [
    pytest.param("istio", (), None, id="everything is watched"),
    pytest.param("istio", ("ServiceMonitor",), None, id="what no gateway obeys is none of the guard's"),
    pytest.param("istio", ("EnvoyFilter",), "parts=[EnvoyFilter]", id="a kind that we may not list"),
    pytest.param("istio", ("Namespace",), "parts=[(drift.no-identity)]", id="the cluster's identity"),
    pytest.param(
        "nginx", (), "parts=[(drift.no-configuration why=(gateway.is-nginx))]", id="a kind without configuration"
    ),
]


@pytest.mark.parametrize(("kind", "unseen", "said"), UNWATCHED)
def test_a_plan_tells_what_is_not_watched_while_its_run_goes_on(
    kind: str, unseen: tuple[str, ...], said: str | None
) -> None:
    world, spec = replace(FakeWorld().look(), unseen=unseen), replace(SPEC, gateway=replace(SPEC.gateway, kind=kind))

    told = list(parity.everything_is_watched(propose(world, spec)))

    assert [str(each.problem) for each in told] == ([f"drift.unwatched {said}"] if said else [])
