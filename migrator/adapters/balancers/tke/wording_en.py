"""English: what the TKE driver says of TKE's controller and of the Services that it steers."""

from __future__ import annotations

from migrator.adapters.balancers.tencent import wording_en as tencent

MESSAGES: dict[str, str] = {
    "tke.slow": "the API server takes long: some of {pods:count pod} were not patched yet",
    "tke.one-pod": "{backend} and {others:list} are one pod, which has one weight. Weights stay as they are; one listener with "
    "this Service is what this driver can steer.",
    "tke.not-of-the-run": "{listener} is not one of the run's listeners. Nothing was changed.",
    "tke.no-own-label": "The Service of {listener} must select by one label of its own. Nothing was changed.",
    "tke.not-one-pod": "{pods:count live pod} of {namespace} {pods:choose is|are} {backend}; it must be exactly "
    "one. Nothing was changed.",
    "tke.options-lacking": "loadBalancer.options for tke need `namespace`, and `services` with the Service of each listener, "
    "like lbl-a=web. Nothing was changed.",
    "tke.controller": "TKE's Service controller",
    "tke.not-registered": "{backend} was not registered: {why}. Weights stay as they are.",
}
FINDINGS: dict[str, tuple[str, ...]] = {
    "balancer.layer-7:tke": (
        *tencent.FINDINGS["balancer.layer-7"][:2],
        "use provider tencent for this listener: a Service's annotation steers layer-4 listeners only",
    ),
    "balancer.tke-unproven": (
        "this driver was tested with an emulation of TKE's controller only; whether the controller binds hostNetwork pods "
        "directly, and how long it takes, is not documented",
        "",
        "try it on a separate Service first: one pod, annotated and labelled, must appear on the listener with weight 0",
    ),
    "balancer.tke-version": (
        "it does not know `{weight}`: every pod would be registered at the default weight",
        "[version {version}]",
        "upgrade it to v{oldest} or newer",
    ),
    "balancer.tke-service": (
        "its Service does not exist",
        "",
        "check `services` and `namespace` in loadBalancer.options",
    ),
    "balancer.tke-direct-access": (
        "it has no direct access, so the backends are nodes, and pods have no weight",
        "",
        'annotate it with `{annotation}: "true"`',
    ),
    "balancer.tke-selector": (
        "it must select by one label that only marks its members: a pod is annotated with weight 0 before it gets that label",
        "selector [{selector:list}]",
        "label the live old pods, then let the Service select by that label alone",
    ),
    "balancer.tke-template": (
        "workloads have the membership label {label} in a template or selector: their pods would be registered at the default "
        "weight, or leave their owner when the label is removed",
        "{workloads:few 5}",
        "select by a label that is in no template and in no workload's selector",
    ),
}
