"""TKE with direct access: weights as annotations of pods, carried out by TKE's own Service controller, read from CLB."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.adapters.balancers.registration import Driver
from migrator.adapters.balancers.tke.options import options
from migrator.adapters.balancers.tke.profile import PROFILE
from migrator.domain.model.spec import BalancerSpec, ClusterSpec

if TYPE_CHECKING:
    from migrator.adapters.balancers.tke.driver import Tke


def tke(spec: BalancerSpec) -> Tke:
    """Give the driver. UsageError for options that are missing or unknown, or a kubeconfig that is not there."""
    from migrator.adapters.balancers.tencent import clb
    from migrator.adapters.balancers.tencent.rights import READ_ONLY
    from migrator.adapters.balancers.tke.driver import Tke
    from migrator.adapters.cluster import connect

    chosen = options(spec)
    cluster = connect(ClusterSpec(chosen.namespace, kubeconfig=chosen.kubeconfig, context=chosen.context))
    return Tke(clb(spec, READ_ONLY, chosen.monitoring, chosen.period), cluster.reader, cluster.writer, chosen)


DRIVER = Driver(PROFILE, tke, options)
