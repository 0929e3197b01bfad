"""Creating, reading, replacing and listing objects."""

import pytest

from tests.lab.kube.world import config_map, pod, workload


def test_a_new_object_gets_what_only_the_server_knows(space):
    made = space.make("configmaps", config_map("a"))

    assert made["metadata"].keys() >= {"uid", "creationTimestamp", "resourceVersion", "managedFields"}
    assert made["metadata"]["namespace"] == space.name


def test_a_name_is_taken_once(space):
    space.make("configmaps", config_map("a"))
    code, status = space.send("POST", "configmaps", config_map("a"))

    assert (code, status["reason"]) == (409, "AlreadyExists")
    assert status["details"] == {"name": "a", "kind": "configmaps"}


def test_a_generated_name_keeps_its_beginning(space):
    made = space.make("configmaps", {"metadata": {"generateName": "job-"}})

    assert made["metadata"]["name"].startswith("job-")


@pytest.mark.parametrize(
    ("method", "path", "code", "reason"),
    [
        pytest.param("GET", "/api/v1/namespaces/default/pods/none", 404, "NotFound", id="a missing object"),
        pytest.param("GET", "/api/v1/namespaces/nowhere/pods", 200, None, id="a list in a missing namespace"),
        pytest.param("DELETE", "/api/v1/namespaces/default/pods/none", 404, "NotFound", id="deleting a missing one"),
        pytest.param("POST", "/api/v1/pods", 405, "MethodNotAllowed", id="creating without a namespace"),
    ],
)
def test_absence_is_told_as_the_real_server_tells_it(server, method, path, code, reason):
    body = {} if method == "POST" else None
    found, status = server.send(method, path, body)

    assert found == code
    assert status.get("reason") == reason


def test_an_unknown_resource_is_a_plain_404(server):
    code, text = server.send("GET", "/apis/nope.example.com/v1/foos")

    assert (code, text) == (404, "404 page not found\n")


def test_a_missing_namespace_takes_no_objects(server):
    code, status = server.send("POST", "/api/v1/namespaces/nowhere/configmaps", config_map("a"))

    assert (code, status["message"]) == (404, 'namespaces "nowhere" not found')


def test_a_put_with_a_stale_version_conflicts_and_one_without_any_overwrites(space):
    old = space.make("configmaps", config_map("a"))
    space.send("PATCH", "configmaps/a", {"data": {"b": "2"}}, "merge")
    code, status = space.send("PUT", "configmaps/a", old)
    plain, _ = space.send("PUT", "configmaps/a", config_map("a", {"c": "3"}))

    assert (code, status["reason"]) == (409, "Conflict")
    assert "the object has been modified; please apply your changes to the latest version" in status["message"]
    assert plain == 200
    assert space.get("configmaps/a")["data"] == {"c": "3"}


@pytest.mark.parametrize(("verb", "code"), [("PUT", 409), ("PATCH", 422)])
def test_another_uid_means_another_object(space, verb, code):
    space.make("configmaps", config_map("a"))
    found, _ = space.send(verb, "configmaps/a", config_map("a", uid="other"), "merge" if verb == "PATCH" else "json")

    assert found == code


def test_a_new_object_with_a_resource_version_is_an_internal_error(space):
    code, status = space.send("POST", "configmaps", config_map("a", resourceVersion="1"))

    assert code == 500
    assert "reason" not in status


def test_a_change_of_nothing_keeps_the_resource_version(space):
    made = space.make("apps/deployments", workload("Deployment", "d"))
    _, put = space.send("PUT", "apps/deployments/d", made)
    _, patched = space.send("PATCH", "apps/deployments/d", {"spec": {"paused": None}}, "merge")

    assert put["metadata"]["resourceVersion"] == made["metadata"]["resourceVersion"]
    assert patched["metadata"]["resourceVersion"] == made["metadata"]["resourceVersion"]


@pytest.mark.parametrize(
    ("patch", "growth"),
    [
        pytest.param({"spec": {"paused": True}}, 1, id="spec"),
        pytest.param({"metadata": {"labels": {"a": "b"}}}, 0, id="labels"),
        pytest.param({"metadata": {"annotations": {"a": "b"}}}, 1, id="annotations of a Deployment"),
        pytest.param({"spec": {"replicas": 1}}, 0, id="what is already so"),
    ],
)
def test_the_generation_of_a_deployment_grows_with_spec_and_annotations(space, patch, growth):
    space.make("apps/deployments", workload("Deployment", "d"))
    _, after = space.send("PATCH", "apps/deployments/d", patch, "merge")

    assert after["metadata"]["generation"] == 1 + growth


def test_status_and_spec_are_written_by_different_subresources(space):
    space.make("apps/daemonsets", workload("DaemonSet", "d"))
    both = {"spec": {"minReadySeconds": 5}, "status": {"numberReady": 3}}
    _, main = space.send("PATCH", "apps/daemonsets/d", both, "merge")
    _, status = space.send("PATCH", "apps/daemonsets/d/status", {**both, "spec": {"minReadySeconds": 9}}, "merge")

    assert (main["spec"]["minReadySeconds"], main["status"]["numberReady"]) == (5, 0)
    assert (status["spec"]["minReadySeconds"], status["status"]["numberReady"]) == (5, 3)
    assert status["metadata"]["generation"] == 2


@pytest.mark.parametrize("plural", ["deployments", "replicasets"])
def test_scale_reads_and_sets_replicas(space, plural):
    kind = {"deployments": "Deployment", "replicasets": "ReplicaSet"}[plural]
    space.make(f"apps/{plural}", workload(kind, "d", replicas=1))
    code, scale = space.send("PATCH", f"apps/{plural}/d/scale", {"spec": {"replicas": 4}}, "merge")

    assert (code, scale["kind"], scale["spec"]) == (200, "Scale", {"replicas": 4})
    assert scale["status"]["selector"] == "x=d"
    assert space.get(f"apps/{plural}/d")["spec"]["replicas"] == 4


def test_a_daemonset_has_no_scale(space):
    space.make("apps/daemonsets", workload("DaemonSet", "d"))
    code, status = space.send("GET", "apps/daemonsets/d/scale")

    assert (code, status["reason"]) == (404, "NotFound")


@pytest.mark.parametrize("verb", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_dry_run_stores_nothing(space, verb):
    before = space.make("configmaps", config_map("a"))
    target = "configmaps" if verb == "POST" else "configmaps/a"
    body = None if verb == "DELETE" else config_map("b" if verb == "POST" else "a", {"z": "9"})
    media = "merge" if verb == "PATCH" else "json"
    code, _ = space.send(verb, target, body, media, query={"dryRun": "All"})

    assert code in (200, 201)
    assert space.get("configmaps/a") == before
    assert space.gone("configmaps/b")


def test_selectors_choose_by_labels_and_fields(space):
    for name, labels in (("s1", {"app": "a", "tier": "f"}), ("s2", {"app": "b"}), ("s3", {"app": "c", "tier": "f"})):
        space.make("pods", pod(name, node=f"n-{name}", labels=labels))

    def found(**query):
        return [item["metadata"]["name"] for item in space.send("GET", "pods", query=query)[1]["items"]]

    assert found(labelSelector="app=a") == ["s1"]
    assert found(labelSelector="app in (a,b),tier") == ["s1"]
    assert found(labelSelector="app notin (a)") == ["s2", "s3"]
    assert found(labelSelector="!tier") == ["s2"]
    assert found(fieldSelector="spec.nodeName=n-s2") == ["s2"]
    assert found(fieldSelector="status.phase=Pending,metadata.name!=s1") == ["s2", "s3"]


def test_a_field_that_is_not_indexed_is_refused(space):
    code, status = space.send("GET", "pods", query={"fieldSelector": "spec.containers=x"})

    assert (code, status["message"]) == (400, "field label not supported: spec.containers")


def test_pages_cover_a_list_once_in_order(space):
    for name in "edcba":
        space.make("configmaps", config_map(name))
    names, token = [], ""
    for _ in range(4):
        _, page = space.send("GET", "configmaps", query={"limit": 2, "continue": token} if token else {"limit": 2})
        names += [item["metadata"]["name"] for item in page["items"]]
        if not (token := page["metadata"].get("continue", "")):
            break

    assert names == ["a", "b", "c", "d", "e", "kube-root-ca.crt"]


def test_a_list_from_the_cache_ignores_its_limit(space):
    for name in "abc":
        space.make("configmaps", config_map(name))
    _, page = space.send("GET", "configmaps", query={"limit": 1, "resourceVersion": "0"})

    assert len(page["items"]) == 4


def test_items_of_typed_lists_lack_their_kind_and_custom_ones_have_it(space):
    space.make("configmaps", config_map("a"))
    space.make("istio/gateways", {"metadata": {"name": "g"}, "spec": {}})

    assert "kind" not in space.get("configmaps")["items"][0]
    assert space.get("istio/gateways")["items"][0]["kind"] == "Gateway"


def test_every_version_of_a_kind_shows_the_same_objects(space, server):
    space.make("istio/gateways", {"metadata": {"name": "g"}, "spec": {"selector": {"a": "b"}}})
    path = f"/apis/networking.istio.io/v1alpha3/namespaces/{space.name}/gateways/g"
    code, found = server.send("GET", path)

    assert (code, found["apiVersion"]) == (200, "networking.istio.io/v1alpha3")
    assert found["spec"] == {"selector": {"a": "b"}}


def test_an_event_is_the_same_in_both_of_its_groups(space, server):
    about = {"kind": "Pod", "name": "p", "namespace": space.name}
    space.make("events", {"metadata": {"name": "e"}, "involvedObject": about, "message": "m", "reason": "R"})
    _, found = server.send("GET", f"/apis/events.k8s.io/v1/namespaces/{space.name}/events/e")

    assert (found["apiVersion"], found["note"], found["regarding"]) == ("events.k8s.io/v1", "m", about)


@pytest.mark.slow
def test_a_future_version_is_waited_for_and_then_refused(space):
    _, listed = space.send("GET", "configmaps")
    future = int(listed["metadata"]["resourceVersion"]) + 1_000_000
    code, status = space.send("GET", "configmaps", query={"resourceVersion": future})

    assert (code, status["details"]["retryAfterSeconds"]) == (504, 1)


def test_a_definition_makes_its_kind_servable_and_its_end_makes_it_unknown(server, space):
    names = {"plural": "widgets", "singular": "widget", "kind": "Widget", "listKind": "WidgetList"}
    versions = [{"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": {"type": "object"}}}]
    spec = {"group": "t.example.com", "scope": "Namespaced", "names": names, "versions": versions}
    crds = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    widgets = f"/apis/t.example.com/v1/namespaces/{space.name}/widgets"
    _, definition = server.send("POST", crds, {"metadata": {"name": "widgets.t.example.com"}, "spec": spec})
    made, _ = server.send("POST", widgets, {"metadata": {"name": "w"}})
    server.send("DELETE", f"{crds}/widgets.t.example.com")
    after, _ = server.send("GET", widgets)

    assert [row["type"] for row in definition["status"]["conditions"]] == ["NamesAccepted", "Established"]
    assert (made, after) == (201, 404)


@pytest.mark.parametrize(
    ("body", "media", "code"),
    [
        pytest.param(b"{", "json", 400, id="broken JSON"),
        pytest.param(b"[]", "json", 400, id="no object"),
        pytest.param(b"x", "application/vnd.kubernetes.unheard-of", 415, id="an unknown media type"),
        pytest.param(b"metadata: {name: y}", "application/yaml", 201, id="YAML"),
        pytest.param(
            b'{"kind": "Secret", "apiVersion": "v1", "metadata": {"name": "x"}}', "json", 400, id="wrong kind"
        ),
    ],
)
def test_bodies_are_read_or_refused_by_their_media_type(space, body, media, code):
    assert space.send("POST", "configmaps", body, media)[0] == code


@pytest.mark.parametrize(
    ("size", "code"), [pytest.param(2 << 20, 201, id="2 MiB"), pytest.param(4 << 20, 413, id="4 MiB")]
)
def test_a_body_may_have_three_mebibytes(space, size, code):
    assert space.send("POST", "configmaps", config_map("a", {"k": "x" * size}))[0] == code
