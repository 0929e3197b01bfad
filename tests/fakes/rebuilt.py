"""A fake world built from a store alone: what its first plan saw, and after it every write that its journal tells of.

It is how a run that another version left behind is gone on with: the store is all that is left of that version.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from migrator.domain.model.actions import Action, ApplyObject, DeleteObject, PatchObject
from migrator.domain.model.change import Change
from migrator.domain.model.manifests import Json, Manifest, ObjectRef, dig, labels, mapping, merged, ref_of, uid_of
from migrator.domain.model.refs import source_ref
from migrator.domain.model.runs import State
from migrator.domain.planning.plan import Plan
from migrator.store import Event, Kind, Store
from migrator.store.codec.codec import from_data
from migrator.store.codec.tags import ACTIONS
from migrator.workflow.perform import perform
from tests.fakes.gateways import FakeGateways
from tests.fakes.harness import Harness, Life
from tests.fakes.world import FakeWorld

NOBODY = 60.0
"""Seconds in which nobody watches, before the next process comes."""
YOUNG = 5.0
"""Seconds that a pod of the first plan's world is old when the plan is made."""


class Resumed(Harness):
    """The next processes of a run that stands in a store already."""

    def __init__(self, folder: Path, run_id: int, written: bool) -> None:
        self._file, self._id, self._processes = folder / "store.db", run_id, 0
        with Store.open(self._file, FakeWorld().clock) as store:
            self.world = rebuilt(store, written)
            self.plan = store.plan(store.run(run_id).plan_id)
        self.spec, self.life = self.plan.spec, Life
        self.progress, self.edges = [], []


def rebuilt(store: Store, written: bool) -> FakeWorld:
    """Return the world as the store's last process left it. `written`: the write that is open had come true."""
    runs = sorted(store.runs(), key=lambda run: run.id)
    world = of_plan(store.plan(runs[0].plan_id))
    for run in runs:
        later = [store.plan(each.plan_id) for each in runs if each.id > run.id]
        _replay(world, store.events(run.id), _uids(later), written)
    world.clock.advance(NOBODY)
    world.shares.clear()
    return world


def of_plan(plan: Plan) -> FakeWorld:
    """Return the world that the plan saw, some seconds before it was made."""
    world = FakeWorld(plan.seen.capabilities, replicas=0, nodes=0, listeners=())
    cluster = world.cluster
    cluster.objects.clear()
    world.clock.advance((plan.created_at - world.clock.now()).total_seconds() - YOUNG)
    for node in plan.seen.nodes:
        cluster.add_node(node.name, node.address, **dict(plan.spec.target.node_selector))
    source = plan.seen.source or {}
    cluster.add({key: value for key, value in source.items() if key != "status"})
    pods = [thing for ref, thing in sorted(cluster.objects.items()) if ref.kind == "Pod"]
    behind_nodes = {node.address for node in plan.seen.nodes}  # then the old rows are a node port's
    addresses = dict.fromkeys(row.backend.address for row in plan.seen.old if row.backend.address not in behind_nodes)
    for pod, address in zip(pods, addresses, strict=False):
        mapping(pod, "status")["podIP"] = address
    for change in (change for change in plan.changes if change.ref.kind == "Service"):
        cluster.add(_service(change, source))
    for companion in plan.seen.companions:
        cluster.add(mapping(companion))
    for row in (*plan.seen.old, *plan.seen.new_now):
        world.balancer.add(row.backend, row.weight)
    world.originals = {row.backend: row.weight for row in plan.seen.old}
    world.clock.advance(YOUNG)
    return world


def _service(change: Change, source: Manifest) -> Manifest:
    """Return the Service as it was before Guard narrowed it: it selected by the labels of the source's own selector."""
    ref = change.ref
    undone = {key: value for key, value in mapping(change.undo, "spec", "selector").items() if value is not None}
    selector: Json = {**labels(source, "spec", "selector", "matchLabels"), **undone}
    spec: Manifest = {"selector": selector, "ports": dig(change.back, "spec", "ports")}
    meta: Manifest = {"name": ref.name, "namespace": ref.namespace, "uid": change.uid}
    return {"apiVersion": ref.api_version, "kind": ref.kind, "metadata": meta, "spec": spec}


def _uids(plans: Sequence[Plan]) -> dict[ObjectRef, str]:
    """Return the uids by which later plans name what an earlier run made."""
    changed = {change.ref: change.uid for plan in plans for change in plan.changes}
    return {**changed, **{source_ref(plan.spec): plan.seen.source_uid for plan in plans}}


def _replay(world: FakeWorld, rows: Sequence[Event], uids: Mapping[ObjectRef, str], written: bool) -> None:
    """Carry out what the journal says was accepted, each write at its time, and the open one where it was `written`."""
    intended: dict[int, Action] = {}
    for event in rows:
        world.clock.advance(max(0.0, (event.at - world.clock.now()).total_seconds()))
        if event.kind is Kind.INTENDED:
            intended[event.id] = from_data(event.data["action"], *ACTIONS)
        elif event.kind is Kind.ACCEPTED:
            _carry_out(world, intended.pop(event.answers or 0), uids)
        elif event.kind is Kind.FAILED:
            intended.pop(event.answers or 0, None)
        elif event.kind is Kind.MOVED and event.data["state"] == State.COMPLETED:
            world.gateways = FakeGateways(world.clock)  # a pod that comes back under its old name is another process
    for action in intended.values() if written else ():
        _carry_out(world, action, uids)


def _carry_out(world: FakeWorld, action: Action, uids: Mapping[ObjectRef, str]) -> None:
    """Carry out a write. What the run made has its own uid in this world, unless a later plan names the one it had."""
    if isinstance(action, ApplyObject):
        manifest = action.manifest if isinstance(action.manifest, dict) else {}
        ref = ref_of(manifest)
        if ref not in world.cluster.objects and ref in uids:
            action = ApplyObject(merged(manifest, {"metadata": {"uid": uids[ref]}}))
    elif isinstance(action, (PatchObject, DeleteObject)):
        action = replace(action, uid=uid_of(world.cluster.get(action.ref) or {}) or action.uid)
    perform(world.writers, action)
