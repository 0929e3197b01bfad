"""The plan's patch merges as a server merges: the lab's API server, written from other sources, is the second opinion."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.domain.planning.derive.strategic import patched
from migrator.lab.kube.patch.listkeys import ListKeys
from migrator.lab.kube.patch.strategic import merged as by_the_lab

KEYS = ListKeys(True, "daemonsets")
POD = {
    "containers": [
        {"name": "a", "image": "1", "args": ["x"], "env": [{"name": "E", "value": "1"}]},
        {"name": "b", "ports": [{"containerPort": 80, "name": "http"}, {"containerPort": 443}]},
    ],
    "tolerations": [{"key": "t"}],
    "volumes": [{"name": "v", "emptyDir": {}}],
}


@pytest.mark.parametrize(
    "patch",
    [
        pytest.param({"containers": [{"name": "a", "image": "2"}]}, id="one container"),
        pytest.param({"containers": [{"name": "c", "image": "3"}]}, id="a new container"),
        pytest.param({"containers": [{"name": "a", "$patch": "delete"}]}, id="a container less"),
        pytest.param({"containers": [{"$patch": "replace"}, {"name": "c"}]}, id="all containers"),
        pytest.param({"containers": [{"name": "b", "ports": [{"containerPort": 80, "hostPort": 80}]}]}, id="a port"),
        pytest.param({"containers": [{"name": "a", "env": [{"name": "E", "value": None}]}]}, id="a null deep inside"),
        pytest.param({"containers": [{"name": "a", "args": ["y", "z"]}]}, id="an atomic list"),
        pytest.param({"tolerations": []}, id="no toleration"),
        pytest.param(
            {"volumes": [{"name": "v", "$retainKeys": ["name", "hostPath"], "hostPath": {"path": "/"}}]}, id="kept"
        ),
        pytest.param({"containers": None}, id="nothing left"),
        pytest.param({"affinity": {"$patch": "replace", "nodeAffinity": {}}}, id="a replaced map"),
    ],
)
def test_it_merges_as_a_server_does(patch):
    before = copy.deepcopy(POD)

    assert patched(POD, patch) == by_the_lab(POD, patch, KEYS)
    assert before == POD


names = st.sampled_from("abc")
values = st.none() | st.integers(0, 2)
things = st.dictionaries(st.sampled_from(["image", "size"]), values, max_size=2)
rows = st.lists(
    st.builds(lambda name, more: {"name": name, **more}, names, things), max_size=3, unique_by=lambda r: r["name"]
)
whole = st.dictionaries(st.sampled_from(["containers", "volumes", "env"]), rows, max_size=3)


@given(whole, whole)
def test_any_keyed_lists_merge_as_a_server_merges_them_and_twice_is_once(into, patch):
    once = patched(into, patch)

    assert once == by_the_lab(into, patch, KEYS)
    assert patched(once, patch) == once


def test_deletions_from_a_list_of_words_are_done():
    assert patched({"finalizers": ["a", "b"]}, {"$deleteFromPrimitiveList/finalizers": ["a"]}) == {"finalizers": ["b"]}
