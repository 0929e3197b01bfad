"""What the TKE driver declares of itself: it reads CLB, writes pods' annotations, and steers TKE's own controller by them."""

from __future__ import annotations

from migrator.adapters.balancers.codes import shared
from migrator.adapters.balancers.options import MONITORING
from migrator.adapters.balancers.tencent.cloud import CLOUD
from migrator.adapters.balancers.tencent.profile import CODES as OF_CLB
from migrator.adapters.balancers.tencent.rights import READ_ONLY
from migrator.domain.balancers.profile import BalancerProfile, ClusterRight

OPTIONS = {
    "namespace": "the namespace of the listeners' Services",
    "services": "the Service of each listener, like lbl-a=web,lbl-b=tls",
    "kubeconfig": "the kubeconfig of that cluster, if it is not the usual one",
    "context": "the context in it, if it is not the current one",
    **MONITORING,
}
PROFILE = BalancerProfile(
    provider="tke",
    page="docs/controllers.md",
    codes={
        **OF_CLB,
        **shared("layer-7"),
        "balancer.tke-direct-access": "the Service has no direct access, so a pod's annotated weight means nothing",
        "balancer.tke-selector": "the Service does not select by exactly one label",
        "balancer.tke-service": "the Service of a listener is not there",
        "balancer.tke-template": "a workload has the membership label in its template or selector",
        "balancer.tke-unproven": "the driver was held to an emulation of TKE's controller only",
        "balancer.tke-version": "TKE's Service controller does not know pods' weights",
    },
    options=OPTIONS,
    cluster_rights=(
        ClusterRight("patch", "v1", "Pod"),
        ClusterRight("list", "apps/v1", "DaemonSet"),
        ClusterRight("list", "apps/v1", "StatefulSet"),
        ClusterRight("get", "v1", "ConfigMap", "kube-system"),
    ),
    rights=READ_ONLY,
    cloud=CLOUD,
    keeps_client=True,  # as CLB does
    steers_controller=True,
)
