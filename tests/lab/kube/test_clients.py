"""The official client and kubectl against the server, and the outside probe if it is there."""

import os
import shutil
import subprocess
import sys

import pytest
import yaml
from kubernetes import client, dynamic, watch

from tests.lab.kube.world import TOKEN, workload

KUBECTL = shutil.which("kubectl")
needs_kubectl = pytest.mark.skipif(KUBECTL is None, reason="kubectl is not installed")


@pytest.fixture
def api(server):
    """An API client of the official library."""
    settings = client.Configuration(host=server.url)
    settings.api_key = {"BearerToken": TOKEN}
    settings.api_key_prefix = {"BearerToken": "Bearer"}
    with client.ApiClient(settings) as found:
        yield found
        found.rest_client.pool_manager.clear()


@pytest.fixture
def kubeconfig(server, space, tmp_path):
    """A kubeconfig file whose context is the test's namespace."""
    context = {"cluster": "lab", "user": "lab", "namespace": space.name}
    body = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "lab",
        "clusters": [{"name": "lab", "cluster": {"server": server.url}}],
        "users": [{"name": "lab", "user": {"token": TOKEN}}],
        "contexts": [{"name": "lab", "context": context}],
    }
    path = tmp_path / "kubeconfig"
    path.write_text(yaml.safe_dump(body))
    return path


@pytest.fixture
def kubectl(kubeconfig, tmp_path):
    """Run kubectl; gives its output, and fails with it."""

    def run(*words, stdin="", fails=False):
        env = {"KUBECONFIG": str(kubeconfig), "HOME": str(tmp_path), "PATH": os.environ["PATH"]}
        done = subprocess.run(
            [str(KUBECTL), *words], input=stdin, env=env, capture_output=True, text=True, timeout=30, check=False
        )
        assert (done.returncode != 0) is fails, done.stdout + done.stderr
        return done.stdout + done.stderr

    return run


def test_typed_objects_survive_the_official_client(api, space):
    apps = client.AppsV1Api(api)
    made = apps.create_namespaced_daemon_set(space.name, workload("DaemonSet", "d"))
    listed = apps.list_namespaced_daemon_set(space.name)
    apps.patch_namespaced_daemon_set("d", space.name, {"spec": {"minReadySeconds": 3}})
    read = apps.read_namespaced_daemon_set("d", space.name)

    assert made.status.desired_number_scheduled == 0
    assert [item.metadata.name for item in listed.items] == ["d"]
    assert (read.spec.min_ready_seconds, read.metadata.generation) == (3, 2)


def test_the_official_client_applies_and_meets_conflicts(api, space):
    core = client.CoreV1Api(api)
    options = {"field_manager": "m", "_content_type": "application/apply-patch+yaml"}
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"k": "1"}}
    core.patch_namespaced_config_map("a", space.name, body, **options)
    with pytest.raises(client.ApiException) as caught:
        core.patch_namespaced_config_map(
            "a", space.name, {**body, "data": {"k": "2"}}, **{**options, "field_manager": "n"}
        )

    assert caught.value.status == 409
    assert 'conflict with \\"m\\": .data.k' in caught.value.body


def test_a_watch_of_the_official_client_sees_pods(api, space):
    core = client.CoreV1Api(api)
    body = {"metadata": {"name": "p"}, "spec": {"containers": [{"name": "c", "image": "i"}]}}
    since = core.list_namespaced_pod(space.name).metadata.resource_version
    core.create_namespaced_pod(space.name, body)
    watching = watch.Watch()
    events = []
    for event in watching.stream(core.list_namespaced_pod, space.name, resource_version=since, timeout_seconds=5):
        events.append((event["type"], event["object"].metadata.name))
        watching.stop()

    assert events == [("ADDED", "p")]


def test_dynamic_and_custom_clients_find_istio_kinds(api, space):
    custom = client.CustomObjectsApi(api)
    body = {"apiVersion": "networking.istio.io/v1", "kind": "Gateway", "metadata": {"name": "g"}, "spec": {}}
    custom.create_namespaced_custom_object("networking.istio.io", "v1", space.name, "gateways", body)
    kind = dynamic.DynamicClient(api).resources.get(api_version="networking.istio.io/v1", kind="Gateway")

    assert kind.get(name="g", namespace=space.name).metadata.name == "g"


def test_budgets_leases_and_autoscalers_are_typed(api, space):
    policy, leases, scaling = client.PolicyV1Api(api), client.CoordinationV1Api(api), client.AutoscalingV2Api(api)
    spec = {"minAvailable": 1, "selector": {"matchLabels": {"a": "b"}}}
    made = policy.create_namespaced_pod_disruption_budget(space.name, {"metadata": {"name": "b"}, "spec": spec})
    lease = leases.create_namespaced_lease(space.name, {"metadata": {"name": "l"}, "spec": {"holderIdentity": "x"}})
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "d"}
    body = {"metadata": {"name": "h"}, "spec": {"scaleTargetRef": target, "maxReplicas": 3}}
    scaler = scaling.create_namespaced_horizontal_pod_autoscaler(space.name, body)

    assert made.status.disruptions_allowed == 0
    assert lease.spec.holder_identity == "x"
    assert scaler.spec.min_replicas == 1


@needs_kubectl
def test_kubectl_applies_twice_diffs_and_deletes(kubectl, space):
    manifest = yaml.safe_dump(workload("Deployment", "d", replicas=2))
    changed = manifest.replace("replicas: 2", "replicas: 3")

    assert "created" in kubectl("apply", "-f", "-", stdin=manifest)
    assert "unchanged" in kubectl("apply", "-f", "-", stdin=manifest)
    assert "+  replicas: 3" in kubectl("diff", "-f", "-", stdin=changed, fails=True)
    assert "configured" in kubectl("apply", "-f", "-", stdin=changed)
    assert "serverside-applied" in kubectl("apply", "--server-side", "-f", "-", stdin=changed)
    assert kubectl("diff", "--server-side", "-f", "-", stdin=changed) == ""
    assert "deleted" in kubectl("delete", "deployment", "d")


@needs_kubectl
def test_kubectl_shows_changes_and_follows_a_workload(kubectl, space):
    kubectl("apply", "-f", "-", stdin=yaml.safe_dump(workload("Deployment", "d", replicas=1)))
    kubectl("scale", "deployment/d", "--replicas=0")
    kubectl("set", "image", "deployment/d", "c=j")
    patch = '{"spec":{"template":{"spec":{"containers":[{"name":"c","env":[{"name":"A","value":"1"}]}]}}}}'
    kubectl("patch", "deployment", "d", "-p", patch)
    status = {"observedGeneration": 4}
    space.send("PATCH", "apps/deployments/d/status", {"status": status}, "merge")

    assert "d      0/0     0            0" in kubectl("get", "deployments")
    assert "successfully rolled out" in kubectl("rollout", "status", "deployment/d", "--timeout=5s")
    described = kubectl("describe", "deployment", "d")
    assert "Image:      j" in described
    assert "A:           1" in described


@needs_kubectl
def test_kubectl_says_who_may_what_and_creates_small_things(kubectl, space):
    kubectl("create", "configmap", "c", "--from-literal=a=b")
    kubectl("create", "secret", "generic", "s", "--from-literal=a=b")

    assert kubectl("auth", "can-i", "get", "pods") == "yes\n"
    assert space.get("configmaps/c")["data"] == {"a": "b"}
    assert space.get("secrets/s")["data"] == {"a": "Yg=="}


@pytest.mark.skipif("MIGRATOR_API_PROBE" not in os.environ, reason="MIGRATOR_API_PROBE names no probe")
def test_the_outside_probe_finds_a_kubernetes(kubeconfig):
    probe = os.environ["MIGRATOR_API_PROBE"]
    env = {**os.environ, "KUBECONFIG": str(kubeconfig)}
    done = subprocess.run(
        [sys.executable, probe, "lab"], env=env, capture_output=True, text=True, timeout=100, check=False
    )
    failed = [line for line in done.stdout.splitlines() if line.startswith("FAIL")]

    assert done.stdout.splitlines()[-1].startswith("lab ")
    assert all("[controllers]" in line for line in failed), "\n".join(failed)
