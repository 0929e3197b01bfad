"""Sightings for tests of rules, steps and invariants: a small world in one value, any part of which can be replaced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from migrator.domain.answers.parity import AnswerParity, AskedOfBoth
from migrator.domain.messages.message import verbatim
from migrator.domain.model.actions import Action, Op, OpState, PodRef, Word
from migrator.domain.model.balancer import Backend, Capabilities, Health, Pools, Row, Side, Target, Weighted
from migrator.domain.model.change import Node
from migrator.domain.model.manifests import Manifest, ObjectRef
from migrator.domain.model.outside.warned import LogLook
from migrator.domain.model.pod_targets import Door
from migrator.domain.model.runs import Heading, State
from migrator.domain.model.samples import Reading, Ruling, Verdict
from migrator.domain.model.workload import Pod, Workload
from migrator.domain.observation.drifted import Drifted, GuardUndone
from migrator.domain.observation.gating import Ahead, Called, Frozen, Heard
from migrator.domain.observation.sides import Sides
from migrator.domain.observation.sighting import (
    Clocks,
    Configs,
    ConnectionCounts,
    GatewaySignals,
    JournalFacts,
    Judgement,
    Objects,
    OpenWrite,
    PreflightResult,
    Probes,
    Requests,
    RunPosition,
    Sighting,
    Stale,
    Witnessed,
    Workloads,
)
from migrator.domain.sides.filling import Footing, filled

START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
OLD_REF = ObjectRef("apps/v1", "Deployment", "edge", "gw")
NEW_REF = ObjectRef("apps/v1", "DaemonSet", "edge", "gw-ds")
NODES = (Node("n-1", "10.1.0.1"), Node("n-2", "10.1.0.2"))
OLD = (Backend("l-1", "10.0.0.1", 8080), Backend("l-1", "10.0.0.2", 8080))
NEW = (Backend("l-1", "10.1.0.1", 80), Backend("l-1", "10.1.0.2", 80))
FOOTING = Footing(
    tuple(Weighted(backend, 100) for backend in OLD),
    (Door("l-1", 8080),),
    (Door("l-1", 80),),
    {node.name: node.address for node in NODES},
)
ANSWERED = tuple((f"{backend.address}:{backend.port}", None) for backend in OLD)
FOREIGN = Backend("l-1", "10.9.9.9", 80)
PLAIN = Capabilities()
HEALTHY = Health.HEALTHY


def at(seconds: float) -> datetime:
    """Give the moment some seconds after the start."""
    return START + timedelta(seconds=seconds)


def rows(side: Side | None, backends: tuple[Backend, ...], *weights: int, health: Health = HEALTHY) -> list[Row]:
    """Give rows of one side; the last weight goes for the rest."""
    given = [*weights, *[weights[-1]] * len(backends)]
    return [Row(Target(b, w, health), side) for b, w in zip(backends, given, strict=False)]


def pools(old: int = 100, new: int = 0, capabilities: Capabilities = PLAIN, health: Health = HEALTHY) -> Pools:
    """Give two old and two new backends."""
    found = [*rows(Side.OLD, OLD, old), *rows(Side.NEW, NEW, new, health=health)]
    return Pools(tuple(found), capabilities)


def pod(side: Side, index: int, **more: object) -> Pod:
    """Give a Ready pod of a side."""
    name, ip = f"{side}-{index}", (OLD if side is Side.OLD else NEW)[index].address
    values: dict[str, object] = {"ready": True, "labels": (), **more}
    return Pod(PodRef("edge", name, f"uid-{name}", ip, f"n-{index + 1}"), **values)  # type: ignore[arg-type]


def workload(side: Side, pods: tuple[Pod, ...] | None = None, uid: str = "u", **more: object) -> Workload:
    """Give a side's workload with two pods."""
    ref = OLD_REF if side is Side.OLD else NEW_REF
    return Workload(ref, uid, pods=(pod(side, 0), pod(side, 1)) if pods is None else pods, **more)  # type: ignore[arg-type]


def workloads(old: Workload | None = None, new: Workload | None = None) -> Workloads:
    """Give both workloads."""
    return Workloads(old or workload(Side.OLD), new or workload(Side.NEW))


def counts(
    old: int | None = 0, new: int | None = 0, silent: tuple[str, ...] = (), counted_at: float = 1100.0
) -> ConnectionCounts:
    """Give live connections of each pod of both sides, counted at a monotonic moment (now is 1100)."""
    readings = tuple(
        Reading(f"{side}-{index}", side, 0.0, "1", 0, 0, connections=count)
        for side, count in ((Side.OLD, old), (Side.NEW, new))
        for index in (0, 1)
        if f"{side}-{index}" not in silent
    )
    return ConnectionCounts(readings, tuple((name, "silent") for name in silent), counted_at)


def told(old: Word | None = Word.STAY, new: Word | None = Word.STAY) -> GatewaySignals:
    """Give what each pod of both sides was told; None cannot say."""
    said = [(f"uid-{side}-{i}", w) for side, w in ((Side.OLD, old), (Side.NEW, new)) for i in (0, 1) if w]
    return GatewaySignals(tuple(said))


def verdict(ruling: Ruling, reason: str = "because", ruled_at: float = 1100.0) -> Judgement:
    """Give what the judge said, at a monotonic moment (now is 1100)."""
    return Judgement(Verdict(ruling, verbatim(reason), "gateway counters"), at=ruled_at)


def opened(action: Action, op: Op | None = None, state: OpState | None = None, age: float = 0.0) -> OpenWrite:
    """Give an open write that was intended `age` seconds before now (100 s after the start)."""
    return OpenWrite(7, action, op, state, at(100 - age))


def meant(of: Pools) -> Mapping[Backend, tuple[int, ...]]:
    """Give a memory in which every weight of both sides is what was meant."""
    return {row.backend: (row.weight,) for row in of.rows if row.side is not None}


def objects(*manifests: Manifest) -> Objects:
    """Give these objects as found."""
    from migrator.domain.model.manifests import ref_of

    return Objects({ref_of(manifest): manifest for manifest in manifests})


def inhabited(people: Workloads, standing: Pools, past: JournalFacts) -> Workloads:
    """Give workloads with a pod behind every backend: what a test says nothing of is well."""
    side = {row.backend: row.side for row in standing.rows}
    side |= {each: Side.NEW if each.port == NEW[0].port else Side.OLD for each in past.weights if each not in side}

    def filled_up(of: Side) -> Workload:
        had = people.of(of)
        lacking = {b.address for b, s in side.items() if s is of} - {pod.ref.ip for pod in had.pods}
        more = tuple(Pod(PodRef("edge", f"at-{a}", f"uid-{a}", a), (), ready=True) for a in sorted(lacking))
        return replace(had, pods=(*had.pods, *more))

    return Workloads(filled_up(Side.OLD), filled_up(Side.NEW))


def seen(*facets: object) -> Sighting:
    """Give a calm sighting 100 s after the start, with these facets instead of the calm ones."""
    given = {type(facet): facet for facet in facets}
    standing = given.get(Pools, pools())
    assert isinstance(standing, Pools)
    people = given.get(Workloads, workloads())
    past = given.get(JournalFacts, JournalFacts(weights=meant(standing), entered_at=at(0)))
    assert isinstance(people, Workloads)
    assert isinstance(past, JournalFacts)
    peopled = people if Workloads in given else inhabited(people, standing, past)
    standing, lived = filled(FOOTING, standing, peopled, past)
    given = {**given, Pools: standing}
    calm: list[object] = [
        RunPosition(State.RUNNING, Heading.FORWARD, "step"),
        Ahead(),
        Frozen(),
        Heard(),
        Called(),
        Clocks(at(100), 1100.0),
        past,
        standing,
        people,
        lived,
        counts(),
        told(),
        Requests(),
        Judgement(),
        Stale(),
        Witnessed(),
        Drifted(),
        AnswerParity(),
        AskedOfBoth(),
        AskedOfBoth(),
        GuardUndone(),
        Configs(),
        LogLook(),
        Probes(ANSWERED, 1099.0),
        PreflightResult(None),
        Objects({}),
    ]
    return Sighting(*(given.get(type(facet), facet) for facet in calm))


def without(sighting: Sighting, *kinds: type[object]) -> Sighting:
    """Give the sighting without these facets."""
    every = {
        LogLook,
        RunPosition,
        Clocks,
        JournalFacts,
        Pools,
        Workloads,
        ConnectionCounts,
        GatewaySignals,
        Requests,
        Judgement,
        Stale,
        Witnessed,
        Drifted,
        AnswerParity,
        GuardUndone,
        Configs,
        Probes,
        Sides,
        Ahead,
        Frozen,
        Heard,
        Called,
    }
    every |= {PreflightResult, Objects}
    return sighting.only(frozenset(every - set(kinds)))
