"""Whatever the bounds of a rolling update are, a rollout keeps them at every moment and comes to its end."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.lab.controllers.api.resources import DEPLOYMENTS
from migrator.lab.controllers.workloads.rollout import bounds
from tests.lab.controllers.cluster import Cluster, deployment_of, template

AMOUNTS = st.one_of(st.integers(0, 3), st.sampled_from(["0%", "25%", "50%", "100%"]))


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(replicas=st.integers(1, 6), surge=AMOUNTS, unavailable=AMOUNTS, slow=st.integers(1, 3))
def test_a_rollout_never_leaves_its_bounds(replicas, surge, unavailable, slow):
    rolling = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": surge, "maxUnavailable": unavailable}}
    cluster = Cluster(nodes=3)
    item = cluster.add(DEPLOYMENTS, deployment_of(replicas, strategy=rolling))
    cluster.settle()
    cluster.change(DEPLOYMENTS, "gw", {"spec": {"template": template("lab/httpd:2")}})
    allowed = bounds(item)

    for turn in range(40 * slow):
        cluster.step("deployment", "replicaset", "scheduler")
        pods = cluster.pods(app="gw")
        assert sum(bool(pod.get("status")) for pod in pods) >= replicas - allowed.unavailable
        assert len(pods) <= replicas + allowed.surge
        if turn % slow == 0:
            cluster.kubelets()

    images = [pod["spec"]["containers"][0]["image"] for pod in cluster.pods(app="gw")]
    assert images == ["lab/httpd:2"] * replicas
