"""The one look before a pod is set apart or put back. It changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.app.plan.looking.listing import Listed, listed
from migrator.domain.gateways import gateway_profile
from migrator.domain.gateways.istio.profile import SECURITY
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Side
from migrator.domain.model.manifests import ObjectRef, uid_of
from migrator.domain.model.refs import namespaces, source_ref, target_ref
from migrator.domain.model.workload import Workload
from migrator.domain.observation.world import Listing
from migrator.domain.planning.isolating.configured import SELECTING
from migrator.domain.planning.isolating.ground import Ground
from migrator.domain.steps.isolating.mark import MARK, read

if TYPE_CHECKING:
    from migrator.domain.model.manifests import Manifest
    from migrator.domain.model.spec import Spec
    from migrator.domain.ports.outside import ClusterReader, Readers


def ground(spec: Spec, name: str, readers: Readers) -> Ground:
    """Look at a pod of a plan's gateway, by its name. UsageError where there is none, or it is no pod of the gateway's."""
    cluster = readers.cluster
    found = (cluster.get(ObjectRef("v1", "Pod", space, name)) for space in namespaces(spec))
    pod = next(filter(None, found), None)
    if pod is None:
        spaces, known = namespaces(spec), isolated(spec, cluster)
        raise UsageError(say("isolate.no-pod", pod=name, namespaces=spaces, isolated=known))
    workload = _whose(spec, pod, cluster)
    if workload is None:
        raise UsageError(say("isolate.not-of-gateway", pod=name, workloads=tuple(str(ref) for ref in _refs(spec))))
    namespace = workload.ref.namespace
    configured = _configuring(spec, workload.ref, cluster)
    return Ground(
        pod,
        workload,
        cluster.get(workload.ref) or {},
        tuple(cluster.list_objects("v1", "Service", namespace)),
        tuple(cluster.list_objects("policy/v1", "PodDisruptionBudget", namespace)),
        tuple(cluster.list_objects("discovery.k8s.io/v1", "EndpointSlice", namespace)),
        readers.balancer.targets(),
        readers.balancer.capabilities(),
        tuple(thing for each in configured for thing in each.objects if isinstance(thing, dict)),
        tuple(each.key for each in configured if each.refused),
    )


def _configuring(spec: Spec, workload: ObjectRef, cluster: ClusterReader) -> list[Listed]:
    """List what may configure gateways of this kind by labels."""
    side = Side.OLD if workload == source_ref(spec) else Side.NEW
    lists = [each for each in gateway_profile(spec, side).lists if each.kind in SELECTING]
    if any(each.versions == SECURITY for each in lists):
        lists.append(Listing("AuthorizationPolicy", SECURITY, "AuthorizationPolicy", optional=True))
    return [listed(cluster, each, namespaces(spec)) for each in lists]


def isolated(spec: Spec, cluster: ClusterReader) -> tuple[str, ...]:
    """Give the names of the pods of the namespaces that are set apart."""
    from migrator.domain.model.manifests import text

    spaces = namespaces(spec)
    found = [pod for space in spaces for pod in cluster.list_objects("v1", "Pod", space, f"{MARK}=true")]
    return tuple(sorted(text(pod, "metadata", "name") for pod in found))


def _refs(spec: Spec) -> tuple[ObjectRef, ...]:
    return tuple(dict.fromkeys((target_ref(spec), source_ref(spec))))


def _whose(spec: Spec, pod: Manifest, cluster: ClusterReader) -> Workload | None:
    """Give the workload that owns the pod, or that owned it before it was set apart: that one may be gone since."""
    marked = read(pod)
    for ref in _refs(spec):
        workload = cluster.workload(ref)
        owns = any(each.ref.uid == uid_of(pod) for each in workload.pods)
        if (workload.exists and owns) or (marked is not None and marked.workload == ref):
            return workload
    return None
