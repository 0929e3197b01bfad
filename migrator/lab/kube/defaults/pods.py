"""Defaults of pod specs, which templates share, and those of pods alone."""

from typing import Any

from migrator.lab.kube.api.documents import Doc, rows, within

_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_PROBE = {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3}
_TOKEN_PATH = "/var/run/secrets/kubernetes.io/serviceaccount"


def setdefaults(doc: Doc, values: Doc) -> None:
    """Set each of `values` that `doc` lacks or has as null."""
    for name, value in values.items():
        if doc.get(name) is None:
            doc[name] = value


def fill_spec(spec: Doc) -> None:
    """Set the defaults of a pod spec in a template or in a pod, host ports apart: only pods get them (since 1.28)."""
    values: dict[str, Any] = {
        "restartPolicy": "Always",
        "terminationGracePeriodSeconds": 30,
        "dnsPolicy": "ClusterFirst",
    }
    setdefaults(spec, {**values, "schedulerName": "default-scheduler", "securityContext": {}})
    if spec.get("serviceAccountName"):
        setdefaults(spec, {"serviceAccount": spec["serviceAccountName"]})
    for name in ("containers", "initContainers"):
        for container in rows(spec, name):
            fill_container(container)
    for volume in rows(spec, "volumes"):
        _fill_volume(volume)


def fill_container(container: Doc) -> None:
    """Set the defaults of one container."""
    image = str(container.get("image", ""))
    latest = ":" not in image.rsplit("/", 1)[-1] or image.endswith(":latest")
    setdefaults(container, {"imagePullPolicy": "Always" if latest and "@" not in image else "IfNotPresent"})
    values = {"terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File"}
    setdefaults(container, {**values, "resources": {}})
    for port in rows(container, "ports"):
        setdefaults(port, {"protocol": "TCP"})
    for name in _PROBES:
        if within(container, name):
            _fill_probe(container[name])
    for hook in within(container, "lifecycle").values():
        _fill_http(within(hook, "httpGet"))
    for row in rows(container, "env"):
        if source := within(row, "valueFrom", "fieldRef"):
            setdefaults(source, {"apiVersion": "v1"})
    _fill_requests(within(container, "resources"))


def _fill_probe(probe: Doc) -> None:
    setdefaults(probe, _PROBE)
    _fill_http(within(probe, "httpGet"))
    if grpc := within(probe, "grpc"):
        setdefaults(grpc, {"service": ""})


def _fill_http(http: Doc) -> None:
    if http:
        setdefaults(http, {"path": "/", "scheme": "HTTP"})


def _fill_requests(resources: Doc) -> None:
    if limits := within(resources, "limits"):
        setdefaults(resources.setdefault("requests", {}), limits)


def _fill_volume(volume: Doc) -> None:
    for name in ("configMap", "secret", "projected", "downwardAPI"):
        if name in volume and isinstance(volume[name], dict):
            setdefaults(volume[name], {"defaultMode": 420})
    for source in rows(volume, "projected", "sources"):
        if token := within(source, "serviceAccountToken"):
            setdefaults(token, {"expirationSeconds": 3600})
    if "hostPath" in volume and isinstance(volume["hostPath"], dict):
        setdefaults(volume["hostPath"], {"type": ""})
    if volume.keys() == {"name"}:
        volume["emptyDir"] = {}


def fill_pod(pod: Doc) -> None:
    """Set the defaults of a pod, not of a template."""
    spec = pod.setdefault("spec", {})
    fill_spec(spec)
    _fill_host_ports(spec)
    setdefaults(spec, {"enableServiceLinks": True, "preemptionPolicy": "PreemptLowerPriority", "priority": 0})
    pod.setdefault("status", {}).setdefault("phase", "Pending")
    pod["status"].setdefault("qosClass", _quality(spec))


def _fill_host_ports(spec: Doc) -> None:
    if not spec.get("hostNetwork"):
        return
    for name in ("containers", "initContainers"):
        for port in (port for container in rows(spec, name) for port in rows(container, "ports")):
            if not port.get("hostPort") and "containerPort" in port:
                port["hostPort"] = port["containerPort"]


def admit_pod(pod: Doc, suffix: str) -> None:
    """Do what admission does to a new pod: service account, its token volume, the two default tolerations."""
    spec = pod["spec"]
    setdefaults(spec, {"serviceAccountName": "default"})
    setdefaults(spec, {"serviceAccount": spec["serviceAccountName"]})
    if spec.get("automountServiceAccountToken") is not False:
        _mount_token(spec, f"kube-api-access-{suffix}")
    tolerations = spec.setdefault("tolerations", [])
    for word in ("not-ready", "unreachable"):
        key = f"node.kubernetes.io/{word}"
        if not any(_tolerates(row, key) for row in tolerations if isinstance(row, dict)):
            tolerations.append({"key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300})


def _tolerates(row: Doc, key: str) -> bool:
    return row.get("key") in (key, None, "") and row.get("effect") in ("NoExecute", None, "")


def _mount_token(spec: Doc, name: str) -> None:
    wanting = [
        row
        for part in ("containers", "initContainers")
        for row in rows(spec, part)
        if not any(mount.get("mountPath") == _TOKEN_PATH for mount in rows(row, "volumeMounts"))
    ]
    if not wanting:
        return
    for container in wanting:
        container.setdefault("volumeMounts", []).append({"name": name, "readOnly": True, "mountPath": _TOKEN_PATH})
    root = {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}
    field = {"apiVersion": "v1", "fieldPath": "metadata.namespace"}
    sources: list[Doc] = [
        {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
        {"configMap": root},
        {"downwardAPI": {"items": [{"path": "namespace", "fieldRef": field}]}},
    ]
    spec.setdefault("volumes", []).append({"name": name, "projected": {"sources": sources, "defaultMode": 420}})


def _quality(spec: Doc) -> str:
    parts = [within(row, "resources") for row in rows(spec, "containers")]
    if not any(within(part, "requests") or within(part, "limits") for part in parts):
        return "BestEffort"
    sure = all(
        {"cpu", "memory"} <= within(part, "limits").keys() and part["limits"] == within(part, "requests")
        for part in parts
    )
    return "Guaranteed" if sure else "Burstable"
