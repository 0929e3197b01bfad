"""What of an object means something: what people decide; never what controllers write down, in any order of their writes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.domain.drift.meaning import digest, meaning, paths
from migrator.domain.model.manifests import Json, Manifest, merged

SERVICE: Manifest = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "s", "labels": {"app": "gw"}, "annotations": {"a": "b"}},
    "spec": {"selector": {"app": "gw"}, "ports": [{"port": 80}], "clusterIP": "10.96.0.7"},
}
TEMPLATE: Manifest = {
    "kind": "Deployment",
    "metadata": {"name": "d"},
    "spec": {
        "replicas": 3,
        "selector": {"matchLabels": {"app": "gw"}},
        "template": {"metadata": {"labels": {"app": "gw"}}, "spec": {"containers": [{"image": "a"}]}},
    },
}
NOISE = [
    pytest.param({"status": {"x": 1}}, id="status"),
    pytest.param({"metadata": {"resourceVersion": "9", "generation": 4, "managedFields": [{}]}}, id="the server's own"),
    pytest.param({"metadata": {"annotations": {"cert-manager.io/x": "y"}}}, id="an annotation that nobody obeys"),
    pytest.param({"metadata": {"labels": {"helm.sh/chart": "x"}}}, id="a label that nobody selects by"),
]


@pytest.mark.parametrize("thing", [SERVICE, TEMPLATE], ids=["Service", "Deployment"])
@pytest.mark.parametrize("noise", NOISE)
def test_what_controllers_write_down_means_nothing(thing: Manifest, noise: Manifest) -> None:
    noisy = merged(thing, noise)
    assert isinstance(noisy, dict)

    assert digest(noisy) == digest(thing)
    assert noisy != thing


WORDS = [
    pytest.param(SERVICE, {"spec": {"selector": {"app": "x"}}}, id="a selector"),
    pytest.param(SERVICE, {"spec": {"externalTrafficPolicy": "Local"}}, id="a traffic policy"),
    pytest.param(SERVICE, {"metadata": {"labels": {"istio.io/rev": "x"}}}, id="a label that Istio selects by"),
    pytest.param(SERVICE, {"metadata": {"annotations": {"networking.istio.io/exportTo": "."}}}, id="an annotation"),
    pytest.param(TEMPLATE, {"spec": {"template": {"metadata": {"labels": {"v": "1"}}}}}, id="a pod's label"),
    pytest.param(
        TEMPLATE,
        {"spec": {"template": {"metadata": {"annotations": {"sidecar.istio.io/proxyImage": "x"}}}}},
        id="a pod's annotation that injection reads",
    ),
    pytest.param({"kind": "ConfigMap", "data": {"a": "b"}}, {"data": {"a": "c"}}, id="a ConfigMap's data"),
    pytest.param({"kind": "EnvoyFilter", "spec": {"priority": 1}}, {"spec": {"priority": 2}}, id="any other spec"),
]


@pytest.mark.parametrize(("thing", "change"), WORDS)
def test_what_somebody_decides_means_something(thing: Manifest, change: Manifest) -> None:
    changed = merged(thing, change)
    assert isinstance(changed, dict)

    assert digest(changed) != digest(thing)


def test_a_restart_and_a_scale_of_a_deployment_mean_nothing() -> None:
    restarted = merged(
        TEMPLATE,
        {
            "spec": {
                "replicas": 9,
                "template": {"metadata": {"annotations": {"kubectl.kubernetes.io/restartedAt": "now"}}},
            }
        },
    )
    assert isinstance(restarted, dict)

    assert meaning(restarted) == meaning(TEMPLATE)


VALUES = st.recursive(
    st.none() | st.integers(0, 3) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)


@given(was=VALUES, now=VALUES)
def test_values_are_equal_exactly_where_no_path_differs(was: Json, now: Json) -> None:
    assert (paths(was, now) == []) == (was == now) or none_for_absent(was, now)


def none_for_absent(was: Json, now: Json) -> bool:
    """Say whether the values differ only in a None that stands for what is not there."""
    return paths(was, now) == [] and "None" in f"{was}{now}"


def test_a_path_names_the_field_and_both_values() -> None:
    was: Json = {"spec": {"ports": [{"port": 80}], "type": "ClusterIP"}}
    now: Json = {"spec": {"ports": [{"port": 81}], "more": True}}

    assert paths(was, now) == [
        ("spec.ports[0].port", 80, 81),
        ("spec.type", "ClusterIP", None),
        ("spec.more", None, True),
    ]
    assert paths({"a": [1]}, {"a": [1, 2]}) == [("a", [1], [1, 2])]
