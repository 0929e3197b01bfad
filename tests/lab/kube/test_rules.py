"""What is refused with 422, and what the server fills in by itself."""

import pytest

from tests.lab.kube.world import config_map, pod, workload


def changed(body, path, value):
    """Give `body` with the value at a dotted path replaced."""
    node = body
    *parents, last = path.split(".")
    for name in parents:
        node = node[int(name)] if name.isdecimal() else node.setdefault(name, {})
    node[last] = value
    return body


CONTAINER = "spec.template.spec.containers.0"
HOST = {
    "hostNetwork": True,
    "containers": [{"name": "c", "image": "i", "ports": [{"containerPort": 80, "hostPort": 81}]}],
}


@pytest.mark.parametrize(
    ("kind", "path", "value", "words"),
    [
        pytest.param("Deployment", "metadata.name", "Bad_Name", "RFC 1123 subdomain", id="a bad name"),
        pytest.param("Deployment", "spec.selector", None, "spec.selector: Required value", id="no selector"),
        pytest.param(
            "Deployment",
            "spec.template.metadata.labels",
            {"x": "other"},
            "`selector` does not match template `labels`",
            id="a template that the selector misses",
        ),
        pytest.param("DaemonSet", "spec.template.spec", HOST, "must match `hostPort`", id="another host port"),
        pytest.param("DaemonSet", f"{CONTAINER}.image", "", "image: Required value", id="no image"),
        pytest.param("Deployment", "spec.replicas", -1, "greater than or equal to 0", id="negative replicas"),
        pytest.param(
            "DaemonSet",
            "spec.updateStrategy",
            {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0}},
            "cannot be 0",
            id="a rollout that cannot move",
        ),
        pytest.param(
            "DaemonSet", "spec.updateStrategy", {"type": "Later"}, 'Unsupported value: "Later"', id="unknown strategy"
        ),
        pytest.param(
            "Deployment", "spec.template.spec.restartPolicy", "Never", 'supported values: "Always"', id="restart policy"
        ),
        pytest.param(
            "Deployment",
            f"{CONTAINER}.volumeMounts",
            [{"name": "v", "mountPath": "/v"}],
            'volumeMounts[0].name: Not found: "v"',
            id="a mount without its volume",
        ),
        pytest.param("Deployment", f"{CONTAINER}.livenessProbe", {}, "must specify a handler type", id="empty probe"),
        pytest.param("Deployment", "metadata.labels", {"a": "not valid"}, "a valid label must be", id="a bad label"),
    ],
)
def test_an_invalid_workload_is_refused_with_its_reason(space, kind, path, value, words):
    plural = {"Deployment": "deployments", "DaemonSet": "daemonsets"}[kind]
    code, status = space.send("POST", f"apps/{plural}", changed(workload(kind, "d"), path, value))

    assert (code, status["reason"]) == (422, "Invalid")
    assert words in status["message"]
    assert status["details"]["causes"]


@pytest.mark.parametrize("kind", ["Deployment", "ReplicaSet", "DaemonSet"])
def test_a_selector_never_changes(space, kind):
    plural = f"apps/{kind.lower()}s"
    space.make(plural, workload(kind, "d"))
    labels = {"zz": "1"}
    spec = {"selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}}}
    code, status = space.send("PATCH", f"{plural}/d", {"spec": spec}, "merge")

    assert code == 422
    assert "field is immutable" in status["message"]
    assert status["message"].startswith(f'{kind}.apps "d" is invalid: spec.selector: Invalid value: ')


def test_an_invalid_object_is_told_all_its_flaws_at_once(space):
    body = pod("p")
    body["spec"]["containers"].append({"name": "c"})
    code, status = space.send("POST", "pods", body)

    assert code == 422
    assert {cause["field"] for cause in status["details"]["causes"]} == {
        "spec.containers[1].name",
        "spec.containers[1].image",
    }


def test_a_running_pod_may_change_its_image_and_nothing_else(space):
    space.make("pods", pod("p"))
    image = {"spec": {"containers": [{"name": "c", "image": "j"}]}}
    variable = {"spec": {"containers": [{"name": "c", "env": [{"name": "B"}]}]}}

    assert space.send("PATCH", "pods/p", image, "strategic")[0] == 200
    assert space.send("PATCH", "pods/p", variable, "strategic")[0] == 422


def test_a_pod_gets_what_admission_gives_every_pod(space):
    spec = space.make("pods", pod("p"))["spec"]

    assert spec["serviceAccountName"] == "default"
    assert [row["key"] for row in spec["tolerations"]] == [
        "node.kubernetes.io/not-ready",
        "node.kubernetes.io/unreachable",
    ]
    [volume] = spec["volumes"]
    assert volume["name"].startswith("kube-api-access-")
    assert spec["containers"][0]["volumeMounts"][0]["name"] == volume["name"]


def test_a_host_network_template_gets_the_defaults_of_the_real_server(space):
    probe = {"httpGet": {"port": 80}}
    row = {"name": "c", "image": "i:1", "ports": [{"containerPort": 80}], "readinessProbe": probe}
    body = changed(workload("DaemonSet", "d"), "spec.template.spec", {"hostNetwork": True, "containers": [row]})
    made = space.make("apps/daemonsets", body)
    spec = made["spec"]["template"]["spec"]

    assert spec["containers"][0] == {
        "name": "c",
        "image": "i:1",
        "imagePullPolicy": "IfNotPresent",
        "ports": [{"containerPort": 80, "protocol": "TCP"}],
        "readinessProbe": {
            "httpGet": {"path": "/", "port": 80, "scheme": "HTTP"},
            "timeoutSeconds": 1,
            "periodSeconds": 10,
            "successThreshold": 1,
            "failureThreshold": 3,
        },
        "resources": {},
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
    }
    assert {name: spec[name] for name in ("restartPolicy", "dnsPolicy", "terminationGracePeriodSeconds")} == {
        "restartPolicy": "Always",
        "dnsPolicy": "ClusterFirst",
        "terminationGracePeriodSeconds": 30,
    }
    assert made["spec"]["updateStrategy"] == {
        "type": "RollingUpdate",
        "rollingUpdate": {"maxUnavailable": 1, "maxSurge": 0},
    }
    assert made["status"] == {
        "currentNumberScheduled": 0,
        "numberMisscheduled": 0,
        "desiredNumberScheduled": 0,
        "numberReady": 0,
    }


def test_zero_counts_are_absent_where_the_real_types_omit_them(space):
    space.make("apps/daemonsets", workload("DaemonSet", "d"))
    status = {"numberReady": 0, "numberAvailable": 0, "numberUnavailable": 2}
    _, after = space.send("PATCH", "apps/daemonsets/d/status", {"status": status}, "merge")

    assert "numberAvailable" not in after["status"]
    assert (after["status"]["numberReady"], after["status"]["numberUnavailable"]) == (0, 2)


def service(name, kind="ClusterIP", **port):
    spec = {"type": kind, "selector": {"a": "b"}, "ports": [{"port": 80, **port}]}
    return {"metadata": {"name": name}, "spec": spec}


def test_a_service_is_given_addresses_and_node_ports_of_its_own(space):
    first, second = (space.make("services", service(name, "NodePort")) for name in ("a", "b"))
    port = first["spec"]["ports"][0]

    assert first["spec"]["clusterIP"] != second["spec"]["clusterIP"]
    assert (port["protocol"], port["targetPort"]) == ("TCP", 80)
    assert 30000 <= port["nodePort"] < 32768
    assert port["nodePort"] != second["spec"]["ports"][0]["nodePort"]


def test_a_taken_node_port_and_another_cluster_ip_are_refused(space):
    made = space.make("services", service("a", "NodePort"))
    taken = made["spec"]["ports"][0]["nodePort"]
    code, status = space.send("POST", "services", service("b", "NodePort", nodePort=taken))
    moved, _ = space.send("PATCH", "services/a", {"spec": {"clusterIP": "10.96.250.250"}}, "merge")

    assert (code, moved) == (422, 422)
    assert "provided port is already allocated" in status["message"]


def test_a_service_keeps_its_ports_when_they_are_written_without_them(space):
    made = space.make("services", service("a", "NodePort"))
    _, after = space.send("PUT", "services/a", service("a", "NodePort"))

    assert after["spec"] == made["spec"]


def test_a_quota_of_pods_is_respected(space):
    space.make("resourcequotas", {"metadata": {"name": "q"}, "spec": {"hard": {"pods": "1"}}})
    space.make("pods", pod("a"))
    code, status = space.send("POST", "pods", pod("b"))

    assert code == 403
    assert "exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1" in status["message"]


def test_config_data_is_text(space):
    assert space.send("POST", "configmaps", config_map("a", {"k": 1}))[0] == 400
