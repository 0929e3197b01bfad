"""DestinationRule: the clients that it picks, and its subsets of a gateway's own Service. Pure.

Sources: networking/v1alpha3/destination_rule.proto: `workloadSelector` picks clients in the rule's namespace, a subset's
`labels` pick endpoints of the host; a short host is a Service of the rule's namespace. A subset that only one side's pods
are in has no endpoint before Attach or after Retire, and callers in the mesh that are routed to it get 503.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from migrator.domain.gateways.audit import Reach, Widening, operation, operations, reach, widened
from migrator.domain.gateways.istio.proxy import Sides
from migrator.domain.model.kubernetes import name_of, namespace_of
from migrator.domain.model.manifests import Json, Manifest, items, labels, text


def means_service(thing: Manifest, services: Iterable[Manifest]) -> bool:
    """Say whether a rule's host is one of these Services: by short or full name, or by a wildcard."""
    host = text(thing, "spec", "host")
    names = [f"{name_of(row)}.{namespace_of(row)}.svc." for row in services]
    if host.startswith("*"):
        return any(_covered(name, host.removeprefix("*")) for name in names)
    full = host if "." in host else f"{host}.{namespace_of(thing)}.svc."
    return any(f"{full.rstrip('.')}.".startswith(name) for name in names)


def _covered(name: str, suffix: str) -> bool:
    """Say whether a Service's name, in whatever domain the cluster has, can end so."""
    start = suffix.partition(".svc.")[0]
    return name.removesuffix(".svc.").endswith(start) if ".svc." in suffix else bool(suffix) and "svc" not in suffix


def subsets_apart(thing: Manifest, between: Sides) -> Iterator[tuple[int, str, Reach]]:
    """Give (place, name, side) for each subset that one side's pods alone are in."""
    for index, row in enumerate(items(thing, "spec", "subsets")):
        wanted = labels(row, "labels").items()
        cell = reach(wanted <= between.old.having.items(), wanted <= between.new.having.items())
        if cell in (Reach.OLD, Reach.NEW):
            yield index, text(row, "name"), cell


def widening(thing: Manifest, places: Iterable[int], between: Sides) -> Widening:
    """Give the operations by which both sides' pods are in these subsets."""
    rows: list[Json] = []
    for index in places:
        wanted = labels(items(thing, "spec", "subsets")[index], "labels")
        patch = widened(wanted, between.old.having, between.new.having)
        changed = {**wanted, **(patch if isinstance(patch, dict) else dict.fromkeys(wanted))}
        kept: Json = {key: value for key, value in changed.items() if value is not None}
        rows.append(operation("replace", kept, "spec", "subsets", index, "labels"))
    return operations(*rows)
