"""The PromQL of each gateway kind. Pure. Counts, never ratios: a ratio of nothing is NaN, a count of nothing is empty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from migrator.domain.gateways import gateway_profile
from migrator.domain.gateways.profile import Metric
from migrator.domain.model.balancer import Side
from migrator.domain.model.refs import place
from migrator.domain.model.spec import PrometheusSpec, QuerySpec, Spec

# the alphabet of Kubernetes' generated names has no vowels, so `gw-ds-x7k2p` is no pod of the Deployment `gw`
_GENERATED = "[bcdfghjklmnpqrstvwxz2456789]"
_OF_KIND = {"Deployment": f"-{_GENERATED}{{6,10}}-{_GENERATED}{{5}}", "DaemonSet": f"-{_GENERATED}{{5}}"}


@dataclass(frozen=True, slots=True)
class Queries:
    """What to ask for one side: answers, bad ones, 4xx by flag, and the age of the newest sample ("": nobody can say).

    `flags` is the label in which the rows of `client` say whose answer they are ("": they do not).
    """

    total: str
    errors: str
    age: str
    client: str = ""
    flags: str = ""


def queries(spec: Spec, prometheus: PrometheusSpec, side: Side, window: float) -> Queries | None:
    """Give the queries for one side; None when the kind has no metric and the plan gives no query.

    In the plan's own queries `{side}`, `{workload}`, `{namespace}`, `{pods}` and `{window}` are filled in.
    """
    names = _names(spec, side, window)
    if prometheus.total and prometheus.errors:
        return Queries(_filled(prometheus.total, names), _filled(prometheus.errors, names), "")
    metric = gateway_profile(spec, side).metric
    if metric is None:
        return None
    total = f"{metric.name}{{{metric.of_side},{metric.answers}}}"
    errors = f"{metric.name}{{{metric.of_side},{metric.errors}}}"
    return Queries(
        total=_filled(prometheus.total or f"sum(increase({total}[{{window}}]))", names),
        errors=_filled(prometheus.errors or f"sum(increase({errors}[{{window}}]))", names),
        age="" if prometheus.total else _filled(f"time() - max(timestamp({total}))", names),
        client="" if prometheus.total else _filled(_client(metric), names),
        flags=metric.flags,
    )


def named(spec: Spec, query: QuerySpec, window: float) -> str:
    """Give a query of the plan's own with the names filled in."""
    return _filled(query.query, _names(spec, Side(query.side), window))


def brief(spec: Spec, prometheus: PrometheusSpec, side: Side, window: float) -> str | None:
    """Give one query for the newest scrapes alone, whose rows say in `what` they are; None where nobody knows their times.

    A series that was not there at the window's beginning counts from 0: the first errors of a new one are what matters here,
    and `increase` alone never sees them. The plan's own queries say nothing of when they were scraped.
    """
    metric = gateway_profile(spec, side).metric
    if metric is None or prometheus.total or prometheus.errors:
        return None
    total = f"{metric.name}{{{metric.of_side},{metric.answers}}}"
    narrowed = {"total": metric.answers, "bad": metric.errors, "client": metric.client}
    counted = {what: f"{metric.name}{{{metric.of_side},{by}}}" for what, by in narrowed.items() if by}
    if metric.connections:
        counted["connections"] = metric.connections
    rows = {what: f"sum({_grown(of)})" for what, of in counted.items()}
    rows |= {"newest": f"time() - max(timestamp({total}))", "oldest": f"time() - min(timestamp({total}))"}
    union = " or ".join(f'label_replace({row}, "what", "{what}", "", "")' for what, row in rows.items())
    return _filled(union, {**_names(spec, side, window), "window": f"{round(window * 1000)}ms"})


def _grown(series: str) -> str:
    return f"(increase({series}[{{window}}]) or ({series} unless {series} offset {{window}}))"


def _client(metric: Metric) -> str:
    by = f" by ({metric.flags}) " if metric.flags else ""
    return f"sum{by}(increase({metric.name}{{{metric.of_side},{metric.client}}}[{{window}}]))" if metric.client else ""


def _names(spec: Spec, side: Side, window: float) -> dict[str, str]:
    there = place(spec, side)
    return {
        "side": side.value,
        "workload": there.name,
        "namespace": there.namespace,
        "pods": there.name.replace(".", "\\\\.") + _OF_KIND.get(there.kind, "-.+"),
        "window": f"{max(1, round(window))}s",
    }


def _filled(query: str, names: Mapping[str, str]) -> str:
    """Fill names in by replacement: PromQL is full of braces of its own."""
    for name, value in names.items():
        query = query.replace(f"{{{name}}}", value)
    return query
