"""Restarting the DaemonSet of a completed run, or of a gateway that stands: what is wanted, whether it may be, and its run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import yaml

from migrator.adapters.balancers import profile_of
from migrator.adapters.planfile.read import read_file
from migrator.adapters.planfile.source import text_of
from migrator.app.one_run.gateway_lease import require_free
from migrator.app.plan.digest import digest
from migrator.app.plan.looking.balancer import leaving
from migrator.app.plan.looking.probe_ways import ways_to
from migrator.app.run.following import require_no_other, require_not_raising
from migrator.app.wiring import CLOCK, who
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Side
from migrator.domain.model.manifests import Manifest, mapping, text
from migrator.domain.model.pod_targets import Entry
from migrator.domain.model.refs import target_ref
from migrator.domain.model.runs import State
from migrator.domain.planning.backends import Slot
from migrator.domain.planning.clusters.alone import alone
from migrator.domain.planning.following.standing import NO_RUN, Standing, rows_of, unclear
from migrator.domain.planning.restarting.restart import Wanted, in_the_way, restart
from migrator.domain.planning.restarting.template import beside_template, restarted, unknown_containers, with_images
from migrator.domain.planning.route import window

if TYPE_CHECKING:
    from migrator.domain.model.spec import Spec
    from migrator.domain.planning.plan import Plan
    from migrator.domain.ports.outside import Readers
    from migrator.store import Store, StoreReader


LARGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asks for: images by container, nodes at a time, watched seconds after each (None: the judge's window),
    and a strategic merge patch of the DaemonSet (None: none)."""

    images: Mapping[str, str] = field(default_factory=dict)
    at_once: int = 1
    soak: float | None = None
    patch: Manifest | None = None


def spec_of(store: StoreReader, named: str, is_file: bool) -> Spec:
    """Give the spec of a plan file, or of a completed run; of two clusters, as the new side's alone has it.

    UsageError for a run that put no gateway in place.
    """
    if is_file:
        return alone(read_file(named), Side.NEW)
    run = store.run(named)
    plan = store.plan(run.plan_id)
    if run.state is not State.COMPLETED or not plan.journey().moves:
        raise UsageError(say("restart.no-gateway", run=run.id, name=run.name, state=run.state))
    return alone(plan.spec, Side.NEW)


def proposed(store: Store, spec: Spec, readers: Readers, asked: Asked) -> Plan:
    """Look, and give the plan of the restart; nothing is written.

    UsageError says what stands in the way, LeaseHeld who has the gateway; Unreachable or Refused: nobody answers.
    """
    require_no_other(store, spec, own=NO_RUN)
    require_free(store, spec, readers.cluster)
    ref = target_ref(spec)
    manifest, workload = readers.cluster.get(ref), readers.cluster.workload(ref)
    if manifest is None or not workload.exists:
        raise UsageError(say("restart.gone", object=str(ref), name=spec.name))
    can = readers.balancer.capabilities()
    if can.controlled:
        provider = spec.balancer.provider
        raise UsageError(say("restart.controlled", provider=provider, namespace=ref.namespace, name=ref.name))
    require_not_raising(manifest, spec)
    hosts = readers.cluster.hosts(spec.target.node_selector)
    seen = Standing(manifest, readers.balancer.targets(), can, hosts, leaving(readers.balancer))
    if why := unclear(spec, seen) or in_the_way(spec, seen, workload, asked.at_once) or _bound(spec, seen, readers):
        raise UsageError(why)
    slots = [Slot(row.backend, row.weight, Entry.POD, row.backend.port) for row in rows_of(spec, seen)]
    ways, _ = ways_to(spec, slots, seen.targets, readers.prober)
    now = CLOCK.now()
    soak = window(spec.judge) if asked.soak is None else asked.soak
    changed = manifest if asked.patch is None else readers.cluster.previewed(ref, asked.patch)
    if more := beside_template(manifest, changed):
        raise UsageError(say("restart.patch-more", keys=more))
    require_not_raising(changed, spec)
    wanted = Wanted(restarted(_template(changed, asked), now), asked.at_once, soak)
    return restart(spec, seen, workload, wanted, ways, now, who(), digest)


def _bound(spec: Spec, seen: Standing, readers: Readers) -> Message | None:
    """Say which binding registers the gateway's pods by itself: it would put back what the restart takes off."""
    cloud, ref = profile_of(spec.balancer.provider).cloud, target_ref(spec)
    pools = {row.pool for row in rows_of(spec, seen) if row.pool}
    for kind in cloud.controller.bindings if cloud and pools else ():
        if kind.kind not in readers.cluster.kinds(kind.api_version.partition("/")[0]):
            continue
        for thing in readers.cluster.list_objects(kind.api_version, kind.kind, ref.namespace):
            if (group := text(thing, *kind.group)) in pools:
                named = f"{kind.kind} {text(thing, 'metadata', 'name')}"
                return say("restart.bound", binding=named, group=group, namespace=ref.namespace, name=ref.name)
    return None


def patch_of(file: str) -> Manifest:
    """Read a patch. UsageError for a file that is none."""
    try:
        found = yaml.safe_load(text_of(file, LARGEST))
    except yaml.YAMLError as error:
        raise UsageError(say("restart.patch", file=file)) from error
    if not isinstance(found, dict):
        raise UsageError(say("restart.patch", file=file))
    return found


def _template(workload: Manifest, asked: Asked) -> Manifest:
    template = mapping(workload, "spec", "template")
    if unknown := unknown_containers(template, asked.images):
        raise UsageError(say("restart.no-container", containers=unknown))
    return with_images(template, asked.images)
