"""Whether the new pods may run on each of the plan's nodes: what they ask of a node, and who keeps them off it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from migrator.domain.messages.findings import Finding, Severity
from migrator.domain.messages.message import Message, say
from migrator.domain.model.kubernetes import term_of
from migrator.domain.model.manifests import Manifest, mapping
from migrator.domain.model.subjects import nodes_subject
from migrator.domain.planning.checks.nodes.placement import company_is_there, nobody_keeps_pods_off, nodes_are_chosen
from migrator.domain.planning.checks.workloads.derivation import undecided
from migrator.domain.planning.proposal import propose
from tests.domain.planning.checks.ground import SPACE, SPEC, deployment, node, pod, template, world

GATEWAY = {"node-role": "gateway"}
REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"


def nodes(*having: dict[str, str]) -> list[Manifest]:
    return [named(f"node-{i}", f"10.1.0.{i}", labels) for i, labels in enumerate(having, start=1)]


def named(name: str, address: str, labels: dict[str, str]) -> Manifest:
    made = node(name, address)
    return {**made, "metadata": {**mapping(made, "metadata"), "labels": {**labels, "kubernetes.io/hostname": name}}}


def affinity(kind: str, *terms: Any) -> dict[str, Any]:
    return {"affinity": {kind: {REQUIRED: list(terms)}}}


def away(selector: Any, topology: str = "kubernetes.io/hostname", **more: Any) -> dict[str, Any]:
    return affinity("podAntiAffinity", {"labelSelector": selector, "topologyKey": topology, **more})


def expression(key: str, operator: str, *values: str) -> dict[str, Any]:
    return {"matchExpressions": [{"key": key, "operator": operator, "values": list(values)}]}


def on_nodes(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"affinity": {"nodeAffinity": {REQUIRED: {"nodeSelectorTerms": list(rows)}}}}


def chosen(made: Manifest, *having: dict[str, str], patch: Any = None) -> list[Finding]:
    spec = replace(SPEC, target=replace(SPEC.target, patch=patch))
    return list(nodes_are_chosen(propose(world(*nodes(*having), source=deployment(made)), spec)))


ASKING = [
    pytest.param({"nodeSelector": {"pool": "web"}}, id="nodeSelector"),
    pytest.param(on_nodes(expression("pool", "In", "web")), id="node affinity"),
    pytest.param(on_nodes(expression("pool", "Exists")), id="a label that must be there"),
    pytest.param(on_nodes(expression("rank", "Gt", "3")), id="a number"),
    pytest.param(
        on_nodes({"matchFields": [{"key": "metadata.name", "operator": "In", "values": ["node-9"]}]}), id="a name"
    ),
    pytest.param(on_nodes({}), id="a term that matches no node"),
]


@pytest.mark.parametrize("asked", ASKING)
def test_nodes_that_the_template_leaves_out_are_named_with_the_patch_that_lets_them_in(asked: Any) -> None:
    (told,) = chosen(
        template(**asked), GATEWAY, {**GATEWAY, "pool": "web", "rank": "4"} if "nodeSelector" in asked else GATEWAY
    )

    assert (told.code, told.severity) == ("nodes.not-chosen", Severity.BLOCK)
    assert told.subject == nodes_subject(["node-1"] if "nodeSelector" in asked else ["node-1", "node-2"])
    assert chosen(template(**asked), GATEWAY, GATEWAY, patch=json.loads(str(told["patch"]))) == []


def test_nodes_that_have_what_is_asked_are_chosen() -> None:
    asked = {
        "nodeSelector": {"pool": "web"},
        **on_nodes(expression("zone", "In", "b"), expression("zone", "NotIn", "x")),
    }

    assert chosen(template(**asked), {"pool": "web", "zone": "a"}) == []


@pytest.mark.parametrize(
    ("operator", "value", "held", "matches"),
    [
        pytest.param("Gt", "3", "4", True, id="greater"),
        pytest.param("Lt", "3", "4", False, id="not less"),
        pytest.param("Lt", "-3", "-4", True, id="less, below 0"),
        pytest.param("Gt", "3", "many", False, id="no number on the node"),
        pytest.param("Gt", "few", "4", False, id="no number in the rule"),
    ],
)
def test_a_number_on_a_node_is_compared_as_one(operator: str, value: str, held: str, matches: bool) -> None:
    assert term_of(expression("rank", operator, value), {"metadata": {"labels": {"rank": held}}}) is matches


def test_a_rule_of_numbers_without_a_number_matches_no_node() -> None:
    assert not term_of(
        {"matchExpressions": [{"key": "rank", "operator": "Gt"}]}, {"metadata": {"labels": {"rank": "4"}}}
    )


def repelled(rule: Any) -> list[Finding]:
    seen = world(source=deployment(template(**rule)))
    return [f for f in undecided(propose(seen, SPEC)) if f.code == "derive.old-pods-repel"]


@pytest.mark.parametrize(
    "selector",
    [
        pytest.param({"matchLabels": {"app": "gw"}}, id="by labels"),
        pytest.param(expression("app", "In", "gw", "other"), id="by an expression"),
        pytest.param({"matchLabels": {"app": "gw"}, **expression("tier", "DoesNotExist")}, id="by both"),
        pytest.param({}, id="whatever it is"),
    ],
)
def test_old_pods_that_repel_the_new_ones_block_however_they_say_it(selector: Any) -> None:
    (told,) = repelled(away(selector))

    assert told.severity is Severity.BLOCK


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param(away(expression("version", "DoesNotExist")), id="the new label is left out"),
        pytest.param(away({"matchLabels": {"app": "gw"}}, namespaces=["elsewhere"]), id="of another namespace"),
        pytest.param(
            away({"matchLabels": {"app": "gw"}}, matchLabelKeys=["pod-template-hash"]), id="of their own revision"
        ),
        pytest.param(away(None), id="of nobody"),
    ],
)
def test_a_rule_of_the_old_pods_that_does_not_mean_the_new_ones_is_no_matter(rule: Any) -> None:
    assert repelled(rule) == []


def test_a_rule_against_pods_that_are_told_apart_by_another_key_means_the_new_ones() -> None:
    assert len(repelled(away({"matchLabels": {"app": "gw"}}, mismatchLabelKeys=["pod-template-hash"]))) == 1
    assert len(repelled(away({"matchLabels": {"app": "gw"}}, matchLabelKeys=["app", "not-there"]))) == 1


def kept_off(neighbour: Manifest, *having: dict[str, str]) -> list[Finding]:
    return list(nobody_keeps_pods_off(propose(world(neighbour, *nodes(*having)), SPEC)))


def neighbour(where: str = "node-1", owner: str = "cache", space: str = SPACE, **rule: Any) -> Manifest:
    made = pod("cache-0", {"app": "cache"}, owner, "StatefulSet", where, **rule)
    return {**made, "metadata": {**mapping(made, "metadata"), "namespace": space}}


def test_another_workloads_rule_keeps_new_pods_off_its_node() -> None:
    (told,) = kept_off(neighbour(**away(expression("istio", "Exists"))), GATEWAY, GATEWAY)

    assert (told.code, told.severity, told.subject) == ("nodes.kept-off", Severity.BLOCK, nodes_subject(["node-1"]))
    assert (told["owner"], told["labels"]) == ("StatefulSet cache", ("istio Exists",))


def test_a_rule_for_a_zone_keeps_them_off_the_whole_zone() -> None:
    rule = away({"matchLabels": {"app": "gw"}}, "zone")
    seen = kept_off(neighbour(**rule), {"zone": "a"}, {"zone": "a"}, {"zone": "b"})

    assert [f.subject for f in seen] == [nodes_subject(["node-1", "node-2"])]


def test_a_node_whose_labels_were_not_seen_is_known_by_its_name() -> None:
    rule = away({"matchLabels": {"app": "gw"}})

    assert [f.subject for f in kept_off(neighbour(owner="", **rule))] == [nodes_subject(["node-1"])]
    assert kept_off(neighbour(**away({"matchLabels": {"app": "gw"}}, "zone"))) == []


def test_a_rule_of_another_namespace_means_the_new_pods_only_when_it_says_so() -> None:
    rule, here = {"matchLabels": {"app": "gw"}}, {"matchLabels": {"kubernetes.io/metadata.name": SPACE}}

    assert kept_off(neighbour(space="other", **away(rule)), GATEWAY) == []
    assert len(kept_off(neighbour(space="other", **away(rule, namespaces=[SPACE])), GATEWAY)) == 1
    assert len(kept_off(neighbour(space="other", **away(rule, namespaceSelector=here)), GATEWAY)) == 1
    assert len(kept_off(neighbour(space="other", **away(rule, namespaceSelector={})), GATEWAY)) == 1


def test_pods_elsewhere_ended_ones_and_the_sides_own_keep_nobody_off() -> None:
    rule = away({"matchLabels": {"app": "gw"}})
    old = pod("gw-6f7d-1", {"app": "gw"}, where="node-1", **rule)
    ended = {**neighbour(**rule), "status": {"phase": "Succeeded"}}

    assert kept_off(neighbour("node-7", **rule), GATEWAY) == []
    assert kept_off(old, GATEWAY) == []
    assert kept_off(ended, GATEWAY) == []


def company(rule: Any, *there: Manifest) -> list[Finding]:
    seen = world(*nodes(GATEWAY, GATEWAY, GATEWAY), *there, source=deployment(template(**rule)))
    return list(company_is_there(propose(seen, SPEC)))


def near(labels: dict[str, str], **more: Any) -> dict[str, Any]:
    term = {"labelSelector": {"matchLabels": labels}, "topologyKey": "kubernetes.io/hostname", **more}
    return affinity("podAffinity", term)


def test_a_node_without_the_company_that_a_new_pod_needs_is_named() -> None:
    (told,) = company(near({"app": "cache"}), pod("cache-0", {"app": "cache"}, where="node-2"))

    assert (told.code, told.severity) == ("nodes.without-company", Severity.BLOCK)
    assert told.subject == nodes_subject(["node-1", "node-3"])


def test_nodes_that_all_have_the_company_are_no_matter() -> None:
    there = [{**pod("cache-0", {"app": "cache"}, where=f"node-{at}")} for at in (1, 2, 3)]

    assert company(near({"app": "cache"}), *there) == []


def test_pods_that_seek_their_own_kind_or_one_that_cannot_be_seen_are_left_alone() -> None:
    assert company(near({"app": "gw"})) == []
    assert company(near({"app": "cache"}, namespaces=["other"])) == []
    assert company(near({"app": "cache"}, namespaceSelector={})) == []


def test_without_a_source_there_is_nothing_to_place() -> None:
    seen = propose(replace(world(), source=None), SPEC)

    assert [*nodes_are_chosen(seen), *nobody_keeps_pods_off(seen), *company_is_there(seen)] == []


def test_what_is_asked_of_a_node_is_said_in_words() -> None:
    (told,) = chosen(template(**on_nodes(expression("pool", "In", "web", "edge"))), GATEWAY)

    assert told["why"] == say("placement.affinity", terms=("pool In web, edge",))
    assert isinstance(told["why"], Message)
