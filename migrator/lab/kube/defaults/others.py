"""Defaults of services, nodes, namespaces and the small kinds."""

import base64

from migrator.lab.kube.api.documents import Doc, rows, within
from migrator.lab.kube.defaults.pods import setdefaults


def fill_service(doc: Doc) -> None:
    """Set a Service's defaults, addresses and node ports excepted."""
    spec = doc.setdefault("spec", {})
    setdefaults(spec, {"type": "ClusterIP", "sessionAffinity": "None", "internalTrafficPolicy": "Cluster"})
    if spec["type"] != "ExternalName":
        setdefaults(spec, {"ipFamilies": ["IPv4"], "ipFamilyPolicy": "SingleStack"})
    if spec["sessionAffinity"] == "ClientIP":
        setdefaults(spec, {"sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 10800}}})
    if spec["type"] in ("NodePort", "LoadBalancer"):
        setdefaults(spec, {"externalTrafficPolicy": "Cluster"})
    if spec["type"] == "LoadBalancer":
        setdefaults(spec, {"allocateLoadBalancerNodePorts": True})
    for port in rows(spec, "ports"):
        setdefaults(port, {"protocol": "TCP"})
        if "port" in port and port.get("targetPort") in (None, "", 0):
            port["targetPort"] = port["port"]
    setdefaults(doc, {"status": {"loadBalancer": {}}})


def fill_namespace(doc: Doc) -> None:
    """Set a Namespace's phase, finalizer and name label."""
    setdefaults(doc, {"spec": {}, "status": {}})
    if "deletionTimestamp" not in doc["metadata"]:
        setdefaults(doc["spec"], {"finalizers": ["kubernetes"]})
    setdefaults(doc["status"], {"phase": "Active"})
    if name := doc["metadata"].get("name"):
        doc["metadata"].setdefault("labels", {})["kubernetes.io/metadata.name"] = name


def fill_node(doc: Doc) -> None:
    """Set a Node's empty parts."""
    setdefaults(doc, {"spec": {}, "status": {}})


def fill_secret(doc: Doc) -> None:
    """Set a Secret's type and fold `stringData` into `data`."""
    setdefaults(doc, {"type": "Opaque"})
    for name, text in (doc.pop("stringData", None) or {}).items():
        doc.setdefault("data", {})[name] = base64.b64encode(str(text).encode()).decode()


def fill_autoscaler(doc: Doc) -> None:
    """Set an autoscaler's floor, its metric and the status integers that typed clients require."""
    spec = doc.setdefault("spec", {})
    target = {"type": "Utilization", "averageUtilization": 80}
    setdefaults(
        spec, {"minReplicas": 1, "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": target}}]}
    )
    doc["status"] = {"desiredReplicas": 0, "currentMetrics": None, **within(doc, "status")}


def fill_budget(doc: Doc) -> None:
    """Set a disruption budget's status integers that typed clients require."""
    names = ("disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods")
    doc["status"] = {**dict.fromkeys(names, 0), **within(doc, "status")}


def fill_slice(doc: Doc) -> None:
    """Set the defaults of an EndpointSlice's ports."""
    for port in rows(doc, "ports"):
        setdefaults(port, {"name": "", "protocol": "TCP"})


def fill_definition(doc: Doc) -> None:
    """Set a CustomResourceDefinition's derived names and the conditions that clients wait for."""
    spec = doc.setdefault("spec", {})
    names = spec.setdefault("names", {})
    kind = str(names.get("kind", ""))
    setdefaults(names, {"singular": kind.lower(), "listKind": f"{kind}List"})
    setdefaults(spec, {"conversion": {"strategy": "None"}})
    at = doc["metadata"].get("creationTimestamp")
    conditions = [
        {"type": "NamesAccepted", "status": "True", "lastTransitionTime": at, "reason": "NoConflicts"},
        {"type": "Established", "status": "True", "lastTransitionTime": at, "reason": "InitialNamesAccepted"},
    ]
    stored = [row.get("name") for row in rows(spec, "versions") if row.get("storage")]
    doc["status"] = {"conditions": conditions, "acceptedNames": names, "storedVersions": stored}
