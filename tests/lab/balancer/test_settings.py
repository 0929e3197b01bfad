"""A balancer's description is taken as it is meant, or refused by the name of the key."""

import pytest

from migrator.lab.balancer.settings import BadSpec, BalancerSpec, HealthSpec, read

WHOLE = {
    "id": "lb-1",
    "vip": "127.0.0.1",
    "timings": {"task_s": 1},
    "instances": {"ins-1": "10.0.0.1"},
    "listeners": [{"id": "lbl-1", "port": 80, "health": None, "targets": [{"address": "10.0.0.1", "port": 8080}]}],
}


def test_a_whole_description_is_read_with_its_defaults():
    spec = read(BalancerSpec, WHOLE)

    assert spec.timings.task_s == 1.0
    assert spec.health == HealthSpec()
    assert spec.instances == {"ins-1": "10.0.0.1"}
    assert (spec.listeners[0].port, spec.listeners[0].targets[0].weight) == (80, 10)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        pytest.param({"lisners": []}, "$: unknown key 'lisners'", id="unknown key"),
        pytest.param({"vip": 5}, "$.vip: str is needed, not 5", id="wrong type"),
        pytest.param({"timings": {"task_s": -1}}, "$.timings.task_s: -1 is negative", id="negative"),
        pytest.param({"timings": {"task_s": True}}, "$.timings.task_s: float is needed", id="a truth is no number"),
        pytest.param({"listeners": {}}, "$.listeners: a list is needed", id="not a list"),
        pytest.param({"listeners": [{"id": "a"}]}, "$.listeners[0]: 'port' is missing", id="missing key"),
        pytest.param({"instances": {"a": 1}}, "$.instances.a: str is needed", id="wrong type in an object"),
        pytest.param({"instances": []}, "$.instances: an object is needed", id="not an object"),
    ],
)
def test_a_wrong_description_is_refused_by_name(change, text):
    with pytest.raises(BadSpec) as refusal:
        read(BalancerSpec, WHOLE | change)

    assert str(refusal.value).startswith(text)
