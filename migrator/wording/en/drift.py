"""English: what others have changed of all that a run rests on, what that means, and what holds the run."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "drift.holds": "held: {found}. No share is raised meanwhile; the judge goes on watching. The run goes on by itself when "
    "this is over. Next: {remedy}",
    "drift.held": "the run is held: {what}",
    "guard.again": "somebody took off what step Guard had changed ({by}); it is made again, once",
    "drift.not-looked": "this process has not looked yet at what others have changed; nothing advances before it has",
    "drift.blind": "for {blind:seconds} nobody could look at what others change in the cluster: nothing advances meanwhile; "
    "the judge goes on watching",
    "drift.comparing": "a gateway's configuration has changed: both sides are compared before the share is raised",
    "drift.comparing-first": "this process has not compared every gateway's configuration yet: it does so before the share is "
    "raised",
    "drift.restless": "the configuration of both sides changes again and again, alike: the run does not wait for a comparison",
    "drift.nodes-came": "nodes that came since the plan was made: {nodes:list}",
    "drift.nodes-left": "nodes of the plan that are gone: {nodes:list}",
    "drift.node-leaves": "node {node} is about to leave: {why}",
    "drift.node-tainted": "{node} has a taint that the new pods do not tolerate: {taints:list}",
    "drift.nodes-cordoned": "nodes of the plan that take no new pod: {nodes:list}",
    "drift.not-watched": "not watched for changes, because we may not read it: {what:list}",
    "drift.silent": "does not answer now, and is watched by what was seen last: {what:list}",
    "login.ends": "what we hold for {to} ends at {at:instant}, and nothing renews it: log in again before that",
    "login.ended": "what we hold for {to} has ended at {at:instant}: log in again; this process takes it up by itself",
    "login.cloud": "{api}'s API",
    "drift.late": "no answer yet; it is asked on beside the next looks",
    "drift.no-configuration": "the configuration of the gateways ({why})",
    "drift.no-identity": "the cluster's identity",
    "drift.releases": "the new gateways run {new}, the old ones {old}: what one release answers the other may not",
    "drift.setting": "{name}: {was} is {now}",
    "drift.by": "by {manager} at {at:instant}",
    "drift.by-unknown": "it is not known by whom",
    "drift.nothing": "nothing",
    "drift.not-shown": "(a value that is not shown)",
}

FINDINGS: dict[str, tuple[str, ...]] = {
    "drift.foreign-row": (
        "this backend belongs to neither side and gets clients: weight {weight}, {health}",
        "",
        "find out who registered it, and remove it or set its weight to 0",
    ),
    "guard.undone": (
        "somebody took off what step Guard had changed, {times} times ({by})",
        "",
        "find out who writes this object (a GitOps controller, Helm, a colleague) and let it be until the run is over, or "
        "`migrator rollback`",
    ),
    "drift.cluster": (
        "this is another cluster than the one that the plan was made for: its kube-system namespace has another uid",
        "",
        "give migrator the kubeconfig and the context of the plan's cluster",
    ),
    "drift.one-sided": (
        "it configures the {side:word side} gateways only and did not when the plan was made: the two sides may answer the "
        "same request differently ({by})",
        "",
        "remove it or let it select both sides, or `migrator rollback`",
    ),
    "drift.configuration": (
        "its configuration is not the other side's any more: {lines:lines}[ (and {more} more)]",
        "",
        "undo what changed one side alone (each line names the object that it was made of, where that is known), or `migrator "
        "rollback`",
    ),
    "drift.listener": (
        "somebody has changed how the balancer checks this listener's backends: {changes:list}. It may call backends sick, or "
        "well, that it would not have",
        "",
        "set it as it was, or `migrator rollback` and plan again",
    ),
    "drift.unwatched": (
        "this is not watched for changes while the run goes on: {parts:list}",
        "",
        "grant `get` and `list` on the objects (`migrator rbac` prints the roles), or see to it that nobody changes them",
    ),
    "drift.removed": (
        "somebody has deleted it; the way back needs it",
        "",
        "create it again as it was, or `migrator rollback`",
    ),
    "drift.removed:old-side": (
        "somebody has deleted it, and the old pods with it: there is NO way back now",
        "",
        "create it again as it was (`migrator manifests` prints it): the run goes on, and can go back, once its pods are Ready",
    ),
    "drift.old-template": (
        "the old pods are made from another template now, {path}: {was} is {now} ({by}). The sides are not what was compared",
        "",
        "undo the change, or `migrator rollback` and plan again",
    ),
    "drift.new-template": (
        "somebody has changed the new workload, {path}: {was} is {now} ({by}). A pod that starts now is not what was proved",
        "",
        "undo the change, or `migrator rollback` and plan again",
    ),
    "drift.service": (
        "somebody has changed this Service, {path}: {was} is {now} ({by}). Clients may come to other pods or ports",
        "",
        "undo the change, or `migrator rollback`",
    ),
    "drift.scaler": (
        "somebody has changed what scales the old side, {path}: {was} is {now} ({by}). It may shrink while it carries traffic",
        "",
        "undo the change, or `migrator rollback`",
    ),
}
