"""Old pods that are restarted, evicted, lost and scaled in a fake world, whose balancer then sees what really lives."""

from __future__ import annotations

from collections.abc import Callable

from migrator.domain.model.balancer import Backend
from migrator.domain.model.manifests import Manifest, items, mapping, text
from migrator.workflow.progress import Progress
from tests.fakes.objects import OLD, OLD_PORT
from tests.fakes.world import DEPLOYMENT, NEW_PORT, FakeWorld
from tests.words import text as words


def truthful(world: FakeWorld) -> FakeWorld:
    """Let the balancer call an old backend healthy only while a Ready pod is behind it."""

    def look(_seconds: float) -> None:
        ready = [pod for pod in old_pods(world) if _ready(pod) and not text(pod, "metadata", "deletionTimestamp")]
        at = {text(pod, "status", "hostIP" if world.host_port else "podIP") for pod in ready}
        old = {backend for backend in world.balancer.rows if backend.port != NEW_PORT}
        by_node = bool(ready) and not world.host_port and any(backend.port >= 30000 for backend in old)
        world.balancer.trouble.sick_rows = set() if by_node else {each for each in old if each.address not in at}

    world.clock.passing.insert(0, look)
    return world


def controlled(world: FakeWorld, weight: int = 10) -> FakeWorld:
    """Let a cloud's controller register each Ready old pod, at a weight of its own, and remove the rows of those that go."""
    (listener,) = {backend.listener for backend in world.balancer.rows}

    def work(_seconds: float) -> None:
        pods = {text(pod, "status", "podIP"): _ready(pod) for pod in old_pods(world)}
        there = {backend.address for backend in world.balancer.rows if backend.port == OLD_PORT}
        for address in [each for each, ready in pods.items() if ready and each not in there]:
            world.balancer.hand(Backend(listener, address, OLD_PORT), weight)
        for address in there - pods.keys():
            world.balancer.hand(Backend(listener, address, OLD_PORT), None)

    world.clock.passing.insert(0, work)
    return world


def invited(world: FakeWorld) -> FakeWorld:
    """Let a cloud's controller take off the rows of old pods that are not Ready any more, and those of pods that are gone."""

    def work(_seconds: float) -> None:
        ready = [pod for pod in old_pods(world) if _ready(pod) and not text(pod, "metadata", "deletionTimestamp")]
        members = {text(pod, "status", "podIP") for pod in ready}
        for backend in [each for each in world.balancer.rows if each.port == OLD_PORT and each.address not in members]:
            world.balancer.hand(backend, None)

    world.clock.passing.insert(0, work)
    return world


def move(world: FakeWorld) -> None:
    """Let the first old pod be made again on the last node, which has none."""
    lose(world, 1)
    world.cluster.workload(DEPLOYMENT)
    node = world.cluster.nodes(())[-1]
    pod = old_pods(world)[0]
    mapping(pod, "spec")["nodeName"] = node.name
    mapping(pod, "status")["hostIP"] = node.address


def failing_as_they_end(world: FakeWorld) -> FakeWorld:
    """Let a pod of the Deployment fail its health check from the moment in which it is told to end."""

    def look(_seconds: float) -> None:
        going = {text(pod, "status", "podIP") for pod in old_pods(world) if text(pod, "metadata", "deletionTimestamp")}
        world.balancer.trouble.sick = going

    world.clock.passing.insert(0, look)
    return world


def old_pods(world: FakeWorld) -> list[Manifest]:
    """Give the old side's pods, ending ones too."""
    every = sorted((ref, pod) for ref, pod in world.cluster.objects.items() if ref.kind == "Pod")
    return [pod for ref, pod in every if ref.name.startswith(f"{OLD}-abc")]


def _ready(pod: Manifest) -> bool:
    return any(text(row, "status") == "True" for row in items(pod, "status", "conditions"))


def end(world: FakeWorld, most: int | None = None) -> None:
    """End (the first `most` of) the old pods; the Deployment makes new ones, which have other names and addresses."""
    for pod in old_pods(world)[:most]:
        mapping(pod, "metadata").setdefault("deletionTimestamp", world.clock.now().isoformat())
    world.cluster._acted = -1.0


def lose(world: FakeWorld, most: int | None = None) -> None:
    """Lose (the first `most` of) the old pods at once, as with their node or by a crash."""
    for ref in [
        ref for ref in sorted(world.cluster.objects) if ref.kind == "Pod" and ref.name.startswith(f"{OLD}-abc")
    ][:most]:
        world.cluster.lose(ref)


def scale(world: FakeWorld, replicas: int) -> None:
    """Scale the old Deployment, as an HPA or a person does."""
    mapping(world.cluster.objects[DEPLOYMENT], "spec")["replicas"] = replicas
    world.cluster._acted = -1.0


def settled(world: FakeWorld) -> None:
    """Let the controllers make the pods that are missing, and these be Ready."""
    world.cluster.workload(DEPLOYMENT)
    world.clock.advance(5.0)
    world.cluster.workload(DEPLOYMENT)


def followed(world: FakeWorld, weight: int = 100) -> None:
    """Let the pods settle, and somebody bring the rows of the balancer's one listener to them."""
    settled(world)
    (listener,) = {backend.listener for backend in world.weights}
    living = {text(pod, "status", "podIP") for pod in old_pods(world)}
    there = {backend.address for backend in world.weights if backend.port == OLD_PORT}
    for address in living - there:
        world.balancer.hand(Backend(listener, address, OLD_PORT), weight)
    for address in there - living:
        world.balancer.hand(Backend(listener, address, OLD_PORT), None)


def once(
    title: str, act: Callable[[], None], when: Callable[[Progress], bool] = lambda _p: True
) -> Callable[[Progress], bool]:
    """Act when a step is reached (and `when` holds), and let the process go on."""
    done: list[bool] = []

    def told(progress: Progress) -> bool:
        run = progress.run
        if not done and not run.ended and words(progress.titles[run.cursor]) == title and when(progress):
            done.append(True)
            act()
        return False

    return told
