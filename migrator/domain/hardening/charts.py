"""The values by which the charts that we know set what a measure changes. What a chart has no value for is named. Pure.

Sources: istio manifests/charts/gateway (values.schema.json, templates/deployment.yaml); kubernetes/ingress-nginx
charts/ingress-nginx (values.yaml); bitnami contour (templates/envoy/daemonset.yaml), which Contour's own chart follows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from migrator.domain.gateways.products.istio import CONFIG
from migrator.domain.gateways.products.nginxes import FLAG
from migrator.domain.hardening.values import Hardening, Measure, What
from migrator.domain.model.manifests import Json, Manifest, dig, items, mapping, merged

_POD = ("spec", "template", "spec")

Values = Callable[[Measure], Manifest]


def _at(*path: str) -> Callable[[Json], Manifest]:
    """Give what puts a value at a path of the chart's values."""

    def put(value: Json) -> Manifest:
        made: Json = value
        for key in reversed(path):
            made = {key: made}
        return made if isinstance(made, dict) else {}

    return put


def _now(*path: str) -> Values:
    put = _at(*path)
    return lambda measure: put(measure.now)


def _lifecycle(*path: str) -> Values:
    put = _at(*path)
    return lambda measure: put(_container(measure).get("lifecycle"))


def _container(measure: Measure) -> Manifest:
    return next(iter(items(measure.patch, *_POD, "containers")), {})


def _istio_drain(measure: Measure) -> Manifest:
    """Give the pod's annotation, or the container's environment."""
    notes = mapping(measure.patch, "spec", "template", "metadata", "annotations")
    if notes:
        return {"podAnnotations": {CONFIG: notes.get(CONFIG)}}
    return {"env": {str(row.get("name")): row.get("value") for row in items(_container(measure), "env")}}


def _nginx_drain(measure: Measure) -> Manifest:
    seconds = str(measure.now).removesuffix("s")
    return {"controller": {"extraArgs": {FLAG.removeprefix("--"): seconds}}}


_INGRESS = "controller"
CHARTS: Mapping[str, Mapping[What, Values]] = {
    "gateway (istio)": {
        What.DRAIN: _istio_drain,
        What.GRACE: _now("terminationGracePeriodSeconds"),
        What.READINESS: _now("readinessProbe"),
        What.MIN_READY: _now("minReadySeconds"),
        What.ROLLING: _now("strategy"),
    },
    "ingress-nginx": {
        What.DRAIN: _nginx_drain,
        What.GRACE: _now(_INGRESS, "terminationGracePeriodSeconds"),
        What.STARTUP: _now(_INGRESS, "startupProbe"),
        What.READINESS: _now(_INGRESS, "readinessProbe"),
        What.LIVENESS: _now(_INGRESS, "livenessProbe"),
        What.MIN_READY: _now(_INGRESS, "minReadySeconds"),
        What.ROLLING: _now(_INGRESS, "updateStrategy"),
    },
    "contour": {
        What.DRAIN: _lifecycle("envoy", "lifecycleHooks"),
        What.GRACE: _now("envoy", "terminationGracePeriodSeconds"),
        What.READINESS: _now("envoy", "customReadinessProbe"),
        What.ROLLING: _now("envoy", "updateStrategy"),
    },
}
"""By the chart, what each measure sets. A measure that is missing has no value there."""

BUDGETS: Mapping[str, Callable[[Json], Manifest]] = {
    "gateway (istio)": _at("podDisruptionBudget", "minAvailable"),
    "ingress-nginx": _at(_INGRESS, "minAvailable"),
    "contour": _at("envoy", "pdb", "minAvailable"),
}


def values_of(found: Hardening) -> tuple[Manifest, tuple[Measure, ...]]:
    """Give the chart's values, and the measures for which it has none."""
    chart = found.ground.product.chart
    known = CHARTS.get(chart, {})
    values: Json = {}
    for measure in found.measures:
        if measure.what in known:
            values = merged(values, known[measure.what](measure))
    for budget in found.objects:
        if chart in BUDGETS:
            values = merged(values, BUDGETS[chart](dig(budget, "spec", "minAvailable")))
    return mapping(values), tuple(measure for measure in found.measures if measure.what not in known)
