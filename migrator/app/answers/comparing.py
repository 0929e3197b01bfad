"""`compare-answers`: one round of asking, outside a run. It changes nothing and saves nothing."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from migrator.domain.answers.brought import brought_by
from migrator.domain.answers.course import Course, next_ask
from migrator.domain.answers.parity import AnswerParity, parity
from migrator.domain.answers.places import NO_WAYS, living, places
from migrator.domain.answers.questions import questions
from migrator.domain.answers.trial import Place, Trial
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import say
from migrator.domain.model.balancer import ProbeWay, Side
from migrator.domain.model.manifests import Json
from migrator.domain.model.pod_targets import reached
from migrator.domain.model.refs import namespaces, place, source_ref, target_ref
from migrator.domain.model.spec import Spec
from migrator.domain.observation.world import World
from migrator.domain.planning.backends import sides_of
from migrator.domain.planning.existing.reading import resolved
from migrator.domain.ports.clusters import reader_of
from migrator.domain.ports.outside import AnswerPort, Clock, Readers
from migrator.workflow.watching.answering import routes_of

AT_ONCE = 6


def compare_answers(spec: Spec, readers: Readers, clock: Clock, ways: Mapping[str, ProbeWay] = NO_WAYS) -> AnswerParity:
    """Ask both sides, and compare. `ways` are how a saved plan has found that the listeners' backends are to be asked.
    UsageError where the plan asks nothing or a side is not there; Unreachable or Refused
    when the cluster or the balancer cannot be read."""
    if spec.answers is None or readers.answers is None:
        raise UsageError(say("answers.off"))
    began = clock.monotonic()
    found = _world(spec, readers)
    where = _places(spec, found, ways)
    routes, unread = routes_of(spec.answers, readers.gateways, where)
    course = Course(spec.answers, questions(spec, routes, where), where, spec.answers.most, brought_by(spec))
    trials = asked(course, readers.answers, clock)
    return parity(course, trials, began, max(clock.monotonic(), began + 1e-9), unread)


def asked(course: Course, port: AnswerPort, clock: Clock) -> list[Trial]:
    """Put every question of a round, no more often than the plan's rate allows."""
    trials: list[Trial] = []
    every, due = 1.0 / course.spec.rate, clock.monotonic()
    while (ask := next_ask(course, trials)) is not None:
        if (left := due - clock.monotonic()) > 0:
            clock.sleep(left)
        due = max(due + every, clock.monotonic())
        trials.append(Trial(ask.question, ask.place, port.ask(ask.question, ask.place)))
    return trials


def _world(spec: Spec, readers: Readers) -> World:
    """Look at both workloads, the nodes and the balancer: enough to know where each side answers, and no more."""
    cluster = readers.cluster
    here = reader_of(cluster, place(spec, Side.OLD).at)
    cluster.version()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        source = pool.submit(cluster.get, source_ref(spec))
        old = pool.submit(cluster.workload, source_ref(spec))
        new = pool.submit(cluster.workload, target_ref(spec))
        nodes = pool.submit(reader_of(cluster, place(spec, Side.NEW).at).nodes, spec.target.node_selector)
        services = [pool.submit(here.list_objects, "v1", "Service", space) for space in namespaces(spec)]
        targets = pool.submit(readers.balancer.targets)
        stands = pool.submit(cluster.get, target_ref(spec))
        objects = (
            ("Service", tuple[Json, ...](row for each in services for row in each.result())),
            (spec.target.kind, (stands.result(),)),
        )
        return World(source.result(), old.result(), new.result(), nodes.result(), objects, targets.result())


def _places(spec: Spec, world: World, ways: Mapping[str, ProbeWay]) -> tuple[Place, ...]:
    """Give both sides' places. UsageError where a side has none: the new workload must be there to be asked."""
    world, spec = resolved(world, spec)
    sides = sides_of(world, spec)
    if not world.new.exists:
        raise UsageError(say("answers.no-new-side", workload=str(world.new.ref)))
    old = living([slot.backend for slot in sides.old], world.old)
    scattered = reached((), spec.target.pod_targets, world.new.live)
    new = {slot.backend for slot in sides.new} | {target.backend for target in sides.present} | {*scattered}
    listeners = spec.balancer.listeners
    found = (*places(Side.OLD, listeners, old, world.old, ways), *places(Side.NEW, listeners, new, world.new, ways))
    if not any(place.side is Side.OLD for place in found):
        raise UsageError(say("answers.no-old-side", workload=str(world.old.ref)))
    return found
