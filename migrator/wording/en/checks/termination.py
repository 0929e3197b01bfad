"""English: what the checks find about how a gateway pod ends."""

from __future__ import annotations

FINDINGS: dict[str, tuple[str, ...]] = {
    "termination.unknown-length": ("it cannot be told how long its preStop takes", "{numbers}"),
    "termination.no-prestop": (
        "it has no preStop that waits: an eviction or a rolling update would end the pod while the balancer still sends to it",
        "{numbers}",
        "add a preStop that sleeps {wanted:number g} s or more, in spec.target.patch",
    ),
    "termination.prestop-short": (
        "its preStop waits {waits:number g} s, and the balancer may need {wanted:number g} s to stop sending",
        "{numbers}",
        "sleep {wanted:number g} s or more",
    ),
    "termination.grace-short": (
        "terminationGracePeriodSeconds {grace:number g} is less than preStop + drain = {needed:number g}: kubelet kills the "
        "pod before it has drained",
        "{numbers}",
        "set terminationGracePeriodSeconds to {better:number g} or more",
    ),
    "termination.numbers": ("how a pod ends that somebody else deletes", "{numbers}"),
    "termination.hardened": (
        "it is given what it lacks so that its pods end, and start, without losing a request (spec.target.harden)",
        "{changes:parts}",
    ),
    "termination.ends-noticed": (
        "a pod of it that ends serves for {serves:number g} s more, and within {within:number g} s nothing is sent to it: a "
        "restart, an eviction or a scale-down loses nothing while the run goes on, but a message that is under way on a "
        "WebSocket which is still open then. A crash or OOM takes with it at most what was in flight and what was sent before "
        "the turn that saw it",
        "{by}",
    ),
    "termination.ends-unnoticed": (
        "a pod of it that ends serves for {serves:number g} s more, and it takes {within:number g} s until nothing is sent to "
        "it: a restart, an eviction, a scale-down or a crash takes with it what was in flight and what was sent before the "
        "turn that saw it",
        "{by}",
        "restart nothing while the run goes on, or first let its preStop sleep {better:number g} s or more",
    ),
    "termination.ends-unnoticed:unknown": (
        "it cannot be told how long a pod of it that ends serves (at least {serves:number g} s), and it takes "
        "{within:number g} s until nothing is sent to it: a restart, an eviction, a scale-down or a crash may take with it "
        "what was in flight and what was sent before the turn that saw it",
        "{by}",
        "restart nothing while the run goes on, unless its preStop waits longer than {within:number g} s",
    ),
    "termination.drain-not-posted": (
        "it asks for drain_listeners by GET, which Envoy answers with 405: nothing is drained",
        "{command}",
        "POST it",
    ),
    "termination.drain-no-effect": (
        "drain_listeners?inboundonly does nothing on an Istio gateway: its listeners are OUTBOUND",
        "{command}",
        "use healthcheck/fail, or drain_listeners?graceful&skip_exit",
    ),
    "termination.drain-refuses": (
        "drain_listeners without graceful refuses new connections at once, while the balancer still sends them",
        "{command}",
        "use healthcheck/fail, or drain_listeners?graceful&skip_exit",
    ),
    "termination.liveness": (
        "its livenessProbe asks for {path}, which turns to 503 when the gateway is told to drain (healthcheck/fail): kubelet "
        "would kill the gateway while it drains",
        "{asks}",
        "let the livenessProbe ask for something that does not change: a tcpSocket, or /server_info",
    ),
    "termination.raises-itself": (
        "its container {container} gives its pod's row the usual weight as soon as the pod serves: before the run has proved "
        "it, and after the run has lowered it",
        "`migrator harden --image --by balancer` put it there",
        "let it mind this gateway's Lease (`migrator harden --image IMAGE --plan FILE` prints it anew), let it wait for a "
        "follower's word (`--by follower`), or take it out for the run",
    ),
    "termination.companion": (
        "beside each new gateway stands a container of ours ({image}); when its pod ends, it sets the weight of the pod's own "
        "rows to 0. While a run or a follower holds the gateway's Lease, they alone set weights",
        "the Secret {secret} in {namespace} with the cloud's variables; the right to read Lease {lease} for "
        "ServiceAccount {account}",
        "make both before the run: `migrator rbac FILE --farewell` prints the least roles, and the policy of the credential. "
        "Without the right its pods do not get Ready",
    ),
    "termination.companion:follower": (
        "beside each new gateway stands a container of ours ({image}); when its pod ends, it waits for a follower's word, at "
        "most "
        "the computed seconds. It needs no credential",
        "asked is {url}",
    ),
    "termination.companion-no-follower": (
        "a container beside each new gateway waits for a follower's word, and the plan has no follower: every pod takes all "
        "of its "
        "computed seconds, and nobody sets its weight to 0 when it ends",
        "target.harden.by is follower, after is {after}",
        "say `after: migrator` and run `migrator follow`, or `by: balancer`",
    ),
    "termination.companion-no-weight": (
        "behind this balancer a gateway has no weight of its own (it is a target group's, or a cloud controller's): the "
        "container "
        "of `target.harden` with `by: balancer` has nothing to set",
        "{provider}",
        "say `by: follower`, or `harden: true`",
    ),
    "termination.long-connections": (
        "WebSockets and idle connections do not end when a gateway drains; after {timeout:number g} s the run cuts what is "
        "left, and counts it",
        "drain.timeout {timeout:number g} s, onTimeout {on_timeout}",
        "let clients reconnect by themselves; an idle_timeout and a max_connection_duration end the rest",
    ),
    "termination.long-connections:asks": (
        "WebSockets and idle connections do not end when a gateway drains; after {timeout:number g} s the run asks a person",
    ),
    "termination.exit-on-zero": (
        "it waits for zero connections without a limit of its own: one idle connection keeps it until kubelet kills it",
        "EXIT_ON_ZERO_ACTIVE_CONNECTIONS=true, grace {grace:number g} s",
        "choose a grace period that you accept for every restart",
    ),
}
