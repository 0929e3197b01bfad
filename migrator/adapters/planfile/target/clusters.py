"""What a plan file says of its clusters: one, or one for each side. It opens no kubeconfig."""

from __future__ import annotations

from dataclasses import replace

from migrator.adapters.planfile.rules import RuleBroken
from migrator.adapters.planfile.values import DnsName, Strict, Word
from migrator.domain.messages.message import say
from migrator.domain.model.spec import ClusterSpec


class Cluster(Strict):
    """Which cluster and namespace. Without `context` the kubeconfig's current one, without `kubeconfig` the usual places."""

    namespace: DnsName
    context: Word | None = None
    kubeconfig: Word | None = None


class SideCluster(Strict):
    """The cluster of one side. Without `kubeconfig` it is the one of `spec.cluster`."""

    context: Word
    kubeconfig: Word | None = None


def require_two(whole: Cluster, first: SideCluster | None, second: SideCluster | None, stands: bool) -> None:
    """RuleBroken where the sides' clusters are said twice, by half, or are one. `stands`: the new side is there already."""
    if first is not None and second is None:
        raise RuleBroken(say("rule.clusters-by-half"))
    if first is not None and (whole.context or whole.kubeconfig):
        raise RuleBroken(say("rule.cluster-twice"))
    if second is not None and stands:
        raise RuleBroken(say("rule.second-existing"))
    home, other = clusters_of(whole, first, second)
    if other is not None and not home.context:
        raise RuleBroken(say("rule.cluster-unnamed"))
    if other is not None and (other.context, other.kubeconfig) == (home.context, home.kubeconfig):
        raise RuleBroken(say("rule.one-cluster", context=home.context))


def clusters_of(
    whole: Cluster, first: SideCluster | None, second: SideCluster | None
) -> tuple[ClusterSpec, ClusterSpec | None]:
    """Give the gateway's home, and the new side's cluster where it is another."""
    home = ClusterSpec(whole.namespace, whole.context, whole.kubeconfig)
    if first is not None:
        home = replace(home, context=first.context, kubeconfig=first.kubeconfig)
    if second is None:
        return home, None
    return home, ClusterSpec(whole.namespace, second.context, second.kubeconfig or home.kubeconfig)
