"""Which labels the new pods get where the plan file names none: they keep the new pods out of Services, and in every selector
of Istio. It chooses only; what then becomes of each Service is decided in `services.py`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from migrator.domain.gateways.istio.attach import CONTROLS
from migrator.domain.gateways.istio.matrix import RULES
from migrator.domain.model.manifests import Manifest, labels, selects
from migrator.domain.observation.world import World, template_labels

FIRST = ("app", "app.kubernetes.io/name", "app.kubernetes.io/instance", "version", "app.kubernetes.io/version")
"""Keys that people tell workloads apart by, tried in this order before any other of the template."""

SUFFIX = "-ds"
LONGEST = 63
"""Characters of a label's value."""

LAST_RESORT = ("migrator.dev/side", "new")
"""What the new pods get where every label of the old template is one that Istio selects by."""

_SELECTORS = (
    ("selector",),
    ("selector", "matchLabels"),
    ("workloadSelector", "labels"),
    ("podSelector", "matchLabels"),
)


def choose(source: Manifest, world: World, clients: Collection[Manifest]) -> tuple[tuple[str, str], ...]:
    """Give one label. `clients` are the Services that clients come through and that select the old pods.

    First a key by which all of these select, so that none of them needs narrowing; else any key of the template, by whose old
    value they can be narrowed.
    """
    own = template_labels(source)
    free = [key for key in _ordered(own) if key not in set(_kept(world, own))]
    apart = [key for key in free if clients and all(key in labels(row, "spec", "selector") for row in clients)]
    for key in (*apart, *free):
        return ((key, other_than(own[key])),)
    return (LAST_RESORT,)


def other_than(value: str) -> str:
    """Give a value of a label that tells it from the old one, and that the server takes."""
    return f"{value[: LONGEST - len(SUFFIX)].rstrip('-_.')}{SUFFIX}" if value else f"x{SUFFIX}"


def _ordered(own: Mapping[str, str]) -> list[str]:
    return sorted(own, key=lambda key: (FIRST.index(key) if key in FIRST else len(FIRST), key))


def _kept(world: World, own: Mapping[str, str]) -> Iterator[str]:
    """Give the keys by which something selects the old pods that must select the new ones too, and Istio's own."""
    yield from CONTROLS
    for kind in (*RULES, "NetworkPolicy", "PodMonitor"):
        for thing in world.all(kind):
            for wanted in _wanted(thing):
                if selects(wanted, own):
                    yield from wanted


def _wanted(thing: Manifest) -> Iterable[dict[str, str]]:
    return (labels(thing, "spec", *path) for path in _SELECTORS)
