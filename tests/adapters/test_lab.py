"""The adapters before real parts: API server, controllers, node agents, Envoys, the balancer's data plane."""

from __future__ import annotations

import copy
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from migrator.adapters.cluster import connect
from migrator.adapters.cluster.words import Conflict
from migrator.adapters.gateways import gateways
from migrator.adapters.prober import HttpProber
from migrator.adapters.witness.tcp import TcpWitness
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import codes
from migrator.domain.model.actions import ApplyObject, DeleteObject, PatchObject, PodRef, Tell, Word
from migrator.domain.model.balancer import Side
from migrator.domain.model.manifests import Manifest, ObjectRef, mapping, uid_of
from migrator.domain.model.spec import ClusterSpec
from migrator.domain.observation.parity import Compared
from tests.adapters import lab
from tests.adapters.ground import NEW, SERVICE, World, daemon_set, plan_spec, pods_of, service
from tests.adapters.terminator import terminating
from tests.words import refused, text, texts

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with lab.running(tmp_path_factory.mktemp("lab"), nodes=3, replicas=2) as record:
        spec = lab.cluster_spec(record)
        cluster = connect(spec)
        lab.until(lambda: cluster.reader.workload(lab.OLD).ready == 2)
        reader, writer = gateways(plan_spec(spec), cluster.ports)
        yield World(record, cluster, reader, writer, pods_of(cluster, lab.OLD))


@pytest.fixture
def new(world: World) -> Iterator[tuple[PodRef, ...]]:
    """The new gateways, Ready; gone afterwards."""
    world.cluster.writer.apply(ApplyObject(service()))
    world.cluster.writer.apply(ApplyObject(daemon_set(world)))
    lab.until(lambda: world.cluster.reader.workload(NEW).ready == 3)
    yield pods_of(world.cluster, NEW)
    world.cluster.writer.delete(DeleteObject(NEW, world.cluster.reader.workload(NEW).uid))
    lab.until(lambda: not world.cluster.reader.workload(NEW).pods, 90.0)
    made = world.cluster.reader.get(SERVICE)
    world.cluster.writer.delete(DeleteObject(SERVICE, uid_of(made or {})))


def test_counters_move_with_the_requests_that_a_gateway_answers(world: World) -> None:
    before = {each.gateway: each for each in world.reader.readings(Side.OLD, world.old)[0]}
    target = world.old[0]
    for _ in range(5):
        assert HttpProber().probe(target.ip, 8080, "shop.lab.example", "/") is None
    after, silent = world.reader.readings(Side.OLD, world.old)

    assert silent == []
    grown = {each.gateway: each.requests - before[each.gateway].requests for each in after}
    assert grown[target.name] == 5
    assert {each.epoch for each in after} == {each.epoch for each in before.values()}
    one = next(each for each in after if each.gateway == target.name)
    assert (one.connections, (one.accepted or 0) - (before[target.name].accepted or 0)) == (0, 5)


def test_a_bad_answer_is_counted_as_bad(world: World) -> None:
    target = world.old[0]
    before = world.reader.readings(Side.OLD, [target])[0][0]
    said = HttpProber().probe(target.ip, 8080, "shop.lab.example", "/status?code=503")
    after = world.reader.readings(Side.OLD, [target])[0][0]

    assert "status=503" in str(said)
    assert (after.requests - before.requests, after.bad - before.bad) == (1, 1)


def test_the_signal_is_told_read_back_and_taken_back_and_no_connection_is_refused_meanwhile(world: World) -> None:
    target = world.old[0]
    world.writer.tell(Tell(Side.OLD, Word.GO, (target,)))
    told = dict(world.reader.told(Side.OLD, world.old))
    answered = HttpProber().probe(target.ip, 8080, "shop.lab.example", "/")
    world.writer.tell(Tell(Side.OLD, Word.STAY, world.old))

    assert told == {pod.uid: Word.GO if pod is target else Word.STAY for pod in world.old}
    assert answered is None
    assert set(dict(world.reader.told(Side.OLD, world.old)).values()) == {Word.STAY}


def test_new_gateways_of_equal_intent_have_equal_parity(world: World, new: tuple[PodRef, ...]) -> None:
    old = world.reader.parity(world.old[0], Side.OLD)
    lab.until(lambda: not any(world.reader.parity(pod, Side.NEW).unready for pod in new))
    equal = [world.reader.parity(pod, Side.NEW).units == old.units for pod in new]

    answers = dict(
        world.reader.compare(world.reader.reference(world.old[0], Side.OLD), [(pod, Side.NEW) for pod in new])
    )

    assert equal == [True, True, True], [found.differences for found in answers.values() if isinstance(found, Compared)]
    assert all(isinstance(found, Compared) and not found.differences for found in answers.values())
    assert old.unready == ()
    assert {"listener/0.0.0.0_18080", "route/http.18080"} <= {name for name, _ in old.units}


def test_a_runtime_override_on_one_gateway_is_a_difference(world: World) -> None:
    first, second = world.old
    before = world.reader.parity(first, Side.OLD), world.reader.parity(second, Side.OLD)
    stream = world.cluster.ports.open(second, 15000, 5.0)
    stream.send(b"POST /runtime_modify?fault.abort.percent=1 HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n")
    stream.receive(5.0)
    stream.close()

    assert before[0].units == before[1].units
    assert world.reader.parity(second, Side.OLD).units != before[1].units
    answer = dict(world.reader.compare(world.reader.reference(first, Side.OLD), [(second, Side.OLD)]))[second]
    assert isinstance(answer, Compared)
    assert texts(answer.differences) == ['process/runtime fault.abort.percent: only on the new gateway; new "1"']


def test_many_threads_ask_gateways_and_the_api_at_once(world: World) -> None:
    """The client's own port-forward breaks plain calls that run beside it; ours must not."""
    problems: list[object] = []

    def ask() -> None:
        for _ in range(10):
            found, silent = world.reader.readings(Side.OLD, world.old)
            problems.extend(silent)
            problems.extend([] if len(found) == 2 else [found])
            if not world.cluster.reader.workload(lab.OLD).exists:
                problems.append("no workload")

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert problems == []


def test_a_pod_that_is_gone_is_told_without_complaint_and_read_as_silent(world: World) -> None:
    gone = replace(world.old[0], name="gone-12345", uid="gone")
    world.writer.tell(Tell(Side.OLD, Word.STAY, (gone,)))

    found, silent = world.reader.readings(Side.OLD, [gone])
    assert (found, silent[0][0]) == ([], "gone-12345")
    assert "cluster.missing" in codes(silent[0][1])


def test_a_port_where_nobody_listens_is_unreachable(world: World) -> None:
    stream = world.cluster.ports.open(world.old[0], 1, 5.0)
    with pytest.raises(OSError, match=r"port=\(tunnel\.port port=1 "):
        stream.receive(5.0)
    stream.close()


def test_a_field_that_another_manager_owns_is_refused_and_not_taken(world: World) -> None:
    found = world.cluster.reader.get(lab.OLD)
    assert found is not None
    meta: Manifest = {"name": lab.OLD.name, "namespace": lab.OLD.namespace}
    claim: Manifest = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta, "spec": {"replicas": 7}}

    with refused(Conflict, "cluster.refused", status=409):
        world.cluster.writer.apply(ApplyObject(claim))
    assert world.cluster.reader.workload(lab.OLD).wanted == 2


def test_a_port_conflict_is_named_with_the_schedulers_words(world: World) -> None:
    manifest = daemon_set(world)
    rival = copy.deepcopy(manifest)
    rival["metadata"] = {"name": "gw-rival", "namespace": NEW.namespace}
    mapping(rival, "spec")["selector"] = {"matchLabels": {"app": "rival"}}
    mapping(rival, "spec", "template", "metadata")["labels"] = {"app": "rival"}
    ref = ObjectRef(NEW.api_version, NEW.kind, NEW.namespace, "gw-rival")
    for each in (manifest, rival):
        world.cluster.writer.apply(ApplyObject(each))
    try:
        pods = lab.until(
            lambda: [p for p in world.cluster.reader.workload(ref).pods if "Unschedulable" in text(p.trouble)]
        )

        assert "host ports 15021, 15090, 18080" in text(pods[0].trouble)
        assert "free ports" in text(pods[0].trouble)
        assert not pods[0].hopeless  # not yet: it has lasted for less than half a minute
    finally:
        for each in (ref, NEW):
            world.cluster.writer.delete(DeleteObject(each, world.cluster.reader.workload(each).uid))
        lab.until(lambda: not world.cluster.reader.list_objects("v1", "Pod", NEW.namespace, "app=gw-ds"), 90.0)


def test_a_crash_loop_is_named_with_its_exit_code(world: World) -> None:
    ref = ObjectRef("apps/v1", "Deployment", NEW.namespace, "crashing")
    own: Manifest = {"app": "crashing"}
    container: Manifest = {"name": "main", "image": "x", "command": ["sh", "-c", "exit 3"]}
    body: Manifest = {"selector": {"matchLabels": own}, "template": {"metadata": {"labels": own}}}
    mapping(body, "template")["spec"] = {"containers": [container]}
    manifest: Manifest = {"apiVersion": "apps/v1", "kind": "Deployment", "spec": body}
    manifest["metadata"] = {"name": "crashing", "namespace": NEW.namespace}
    world.cluster.writer.apply(ApplyObject(manifest))
    try:
        pods = lab.until(
            lambda: [p for p in world.cluster.reader.workload(ref).pods if "CrashLoop" in text(p.trouble)], 40.0
        )

        assert "ended with code 3" in text(pods[0].trouble)
    finally:
        world.cluster.writer.delete(DeleteObject(ref, world.cluster.reader.workload(ref).uid))


def test_the_witness_learns_who_answered_through_the_balancer(world: World) -> None:
    host, _, port = world.record.addresses["vip"].removeprefix("http://").partition(":")
    seen = lab.until(lambda: found if not (found := TcpWitness(host, int(port)).try_once()).error else None)

    assert seen.status == 200
    assert seen.gateway in {f"{pod.ip}:8080" for pod in world.old}


class TestBehindTls:
    """The same over TLS with a client certificate, as most real API servers want it."""

    def spec(self, world: World, folder: Path, url: str, **files: Path) -> ClusterSpec:
        content = yaml.safe_load(Path(world.record.kubeconfig).read_text())
        content["clusters"][0]["cluster"] = {"server": url}
        for name, path in files.items():
            where = content["clusters"][0]["cluster"] if "authority" in name else content["users"][0]["user"]
            where[name.replace("_", "-")] = str(path)
        path = folder / "kubeconfig"
        path.write_text(yaml.safe_dump(content))
        return ClusterSpec(lab.OLD.namespace, kubeconfig=str(path))

    def target(self, world: World) -> tuple[str, int]:
        host, _, port = world.record.addresses["api"].removeprefix("http://").partition(":")
        return host, int(port)

    def test_calls_and_tunnels_both_use_the_kubeconfigs_certificates(self, world: World, tmp_path: Path) -> None:
        with terminating(tmp_path, self.target(world)) as front:
            files = {"certificate_authority": front.ca, "client_certificate": front.cert, "client_key": front.key}
            spec = self.spec(world, tmp_path, front.url, **files)
            cluster = connect(spec)
            reader, _ = gateways(plan_spec(spec), cluster.ports)

            assert cluster.reader.version()
            assert [each.gateway for each in reader.readings(Side.OLD, world.old)[0]] == [pod.name for pod in world.old]

    def test_a_server_nobody_vouches_for_is_refused_and_sent_nothing(self, world: World, tmp_path: Path) -> None:
        with terminating(tmp_path, self.target(world)) as front:
            cluster = connect(self.spec(world, tmp_path, front.url))

            with refused(Refused, "cluster.untrusted"):
                cluster.reader.version()
            with pytest.raises((Refused, Unreachable), match="certificate verify failed"):
                cluster.ports.open(world.old[0], 15000, 5.0)


def test_a_wrong_token_is_said_to_be_one(world: World, tmp_path: Path) -> None:
    content = yaml.safe_load(Path(world.record.kubeconfig).read_text())
    content["users"][0]["user"]["token"] = "wrong"
    path = tmp_path / "kubeconfig"
    path.write_text(yaml.safe_dump(content))
    cluster = connect(ClusterSpec(lab.OLD.namespace, kubeconfig=str(path)))

    with refused(Refused, "cluster.unauthorized"):
        cluster.reader.version()
    with refused(Refused, "cluster.unauthorized"):
        cluster.ports.open(world.old[0], 15000, 5.0)


def test_a_patch_of_anothers_object_goes_by_its_uid(world: World) -> None:
    ref = ObjectRef("v1", "Service", lab.OLD.namespace, lab.OLD.name)
    found = world.cluster.reader.get(ref)
    assert found is not None
    uid = str(mapping(found, "metadata")["uid"])
    world.cluster.writer.patch(PatchObject(ref, {"metadata": {"annotations": {"a": "b"}}}, uid))
    with pytest.raises(Refused):
        world.cluster.writer.patch(PatchObject(ref, {"metadata": {"annotations": {"a": "c"}}}, "another"))

    after = world.cluster.reader.get(ref)
    assert mapping(after, "metadata", "annotations")["a"] == "b"
