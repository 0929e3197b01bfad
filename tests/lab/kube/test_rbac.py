"""Role objects are evaluated: a ServiceAccount may do what its bindings grant, from the moment they stand, and no more."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.lab.kube.world import Server, config_map

API = "rbac.authorization.k8s.io"


def make(server: Server, kind: str, name: str, namespace: str = "", **parts: Any) -> None:
    """Create one of RBAC's objects."""
    where = f"/namespaces/{namespace}" if namespace else ""
    body = {"apiVersion": f"{API}/v1", "kind": kind, "metadata": {"name": name}, **parts}
    code, answer = server.send("POST", f"/apis/{API}/v1{where}/{kind.lower()}s", body)
    assert code == 201, answer


def rule(*verbs: str, resources: tuple[str, ...] = ("configmaps",), names: tuple[str, ...] = ()) -> dict[str, Any]:
    found: dict[str, Any] = {"apiGroups": [""], "resources": list(resources), "verbs": list(verbs)}
    return found | ({"resourceNames": list(names)} if names else {})


def bound(kind: str, name: str, subject: dict[str, str]) -> dict[str, Any]:
    return {"roleRef": {"apiGroup": API, "kind": kind, "name": name}, "subjects": [subject]}


ACCOUNT = {"kind": "ServiceAccount", "name": "robot", "namespace": "default"}
USER = {"kind": "User", "apiGroup": API, "name": "system:serviceaccount:default:robot"}
GROUP = {"kind": "Group", "apiGroup": API, "name": "system:serviceaccounts:default"}


@pytest.fixture
def server(start: Callable[..., Server]) -> Server:
    """A server of its own: roles would stay in a shared one."""
    return start()


@pytest.fixture
def token(server: Server) -> str:
    """A token of the ServiceAccount default/robot."""
    meta = {"name": "robot", "namespace": "default"}
    server.send(
        "POST",
        "/api/v1/namespaces/default/serviceaccounts",
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": meta},
    )
    asked = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
    code, answer = server.send("POST", "/api/v1/namespaces/default/serviceaccounts/robot/token", asked)
    assert code == 201, answer
    return str(answer["status"]["token"])


def listing(server: Server, token: str, namespace: str = "default") -> int:
    return server.send("GET", f"/api/v1/namespaces/{namespace}/configmaps", token=token)[0]


def test_without_a_binding_nothing_is_granted(server: Server, token: str) -> None:
    code, status = server.send("GET", "/api/v1/namespaces/default/configmaps", token=token)

    assert code == 403
    assert 'User "system:serviceaccount:default:robot" cannot list' in status["message"]


@pytest.mark.parametrize("subject", [ACCOUNT, USER, GROUP], ids=["the account", "its user name", "its group"])
def test_a_role_grants_in_its_own_namespace_alone(server: Server, token: str, subject: dict[str, str]) -> None:
    make(server, "Role", "reads", "default", rules=[rule("list")])
    make(server, "RoleBinding", "reads", "default", **bound("Role", "reads", subject))

    assert listing(server, token) == 200
    assert listing(server, token, "kube-system") == 403
    assert server.send("GET", "/api/v1/configmaps", token=token)[0] == 403


def test_a_cluster_role_grants_everywhere_or_where_a_role_binding_binds_it(server: Server, token: str) -> None:
    make(server, "ClusterRole", "reads", rules=[rule("list")])
    make(server, "RoleBinding", "here", "kube-system", **bound("ClusterRole", "reads", ACCOUNT))
    before = [listing(server, token, namespace) for namespace in ("kube-system", "default")]
    make(server, "ClusterRoleBinding", "all", **bound("ClusterRole", "reads", ACCOUNT))

    assert before == [200, 403]
    assert listing(server, token) == 200
    assert server.send("GET", "/api/v1/configmaps", token=token)[0] == 200


def test_a_rule_with_names_grants_those_objects_alone(server: Server, token: str) -> None:
    for name in ("mine", "yours"):
        server.send("POST", "/api/v1/namespaces/default/configmaps", config_map(name))
    make(server, "Role", "one", "default", rules=[rule("get", names=("mine",))])
    make(server, "RoleBinding", "one", "default", **bound("Role", "one", ACCOUNT))

    path = "/api/v1/namespaces/default/configmaps"
    assert server.send("GET", f"{path}/mine", token=token)[0] == 200
    assert server.send("GET", f"{path}/yours", token=token)[0] == 403


def test_what_is_taken_away_is_taken_away_at_once(server: Server, token: str) -> None:
    make(server, "ClusterRole", "reads", rules=[rule("list")])
    make(server, "ClusterRoleBinding", "all", **bound("ClusterRole", "reads", ACCOUNT))
    before = listing(server, token)
    server.send("DELETE", f"/apis/{API}/v1/clusterrolebindings/all")

    assert (before, listing(server, token)) == (200, 403)


def test_a_review_says_what_a_request_would_find(server: Server, token: str) -> None:
    make(server, "Role", "reads", "default", rules=[rule("list", "patch", resources=("pods", "pods/status"))])
    make(server, "RoleBinding", "reads", "default", **bound("Role", "reads", ACCOUNT))

    def may(**asked: str) -> bool:
        spec = {"resourceAttributes": asked}
        body = {"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview", "spec": spec}
        answer = server.send("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", body, token=token)[1]
        return bool(answer["status"]["allowed"])

    assert may(verb="patch", resource="pods", subresource="status", namespace="default")
    assert not may(verb="patch", resource="pods", subresource="status", namespace="other")
    assert not may(verb="delete", resource="pods", namespace="default")


def test_what_accounts_asked_for_is_remembered_for_the_administrator(server: Server, token: str) -> None:
    make(server, "Role", "reads", "default", rules=[rule("list")])
    make(server, "RoleBinding", "reads", "default", **bound("Role", "reads", ACCOUNT))
    listing(server, token)
    listing(server, token, "kube-system")
    code, asked = server.send("GET", "/lab/access")

    assert code == 200
    row = {"verb": "list", "group": "", "resource": "configmaps"}
    assert asked == {"used": [{**row, "namespace": "default"}], "refused": [{**row, "namespace": "kube-system"}]}
    assert server.send("GET", "/lab/access", token=token)[0] == 403


def test_an_apply_that_creates_needs_both_rights_and_one_that_changes_only_to_patch(server: Server, token: str) -> None:
    make(server, "Role", "applies", "default", rules=[rule("patch")])
    make(server, "RoleBinding", "applies", "default", **bound("Role", "applies", ACCOUNT))

    def applied() -> int:
        path, query = "/api/v1/namespaces/default/configmaps/mine", {"fieldManager": "m", "force": "true"}
        return server.send("PATCH", path, config_map("mine"), "apply", query=query, token=token)[0]

    alone = applied()
    make(server, "Role", "makes", "default", rules=[rule("create")])
    make(server, "RoleBinding", "makes", "default", **bound("Role", "makes", ACCOUNT))
    made = applied()
    server.send("DELETE", f"/apis/{API}/v1/namespaces/default/rolebindings/makes")

    assert (alone, made, applied()) == (403, 201, 200)
    used = server.send("GET", "/lab/access")[1]["used"]
    assert {row["verb"] for row in used} == {"create", "patch"}


@pytest.mark.parametrize("verb", ["get", "create"])
def test_one_right_alone_opens_no_port_forward_and_the_refusal_gives_no_reason(
    server: Server, token: str, verb: str
) -> None:
    make(server, "Role", "looks", "default", rules=[rule(verb, resources=("pods/portforward",))])
    make(server, "RoleBinding", "looks", "default", **bound("Role", "looks", ACCOUNT))
    path = "/api/v1/namespaces/default/pods/p/portforward"
    code, status = server.send("GET", path, query={"ports": 80}, token=token)

    assert code == 403
    assert ("cannot get" in status["message"]) is (verb == "create")
