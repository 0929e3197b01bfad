"""What a plan reads, what `rbac` prints for it, and what is said of a kind that may not be listed are the same list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from migrator.adapters.balancers import clouds
from migrator.app.plan.access import needs
from migrator.app.plan.looking.listing import kinds
from migrator.app.plan.planning import look
from migrator.domain.drift.recalled import watched_kinds
from migrator.domain.gateways import PROFILES
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import Message, verbatim
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Side
from migrator.domain.model.manifests import Manifest
from migrator.domain.model.samples import Reading, Silence
from migrator.domain.model.spec import GatewaySpec, Spec
from migrator.domain.observation.world import EVERYWHERE
from migrator.domain.planning.checks import preflight
from migrator.domain.planning.rbac import plural, roles
from migrator.wording import evidence
from migrator.wording.catalogue import catalogue
from tests.fakes.gateways import FakeGateways
from tests.fakes.world import SPEC, FakeWorld
from tests.wording.languages import EVERY_LANGUAGE

KINDS = sorted(PROFILES)


@dataclass
class Recorded:
    """A cluster that remembers which lists it was asked for, and refuses some."""

    cluster: Any
    refuses: frozenset[str] = frozenset()
    asked: set[tuple[str, str, str]] = field(default_factory=set)

    def list_objects(
        self, api_version: str, kind: str, namespace: str = "", *more: Any, **named: Any
    ) -> list[Manifest]:
        self.asked.add((api_version, kind, namespace))
        if kind in self.refuses:
            raise Refused(verbatim(f"{kind} is forbidden"))
        found: list[Manifest] = self.cluster.list_objects(api_version, kind, namespace, *more, **named)
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self.cluster, name)


def looked(kind: str, refuses: frozenset[str] = frozenset()) -> tuple[Recorded, Any]:
    world = FakeWorld()
    recorded = Recorded(world.cluster, refuses)
    spec = of(kind)
    return recorded, look(spec, replace(world.readers, cluster=recorded))  # type: ignore[arg-type]


def of(kind: str) -> Spec:
    return replace(SPEC, gateway=GatewaySpec(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_every_list_that_a_plan_reads_is_granted_and_no_other(kind: str) -> None:
    recorded, _ = looked(kind)
    granted = {(version, kind, space) for verb, version, kind, space in needs(of(kind), False) if verb == "list"}
    by_lists = {
        (version, each.kind, "" if each.namespace == EVERYWHERE else each.namespace)
        for each in kinds((SPEC.cluster.namespace,), PROFILES[kind].lists, clouds())
        for version in each.versions
    }

    assert recorded.asked == by_lists
    assert by_lists - granted == set()


def test_the_roles_name_istios_and_envoy_gateways_kinds_by_group() -> None:
    def rules(kind: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for role in roles("m", "ann", needs(of(kind), False)):
            for rule in role.get("rules", []):  # type: ignore[union-attr]  # a role's rules are a list
                found.setdefault(rule["apiGroups"][0], set()).update(rule["resources"])  # type: ignore[index, arg-type, call-overload]  # as above
        return found

    istio, envoy = rules("istio"), rules("envoy")

    assert {"envoyfilters", "workloadentries", "serviceentries", "proxyconfigs"} <= istio["networking.istio.io"]
    assert {"wasmplugins", "trafficextensions"} <= istio["extensions.istio.io"]
    assert {"envoyproxies", "clienttrafficpolicies", "envoypatchpolicies"} <= envoy["gateway.envoyproxy.io"]
    assert "gateway.envoyproxy.io" not in istio
    assert "extensions.istio.io" not in envoy
    assert plural("TrafficExtension") == "trafficextensions"


@pytest.mark.parametrize("kind", ["EnvoyFilter", "ServiceEntry", "TrafficExtension"])
def test_a_list_that_is_refused_leaves_a_finding_that_says_what_was_not_checked(kind: str) -> None:
    _, seen = looked("istio", frozenset({kind}))

    (found,) = [each for each in preflight(seen) if each.code == "permission.blind"]

    assert found["kinds"] == (kind,)
    assert catalogue("en").words["hidden"][kind] in evidence(found)


@EVERY_LANGUAGE
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_that_is_listed_has_words_for_what_it_hides(kind: str, language: str) -> None:
    bindings = {binding.kind for cloud in clouds() for binding in cloud.controller.bindings}
    keys = {each.key for each in kinds("home", PROFILES[kind].lists, clouds())} - bindings

    assert keys - catalogue(language).words["hidden"].keys() == set()


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_guard_against_drift_reads_while_a_run_goes_on_is_granted(kind: str) -> None:
    spec = of(kind)
    granted = {right[:3] for right in needs(spec, False)}
    listed = {("list", version, each.kind) for each in watched_kinds(spec) for version in each.versions}
    got = {("get", "v1", "Namespace"), ("get", "v1", "Service"), ("get", "autoscaling/v2", "HorizontalPodAutoscaler")}
    got |= {("get", "apps/v1", spec.source.kind), ("get", "apps/v1", spec.target.kind), ("list", "v1", "Node")}

    assert (listed | got) - granted == set()


class Hanging(Recorded):
    """A cluster whose admission of a kind never answers, as behind a webhook that hangs."""

    tried = 0

    def dry_run(self, manifest: Manifest) -> Message | None:
        self.tried += 1
        raise Unreachable(verbatim("no answer within 10 s"))


def test_a_dry_run_without_an_answer_is_a_finding_and_the_rest_of_the_plan_is_there() -> None:
    world = FakeWorld()
    hanging = Hanging(world.cluster)
    found = preflight(look(SPEC, replace(world.readers, cluster=hanging)))  # type: ignore[arg-type]

    assert [evidence(each) for each in found if each.code == "deploy.untried"] == ["no answer within 10 s"]
    assert hanging.tried == 1  # nothing more is asked of what hangs


class Busy:
    """Gateways of which one does not answer for so many questions of ours."""

    def __init__(self, gateways: FakeGateways, times: int) -> None:
        self._gateways, self._left = gateways, times

    def __getattr__(self, name: str) -> Any:
        return getattr(self._gateways, name)

    def readings(self, side: Side, pods: Sequence[PodRef]) -> tuple[list[Reading], list[Silence]]:
        found, silent = self._gateways.readings(side, pods)
        self._left -= 1
        return (found[1:], [*silent, (pods[0].name, verbatim("late"))]) if self._left >= 0 else (found, silent)


@pytest.mark.parametrize(("times", "silent"), [(1, 0), (2, 0), (9, 1)], ids=["the first time", "twice", "for good"])
def test_a_gateway_whose_counters_are_late_is_asked_again_before_that_is_a_finding(times: int, silent: int) -> None:
    world = FakeWorld()
    busy = Busy(world.gateways, times)
    proposal = look(SPEC, replace(world.readers, gateways=busy))  # type: ignore[arg-type]  # it answers as they do

    assert len(proposal.world.silent) == silent


def test_what_a_side_has_by_its_namespace_is_listed_in_each_and_kept_together() -> None:
    world = FakeWorld()
    recorded = Recorded(world.cluster)
    apart = replace(of("envoy"), target=replace(SPEC.target, namespace="elsewhere"))  # type: ignore[type-var]

    found = look(apart, replace(world.readers, cluster=recorded)).world  # type: ignore[arg-type]

    spaces = {space for _, kind, space in recorded.asked if kind == "PodDisruptionBudget"}
    assert spaces == {SPEC.cluster.namespace, "elsewhere"}
    assert len({kind for kind, _ in found.objects}) == len(found.objects)
    assert found.all("Deployment")
