"""A node that is gone for good takes its place with it; a node that came since takes it up, at every step that counts them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Backend, Health, Pools, Side
from migrator.domain.model.decisions import Ask, Decision, Do, Done, Wait
from migrator.domain.model.pod_targets import Door, Entry
from migrator.domain.model.workload import Pod
from migrator.domain.observation.nodes import Host
from migrator.domain.observation.sighting import JournalFacts, Probes, Workloads
from migrator.domain.planning.backends import footing
from migrator.domain.sides.filling import filled
from migrator.domain.steps import Attach, AwaitReady, Shift, Step, VerifyConfig
from tests.domain.deciding import ORIGINALS, check, past
from tests.domain.seen import FOOTING, NEW, NODES, pod, pools, rows, seen, workload, workloads
from tests.fakes.world import FakeWorld, quick

CAME = Backend("l-1", "10.1.0.9", 80)
ON_NODES = replace(
    FOOTING, new=(Door("l-1", 80, Entry.HOST_PORT),), planned=frozenset(NEW), nodes={"n-1": "10.1.0.1"}, left=NODES[1:]
)
STAYED = (pod(Side.NEW, 0),)
NEWCOMER = Pod(PodRef("edge", "new-9", "uid-9", "10.1.0.9", "n-9"), (), ready=True, host_ip="10.1.0.9")
WARMING = replace(NEWCOMER, ready=False)
GONE = pools(old=100, new=0).of(Side.OLD) + tuple(rows(Side.NEW, NEW[:1], 0))
SHIFT = Shift(Side.NEW, 50.0, ORIGINALS, NODES, soak=10.0, settle=20.0, patience=30.0)
ANSWERS = Probes((("10.1.0.1:80", None), ("10.1.0.9:80", None)), 1099.0)


def there(*pods: Pod, rows_of: Pools | None = None, history: JournalFacts | None = None) -> tuple[object, ...]:
    """Give what is seen once node n-2 has left and these pods run beside the one that stayed."""
    people = Workloads(workloads().old, workload(Side.NEW, (*STAYED, *pods)))
    given = history or past(95)
    standing, sides = filled(ON_NODES, rows_of or Pools(GONE), people, given)
    return people, standing, sides, given, ANSWERS


def test_a_node_that_came_with_the_address_of_one_that_is_gone_has_its_place() -> None:
    again = replace(NEWCOMER, ref=replace(NEWCOMER.ref, ip=NODES[1].address), host_ip=NODES[1].address)
    ground = replace(ON_NODES, nodes={"n-1": "10.1.0.1", "n-9": NODES[1].address})
    people = Workloads(workloads().old, workload(Side.NEW, (*STAYED, again)))
    standing, sides = filled(ground, Pools(GONE), people, past(95))

    facets = (people, standing, sides, past(95), ANSWERS)
    check(Attach(Side.NEW, NEW, 200), facets, Do, "attach.register backends=1 side=new")


REGISTERED = Pools((*GONE, *rows(Side.NEW, (CAME,), 0)))


@pytest.mark.parametrize(
    ("step", "facets", "kind", "said"),
    [
        pytest.param(
            AwaitReady(NODES, 200), there(), Wait, "[(pod.missing places=[n-2] why=(pod.node-left))]", id="nobody came"
        ),
        pytest.param(
            AwaitReady(NODES, 200), there(WARMING), Wait, "ready.waiting ready=1 wanted=2", id="who came is not Ready"
        ),
        pytest.param(AwaitReady(NODES, 200), there(NEWCOMER), Done, "ready.done pods=2", id="who came is Ready"),
        pytest.param(
            VerifyConfig(NEW, 200, compared=False),
            there(),
            Done,
            "config.verified backends=1",
            id="nobody asks a node that is gone",
        ),
        pytest.param(
            VerifyConfig(NEW, 200, compared=False),
            there(NEWCOMER),
            Done,
            "config.verified backends=2",
            id="who came is asked",
        ),
        pytest.param(
            Attach(Side.NEW, NEW, 200),
            there(NEWCOMER),
            Do,
            "attach.register backends=1 side=new",
            id="who came is registered",
        ),
        pytest.param(
            Attach(Side.NEW, NEW, 200),
            there(NEWCOMER, rows_of=REGISTERED),
            Done,
            "attach.done backends=2 side=new",
            id="and waited for",
        ),
        pytest.param(
            Attach(Side.NEW, NEW, 200),
            there(),
            Done,
            "attach.done backends=1 side=new",
            id="a node that is gone is not registered",
        ),
        pytest.param(
            SHIFT,
            there(),
            Wait,
            "gateway.short:left serving=1 wanted=2 nodes=[n-2]",
            id="a share waits for another node",
        ),
        pytest.param(SHIFT, there(history=past(60)), Ask, "", id="then a person is asked"),
        pytest.param(SHIFT, there(history=past(60, answered=("nodes.ask",))), Do, "shift.write", id="and says yes"),
        pytest.param(SHIFT, there(NEWCOMER, rows_of=REGISTERED), Do, "shift.write", id="another node came"),
    ],
)
def test_a_step_takes_a_node_that_came_for_one_that_is_gone(
    step: Step, facets: tuple[object, ...], kind: type[Decision], said: str
) -> None:
    check(step, facets, kind, said)


def test_a_node_that_came_besides_and_is_not_fit_keeps_nobody_waiting() -> None:
    sick = Pools((*pools().rows, *rows(Side.NEW, (CAME,), 0, health=Health.UNHEALTHY)))
    people = Workloads(workloads().old, workload(Side.NEW, (*STAYED, pod(Side.NEW, 1), NEWCOMER)))
    both = replace(ON_NODES, left=(), nodes={node.name: node.address for node in NODES})
    standing, sides = filled(both, sick, people, past(95))

    check(Attach(Side.NEW, NEW, 200), (people, standing, sides, past(95), ANSWERS), Done, "attach.done backends=3")


def test_a_share_that_lacks_a_node_for_good_is_no_trouble_besides_its_question() -> None:
    assert SHIFT.troubles(seen(*there(history=past(0)))) == ()


@pytest.mark.parametrize(
    ("hosts", "listed", "live", "left"),
    [
        pytest.param(("n-1", "n-9"), True, (), ("node-0", "node-1", "node-2"), id="none of them is listed"),
        pytest.param(("node-0", "node-1"), True, (), ("node-2",), id="one is not"),
        pytest.param(("node-0", "node-1"), True, ("node-2",), (), id="a pod runs there, whatever an older list says"),
        pytest.param((), True, (), (), id="a list without any node says nothing"),
        pytest.param(("node-0",), False, (), (), id="nobody has listed them"),
    ],
)
def test_a_node_has_left_when_the_newest_list_has_it_no_more(
    hosts: tuple[str, ...], listed: bool, live: tuple[str, ...], left: tuple[str, ...]
) -> None:
    plan = FakeWorld().plan(quick())
    pods = tuple(Pod(PodRef("edge", f"on-{name}", "", "10.1.0.3", name), (), ready=True) for name in live)

    ground = footing(plan, [Host(name, "10.7.0.1") for name in hosts], listed, pods)

    assert tuple(node.name for node in ground.left) == left
    assert not {node.name for node in ground.left} & ground.nodes.keys()
