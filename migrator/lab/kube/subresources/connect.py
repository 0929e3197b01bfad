"""Where exec, attach, portforward, log and proxy requests go: the agent of the pod's node, the pod, or an endpoint."""

from urllib.parse import parse_qsl, quote, urlencode

from migrator.lab.kube.api.documents import rows, within
from migrator.lab.kube.api.errors import ApiError, bad_request, not_found
from migrator.lab.kube.objects.call import Call
from migrator.lab.kube.objects.storage import Record, Store

_PATHS = {"exec": "exec", "attach": "attach", "log": "containerLogs"}
_AGENT_WORDS = {"stdin": "input", "stdout": "output", "stderr": "error", "ports": "port"}
_DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container"
Target = tuple[tuple[str, int], str]


def agent_target(store: Store, call: Call, pod: Record, query: str) -> Target:
    """Return the node agent's address and path for a pod's subresource; raises ApiError 400, 500.

    The agent gets the query in the kubelet's words (input, output, error, port), as `PodExecOptions` and
    `PodPortForwardOptions` are converted on their way."""
    node_name = within(pod.doc, "spec").get("nodeName")
    if not node_name:
        raise bad_request(f"pod {pod.name} does not have a host assigned")
    address = _agent_address(store.find(("", "nodes"), "", node_name), node_name)
    pairs = [(_AGENT_WORDS.get(name, name), value) for name, value in parse_qsl(query, keep_blank_values=True)]
    tail = f"?{urlencode(pairs)}" if pairs else ""
    where = f"{quote(pod.namespace)}/{quote(pod.name)}"
    if call.subresource == "portforward":
        return address, f"/portForward/{where}{tail}"
    container = _container(pod, call.query.get("container", ""))
    return address, f"/{_PATHS[call.subresource]}/{where}/{quote(container)}{tail}"


def proxy_target(store: Store, call: Call, query: str) -> Target:
    """Return the address behind `pods/NAME:PORT/proxy` or `services/NAME:PORT/proxy`; raises ApiError 404, 503."""
    words = call.name.split(":")
    name, port = (words[1], words[2]) if len(words) == 3 else (words[0], words[1] if len(words) == 2 else "")
    record = store.find(call.kind.storage, call.namespace, name)
    if record is None:
        raise not_found(call.kind, name)
    address = _pod_address(record, port) if call.kind.plural == "pods" else _service_address(store, record, port)
    return address, f"/{call.rest}" + (f"?{query}" if query else "")


def _agent_address(node: Record | None, name: str) -> tuple[str, int]:
    if node is None:
        raise ApiError(500, "InternalError", f'nodes "{name}" not found')
    addresses = [row["address"] for row in rows(node.doc, "status", "addresses") if row.get("type") == "InternalIP"]
    port = within(node.doc, "status", "daemonEndpoints", "kubeletEndpoint").get("Port")
    if not addresses or not port:
        raise ApiError(500, "InternalError", f"no preferred addresses found; known addresses: {addresses}")
    return addresses[0], int(port)


def _container(pod: Record, asked: str) -> str:
    spec = within(pod.doc, "spec")
    names = [str(row.get("name")) for part in ("containers", "initContainers") for row in rows(spec, part)]
    chosen = asked or within(pod.meta, "annotations").get(_DEFAULT_CONTAINER, "")
    if chosen:
        if chosen not in names:
            raise bad_request(f"container {chosen} is not valid for pod {pod.name}")
        return chosen
    listed = [str(row.get("name")) for row in rows(spec, "containers")]
    if len(listed) > 1:
        words = " ".join(listed)
        raise bad_request(f"a container name must be specified for pod {pod.name}, choose one of: [{words}]")
    return listed[0]


def _pod_address(pod: Record, port: str) -> tuple[str, int]:
    ports = [row for container in rows(pod.doc, "spec", "containers") for row in rows(container, "ports")]
    named = {str(row.get("name")): row["containerPort"] for row in ports}
    number = named.get(port, port) or (ports[0]["containerPort"] if ports else 80)
    address = within(pod.doc, "status").get("podIP")
    if not address:
        raise ApiError(503, "ServiceUnavailable", "address not allowed")
    return str(address), int(number)


def _service_address(store: Store, service: Record, port: str) -> tuple[str, int]:
    ports = rows(service.doc, "spec", "ports")
    wanted = next((row for row in ports if port in ("", str(row.get("name")), str(row.get("port")))), {})
    for piece in store.each(("discovery.k8s.io", "endpointslices"), service.namespace):
        if within(piece.meta, "labels").get("kubernetes.io/service-name") != service.name:
            continue
        numbers = [row["port"] for row in rows(piece.doc, "ports") if row.get("name", "") == wanted.get("name", "")]
        for endpoint in rows(piece.doc, "endpoints"):
            if numbers and within(endpoint, "conditions").get("ready") is not False:
                return str(endpoint["addresses"][0]), int(numbers[0])
    raise ApiError(503, "ServiceUnavailable", f'no endpoints available for service "{service.name}"')
