"""Fields that a type does not have, values of another type, and list items that are there twice: told as a real server does."""

from typing import Any

import pytest

from migrator.lab.kube.api.catalog import known_kinds
from migrator.lab.kube.api.errors import ApiError
from migrator.lab.kube.patch.listkeys import keys_of
from migrator.lab.kube.schema.shapes import ANY, fields, shape_of
from migrator.lab.kube.schema.strictness import Strictness, decoded, repeated_keys, require_typed
from tests.lab.kube.world import config_map, pod, workload

KINDS = {kind.kind: kind for kind in known_kinds() if kind.home is None}
CONTAINER = '.spec.template.spec.containers[name="c"]'


def daemonset(**container: Any) -> dict[str, Any]:
    body = workload("DaemonSet", "d")
    body["spec"]["template"]["spec"]["containers"] = [{"name": "c", "image": "i", **container}]
    return body


def applied(body: dict[str, Any]) -> str:
    """Give the words with which an apply is refused, or nothing."""
    kind = KINDS[body["kind"]]
    try:
        require_typed(body, shape_of(kind, kind.versions[0]), keys_of(kind), "here")
    except ApiError as error:
        return f"{error.code}: {error.message}"
    return ""


def with_spec(**parts: Any) -> dict[str, Any]:
    body = daemonset()
    body["spec"]["template"]["spec"] |= parts
    return body


@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param(
            daemonset(env=[{"name": "TZ", "value": "a"}, {"name": "TZ", "value": "b"}]),
            f'{CONTAINER}.env: duplicate entries for key [name="TZ"]',
            id="a variable twice",
        ),
        pytest.param(
            daemonset(
                ports=[{"containerPort": 80, "name": "a"}, {"containerPort": 80, "name": "b", "protocol": "TCP"}]
            ),
            f'{CONTAINER}.ports: duplicate entries for key [containerPort=80,protocol="TCP"]',
            id="a port twice, once with the default protocol",
        ),
        pytest.param(
            with_spec(volumes=[{"name": "v"}, {"name": "v"}]),
            'duplicate entries for key [name="v"]',
            id="a volume twice",
        ),
        pytest.param(
            with_spec(hostAliases=[{"ip": "10.0.0.1"}, {"ip": "10.0.0.1"}]), '[ip="10.0.0.1"]', id="a host alias twice"
        ),
        pytest.param(
            with_spec(topologySpreadConstraints=[{"topologyKey": "z", "whenUnsatisfiable": "x", "maxSkew": 1}] * 2),
            '[topologyKey="z",whenUnsatisfiable="x"]',
            id="a spread constraint twice",
        ),
        pytest.param(
            daemonset(volumeMounts=[{"name": "v", "mountPath": "/a"}] * 2), '[mountPath="/a"]', id="a mount twice"
        ),
        pytest.param(daemonset(env=[{"value": "x"}]), "omits key field", id="a variable without a name"),
        pytest.param(daemonset(lifecycel={}), "containers[0].lifecycel: field not declared in schema", id="a typo"),
        pytest.param({**daemonset(), "extra": 1}, ".extra: field not declared in schema", id="a field at the very top"),
        pytest.param(
            {**config_map("a"), "metadata": {"name": "a", "label": {}}}, ".metadata.label", id="a field of metadata"
        ),
        pytest.param(
            {**config_map("a"), "metadata": {"name": "a", "finalizers": ["x/y", "x/y"]}},
            '[="x/y"]',
            id="a finalizer twice",
        ),
        pytest.param(
            {**config_map("a"), "metadata": {"labels": {"version": 1}}},
            "expected str, got number",
            id="a label as number",
        ),
        pytest.param(with_spec(hostNetwork="true"), "expected bool, got string", id="a text for a boolean"),
    ],
)
def test_an_apply_that_is_no_object_of_its_type_is_refused_in_the_merger_s_words(body: Any, words: str) -> None:
    assert words in applied(body)


def test_an_apply_names_all_that_is_wrong_with_it() -> None:
    said = applied(daemonset(lifecycel={}, env=[{"name": "A"}, {"name": "A"}]))

    assert said.startswith("500: failed to create typed patch object (here): errors:\n")
    assert len(said.splitlines()) == 3


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(daemonset(resources={"limits": {"cpu": 1, "memory": "1Gi"}}), id="a quantity as a number"),
        pytest.param(daemonset(readinessProbe={"httpGet": {"port": "http"}}), id="a port by name"),
        pytest.param(daemonset(env=None, command=["a", "a"]), id="nothing, and a plain list with equal members"),
        pytest.param(
            daemonset(ports=[{"containerPort": 53, "protocol": "UDP"}, {"containerPort": 53}]), id="two protocols"
        ),
        pytest.param(
            {"apiVersion": "networking.istio.io/v1", "kind": "Gateway", "metadata": {}, "spec": {"anything": [1, 1]}},
            id="a custom resource",
        ),
    ],
)
def test_what_is_right_is_applied(body: Any) -> None:
    assert applied(body) == ""


def test_every_built_in_kind_has_its_type_and_no_type_is_empty() -> None:
    shapes = {kind.kind: shape_of(kind, kind.versions[0]) for kind in KINDS.values() if not kind.custom}

    assert [name for name, shape in shapes.items() if shape is ANY] == []
    assert [name for name, shape in shapes.items() if not {"metadata", "kind"} <= fields(shape).keys()] == []


def test_an_unknown_field_is_dropped_warned_of_or_refused_as_the_request_says() -> None:
    shape, body = shape_of(KINDS["DaemonSet"], "v1"), daemonset(lifecycel={})
    kept, warnings = decoded(body, shape, Strictness.WARN, "x")

    assert warnings == ['unknown field "spec.template.spec.containers[0].lifecycel"']
    assert kept == daemonset()
    assert decoded(body, shape, Strictness.IGNORE, "x") == (kept, [])
    with pytest.raises(ApiError, match=r'strict decoding error: unknown field "spec\.template') as refused:
        decoded(body, shape, Strictness.STRICT, "x")
    assert refused.value.code == 400


def test_a_value_of_another_type_is_refused_whatever_the_request_says() -> None:
    body = workload("DaemonSet", "d", minReadySeconds="5")

    with pytest.raises(
        ApiError, match=r"cannot unmarshal string into Go struct field spec.minReadySeconds of type int"
    ):
        decoded(body, shape_of(KINDS["DaemonSet"], "v1"), Strictness.IGNORE, "x")


def test_keys_that_a_text_holds_twice_are_found() -> None:
    assert repeated_keys(b'{"a": {"b": 1, "b": 2}, "c": 3}') == ["b"]
    assert repeated_keys(b"a: 1") == []


# --- through the server


def test_the_server_tells_an_unknown_field_by_the_verb_and_the_request(space: Any) -> None:
    body = {**config_map("a"), "dta": {}}
    strict = {"fieldValidation": "Strict"}

    code, status = space.send("POST", "configmaps", body, query=strict)
    assert (code, "unknown field" in status["message"]) == (400, True)
    code, status = space.send("PATCH", "configmaps/a", body, "apply", query={"fieldManager": "m", **strict})
    assert (code, ".dta: field not declared in schema" in status["message"]) == (500, True)
    assert "dta" not in space.make("configmaps", body)
    assert space.send("PATCH", "configmaps/a", {"dta": {}}, "merge", query=strict)[0] == 400
    assert space.send("PATCH", "configmaps/a", {"data": {"k": "v"}}, "merge", query=strict)[0] == 200
    assert space.send("PUT", "configmaps/a", body, query=strict)[0] == 400
    assert space.send("PUT", "configmaps/a", body, query={"fieldValidation": "Perhaps"})[0] == 422


def test_the_server_warns_in_a_header_where_a_request_says_nothing(space: Any) -> None:
    code, headers, _ = space.server.asked("POST", space.path("configmaps"), {**config_map("a"), "dta": {}})

    assert code == 201
    assert headers["Warning"] == '299 - "unknown field \\"dta\\""'


def test_what_an_apply_may_not_hold_twice_a_created_object_may(space: Any) -> None:
    twice = [{"containerPort": 80, "name": "a"}, {"containerPort": 80, "name": "b"}]

    space.make("apps/daemonsets", daemonset(ports=twice, env=[{"name": "TZ"}, {"name": "TZ"}]))


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        pytest.param({"hostUsers": False}, "spec.hostNetwork: Forbidden", id="its own users"),
        pytest.param(
            {"securityContext": {"sysctls": [{"name": "net.core.somaxconn", "value": "1"}]}},
            "sysctls[0].name: Forbidden",
            id="a setting of the network",
        ),
        pytest.param(
            {"securityContext": {"sysctls": [{"name": "net/core/somaxconn", "value": "1"}]}},
            "sysctls[0].name: Forbidden",
            id="the same with slashes",
        ),
        pytest.param({"hostnameOverride": "edge"}, "hostnameOverride: Forbidden", id="another host name"),
    ],
)
def test_what_cannot_stand_in_a_node_s_network_is_refused(space: Any, parts: dict[str, Any], words: str) -> None:
    code, status = space.send("POST", "apps/daemonsets", with_spec(hostNetwork=True, **parts))

    assert code == 422
    assert words in status["message"]
    assert space.send("POST", "apps/daemonsets", with_spec(**parts))[0] == 201


def test_two_containers_of_one_port_stand_in_a_template_but_not_in_its_pods(space: Any) -> None:
    containers = [{"name": name, "image": "i", "ports": [{"containerPort": 80}]} for name in ("a", "b")]
    made = space.make("apps/daemonsets", with_spec(hostNetwork=True, containers=containers))
    of_pod = {**pod("p"), "spec": {"hostNetwork": True, "containers": containers}}
    code, status = space.send("POST", "pods", of_pod)

    assert "hostPort" not in made["spec"]["template"]["spec"]["containers"][0]["ports"][0]
    assert code == 422
    assert 'hostPort: Duplicate value: "TCP//80"' in status["message"]
