"""The guard of a silent run: it acts only when the driver is silent, there is something to take back, and a way to do it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest

from migrator.app.adopt import record
from migrator.app.adopt.dead_man import MENDED_WITHIN, Guard, Heard, blind, homeward, take_back
from migrator.app.adopt.guard_job import Led, job_of
from migrator.domain.messages.errors import MigratorError, Refused, Unreachable, UsageError
from migrator.domain.messages.message import say
from migrator.domain.model.manifests import Manifest, ObjectRef, dig
from migrator.domain.model.runs import Heading, RequestKind, State
from migrator.domain.model.spec import OnSilence, SilenceSpec
from migrator.domain.planning.survival.silence import GAP
from migrator.workflow.progress import Progress
from tests.app.adopt.test_adopting import WHERE, Surviving, at
from tests.fakes.objects import OLD
from tests.fakes.world import DAEMONSET, quick
from tests.words import text

SPEC = replace(quick(), on_silence=SilenceSpec(200.0, OnSilence.ROLLBACK))


def guard(harness: Surviving) -> Guard:
    world = harness.world
    return Guard(world.cluster, WHERE, OLD, world.clock.monotonic, lambda _spec: world.readers)


def hears(harness: Surviving, seconds: float) -> list[Heard]:
    """Let a guard listen every five seconds."""
    listening, found = guard(harness), list[Heard]()
    for _ in range(int(seconds / 5)):
        found.append(listening.listen())
        harness.world.clock.sleep(5.0)
    return found


def silent_at(tmp_path: Path, moment: Callable[[Progress], bool], hold: bool = False) -> Surviving:
    harness = Surviving(tmp_path, spec=quick() if hold else SPEC)
    harness.until(moment)
    return harness


def step(title: str) -> Callable[[Progress], bool]:
    return lambda progress: text(progress.titles[progress.run.cursor]) == title


def test_a_run_that_is_silent_at_a_share_is_taken_back(tmp_path: Path) -> None:
    harness = silent_at(tmp_path, at("Shift 50 %"))

    heard = hears(harness, 210.0)
    assert [each.due for each in heard] == [False] * 40 + [True] * 2
    assert {each.said.code for each in heard[:40]} == {"guard.listens"}
    harness.lose_the_store(tmp_path / "guard")
    harness.adopt()
    with harness.store() as store:
        homeward(store, harness.run)
    ended = harness.process()

    assert ended.state is State.ROLLED_BACK
    assert harness.world.weights == harness.world.originals
    assert harness.world.cluster.get(DAEMONSET) is None


def test_the_silent_process_own_store_ends_its_run_by_a_rollback_that_finds_everything_true(tmp_path: Path) -> None:
    harness = silent_at(tmp_path, at("Shift 50 %"))
    own = harness._file, harness._id, harness.plan
    harness.lose_the_store(tmp_path / "guard")
    harness.adopt()
    with harness.store() as store:
        homeward(store, harness.run)
    harness.process()

    harness._file, harness._id, harness.plan = own
    harness.world.shares.clear()
    harness.ask(RequestKind.ROLLBACK)

    assert harness.process().state is State.ROLLED_BACK
    assert harness.world.weights == harness.world.originals
    assert set(harness.world.shares) <= {0.0}


def test_a_guard_that_is_killed_on_the_way_back_is_followed_by_one_that_goes_on(tmp_path: Path) -> None:
    harness = silent_at(tmp_path, at("Shift 50 %"))
    harness.lose_the_store(tmp_path / "guard")
    harness.adopt()
    with harness.store() as store:
        homeward(store, harness.run)
    harness.until(step("Drain new"))
    assert harness.run.heading is Heading.BACK

    assert [each.due for each in hears(harness, 65.0)] == [False] * 12 + [True]
    harness.lose_the_store(tmp_path / "next")
    harness.adopt()
    with harness.store() as store:
        homeward(store, harness.run)

    assert harness.process().state is State.ROLLED_BACK
    assert harness.world.weights == harness.world.originals


def test_a_guard_with_a_store_of_its_own_goes_on_with_what_is_in_it(tmp_path: Path) -> None:
    harness = silent_at(tmp_path, at("Shift 50 %"))
    harness.lose_the_store(tmp_path / "guard")
    harness.adopt()
    with harness.store() as store:
        homeward(store, harness.run)
    harness.until(step("Drain new"))

    with harness.store() as store:
        again = take_back(store, WHERE, OLD)
    assert again == harness.run

    assert harness.process().state is State.ROLLED_BACK
    assert harness.world.weights == harness.world.originals


def test_nothing_is_done_while_the_new_side_has_no_traffic(tmp_path: Path) -> None:
    harness = silent_at(tmp_path, step("Attach new"))

    assert (last := hears(harness, 210.0)[-1]).said.code == "guard.nothing-at-stake"
    assert (last.due, last.over) == (False, False)


def test_nothing_is_done_once_no_way_leads_back(tmp_path: Path) -> None:
    harness = silent_at(tmp_path, step("Confirm new"))

    assert (last := hears(harness, 210.0)[-1]).said.code == "guard.no-way-back"
    assert (last.due, last.over) == (False, True)


def test_a_run_that_has_ended_or_never_was_needs_no_guard(tmp_path: Path) -> None:
    harness = silent_at(tmp_path, at("Shift 50 %"))
    place = harness.world.cluster.get(record.place_ref(WHERE.namespace, OLD))
    assert place is not None

    assert guard(Surviving(tmp_path / "other", spec=SPEC)).listen().said.code == "guard.no-record"


def test_a_plan_that_holds_is_nobodys_to_take_back(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as found:
        guard(silent_at(tmp_path, at("Shift 50 %"), hold=True)).listen()

    assert found.value.message.code == "guard.holds"


def take_away(harness: Surviving, ref: ObjectRef) -> Manifest:
    """Take a part of the record away, as a process does when the run has ended."""
    made = harness.world.cluster.get(ref)
    assert made is not None
    harness.world.cluster.objects.pop(ref)
    return made


def test_a_record_that_is_just_being_written_or_taken_away_ends_no_guard(tmp_path: Path) -> None:
    harness = silent_at(tmp_path, at("Shift 50 %"))
    part = record.part_ref(WHERE.namespace, OLD, 1)
    listening, made = guard(harness), take_away(harness, part)
    assert listening.listen().said.code == "guard.blind"

    harness.world.clock.sleep(MENDED_WITHIN / 2)
    harness.world.cluster.objects[part] = made
    assert listening.listen().said.code == "guard.listens"

    take_away(harness, part)
    assert listening.listen().said.code == "guard.blind"
    harness.world.clock.sleep(MENDED_WITHIN)
    with pytest.raises(Refused) as found:
        listening.listen()
    assert found.value.message.code == "adopt.not-whole"

    take_away(harness, record.place_ref(WHERE.namespace, OLD))
    assert listening.listen().over


@pytest.mark.parametrize("error", [Refused, Unreachable])
def test_a_balancer_that_says_no_at_the_moment_ends_no_guard_and_costs_no_silence(
    tmp_path: Path, error: type[MigratorError]
) -> None:
    harness = silent_at(tmp_path, at("Shift 50 %"))
    listening, clock = guard(harness), harness.world.clock
    for _ in range(40):
        listening.listen()
        clock.sleep(5.0)

    def no() -> NoReturn:
        clock.sleep(2 * GAP)
        raise error(say("look.balancer-late"))

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(harness.world.balancer, "targets", no)
        assert (heard := listening.listen()).said.code == "guard.blind"
        assert not heard.due
    clock.sleep(5.0)

    assert listening.listen().due


def test_a_guard_that_has_nothing_to_ask_the_balancer_with_says_so_at_its_start(tmp_path: Path) -> None:
    harness = silent_at(tmp_path, at("Shift 50 %"))
    balancer: Any = harness.world.balancer
    answers: list[MigratorError] = [Unreachable(say("look.balancer-late")), Refused(say("look.balancer-late"))]

    def asked() -> NoReturn:
        raise answers.pop(0)

    balancer.require_credentials = asked
    listening = guard(harness)

    assert listening.listen().said.code == "guard.blind"
    with pytest.raises(UsageError):
        listening.listen()


def test_a_cluster_that_does_not_answer_is_told() -> None:
    heard = blind(Unreachable(say("look.silent", why=(), guard=say("judge.silent"))))

    assert (heard.said.code, heard.due, heard.over) == ("guard.blind", False, False)


def test_the_job_runs_the_guard_of_its_gateway_and_holds_no_secret() -> None:
    job = job_of("edge", "istio-ingressgateway", "registry.example.com/migrator:1")

    (container,) = dig(job, "spec", "template", "spec", "containers")  # type: ignore[misc]  # a list of one
    assert container["command"] == ["migrator", "guard", "edge/istio-ingressgateway"]  # type: ignore[index,call-overload]  # a map
    assert dig(job, "metadata", "name") == "migrator-guard-istio-ingressgateway"


def test_the_job_of_a_run_between_two_clusters_reads_what_leads_to_both_from_the_secret_that_is_named() -> None:
    job = job_of("edge", "gw", "migrator:1", Led("both", "prod-a"))

    (container,) = dig(job, "spec", "template", "spec", "containers")  # type: ignore[misc]  # a list of one
    assert container["command"][3:] == ["--kubeconfig", "/etc/migrator/kubeconfig", "--context", "prod-a"]  # type: ignore[index,call-overload]  # a map
    mounted = {"name": "kubeconfig", "mountPath": "/etc/migrator", "readOnly": True}
    assert mounted in container["volumeMounts"]  # type: ignore[index,call-overload,operator]  # a map
    volumes = dig(job, "spec", "template", "spec", "volumes")
    assert isinstance(volumes, list)
    assert {"name": "kubeconfig", "secret": {"secretName": "both"}} in volumes
    assert Led("both").words == ["--kubeconfig", "/etc/migrator/kubeconfig"]
