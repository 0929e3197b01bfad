"""What a run does when somebody does not answer: it waits, looks, and the way back goes on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.messages.errors import Denied, Refused
from migrator.domain.messages.message import verbatim
from migrator.domain.model.actions import SetWeights, Word
from migrator.domain.model.balancer import Capabilities
from migrator.domain.model.runs import Heading, RequestKind, State
from migrator.domain.model.spec import NoDataSpec
from migrator.domain.model.workload import Pod
from migrator.store.codec.codec import from_data
from migrator.workflow.progress import Progress
from tests.fakes.balancer import lost_answer
from tests.fakes.harness import Harness, soaked
from tests.fakes.world import NEW_PORT, FakeWorld
from tests.workflow.conftest import Make
from tests.workflow.test_requests import AUTO, after, at, resting, small
from tests.workflow.test_trouble import SILENT, climbing, nobody_was_hurt, world_shares_never_fell


def test_a_silent_cluster_stops_advances_and_nothing_else(make: Make) -> None:
    harness = climbing(make)
    harness.process(leaves=after(3))
    share = harness.world.share
    harness.world.cluster.orders.fail("workload", SILENT, times=-1)

    run = harness.process(leaves=after(40))

    assert (run.state, harness.world.share) == (State.RUNNING, share)
    assert "look.silent" in harness.words()[-1]


def test_a_rollback_restores_the_weights_while_the_cluster_is_silent(make: Make) -> None:
    harness = climbing(make)
    harness.ask(RequestKind.ROLLBACK)
    turned = []

    def silent_from_now(progress: object) -> bool:
        if not turned:
            turned.append(progress)
            for call in ("workload", "get", "list_objects"):
                harness.world.cluster.orders.fail(call, SILENT, times=-1)
        return harness.world.share == 0 and len(harness.progress) > 200

    harness.process(leaves=silent_from_now)
    assert harness.world.share == 0
    harness.world.cluster.orders.forgive()

    assert harness.process().state is State.ROLLED_BACK
    assert harness.world.weights == harness.world.originals


@pytest.mark.parametrize("call", ["set_weights", "register", "deregister", "apply", "patch", "delete", "tell"])
@pytest.mark.parametrize("effect", [True, False], ids=["after its effect", "before it"])
def test_a_write_whose_answer_is_lost_is_looked_at_and_done_once_more_at_most(
    make: Make, call: str, effect: bool
) -> None:
    harness = make(small(), AUTO)
    for fake in (harness.world.balancer, harness.world.cluster, harness.world.gateways):
        fake.orders.fail(call, lost_answer(), times=2, after=effect)

    assert harness.process().state is State.COMPLETED
    assert nobody_was_hurt(harness)


def test_a_balancer_that_is_silent_is_waited_for(make: Make) -> None:
    harness = climbing(make)
    harness.world.balancer.orders.fail("targets", SILENT, times=20)

    assert harness.process().state is State.COMPLETED


def test_a_job_that_failed_half_way_is_done_again(make: Make) -> None:
    harness = climbing(make)
    harness.world.balancer.trouble.rows = 1

    assert harness.process().state is State.COMPLETED
    assert world_shares_never_fell(harness)


def test_jobs_that_take_long_are_polled_and_forgotten_ones_looked_at(make: Make) -> None:
    world = small()
    world.balancer.takes = 4.0
    harness = make(world, AUTO)
    harness.process(leaves=at("Shift 50 %"))
    world.balancer.forget_jobs()

    assert harness.process().state is State.COMPLETED
    assert world_shares_never_fell(harness)


def test_a_poll_without_an_answer_is_asked_again(make: Make) -> None:
    world = small()
    world.balancer.takes = 2.0
    world.balancer.orders.fail("poll", SILENT, times=3)

    assert make(world, AUTO).process().state is State.COMPLETED


@pytest.mark.parametrize("batch", [1, 3], ids=["one row at a time", "three rows at a time"])
def test_small_batches_of_one_listener_get_there_and_never_fall(make: Make, batch: int) -> None:
    world = FakeWorld(Capabilities(batch=batch, several_listeners=False), 2, 2, weight=10)
    harness = make(world, replace(AUTO, balancer=replace(AUTO.balancer, listeners=world_listeners())))

    assert harness.process().state is State.COMPLETED
    assert world_shares_never_fell(harness)


def world_listeners() -> tuple[object, ...]:
    from tests.fakes.world import SPEC

    return SPEC.balancer.listeners


def test_a_reader_that_hangs_or_breaks_is_no_data_and_no_pass(make: Make) -> None:
    """Its last verdict was good; it must not stay good while nobody counts any more."""
    spec = replace(AUTO, judge=replace(AUTO.judge, no_data=NoDataSpec(rollback_after=15.0)))
    harness = make(small(), spec)
    harness.process(leaves=lambda progress: soaked(progress, 1))
    harness.world.gateways.orders.fail("readings", SILENT, times=-1)

    run = harness.process(leaves=lambda _progress: harness.world.share == 0)

    assert run.state in (State.RUNNING, State.WAITING)
    assert "judge.no-data" in str(run.why)


def cluster_is_gone(harness: Harness, error: Exception) -> None:
    for call in ("workload", "get", "list_objects", "patch", "apply", "delete"):
        harness.world.cluster.orders.fail(call, error, times=-1)
    addresses = {f"at {backend.address}" for backend in harness.world.weights}
    for name in addresses:  # gateways are read through the cluster
        harness.world.gateways.process(name).silent = str(error)


@pytest.mark.parametrize("error", [SILENT, Refused(verbatim("the token has expired"))], ids=["silent", "refusing"])
def test_a_process_that_never_saw_the_cluster_takes_the_weights_back_all_the_same(make: Make, error: Exception) -> None:
    """At night the API server is gone, the old process too; the balancer still answers, and that is what counts."""
    harness = climbing(make, title="Keep")
    cluster_is_gone(harness, error)
    harness.ask(RequestKind.ROLLBACK)

    harness.process(leaves=lambda _progress: harness.world.share == 0)
    assert {b: w for b, w in harness.world.weights.items() if b.port != NEW_PORT} == harness.world.originals
    harness.process(leaves=resting(State.WAITING))
    assert "drain.ask" in str(harness.run.why), "connections that nobody can count are unknown, never 0"
    harness.world.cluster.orders.forgive()
    harness.ask(RequestKind.APPROVE)

    assert harness.process().state is State.ROLLED_BACK
    assert nobody_was_hurt(harness)


DENIED = Denied(verbatim("the token has expired"))


def test_a_run_that_the_cluster_lets_in_no_more_holds_asks_to_log_in_and_goes_on_when_somebody_does(make: Make) -> None:
    harness = climbing(make)
    harness.process(leaves=lambda progress: soaked(progress, 1))
    share = harness.world.share
    cluster_is_gone(harness, DENIED)

    run = harness.process(leaves=after(10))

    assert (run.state, run.heading, harness.world.share) == (State.RUNNING, Heading.FORWARD, share)
    assert any("look.denied" in words and "the token has expired" in words for words in harness.words())
    harness.world.cluster.orders.forgive()
    for name in {f"at {backend.address}" for backend in harness.world.weights}:
        harness.world.gateways.process(name).silent = ""
    assert harness.process().state is State.COMPLETED


@pytest.mark.parametrize("state", [State.RUNNING, State.PAUSED])
@pytest.mark.parametrize("eye", ["witness", "health"])
def test_a_new_side_that_dies_while_the_token_is_out_is_left_by_balancer_writes_alone(
    make: Make, eye: str, state: State
) -> None:
    """The API server answers 401 from a share on, then the new gateways crash: nothing but the balancer is needed."""
    harness = climbing(make)
    harness.process(leaves=lambda progress: soaked(progress, 1))
    if state is State.PAUSED:
        harness.ask(RequestKind.PAUSE)
    cluster_is_gone(harness, DENIED)
    harness.process(leaves=after(5))
    harness.world.cluster.orders.calls.clear()
    if eye == "witness":
        harness.world.traffic.refused = True
    else:
        harness.world.balancer.trouble.sick = {b.address for b in harness.world.weights if b.port == NEW_PORT}

    harness.process(leaves=lambda _progress: harness.world.share == 0)

    assert ("witness.refused" if eye == "witness" else "backend.unhealthy") in str(harness.run.why)
    assert not {"patch", "apply", "delete"} & set(harness.world.cluster.orders.calls)
    assert nobody_was_hurt(harness)


@pytest.mark.parametrize("title", ["Drain old", "Retire"])
def test_a_way_back_from_late_in_the_run_gives_the_weights_back_before_the_cluster_answers(
    make: Make, title: str
) -> None:
    """The old gateways were told to go, or the Services lead to the new pods: that is mended when the cluster answers."""
    harness = make(small(), AUTO)
    world = harness.world
    old = world.cluster.workload(world.look().old.ref).live
    going: list[str] = []

    def back_at_nought(progress: Progress) -> bool:
        if not going and at(title)(progress) and len(told_to_go(harness, old)) == len(old):
            going.extend(told_to_go(harness, old))
            silence(harness, DENIED)
            harness.ask(RequestKind.ROLLBACK)
        return bool(going) and world.share == 0

    harness.process(leaves=back_at_nought)
    assert told_to_go(harness, old) == going
    voice(harness)
    run = harness.process()

    assert run.state is State.ROLLED_BACK
    assert {world.gateways.process(pod.ref.name).word for pod in old} == {Word.STAY}
    assert {b: w for b, w in world.weights.items() if b.port != NEW_PORT} == world.originals
    assert nobody_was_hurt(harness)


def told_to_go(harness: Harness, pods: tuple[Pod, ...]) -> list[str]:
    return [pod.ref.name for pod in pods if harness.world.gateways.process(pod.ref.name).word is Word.GO]


def silence(harness: Harness, error: Exception) -> None:
    """Let the API server answer nobody, and lead to no gateway."""
    cluster_is_gone(harness, error)
    for call in ("readings", "told", "tell"):
        harness.world.gateways.orders.fail(call, error, times=-1)


def voice(harness: Harness) -> None:
    harness.world.cluster.orders.forgive()
    harness.world.gateways.orders.forgive()


def test_what_is_said_of_the_protection_is_what_the_last_look_showed(make: Make) -> None:
    harness = climbing(make)
    harness.process(leaves=lambda progress: soaked(progress, 1))
    cluster_is_gone(harness, DENIED)
    harness.process(leaves=after(10))
    with harness.store() as store:
        now = store.process_records(1)[-1].look

    assert now.protection is not None
    assert now.protection.idle is None
    assert {eye.code for eye in now.protection.by} >= {"eye.witness", "eye.health"}
    assert DENIED.message in now.troubles


def test_nothing_advances_in_a_process_that_never_saw_the_cluster(make: Make) -> None:
    harness = climbing(make)
    share = harness.world.share
    cluster_is_gone(harness, SILENT)

    run = harness.process(leaves=after(30))

    assert (run.state, harness.world.share) == (State.RUNNING, share)


@pytest.mark.parametrize("title", ["Attach new", "AwaitReady"])
def test_time_in_which_nothing_could_be_seen_is_no_part_of_a_deadline(make: Make, title: str) -> None:
    """The API server is away for longer than the step may take; its pods come up a while after it is back."""
    harness = make(small(), AUTO)
    assert harness.process(leaves=at(title)).state is State.RUNNING
    away_at = harness.world.clock.monotonic()
    cluster_is_gone(harness, SILENT)

    def back_again(_progress: Progress) -> bool:
        if harness.world.clock.monotonic() - away_at > 10 * AUTO.deadlines.healthy:
            harness.world.cluster.orders.forgive()
        return False

    assert harness.process(leaves=back_again).state is State.COMPLETED


@pytest.mark.parametrize("heading", list(Heading))
def test_a_late_write_of_this_run_is_known_named_and_mended(make: Make, heading: Heading) -> None:
    """A write of a killed process hangs on the wire, the next one goes on without it, and then it arrives."""
    harness = climbing(make, title="Shift 10 %")
    world = harness.world
    world.balancer.orders.fail("set_weights", lost_answer(), times=1)
    harness.process(leaves=lambda progress: soaked(progress, 1))
    held = {row.backend: row.weight for row in first_intent(harness).rows}
    if heading is Heading.BACK:
        harness.ask(RequestKind.ROLLBACK)
        harness.process(leaves=at("Drain new"))
    else:
        harness.process(leaves=at("Shift 90 %"))
    meant = dict(world.weights)
    for backend, weight in held.items():
        world.balancer.hand(backend, weight)
    assert world.weights != meant

    run = harness.process(leaves=lambda _progress: world.weights == meant)
    assert run.state is State.RUNNING
    assert any("write.arrived-late" in words for words in harness.words())
    assert harness.process().state is (State.ROLLED_BACK if heading is Heading.BACK else State.COMPLETED)


def first_intent(harness: Harness) -> SetWeights:
    """Give the first write of weights that failed without an answer."""
    rows = harness.events()
    failed = {row.answers for row in rows if row.kind == "failed"}
    intent = next(row for row in rows if row.id in failed)
    return from_data(intent.data["action"], SetWeights)
