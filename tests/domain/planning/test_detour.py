"""The detour of a plan: when there is one, which ports and rows it has, what becomes of the template, and whose a port is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from migrator.domain.balancers.profile import UNDECLARED
from migrator.domain.balancers.settings import HealthCheck
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Backend, Capabilities, Scope, Weighted
from migrator.domain.model.manifests import Manifest, dig, holds, items, labels, mapping, merged
from migrator.domain.model.pod_targets import Door, Entry
from migrator.domain.model.spec import Spec
from migrator.domain.model.target import PortConflict
from migrator.domain.model.workload import Pod, Workload
from migrator.domain.observation.detour import STAND_IN, Detour, dials
from migrator.domain.observation.sighting import JournalFacts, Workloads
from migrator.domain.observation.world import World
from migrator.domain.planning.checks.nodes.detour import detour_is_possible
from migrator.domain.planning.detour.making import detour_of
from migrator.domain.planning.detour.phases import grounded, over, phased
from migrator.domain.planning.detour.template import between, held, held_in_turn, in_turn, lent, undone
from migrator.domain.planning.make_plan import permissions
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.proposal import Proposal, propose
from migrator.domain.planning.route import back
from migrator.domain.steps import Clear, CloseDoors, EndOthers, Exchange, LeadSome, OpenDoors, Preflight, Retire
from migrator.domain.steps.detour.in_turn import Turn
from tests.domain.seen import NEW_REF, OLD_REF
from tests.fakes.world import NEW_PORT, SPEC, FakeWorld, on, quick

LED = on(quick(replace(SPEC, target=replace(SPEC.target, port_conflict=PortConflict.NODE_PORT))), "l-1")  # type: ignore[arg-type]
HERE = {"key": "kubernetes.io/hostname", "operator": "In", "values": ["a", "b"]}
REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"


def fake() -> FakeWorld:
    return FakeWorld(listeners=("l-1",), host_port=NEW_PORT)


def proposed(spec: Spec = LED, world: World | None = None) -> Proposal:
    return propose(world or fake().look(spec), spec)


def made(proposal: Proposal | None = None) -> Detour:
    found = detour_of(proposal or proposed())
    assert found is not None
    return found


def planned() -> Plan:
    return fake().plan(LED)


def test_a_route_that_frees_host_ports_may_change_the_old_sides_template() -> None:
    changes = ("patch", "apps/v1", LED.source.kind, LED.source.namespace or LED.cluster.namespace)

    assert changes in permissions(LED, UNDECLARED)
    assert changes not in permissions(replace(LED, target=replace(LED.target, port_conflict=None)), UNDECLARED)


def test_the_rows_are_the_same_nodes_at_free_ports_with_the_same_weights() -> None:
    detour = made()

    assert detour.rows == tuple(Weighted(Backend("l-1", f"10.1.0.{index}", 30000), 100) for index in (1, 2, 3))
    assert detour.doors == (Door("l-1", 30000, Entry.NODE_PORT, True),)
    assert dials(Backend("l-1", "10.1.0.9", 30000), detour.rows)
    assert not dials(Backend("l-1", "10.1.0.1", NEW_PORT), detour.rows)


def test_a_node_port_that_anybody_has_is_not_taken() -> None:
    world = fake()
    spec: Any = {"type": "LoadBalancer", "healthCheckNodePort": 30001, "ports": [{"port": 1, "nodePort": 30000}]}
    world.cluster.add(
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "x", "namespace": "y"}, "spec": spec}
    )

    assert {row.backend.port for row in made(proposed(world=world.look(LED))).rows} == {30002}


def test_the_service_is_local_selects_stand_ins_alone_and_has_the_numbers_that_clients_know() -> None:
    service: Any = made().service

    assert (service["metadata"]["name"], service["spec"]["type"]) == ("gw-node-port", "NodePort")
    assert service["spec"]["externalTrafficPolicy"] == "Local"
    assert service["spec"]["selector"] == {"app": "gw", "version": "v1", STAND_IN[0]: STAND_IN[1]}
    assert service["spec"]["ports"] == [
        {"name": "tcp-8080", "port": 80, "targetPort": 8080, "nodePort": 30000, "protocol": "TCP"}
    ]


@pytest.mark.parametrize(
    "spec",
    [
        pytest.param(replace(LED, target=replace(LED.target, port_conflict=None)), id="not asked for"),  # type: ignore[arg-type]
        pytest.param(replace(LED, target=replace(LED.target, ports=())), id="another port, no conflict"),  # type: ignore[arg-type]
    ],
)
def test_there_is_no_detour_where_none_is_needed(spec: Spec) -> None:
    assert detour_of(proposed(spec)) is None
    assert list(detour_is_possible(proposed(spec))) == []


def test_there_is_no_detour_for_nobody() -> None:
    look = fake().look(LED)
    nobody = replace(look, old=replace(look.old, pods=()))

    assert detour_of(proposed(world=replace(look, source=None))) is None
    assert detour_of(proposed(world=nobody)) is None


def test_two_gateways_in_a_nodes_own_network_share_what_nobody_declares() -> None:
    world = fake()
    pod = mapping(world.cluster.objects[OLD_REF], "spec", "template", "spec")
    pod["hostNetwork"] = True
    for container in items(pod, "containers"):
        container.pop("ports")

    assert detour_of(proposed(world=world.look(LED))) is not None


def source(**pod: Any) -> Manifest:
    container: Any = {"name": "gateway", "ports": [{"containerPort": 8080, "hostPort": 80, "hostIP": "10.0.0.1"}]}
    spec: Any = {"containers": [container, {"name": "other"}], **pod}
    template: Any = {"metadata": {"labels": {"app": "gw"}}, "spec": spec}
    return {
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "gw", "namespace": "edge", "uid": "u"},
        "spec": {"replicas": 2, "strategy": {"type": "Recreate"}, "template": template},
    }  # fmt: skip


@pytest.mark.parametrize(
    "pod",
    [
        {},
        {"hostNetwork": True, "dnsPolicy": "ClusterFirstWithHostNet"},
        {"affinity": {"podAntiAffinity": {REQUIRED: [{"topologyKey": "x"}], "preferred": []}}},
        {"affinity": {"nodeAffinity": {REQUIRED: {"nodeSelectorTerms": [{"matchExpressions": [{"key": "zone"}]}]}}}},
    ],
)
def test_the_change_of_the_template_and_its_undo_give_what_they_say(pod: dict[str, Any]) -> None:
    before = source(**pod)
    change = lent(before, ["b", "a"])
    after = merged(before, change.patch)

    spec: Any = dig(after, "spec", "template", "spec")
    assert "hostNetwork" not in spec
    assert spec["containers"][0]["ports"] == [{"containerPort": 8080}]
    assert spec["containers"][1] == {"name": "other"}
    assert spec.get("dnsPolicy") in (None, "ClusterFirst")
    assert labels(after, "spec", "template", "metadata", "labels") == {"app": "gw", STAND_IN[0]: STAND_IN[1]}
    terms = spec["affinity"]["nodeAffinity"][REQUIRED]["nodeSelectorTerms"]
    assert all(HERE in term["matchExpressions"] for term in terms)
    assert [rule["topologyKey"] for rule in spec["affinity"]["podAntiAffinity"][REQUIRED]] == [HERE["key"]]
    assert merged(after, change.undo) == before
    assert holds(after, change.patch)


def test_the_controller_is_held_and_let_go() -> None:
    before = source()
    change = held(before)
    after = merged(before, change.patch)

    assert dig(after, "spec", "strategy") == {
        "type": "RollingUpdate",
        "rollingUpdate": {"maxSurge": "100%", "maxUnavailable": 0},
    }
    assert merged(after, undone(change).patch) == before


def test_a_merge_patch_between_two_values_says_only_what_differs() -> None:
    assert between({"a": 1, "b": {"c": 1, "d": 2}, "e": 1}, {"b": {"c": 1, "d": 3}, "e": 1, "f": None}) == {
        "a": None, "b": {"d": 3}, "f": None,
    }  # fmt: skip


def pod(name: str, node: str, stands_in: bool = False) -> Pod:
    return Pod(PodRef("edge", name, f"uid-{name}", "10.0.0.1", node), (STAND_IN,) if stands_in else (), True)


def people(*old: Pod, new: tuple[Pod, ...] = ()) -> Workloads:
    return Workloads(Workload(OLD_REF, "u", pods=old), Workload(NEW_REF, "u", pods=new))


CHECKS = (HealthCheck("l-1", port=15021), HealthCheck("l-1"), HealthCheck("l-1", False, port=9))
NOTHING = JournalFacts()
GIVEN = JournalFacts(weights={Backend("l-1", "10.1.0.1", 30000): (100,)})


@pytest.mark.parametrize(
    ("seen", "past", "is_over"),
    [
        pytest.param(people(pod("h", "n-1")), NOTHING, False, id="on host ports"),
        pytest.param(people(pod("h", "n-1"), pod("s", "n-1", True)), NOTHING, False, id="both kinds"),
        pytest.param(people(pod("s", "n-1", True)), NOTHING, True, id="stand-ins alone"),
        pytest.param(people(pod("s", "n-1", True), pod("h", "")), NOTHING, True, id="one that finds no node"),
        pytest.param(people(pod("h", "n-1"), new=(pod("d", "n-2"),)), NOTHING, True, id="new pods are there"),
        pytest.param(None, NOTHING, False, id="nobody looked, and nothing was given"),
        pytest.param(None, GIVEN, True, id="nobody looked, node ports have weight"),
    ],
)  # fmt: skip
def test_whose_the_host_ports_are_is_told_by_who_holds_them(
    seen: Workloads | None, past: JournalFacts, is_over: bool
) -> None:
    plan = planned()
    now = phased(plan, seen, past)

    assert (now.seen.new == plan.seen.new, now.seen.new == ()) == (is_over, not is_over)
    assert now.seen.old == (made().rows if is_over else plan.seen.old)


def test_a_plan_without_a_detour_stays_as_it_is() -> None:
    plan = FakeWorld().plan()

    assert phased(plan, None, NOTHING) is plan
    assert over(plan.seen, None) is plan.seen
    assert grounded(plan, (), False, people()).apart is None


def test_stand_ins_are_told_apart_and_their_rows_stand_beside_the_record() -> None:
    plan = planned()
    both = people(pod("h", "n-1"), pod("s", "n-1", True))

    direct = grounded(phased(plan, both, NOTHING), (), False, both)
    after = grounded(phased(plan, people(pod("s", "n-1", True)), NOTHING), (), False, both)

    assert direct.apart == after.apart == {"uid-s"}
    assert (len(direct.besides), after.besides) == (3, ())


def test_the_way_back_undoes_no_more_than_was_begun() -> None:
    plan = planned()
    opened = next(step for step in plan.steps if isinstance(step, OpenDoors))
    last = next(step for step in plan.steps if isinstance(step, EndOthers))
    retire = next(step for step in plan.steps if isinstance(step, Retire))

    lengths = [len(back(plan, step)) for step in (Preflight(LED.waivers), opened, last, retire)]
    assert lengths == sorted(lengths)
    assert lengths[0] == 3
    assert [isinstance(step, CloseDoors) for step in back(plan, opened)].count(True) == 1


def test_what_stands_in_its_way_is_said_and_what_it_will_be() -> None:
    codes = [finding.code for finding in detour_is_possible(proposed())]

    assert codes == ["detour.planned"]


@pytest.mark.parametrize(
    ("look", "why"),
    [
        ({"capabilities": Capabilities(weights_of=Scope.POOL)}, "detour.pools"),
        ({"capabilities": Capabilities(controlled=True)}, "detour.controller"),
        ({"health": CHECKS}, "detour.health-port"),
    ],
)  # fmt: skip
def test_where_it_cannot_be_done_the_plan_blocks(look: dict[str, Any], why: str) -> None:
    found = list(detour_is_possible(proposed(world=replace(fake().look(LED), **look))))

    reasons = [dict(finding.values)["why"] for finding in found if finding.code == "detour.not-here"]
    assert [getattr(reason, "code", "") for reason in reasons] == [why]


def test_a_source_of_another_kind_or_of_a_controller_is_refused() -> None:
    world = fake()
    mapping(world.cluster.objects[OLD_REF], "metadata")["ownerReferences"] = [
        {"kind": "Operator", "name": "x", "uid": "u"}
    ]
    world.cluster.add(
        {"apiVersion": "v1", "kind": "Operator", "metadata": {"name": "x", "namespace": "edge", "uid": "u"}}
    )
    proposal = proposed(world=world.look(LED))
    other = replace(proposal, spec=replace(LED, source=replace(LED.source, kind="DaemonSet")))

    reasons = [getattr(dict(f.values).get("why"), "code", "") for f in detour_is_possible(other)]
    assert reasons[:2] == ["detour.kind", "detour.owned"]


# --- a few at a time ----------------------------------------------------------------------------------------------------

IN_TURN = replace(LED, target=replace(LED.target, at_a_time=2))  # type: ignore[arg-type]


def in_turn_of(spec: Spec = IN_TURN) -> Detour:
    return made(proposed(spec))


def test_so_many_pods_as_the_plan_says_change_places_at_a_time_while_others_are_left() -> None:
    assert in_turn_of().at_a_time == 2
    assert made().at_a_time == 0
    assert in_turn_of(replace(LED, target=replace(LED.target, at_a_time=3))).at_a_time == 0  # type: ignore[arg-type]


def test_a_row_without_weight_has_no_turn_and_blocks() -> None:
    proposal = proposed(IN_TURN)
    idle = replace(proposal.old[0], weight=0)
    few = replace(IN_TURN, target=replace(IN_TURN.target, at_a_time=1))  # type: ignore[arg-type]
    weighed = replace(proposal, spec=few, sides=replace(proposal.sides, old=(idle, *proposal.old[1:])))

    reasons = [getattr(dict(f.values).get("why"), "code", "") for f in detour_is_possible(weighed)]
    assert "detour.idle" in reasons


def test_a_node_that_some_listeners_dial_and_others_do_not_has_no_turn_and_blocks() -> None:
    proposal = proposed(replace(IN_TURN, target=replace(IN_TURN.target, at_a_time=1)))  # type: ignore[arg-type]
    first, *others = proposal.old
    second = [replace(slot, backend=replace(slot.backend, listener="l-2")) for slot in (first, *others)]
    alike, lopsided = (first, *others, *second), (first, *others, *second[1:])

    said = [
        [
            dict(finding.values)["why"]
            for finding in detour_is_possible(replace(proposal, sides=replace(proposal.sides, old=old)))
            if finding.code == "detour.not-here"
        ]
        for old in (alike, lopsided)
    ]

    codes = [[getattr(why, "code", "") for why in whys] for whys in said]
    assert "detour.absent" not in codes[0]
    assert "detour.absent" in codes[1]
    assert second[0].backend.address in str(said[1])


def test_every_turn_clears_exchanges_and_leads_over_and_the_last_one_ends_all_others() -> None:
    turns = [step for step in fake().plan(IN_TURN).steps if isinstance(step, Clear | Exchange | LeadSome)]
    patches = [dig(step.changes[0].patch, "spec", "strategy") for step in turns if isinstance(step, Exchange)]

    assert [type(step) for step in turns] == [Clear, Exchange, LeadSome] * 2
    assert [step.turn for step in turns[::3]] == [Turn(1, 2, 2, 1), Turn(2, 2, 3, 0)]
    assert patches == [
        {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": few}} for few in (2, "100%")
    ]


def test_the_way_back_takes_the_same_turns_towards_host_ports_from_the_first_step_after_the_ports_are_open() -> None:
    plan = fake().plan(IN_TURN)
    opened, first = plan.steps[2:4]
    turns = [step for step in back(plan, first) if isinstance(step, Clear | Exchange | LeadSome)]

    assert [type(step) for step in turns] == [Clear, Exchange, LeadSome] * 2
    assert not any(step.standing_in for step in turns)
    assert not any(isinstance(step, Clear) for step in back(plan, opened))


@pytest.mark.parametrize(
    "strategy",
    [
        pytest.param(None, id="none written"),
        pytest.param({"type": "Recreate"}, id="recreated"),
        pytest.param(
            {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}}, id="as during a turn"
        ),
        pytest.param({"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%"}}, id="by half"),
    ],
)
@pytest.mark.parametrize("pods", [1, None])
def test_a_turns_change_is_undone_exactly_whatever_the_deployment_had(strategy: Any, pods: int | None) -> None:
    spec: Manifest = {"template": {"metadata": {}, "spec": {"hostNetwork": True}}}
    source: Manifest = {
        "kind": "Deployment",
        "metadata": {"name": "gw"},
        "spec": {**spec, **({"strategy": strategy} if strategy else {})},
    }
    hold = held_in_turn(source)

    change = in_turn(hold, lent(source, ["a"]), pods)
    there = merged(source, change.patch)

    assert holds(there, change.patch)
    assert dig(there, "spec", "template", "spec", "hostNetwork") is None
    assert merged(there, change.undo) == source
    assert merged(merged(there, lent(source, ["a"]).undo), undone(hold).patch) == source


MIXED = {
    **{Backend("l-1", f"10.1.0.{index}", NEW_PORT): (100,) for index in (2, 3)},
    Backend("l-1", "10.1.0.1", 30000): (100,),
}
EVERY = {Backend("l-1", f"10.1.0.{index}", 30000): (100,) for index in (1, 2, 3)}


@pytest.mark.parametrize(
    ("past", "is_over"),
    [
        pytest.param(JournalFacts(weights=MIXED), False, id="one is over"),
        pytest.param(JournalFacts(weights=EVERY), True, id="all are over"),
        pytest.param(JournalFacts(weights={**MIXED, **EVERY}), True, id="the new side is there too"),
        pytest.param(
            JournalFacts(weights=MIXED, removed={Backend("l-1", "10.1.0.2", 30000): 20}), True, id="they are being taken off"
        ),
    ],
)  # fmt: skip
def test_while_nobody_sees_pods_the_run_knows_from_its_own_writes_how_far_the_old_side_is(
    past: JournalFacts, is_over: bool
) -> None:
    now = phased(fake().plan(IN_TURN), None, past)

    assert (now.seen.new != ()) is is_over


def test_the_plan_says_that_it_goes_in_turn() -> None:
    found = list(detour_is_possible(proposed(IN_TURN)))

    assert [(finding.code, finding["at_a_time"]) for finding in found] == [("detour.planned", 2)]
