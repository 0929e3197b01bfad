"""Defaults of the workload kinds, and the status integers that their typed clients require."""

from migrator.lab.kube.api.documents import Doc, within
from migrator.lab.kube.defaults.pods import fill_spec, setdefaults

_QUARTER = "25%"
_DAEMON_INTS = ("currentNumberScheduled", "numberMisscheduled", "desiredNumberScheduled", "numberReady")
_SPARSE = {  # omitempty: zero is never shown
    "deployments": "replicas updatedReplicas readyReplicas availableReplicas unavailableReplicas terminatingReplicas",
    "replicasets": "fullyLabeledReplicas readyReplicas availableReplicas terminatingReplicas",
    "daemonsets": "updatedNumberScheduled numberAvailable numberUnavailable",
    "statefulsets": "readyReplicas currentReplicas updatedReplicas",
}


def fill_deployment(doc: Doc) -> None:
    """Set a Deployment's defaults."""
    spec = _templated(doc)
    setdefaults(spec, {"replicas": 1, "revisionHistoryLimit": 10, "progressDeadlineSeconds": 600, "strategy": {}})
    strategy = spec["strategy"]
    setdefaults(strategy, {"type": "RollingUpdate"})
    if strategy["type"] == "RollingUpdate":
        setdefaults(strategy, {"rollingUpdate": {}})
        setdefaults(strategy["rollingUpdate"], {"maxUnavailable": _QUARTER, "maxSurge": _QUARTER})
    _trim_status(doc, "deployments", ())


def fill_replicaset(doc: Doc) -> None:
    """Set a ReplicaSet's defaults."""
    setdefaults(_templated(doc), {"replicas": 1})
    _trim_status(doc, "replicasets", ("replicas",))


def fill_daemonset(doc: Doc) -> None:
    """Set a DaemonSet's defaults."""
    spec = _templated(doc)
    setdefaults(spec, {"revisionHistoryLimit": 10, "updateStrategy": {}})
    strategy = spec["updateStrategy"]
    setdefaults(strategy, {"type": "RollingUpdate"})
    if strategy["type"] == "RollingUpdate":
        setdefaults(strategy, {"rollingUpdate": {}})
        setdefaults(strategy["rollingUpdate"], {"maxUnavailable": 1, "maxSurge": 0})
    doc["metadata"].setdefault("annotations", {}).setdefault("deprecated.daemonset.template.generation", "1")
    _trim_status(doc, "daemonsets", _DAEMON_INTS)


def fill_statefulset(doc: Doc) -> None:
    """Set a StatefulSet's defaults."""
    spec = _templated(doc)
    setdefaults(spec, {"replicas": 1, "revisionHistoryLimit": 10, "podManagementPolicy": "OrderedReady"})
    setdefaults(spec, {"updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}}})
    _trim_status(doc, "statefulsets", ("replicas", "availableReplicas"))


def fill_job(doc: Doc) -> None:
    """Set a Job's defaults."""
    spec = _templated(doc)
    setdefaults(spec, {"parallelism": 1, "completions": 1, "backoffLimit": 6, "completionMode": "NonIndexed"})


def _templated(doc: Doc) -> Doc:
    spec: Doc = doc.setdefault("spec", {})
    template = spec.setdefault("template", {})
    if isinstance(template, dict):
        fill_spec(template.setdefault("spec", {}))
    return spec


def _trim_status(doc: Doc, plural: str, always: tuple[str, ...]) -> None:
    status = dict(within(doc, "status"))
    for name in _SPARSE[plural].split():
        if status.get(name) == 0:
            del status[name]
    doc["status"] = {**dict.fromkeys(always, 0), **status}
