"""Deciding a step as the chain does, and the values that the tests of steps share."""

from __future__ import annotations

from migrator.domain.model.balancer import Capabilities, Weighted
from migrator.domain.model.decisions import Decision, Halt
from migrator.domain.model.manifests import Manifest
from migrator.domain.observation.sighting import JournalFacts, Sighting
from migrator.domain.steps import Step
from tests.domain.seen import OLD, at, meant, pools, seen
from tests.words import told

ORIGINALS = tuple(Weighted(backend, 100) for backend in OLD)
DRAINED = pools(old=0, new=100)
BLIND = Capabilities(health_at_zero=False)


def decided(step: Step, *facets: object) -> Decision:
    """Decide as the chain does: with only what the step declares."""
    sighting: Sighting = seen(*facets)
    return step.decide(sighting.only(step.needs))


def words(decision: Decision) -> str:
    """Give what a decision says: codes and values."""
    if isinstance(decision, Halt):
        return told(decision.findings)
    said = (getattr(decision, name, None) for name in ("reason", "note", "question"))
    return str(next(filter(None, said), getattr(decision, "why", "")))


def past(entered: float = 0.0, **more: object) -> JournalFacts:
    """Give a memory of a step that was entered some seconds after the start (now is 100)."""
    return JournalFacts(weights=meant(pools()), entered_at=at(entered), **more)  # type: ignore[arg-type]


def thing(kind: str, name: str, uid: str = "u-1", spec: Manifest | None = None, **meta: object) -> Manifest:
    """Give an object of the cluster."""
    whole: Manifest = {"name": name, "namespace": "edge", "uid": uid, **meta}  # type: ignore[dict-item]
    version = "v1" if kind == "Service" else "apps/v1"
    return {"apiVersion": version, "kind": kind, "metadata": whole, "spec": spec or {}}


def check(step: Step, facets: tuple[object, ...], kind: type[Decision], said: str) -> None:
    """Assert what a step decides, shown nothing but what it declares."""
    found = decided(step, *facets)

    assert isinstance(found, kind), found
    assert said in words(found)
