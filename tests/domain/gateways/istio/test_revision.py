"""Which revision of Istio a gateway belongs to, and that the checks read that revision's mesh configuration."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from migrator.domain.gateways.istio.proxy import sides
from migrator.domain.gateways.istio.revision import REVISION, STATUS, mesh_name, mesh_text, revision
from migrator.domain.model.manifests import Manifest
from migrator.domain.observation.world import World
from migrator.domain.planning.checks.workloads.termination import ending
from migrator.domain.planning.proposal import propose
from tests.domain.planning.checks.ground import HASH, OLD, SHARED, SPACE, SPEC, deployment, pod, template, thing, world


def config(name: str, mesh: str) -> Manifest:
    return {**thing("ConfigMap", name, space="istio-system"), "data": {"mesh": mesh}}


def live(status: str = "", address: str = "", name: str = f"{OLD}-{HASH}-1") -> Manifest:
    env = [{"name": "CA_ADDR", "value": address}] if address else []
    made: Any = pod(name, dict(SHARED), containers=[{"name": "istio-proxy", "env": env}])
    notes: Any = {STATUS: status} if status else {}
    return {**made, "metadata": {**made["metadata"], "annotations": notes}}


def asking(labels: dict[str, str] | None = None, notes: dict[str, str] | None = None) -> Manifest:
    made = template()
    made["metadata"] = {"labels": {**SHARED, **(labels or {})}, "annotations": notes or {}}
    return deployment(made)


SAID = [
    pytest.param(world(), "", id="nobody says"),
    pytest.param(world(live(json.dumps({"revision": "1-29"}))), "1-29", id="what was injected"),
    pytest.param(world(live(json.dumps({"revision": "default"}))), "", id="the default, by its name"),
    pytest.param(
        world(live("no json", "istiod-canary.istio-system.svc:15012")), "canary", id="the control plane dialled"
    ),
    pytest.param(world(live("", "istiod.istio-system.svc:15012")), "", id="the default's control plane"),
    pytest.param(world(live(json.dumps({"revision": "other"}), name="somebody-else")), "", id="another's pod"),
    pytest.param(world(source=asking({REVISION: "1-29"})), "1-29", id="the template's label"),
    pytest.param(world(source=asking(notes={REVISION: "1-29"})), "1-29", id="the template's annotation"),
    pytest.param(world(thing("Namespace", SPACE, space="", labels={REVISION: "1-29"})), "1-29", id="the namespace"),
    pytest.param(world(thing("Namespace", "other", space="", labels={REVISION: "1-29"})), "", id="another namespace"),
    pytest.param(
        world(live(json.dumps({"revision": "1-30"})), source=asking({REVISION: "prod"})),
        "1-30",
        id="a tag is no revision",
    ),
    pytest.param(replace(world(), source=None), "", id="no source"),
]


@pytest.mark.parametrize(("seen", "name"), SAID)
def test_the_revision_is_told_by_the_surest_source(seen: World, name: str) -> None:
    assert revision(seen) == name


def test_the_default_revisions_configuration_has_no_suffix() -> None:
    assert (mesh_name(""), mesh_name("1-29")) == ("istio", "istio-1-29")


def test_the_checks_read_the_configuration_of_the_gateways_own_revision() -> None:
    both = (
        config("istio", "rootNamespace: old-root\ndefaultConfig:\n  terminationDrainDuration: 7s\n"),
        config("istio-1-29", "rootNamespace: new-root\ndefaultConfig:\n  terminationDrainDuration: 30s\n"),
    )
    seen = world(*both, source=asking({REVISION: "1-29"}))

    assert ending(propose(seen, SPEC)).drain == 30.0
    assert ending(propose(world(*both), SPEC)).drain == 7.0
    assert sides(propose(seen, SPEC)).old.root == "new-root"


def test_a_configuration_that_was_not_seen_is_not_taken_from_another_revision() -> None:
    assert mesh_text(world(config("istio", "rootNamespace: x"), source=asking({REVISION: "1-29"}))) == ""
