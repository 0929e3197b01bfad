"""Server-side apply: ownership, conflicts, force, and what a manager gives up."""

from tests.lab.kube.world import config_map, workload


def apply(space, resource, body, manager, code=200, **query):
    found, doc = space.send("PATCH", resource, body, "apply", query={"fieldManager": manager, **query})
    assert found == code, doc
    return doc


def fields(doc, manager):
    [entry] = [row for row in doc["metadata"]["managedFields"] if row["manager"] == manager]
    return entry["fieldsV1"]


def daemonset(image="i", **container):
    row = {"name": "c", "image": image, **container}
    body = workload("DaemonSet", "d")
    body["spec"]["template"]["spec"]["containers"] = [row]
    return body


def test_an_apply_creates_and_owns_exactly_its_leaves(space):
    made = apply(space, "configmaps/a", config_map("a", {"k": "1"}), "m1", 201)

    assert fields(made, "m1") == {"f:data": {"f:k": {}}}
    assert made["metadata"]["managedFields"][0]["operation"] == "Apply"


def test_another_value_for_an_owned_field_is_a_named_conflict(space):
    apply(space, "configmaps/a", config_map("a", {"a": "1"}), "m", 201)
    status = apply(space, "configmaps/a", config_map("a", {"a": "9"}), "n", 409)

    assert status["reason"] == "Conflict"
    assert status["message"] == 'Apply failed with 1 conflict: conflict with "m": .data.a'
    [cause] = status["details"]["causes"]
    assert cause == {"reason": "FieldManagerConflict", "message": 'conflict with "m"', "field": ".data.a"}


def test_several_conflicts_are_all_named(space):
    apply(space, "configmaps/a", config_map("a", {"a": "1", "b": "1"}), "m", 201)
    status = apply(space, "configmaps/a", config_map("a", {"a": "9", "b": "9"}), "n", 409)

    assert status["message"] == 'Apply failed with 2 conflicts: conflicts with "m":\n- .data.a\n- .data.b'


def test_the_same_value_is_shared_without_conflict(space):
    apply(space, "configmaps/a", config_map("a", {"a": "1"}), "m", 201)
    shared = apply(space, "configmaps/a", config_map("a", {"a": "1"}), "n")

    assert fields(shared, "m") == fields(shared, "n")


def test_force_takes_the_field_from_its_owner(space):
    apply(space, "configmaps/a", config_map("a", {"a": "1", "b": "1"}), "m", 201)
    taken = apply(space, "configmaps/a", config_map("a", {"a": "9"}), "n", force="true")

    assert taken["data"] == {"a": "9", "b": "1"}
    assert fields(taken, "m") == {"f:data": {"f:b": {}}}


def test_a_field_no_longer_applied_goes_unless_another_owns_it(space):
    apply(space, "configmaps/a", config_map("a", {"a": "1", "b": "1", "c": "1"}), "m", 201)
    apply(space, "configmaps/a", config_map("a", {"b": "1"}), "n")
    after = apply(space, "configmaps/a", config_map("a", {"c": "1"}), "m")

    assert after["data"] == {"b": "1", "c": "1"}


def test_an_apply_of_the_same_changes_nothing(space):
    first = apply(space, "apps/daemonsets/d", daemonset(ports=[{"containerPort": 80}]), "m", 201)
    again = apply(space, "apps/daemonsets/d", daemonset(ports=[{"containerPort": 80}]), "m")

    assert again == first


def test_a_manager_that_writes_by_update_owns_what_it_changed(space):
    apply(space, "apps/daemonsets/d", daemonset(), "m", 201)
    space.send("PATCH", "apps/daemonsets/d", daemonset("other"), "strategic", query={"fieldManager": "hand"})
    status = apply(space, "apps/daemonsets/d", daemonset("i"), "m", 409)

    assert 'conflict with "hand" using apps/v1 at ' in status["message"]
    assert status["message"].endswith('.spec.template.spec.containers[name="c"].image')


def test_items_of_keyed_lists_are_owned_one_by_one(space):
    apply(space, "apps/daemonsets/d", daemonset(env=[{"name": "A", "value": "1"}]), "m", 201)
    other = daemonset(env=[{"name": "B", "value": "2"}])
    both = apply(space, "apps/daemonsets/d", other, "n")
    left = apply(space, "apps/daemonsets/d", daemonset(), "m")

    def names(doc):
        return [row["name"] for row in doc["spec"]["template"]["spec"]["containers"][0]["env"]]

    assert names(both) == ["A", "B"]
    assert names(left) == ["B"]
    container = fields(both, "n")["f:spec"]["f:template"]["f:spec"]["f:containers"]['k:{"name":"c"}']
    assert container["f:env"] == {'k:{"name":"B"}': {".": {}, "f:name": {}, "f:value": {}}}


def test_ports_are_keyed_by_number_and_protocol_even_where_it_is_defaulted(space):
    apply(space, "apps/daemonsets/d", daemonset(ports=[{"containerPort": 80, "name": "http"}]), "m", 201)
    renamed = apply(space, "apps/daemonsets/d", daemonset(ports=[{"containerPort": 80, "name": "web"}]), "m")
    [port] = renamed["spec"]["template"]["spec"]["containers"][0]["ports"]

    assert port == {"containerPort": 80, "name": "web", "protocol": "TCP"}


def test_selectors_and_lists_of_custom_resources_are_owned_whole(space):
    gateway = {"apiVersion": "networking.istio.io/v1", "kind": "Gateway", "metadata": {"name": "g"}}
    servers = [{"port": {"number": 80, "name": "http", "protocol": "HTTP"}, "hosts": ["*"]}]
    made = apply(space, "istio/gateways/g", {**gateway, "spec": {"servers": servers}}, "m", 201)

    assert fields(made, "m") == {"f:spec": {"f:servers": {}}}
    apply(space, "istio/gateways/g", {**gateway, "spec": {"servers": []}}, "n", 409)


def test_an_apply_without_a_manager_is_refused(space):
    code, status = space.send("PATCH", "configmaps/a", config_map("a"), "apply")

    assert code == 422
    assert "fieldManager: Required value: is required for apply patch" in status["message"]


def test_an_apply_may_be_yaml_and_may_be_a_dry_run(space):
    body = b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {k: '1'}\n"
    query = {"fieldManager": "m", "dryRun": "All"}
    code, doc = space.send("PATCH", "configmaps/a", body, "apply", query=query)

    assert (code, doc["data"]) == (201, {"k": "1"})
    assert space.gone("configmaps/a")


def test_a_client_may_rewrite_ownership_itself(space):
    made = apply(space, "configmaps/a", config_map("a", {"a": "1"}), "m", 201)
    entries = [{**made["metadata"]["managedFields"][0], "manager": "heir"}]
    space.send("PATCH", "configmaps/a", {"metadata": {"managedFields": entries}}, "merge")
    status = apply(space, "configmaps/a", config_map("a", {"a": "2"}), "n", 409)

    assert 'conflict with "heir"' in status["message"]
