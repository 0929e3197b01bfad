"""English: what logs warn of, as the checks and a run tell it."""

from __future__ import annotations

FINDINGS: dict[str, tuple[str, ...]] = {
    "logs.rejected": (
        "the new gateway has rejected the configuration that it was sent: it serves what it had before, or nothing, and its "
        "configuration may look like the old ones' all the same",
        "{count:count warning} in the last {seconds:seconds} of the log of {pod}[, the last at {last} UTC]",
        "`kubectl logs -n {namespace} {pod} --since {seconds:number .0f}s` says which object is wrong: mend it, wait until the "
        "warning is older than {seconds:seconds}, and plan again",
    ),
    "logs.old-rejected": (
        "an old gateway has rejected the configuration that it was sent, and goes on with what it had before: a new gateway "
        "starts without that",
        "{count:count warning} in the last {seconds:seconds} of the log of {pod}[, the last at {last} UTC]",
        "`kubectl logs -n {namespace} {pod} --since {seconds:number .0f}s` says which object is wrong: mend it first",
    ),
    "logs.warned": (
        "{what}",
        "{count:count warning} in the last {seconds:seconds} of the log of {pod}[, the last at {last} UTC]",
        "read `kubectl logs -n {namespace} {pod} --since {seconds:number .0f}s`",
    ),
    "logs.unread": (
        "not all logs could be read for warnings; nothing else changes by it",
        "{logs:lines}",
        "`migrator rbac` prints the rights (`get pods/log`); `spec.evidence.controller` says where the controller's pods are",
    ),
    "logs.read": (
        "{count:count log} read for warnings: {kinds:count kind} found in the last {seconds:seconds}",
        "",
        "",
    ),
}

MESSAGES: dict[str, str] = {
    "logs.omitted": "the control plane leaves a listener out of what gateways are sent",
    "logs.conflict": "the control plane passes over a server of a Gateway that contradicts another one",
    "logs.unbound": "the control plane finds no route for a server of a Gateway",
    "logs.port": "a port could not be opened",
    "logs.cut-off": "it has lost the connection to its control plane, and is sent no change",
    "logs.heard": "{who}: {what}",
    "logs.not-read": "{log}: {why}",
    "logs.no-controller": "no running pod has the labels {labels:list}",
}
