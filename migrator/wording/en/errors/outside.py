"""English: what the cluster, the gateways, Prometheus and the plan file's path answer when something went wrong."""

from __future__ import annotations

_END_IT = (
    "Nothing was changed. End that run in its own store: `migrator resume` or `migrator rollback` there. Pausing or leaving "
    "it does not free the Lease; only its end does."
)

CLUSTER: dict[str, str] = {
    "cluster.server": "The API server {host}[ (context {context})]",
    "cluster.nobody-listens": "{server} cannot be reached for {asked}: nobody accepts the connection.",
    "cluster.no-address": "{server} cannot be reached for {asked}: nobody here knows an address of the host {host}. Check the "
    "name in the kubeconfig, and this machine's DNS.",
    "cluster.no-tls": "{server} was not asked {asked}: what answers there speaks no TLS. Nothing was sent. If that port is "
    "meant, the address in the kubeconfig begins with http:, and not with https:.",
    "cluster.proxy-unusable": "The proxy that the kubeconfig or the environment names (HTTPS_PROXY, HTTP_PROXY) is no usable "
    "address ({words}). Nothing was asked. Fix the variable, or unset it.",
    "cluster.late": "{server} did not answer {asked} in time.",
    "cluster.write-late": "{server} did not answer {asked} in time. It may or may not have been carried out.",
    "cluster.unreachable": "{server} cannot be reached for {asked}: {words}.",
    "cluster.untrusted": "{server} was not asked {asked}: the TLS connection is not trusted ({words}). Nothing was sent. "
    "Check the certificate-authority of that context.",
    "cluster.unauthorized": "{server} does not accept our credentials for {asked} (401[: {words}]).[ {untouched}] Log "
    "in again for that context (`kubectl auth whoami` fails the same way).",
    "cluster.missing": "{server} has nothing there for {asked} (404[: {words}]).",
    "cluster.in-trouble": "{server} could not answer {asked} ({status}[: {words}]).",
    "cluster.forbidden": "{server} forbids {asked} (403[: {words}]).[ {untouched}] Grant it by a Role.",
    "cluster.refused": "{server} refuses {asked} ({status}[: {words}]).[ {untouched}]",
    "cluster.untouched": "Nothing was changed.",
    "cluster.watch-ended": "{server} has ended the watch of pods: {words}",
    "cluster.too-large": "{server} answered {asked} with more bytes than any such answer has; it was not read to its end.",
    "cluster.redirected": "{server} answered {asked} with a redirect[ to {to}], which is not followed: a proxy or a login page "
    "is in the way.[ {untouched}] Check the server's address in the kubeconfig, and proxy variables.",
    "cluster.html": "{server} answered {asked} with a web page: a proxy or a login page is in the way. Nothing was changed. "
    "Check the server's address in the kubeconfig, and proxy variables.",
    "cluster.nobody": "You are not logged in: the kubeconfig's user has neither a token nor a certificate, and {server} "
    "refuses {asked} ({status}). Nothing was changed. Log in for that context.",
    "cluster.no-login": "{program}, which the kubeconfig names to log in, failed: {why}.[ {hint}] Nothing was changed. Log in "
    "with that program (or install it), then try again.",
    "cluster.not-renewed": "Our credentials for {server} could not be renewed ({error}). Nothing was changed. Log in again for "
    "that context; the kubeconfig is then read again.",
    "cluster.login-late": "{server} was not asked: our credentials have ended, and whoever renews them has not answered yet.",
    "plugin.said": "it said: {words}",
    "plugin.late": "it did not end within {seconds:seconds} and was stopped",
    "plugin.not-started": "it could not be started[ ({problem})]",
    "plugin.no-credentials": "its answer holds neither a token nor a certificate with its key",
    "cluster.plain-http": "{host} is plain HTTP: our token can be read on the way",
    "cluster.unverified": "the kubeconfig says insecure-skip-tls-verify: whoever answers at {host} gets our token",
    "cluster.no-json": "{server} answered {asked} with something that is no JSON.",
    "cluster.no-list": "The API server answered with a {kind} list that is no list of objects.",
    "cluster.no-object": "{server} answered {asked} with JSON that is no object.",
    "cluster.no-kubeconfig": "There is no kubeconfig at {path}. Nothing was done. Name one by `spec.cluster.kubeconfig` or "
    "KUBECONFIG.",
    "cluster.kubeconfig-unusable": "The kubeconfig {path} cannot be used[ for context {context}] ({words}). Nothing was done. "
    "`kubectl config get-contexts` lists the contexts; `spec.cluster.context` names one.",
    "cluster.list-endless": "The list of {kind} has more than {most} objects; it was not read to its end.",
    "cluster.kind-unknown": "the server does not know {kind} of {version}",
    "cluster.write-kind-unknown": "The server does not know {kind} of {version}; nothing was changed.",
    "cluster.no-uid": "{object} was to be changed without a uid; nothing was sent, because it might be another object.",
    "cluster.lease-gone": "Lease {lease} is not there any more. Nothing was changed. `migrator status` shows the run.",
    "cluster.lease-contested": "Lease {lease} is being changed by somebody else at this moment. Nothing was changed."
    " Repeat the command.",
    "cluster.lease-held": "Lease {lease} is held by {holder} until {until:instant} (renewed {renewed:instant}). "
    + _END_IT,
    "cluster.lease-of-open-run": "Lease {namespace}/{name} names {holder}, which never ended: nobody has renewed it since "
    "{renewed:instant}, but its migration may be half-way. "
    + _END_IT
    + " If that store is lost, `migrator adopt {namespace}/{gateway}` takes the run over. Only if it finds no record: look at "
    "the balancer's weights and set them as they are to stay, then take over deliberately with "
    "`kubectl [--context {context} ]-n {namespace} delete lease {name}`, and plan anew.",
    "cluster.no-way-to-pod": "{server} gives no way to pod {pod}: {words}",
    "tunnel.port": "port {port} of pod {pod}",
    "tunnel.silent": "{port} said nothing for {seconds:seconds}",
    "tunnel.late": "{port} did not answer in time",
    "tunnel.broken": "{port}: {words}",
}

GATEWAYS: dict[str, str] = {
    "gateway.kind-unknown": "This plan is for gateways of kind {kind}, which this version of migrator does not know. Nothing "
    "was changed. It knows {known:list}; use the version that made the plan.",
    "gateway.no-answer": "gateway {pod} did not answer {asked}: {words}",
    "gateway.late": "gateway {pod} did not answer within {seconds:seconds}",
    "gateway.not-introduced": "gateway {pod} did not say who it is: {words}",
    "gateway.stranger": "Port {port} of pod {pod} on node {node} is answered by another gateway ({other}): two processes "
    "share it. Nothing was asked of either. Give one another admin port.",
    "gateway.status": "{asked} answered {status}",
    "gateway.pod-status": "gateway {pod}: {asked} answered {status}",
    "gateway.no-envoy": "{asked} is no JSON; this is not an Envoy's admin port",
    "gateway.no-json": "the admin port answered with something that is no JSON",
    "gateway.unread": "its configuration was not read: the process that reads it ended, or took longer than "
    "{seconds:seconds}; it is read again in the next round",
    "gateway.no-counters": "its statistics hold no http.*.downstream_rq_xx: no HTTP listener, or left out by its matcher",
    "gateway.not-ready": "/ready answered {status}[ ({words})]",
    "gateway.one": "{pod}: {why}",
    "gateway.not-told": "{failed} of {of:count gateway} could not be told to {word:word told}: {why:parts}",
    "gateway.not-comparable": "The configuration of gateway {pod} cannot be compared: {why}. Probes must decide.",
    "gateway.not-tellable": "These gateways cannot be told to drain: {why}. Nothing was sent to them.",
    "gateway.are-two": "the sides are of two products",
    "gateway.is-nginx": "nginx has no admin port with counters and no signal that can be taken back",
    "gateway.is-none": "the plan says `gateway: {{kind: none}}`",
    "unsettled.part": "{kind} {name}: {state}[ ({words})]",
    "unsettled.rejected": "{kind}: an update was rejected[ ({words})]",
    "unsettled.inactive": "listener {name}: not active",
    "stream.closed": "the connection was closed after the last answer",
    "stream.no-http": "the answer is not whole, or not HTTP[: {words}]",
    "stream.late": "the answer was not whole in time",
    "stream.too-large": "the answer is larger than any configuration",
}

OTHERS: dict[str, str] = {
    "prometheus.redirected": "Prometheus's address answers with a redirect to {to}, which is not followed. Check "
    "judge.prometheus.url, and whether a proxy or a login page is in the way.",
    "prometheus.web-page": "A web page answers at Prometheus's address. Check judge.prometheus.url, and whether a proxy or a "
    "login page is in the way.",
    "prometheus.no-answer": "Prometheus at {url} did not answer: {words}.",
    "prometheus.no-prometheus": "{url} answered something that Prometheus would not say.",
    "prometheus.in-trouble": "Prometheus could not answer ({status}).",
    "prometheus.denied": "Prometheus does not accept who we are ({status}). Beside the gateways' counters the run goes on by "
    "these; alone, no share advances, and while shifting the run turns back after judge.noData.rollbackAfter. A secret in a "
    "file may be replaced at any time: it is read for each request.",
    "prometheus.tls": "Prometheus at {url} was not asked: TLS failed ({reason}). Check judge.prometheus.ca, certificate, key.",
    "prometheus.no-variable": "Prometheus is not asked: the environment variable {variable}, which the plan names for it, is "
    "not set or is empty. Nothing was changed.",
    "prometheus.no-secret-file": "Prometheus is not asked: the file {file}, which the plan names for it, is not there, is "
    "empty or cannot be read. Nothing was changed.",
    "prometheus.no-certificate": "Prometheus is not asked: the file {file}, which the plan names for TLS with it, is not there "
    "or cannot be read. Nothing was changed.",
    "prometheus.no-header": "Prometheus is not asked: what {where} holds cannot be sent in a header. Nothing was changed.",
    "prometheus.refused": "Prometheus refuses the query ({status}[: {words}]).",
    "planfile.unreadable": "The plan file {path} cannot be read: {why}. Nothing was changed.",
    "planfile.no-text": "it is not UTF-8 text",
    "probe.no-connection": "{address}:{port} takes no connection: {words}",
    "call.late": "the answer was not whole in time",
    "probe.no-path": "{path} is no path: {words}",
    "probe.refused": "{address}:{port} refused GET {path} for {host}: {words}",
    "probe.no-answer": "{address}:{port} did not answer GET {path} for {host}: {words}",
    "probe.broken": "our own request failed before it was sent, or its answer was not understood ({error})",
    "gateway.broken": "what came from {pod} was not understood ({error})",
    "prometheus.broken": "What came from Prometheus was not understood ({error}).",
    "write.broken": "A write met an error that nobody expected ({error}): it may or may not have been carried out.",
    "probe.bad": "{address}:{port} answered GET {path} for {host} with {status}",
    "witness.no-address": "the balancer does not say at which address clients reach it; nobody witnesses them",
}

MESSAGES: dict[str, str] = {**CLUSTER, **GATEWAYS, **OTHERS}
