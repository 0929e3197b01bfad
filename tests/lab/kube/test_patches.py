"""JSON merge, JSON and strategic merge patches."""

import pytest

from migrator.lab.kube.patch import strategic
from migrator.lab.kube.patch.listkeys import ListKeys
from tests.lab.kube.world import config_map, workload

PODS = ListKeys(typed=True, plural="pods")


@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [
        pytest.param(
            {"containers": [{"name": "a", "image": "1"}, {"name": "b"}]},
            {"containers": [{"name": "b", "image": "2"}, {"name": "c"}]},
            {"containers": [{"name": "a", "image": "1"}, {"name": "b", "image": "2"}, {"name": "c"}]},
            id="containers merge by name",
        ),
        pytest.param(
            {"containers": [{"name": "a"}, {"name": "b"}]},
            {"containers": [{"name": "a", "$patch": "delete"}]},
            {"containers": [{"name": "b"}]},
            id="an item is deleted",
        ),
        pytest.param(
            {"env": [{"name": "A"}]},
            {"env": [{"$patch": "replace"}, {"name": "B"}]},
            {"env": [{"name": "B"}]},
            id="a list is replaced",
        ),
        pytest.param(
            {"volumeMounts": [{"mountPath": "/a", "name": "x"}]},
            {"volumeMounts": [{"mountPath": "/a", "name": "y"}]},
            {"volumeMounts": [{"mountPath": "/a", "name": "y"}]},
            id="mounts merge by path",
        ),
        pytest.param(
            {"ports": [{"containerPort": 80, "name": "a"}]},
            {"ports": [{"containerPort": 80, "name": "b"}, {"containerPort": 81}]},
            {"ports": [{"containerPort": 80, "name": "b"}, {"containerPort": 81}]},
            id="container ports merge by number",
        ),
        pytest.param(
            {"tolerations": [{"key": "a"}, {"key": "b"}]},
            {"tolerations": [{"key": "c"}]},
            {"tolerations": [{"key": "c"}]},
            id="tolerations have no merge key and are replaced",
        ),
        pytest.param(
            {"podIPs": [{"ip": "10.0.0.1"}]},
            {"podIPs": [{"ip": "10.0.0.2"}]},
            {"podIPs": [{"ip": "10.0.0.1"}, {"ip": "10.0.0.2"}]},
            id="pod IPs merge by ip",
        ),
        pytest.param({"args": ["a"]}, {"args": ["b"]}, {"args": ["b"]}, id="plain lists are replaced"),
        pytest.param(
            {"strategy": {"type": "RollingUpdate", "rollingUpdate": {}}},
            {"strategy": {"type": "Recreate", "$retainKeys": ["type"]}},
            {"strategy": {"type": "Recreate"}},
            id="only the retained keys stay",
        ),
        pytest.param(
            {"finalizers": ["a", "b"]},
            {"$deleteFromPrimitiveList/finalizers": ["a"]},
            {"finalizers": ["b"]},
            id="a scalar is taken from a set",
        ),
        pytest.param(
            {"env": [{"name": "A"}, {"name": "server"}, {"name": "B"}]},
            {"$setElementOrder/env": [{"name": "B"}, {"name": "A"}]},
            {"env": [{"name": "B"}, {"name": "server"}, {"name": "A"}]},
            id="items take the wished order",
        ),
        pytest.param({"a": 1, "b": 2}, {"a": None}, {"b": 2}, id="null deletes"),
        pytest.param(
            {"a": {"b": 1}}, {"a": {"$patch": "replace", "c": 2}}, {"a": {"c": 2}}, id="an object is replaced"
        ),
    ],
)
def test_a_strategic_patch_knows_the_real_merge_keys(target, patch, result):
    assert strategic.merged(target, patch, PODS) == result


def test_an_item_without_its_merge_key_is_refused(space):
    space.make("apps/deployments", workload("Deployment", "d"))
    patch = {"spec": {"template": {"spec": {"containers": [{"image": "x"}]}}}}
    code, status = space.send("PATCH", "apps/deployments/d", patch, "strategic")

    assert code == 400
    assert "does not contain declared merge key: name" in status["message"]


@pytest.mark.parametrize(
    ("operations", "code"),
    [
        pytest.param([{"op": "replace", "path": "/data/a", "value": "2"}], 200, id="replace"),
        pytest.param([{"op": "test", "path": "/data/a", "value": "9"}], 422, id="a failing test"),
        pytest.param([{"op": "remove", "path": "/data/none"}], 422, id="removing what is not there"),
        pytest.param([{"op": "copy", "from": "/data/a", "path": "/data/b"}], 200, id="copy"),
        pytest.param([{"op": "move", "from": "/data/a", "path": "/data/b"}], 200, id="move"),
        pytest.param(
            [
                {"op": "add", "path": "/metadata/labels", "value": {"x.y/a": "1"}},
                {"op": "test", "path": "/metadata/labels/x.y~1a", "value": "1"},
            ],
            200,
            id="an escaped name",
        ),
        pytest.param({"op": "add"}, 400, id="no list"),
    ],
)
def test_json_patches_apply_or_are_refused(space, operations, code):
    space.make("configmaps", config_map("a"))

    assert space.send("PATCH", "configmaps/a", operations, "jsonpatch")[0] == code


def test_custom_resources_take_no_strategic_patch(space):
    space.make("istio/gateways", {"metadata": {"name": "g"}, "spec": {}})

    assert space.send("PATCH", "istio/gateways/g", {"spec": {}}, "strategic")[0] == 415


def test_a_patch_that_names_an_old_version_conflicts(space):
    space.make("configmaps", config_map("a"))
    patch = {"metadata": {"resourceVersion": "1"}, "data": {"a": "2"}}
    code, status = space.send("PATCH", "configmaps/a", patch, "merge")

    assert (code, status["reason"]) == (409, "Conflict")
