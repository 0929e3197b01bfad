"""What becomes of every field of the pod, its containers and both workloads' specs when a DaemonSet is derived.

The tables are complete for the newest API: a test fails when the installed client knows a field that none of them names,
and one tries each field against the derivation. `docs/derive.md` is drawn from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from migrator.domain.messages.message import Message, say


class Becomes(StrEnum):
    """What derivation does with a field that the Deployment has, or lacks."""

    KEPT = "kept"
    CHANGED = "changed"
    DROPPED = "dropped"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a field, and why. `on_host`: only in the node's network (`network: host`); else it is kept."""

    becomes: Becomes
    why: Message
    on_host: bool = False


def _kept(why: Message = say("field.no-matter")) -> Fate:  # noqa: B008 - a message is a frozen value
    return Fate(Becomes.KEPT, why)


def _changed(why: Message, on_host: bool = False) -> Fate:
    return Fate(Becomes.CHANGED, why, on_host)


def _dropped(why: Message, on_host: bool = False) -> Fate:
    return Fate(Becomes.DROPPED, why, on_host)


POD_SPEC: Mapping[str, Fate] = {
    "activeDeadlineSeconds": _dropped(say("derived.no-end")),
    "affinity": _changed(say("field.affinity")),
    "automountServiceAccountToken": _kept(),
    "containers": _changed(say("field.containers")),
    "dnsConfig": _kept(),
    "dnsPolicy": _changed(say("derived.dns"), on_host=True),
    "enableServiceLinks": _kept(),
    "ephemeralContainers": _dropped(say("derived.of-one-pod")),
    "evictionResponders": _kept(say("field.evictions")),
    "hostAliases": _changed(say("derived.merged-by-address")),
    "hostIPC": _kept(),
    "hostNetwork": _changed(say("derived.host-network"), on_host=True),
    "hostPID": _kept(),
    "hostUsers": _dropped(say("derived.nodes-users"), on_host=True),
    "hostname": _kept(say("derived.nodes-host-name")),
    "hostnameOverride": _dropped(say("derived.nodes-host-name"), on_host=True),
    "imagePullSecrets": _changed(say("derived.once")),
    "initContainers": _changed(say("field.containers")),
    "nodeName": _dropped(say("derived.of-one-pod")),
    "nodeSelector": _changed(say("field.node-selector")),
    "os": Fate(Becomes.REFUSED, say("field.windows"), on_host=True),
    "overhead": _kept(say("field.runtime-class")),
    "preemptionPolicy": _kept(),
    "priority": _kept(),
    "priorityClassName": _kept(),
    "readinessGates": _changed(say("field.gates")),
    "resourceClaims": _kept(say("field.one-node")),
    "resources": _kept(say("field.room")),
    "restartPolicy": _kept(),
    "runtimeClassName": _kept(say("field.runtime-class")),
    "schedulerName": _kept(),
    "schedulingGates": _dropped(say("derived.no-gates")),
    "schedulingGroup": _dropped(say("derived.no-group")),
    "securityContext": _changed(say("derived.sysctls"), on_host=True),
    "serviceAccount": _kept(),
    "serviceAccountName": _kept(),
    "setHostnameAsFQDN": _dropped(say("derived.nodes-host-name"), on_host=True),
    "shareProcessNamespace": _kept(),
    "subdomain": _kept(say("derived.nodes-host-name")),
    "terminationGracePeriodSeconds": _changed(say("field.grace")),
    "tolerations": _changed(say("derived.tainted")),
    "topologySpreadConstraints": _dropped(say("derived.one-each")),
    "volumes": _kept(say("field.one-node")),
}

CONTAINER: Mapping[str, Fate] = {
    "args": _kept(say("field.words")),
    "command": _kept(say("field.words")),
    "env": _changed(say("field.env")),
    "envFrom": _kept(),
    "image": _kept(),
    "imagePullPolicy": _kept(),
    "lifecycle": _changed(say("derived.follows-port-map"), on_host=True),
    "livenessProbe": _changed(say("derived.follows-port-map"), on_host=True),
    "name": _kept(),
    "ports": _changed(say("field.ports")),
    "readinessProbe": _changed(say("derived.follows-port-map"), on_host=True),
    "resizePolicy": _kept(),
    "resources": _changed(say("derived.no-own-address"), on_host=True),
    "restartPolicy": _kept(),
    "restartPolicyRules": _kept(),
    "securityContext": _changed(say("field.security"), on_host=True),
    "startupProbe": _changed(say("derived.follows-port-map"), on_host=True),
    "stdin": _kept(),
    "stdinOnce": _kept(),
    "terminationMessagePath": _kept(),
    "terminationMessagePolicy": _kept(),
    "tty": _kept(),
    "volumeDevices": _kept(say("field.one-node")),
    "volumeMounts": _kept(),
    "workingDir": _kept(),
}

DEPLOYMENT_SPEC: Mapping[str, Fate] = {
    "minReadySeconds": _kept(),
    "paused": _dropped(say("derived.no-pause")),
    "progressDeadlineSeconds": _dropped(say("derived.no-progress-deadline")),
    "replicas": _dropped(say("derived.no-replicas")),
    "revisionHistoryLimit": _kept(),
    "selector": _changed(say("derived.selector")),
    "strategy": _dropped(say("derived.no-strategy")),
    "template": _changed(say("field.template")),
}

DAEMON_SET_SPEC: Mapping[str, Fate] = {
    "minReadySeconds": _kept(say("field.of-deployment")),
    "revisionHistoryLimit": _kept(say("field.of-deployment")),
    "selector": _changed(say("derived.selector")),
    "template": _changed(say("field.template")),
    "updateStrategy": _changed(say("derived.on-delete")),
}

TABLES: Mapping[str, Mapping[str, Fate]] = {
    "PodSpec": POD_SPEC,
    "Container": CONTAINER,
    "DeploymentSpec": DEPLOYMENT_SPEC,
    "DaemonSetSpec": DAEMON_SET_SPEC,
}
"""By the API's name of the object."""
