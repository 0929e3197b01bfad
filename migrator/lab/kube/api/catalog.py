"""The kinds that exist before any CustomResourceDefinition is posted, Istio's, KEDA's and Prometheus' included."""

from migrator.lab.kube.api.kinds import Kind

_TYPED = """
# group | versions | plural | Kind | scope, c = has a generation | short names | subresources | categories
| v1 | namespaces | Namespace | cluster | ns | status finalize |
| v1 | nodes | Node | cluster | no | status |
| v1 | pods | Pod | ns | po | status log exec attach portforward eviction binding proxy | all
| v1 | services | Service | ns | svc | status proxy | all
| v1 | endpoints | Endpoints | ns | ep | |
| v1 | configmaps | ConfigMap | ns | cm | |
| v1 | secrets | Secret | ns | | |
| v1 | serviceaccounts | ServiceAccount | ns | sa | token |
| v1 | events | Event | ns | ev | |
| v1 | persistentvolumeclaims | PersistentVolumeClaim | ns | pvc | status |
| v1 | resourcequotas | ResourceQuota | ns | quota | status |
| v1 | limitranges | LimitRange | ns | limits | |
| v1 | replicationcontrollers | ReplicationController | ns c | rc | status scale | all
apps | v1 | deployments | Deployment | ns c | deploy | status scale | all
apps | v1 | replicasets | ReplicaSet | ns c | rs | status scale | all
apps | v1 | daemonsets | DaemonSet | ns c | ds | status | all
apps | v1 | statefulsets | StatefulSet | ns c | sts | status scale | all
apps | v1 | controllerrevisions | ControllerRevision | ns | | |
batch | v1 | jobs | Job | ns c | | status | all
batch | v1 | cronjobs | CronJob | ns c | cj | status | all
policy | v1 | poddisruptionbudgets | PodDisruptionBudget | ns c | pdb | status |
autoscaling | v2 | horizontalpodautoscalers | HorizontalPodAutoscaler | ns | hpa | status | all
coordination.k8s.io | v1 | leases | Lease | ns | | |
discovery.k8s.io | v1 | endpointslices | EndpointSlice | ns c | | |
events.k8s.io | v1 | events | Event | ns | ev | |
networking.k8s.io | v1 | networkpolicies | NetworkPolicy | ns c | netpol | |
networking.k8s.io | v1 | ingresses | Ingress | ns c | ing | status |
networking.k8s.io | v1 | ingressclasses | IngressClass | cluster c | | |
node.k8s.io | v1 | runtimeclasses | RuntimeClass | cluster | | |
scheduling.k8s.io | v1 | priorityclasses | PriorityClass | cluster | pc | |
storage.k8s.io | v1 | storageclasses | StorageClass | cluster | sc | |
admissionregistration.k8s.io | v1 | mutatingwebhookconfigurations | MutatingWebhookConfiguration | cluster c | | |
admissionregistration.k8s.io | v1 | validatingwebhookconfigurations | ValidatingWebhookConfiguration | cluster c | | |
apiextensions.k8s.io | v1 | customresourcedefinitions | CustomResourceDefinition | cluster c | crd crds | status |
rbac.authorization.k8s.io | v1 | roles | Role | ns | | |
rbac.authorization.k8s.io | v1 | rolebindings | RoleBinding | ns | | |
rbac.authorization.k8s.io | v1 | clusterroles | ClusterRole | cluster | | |
rbac.authorization.k8s.io | v1 | clusterrolebindings | ClusterRoleBinding | cluster | | |
"""
_CUSTOM = """
networking.istio.io | v1 v1beta1 v1alpha3 | gateways | Gateway | ns c | gw | status |
networking.istio.io | v1 v1beta1 v1alpha3 | virtualservices | VirtualService | ns c | vs | status |
networking.istio.io | v1 v1beta1 v1alpha3 | destinationrules | DestinationRule | ns c | dr | status |
networking.istio.io | v1alpha3 | envoyfilters | EnvoyFilter | ns c | | status |
networking.istio.io | v1 v1beta1 v1alpha3 | sidecars | Sidecar | ns c | | status |
networking.istio.io | v1 v1beta1 v1alpha3 | serviceentries | ServiceEntry | ns c | se | status |
networking.istio.io | v1 v1beta1 v1alpha3 | workloadentries | WorkloadEntry | ns c | we | status |
networking.istio.io | v1beta1 | proxyconfigs | ProxyConfig | ns c | | status |
security.istio.io | v1 v1beta1 | authorizationpolicies | AuthorizationPolicy | ns c | ap | status |
security.istio.io | v1 v1beta1 | requestauthentications | RequestAuthentication | ns c | ra | status |
security.istio.io | v1 v1beta1 | peerauthentications | PeerAuthentication | ns c | pa | status |
telemetry.istio.io | v1 v1alpha1 | telemetries | Telemetry | ns c | telemetry | status |
extensions.istio.io | v1alpha1 | wasmplugins | WasmPlugin | ns c | | status |
keda.sh | v1alpha1 | scaledobjects | ScaledObject | ns c | so | status |
monitoring.coreos.com | v1 | podmonitors | PodMonitor | ns c | pmon | |
monitoring.coreos.com | v1 | servicemonitors | ServiceMonitor | ns c | smon | |
"""


def known_kinds(bare: bool = False) -> list[Kind]:
    """Return every predeclared kind, in the order in which discovery lists them; `bare`: the built-in ones alone."""
    return [*_read(_TYPED, custom=False), *(() if bare else _read(_CUSTOM, custom=True))]


def _read(table: str, custom: bool) -> list[Kind]:
    lines = (line for line in table.strip().splitlines() if not line.startswith("#"))
    return [_kind([cell.strip() for cell in line.split("|")], custom) for line in lines]


def _kind(cells: list[str], custom: bool) -> Kind:
    group, versions, plural, kind, scope, short, subresources, categories = cells
    return Kind(
        group=group,
        versions=tuple(versions.split()),
        plural=plural,
        kind=kind,
        namespaced=scope.startswith("ns"),
        short=tuple(short.split()),
        categories=tuple(categories.split()),
        subresources=frozenset(subresources.split()),
        counted=scope.endswith(" c"),
        home="" if group == "events.k8s.io" else None,
        custom=custom,
    )
