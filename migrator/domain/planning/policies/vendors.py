"""The vendors whose policies are read: the kinds to list, and the reader of each. A new vendor is a module and rows here."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from migrator.domain.model.manifests import Manifest
from migrator.domain.observation.world import Listing, World
from migrator.domain.planning.policies.admin import read_admin, read_antrea
from migrator.domain.planning.policies.calico import read as read_calico
from migrator.domain.planning.policies.cilium import read as read_cilium
from migrator.domain.planning.policies.cilium import read_egress
from migrator.domain.planning.policies.policy import Policy

Reader = Callable[[Manifest], Iterator[Policy]]
CALICO = ("crd.projectcalico.org/v1", "projectcalico.org/v3")
ADMIN = ("policy.networking.k8s.io/v1alpha1",)


def _listed(kind: str, *versions: str, key: str = "") -> Listing:
    return Listing(key or kind, versions, kind, optional=True)


VENDORS: tuple[tuple[Listing, Reader], ...] = (
    (_listed("CiliumNetworkPolicy", "cilium.io/v2"), read_cilium),
    (_listed("CiliumClusterwideNetworkPolicy", "cilium.io/v2"), read_cilium),
    (_listed("CiliumEgressGatewayPolicy", "cilium.io/v2"), read_egress),
    (_listed("NetworkPolicy", *CALICO, key="CalicoNetworkPolicy"), read_calico),
    (_listed("GlobalNetworkPolicy", *CALICO), read_calico),
    (_listed("NetworkPolicy", "crd.antrea.io/v1beta1", key="AntreaNetworkPolicy"), read_antrea),
    (_listed("ClusterNetworkPolicy", "crd.antrea.io/v1beta1", key="AntreaClusterNetworkPolicy"), read_antrea),
    (_listed("AdminNetworkPolicy", *ADMIN), read_admin),
    (_listed("BaselineAdminNetworkPolicy", *ADMIN), read_admin),
    (_listed("ClusterNetworkPolicy", "policy.networking.k8s.io/v1alpha2"), read_admin),
)

HARMLESS = frozenset(
    {
        "CiliumLocalRedirectPolicy",  # read elsewhere: it redirects a node's own traffic
        "StagedNetworkPolicy",  # Calico enforces nothing that is staged
        "StagedGlobalNetworkPolicy",
        "StagedKubernetesNetworkPolicy",
    }
)

POLICY_GROUPS: dict[str, frozenset[str]] = {
    group: HARMLESS | {row.kind for row, _ in VENDORS if any(v.startswith(f"{group}/") for v in row.versions)}
    for group in ("cilium.io", "crd.projectcalico.org", "crd.antrea.io", "policy.networking.k8s.io")
}
"""API groups of network policies, and the kinds that are read; another `…Policy` of them is told."""


def policies(world: World) -> list[Policy]:
    """Give every vendor's policies that were listed."""
    return [policy for listing, read in VENDORS for thing in world.all(listing.key) for policy in read(thing)]
