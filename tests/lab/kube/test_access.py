"""Who may do what, and how refusals read."""

import json

import pytest

from tests.lab.kube.world import TOKEN, config_map

USERS = {
    "reader-token": {
        "name": "reader",
        "rules": [
            {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"], "namespaces": ["default"]},
            {"apiGroups": ["apps"], "resources": ["*"], "verbs": ["*"]},
        ],
    }
}


@pytest.fixture
def guarded(start, tmp_path):
    """A server with one reader."""
    path = tmp_path / "users.json"
    path.write_text(json.dumps(USERS))
    return start("--users", str(path), "--require-token")


def test_an_unknown_token_is_401_and_none_too_if_one_is_required(guarded):
    for token in ("wrong", ""):
        code, status = guarded.send("GET", "/api/v1/pods", token=token)
        assert (code, status["reason"], status["message"]) == (401, "Unauthorized", "Unauthorized")
    assert guarded.send("GET", "/readyz", token="")[0] == 200


def test_kubectl_over_http_sends_no_token_and_is_let_in(server):
    assert server.send("GET", "/api/v1/pods", token="")[0] == 200
    assert server.send("GET", "/api/v1/pods", token="wrong")[0] == 401


@pytest.mark.parametrize(
    ("path", "message"),
    [
        pytest.param(
            "/api/v1/namespaces/kube-system/pods",
            'pods is forbidden: User "reader" cannot list resource "pods" in API group "" in the namespace "kube-system"',
            id="another namespace",
        ),
        pytest.param(
            "/api/v1/nodes",
            'nodes is forbidden: User "reader" cannot list resource "nodes" in API group "" at the cluster scope',
            id="cluster scope",
        ),
        pytest.param(
            "/api/v1/namespaces/default/secrets/none",
            'secrets "none" is forbidden: User "reader" cannot get resource "secrets" in API group ""'
            ' in the namespace "default"',
            id="a named object that does not exist",
        ),
        pytest.param(
            "/apis/networking.istio.io/v1/namespaces/default/gateways",
            'gateways.networking.istio.io is forbidden: User "reader" cannot list resource "gateways" in API group'
            ' "networking.istio.io" in the namespace "default"',
            id="another group",
        ),
    ],
)
def test_a_user_without_the_right_is_refused_in_the_real_words(guarded, path, message):
    code, status = guarded.send("GET", path, token="reader-token")

    assert (code, status["reason"], status["message"]) == (403, "Forbidden", message)


def test_a_user_does_what_a_rule_allows(guarded):
    assert guarded.send("GET", "/api/v1/namespaces/default/pods", token="reader-token")[0] == 200
    assert guarded.send("GET", "/apis/apps/v1/deployments", token="reader-token")[0] == 200
    assert (
        guarded.send("POST", "/api/v1/namespaces/default/configmaps", config_map("a"), token="reader-token")[0] == 403
    )


@pytest.mark.parametrize(
    ("verb", "resource", "allowed"), [("list", "pods", True), ("delete", "pods", False), ("get", "nodes", False)]
)
def test_access_reviews_answer_from_the_same_rules(guarded, verb, resource, allowed):
    attributes = {"verb": verb, "resource": resource, "namespace": "default"}
    body = {"spec": {"resourceAttributes": attributes}}
    path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
    code, review = guarded.send("POST", path, body, token="reader-token")

    assert (code, review["status"]["allowed"]) == (201, allowed)


def test_only_the_admin_token_steers_faults(guarded):
    fault = {"match": {"path_prefix": "/nowhere"}, "status": 503}

    assert guarded.send("POST", "/lab/faults", fault, token="reader-token")[0] == 403
    assert guarded.send("POST", "/lab/faults", fault, token=TOKEN)[0] == 200
