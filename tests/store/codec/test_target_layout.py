"""A plan's target on disk: flat as commit 0730ce6 wrote it, whichever member of the union it is in the code."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest

from migrator.app.plan.planfiles import read
from migrator.domain.messages.errors import StoreError
from migrator.domain.model.pod_targets import PodPort, PodTargets
from migrator.domain.model.spec import Spec
from migrator.domain.model.target import Derived, Kept, Network
from migrator.store.codec.codec import from_data, to_data
from tests.golden.saved import plan_files

FILES = {name: json.loads(text)["plan"]["spec"] for name, text in plan_files().items()}


def spec(name: str = "canary", **target: Any) -> dict[str, Any]:
    """Give the JSON of a spec that 0730ce6 saved, with other fields in its target."""
    data = deepcopy(FILES[name])
    data["target"].update(target)
    return {"kind": "spec", **data}


def test_a_target_that_stored_nothing_is_a_derived_one() -> None:
    found = from_data(spec(), Spec).target

    assert isinstance(found, Derived)
    assert (found.name, found.network, found.kind) == ("gw-ds", Network.HOST, "DaemonSet")
    assert (found.service, found.companions, found.reverses) == ("gw-ds", (), None)


def test_a_target_that_stored_a_workload_is_a_kept_one() -> None:
    found = from_data(spec("reversed"), Spec).target

    assert isinstance(found, Kept)
    assert (found.name, found.kind, found.network) == ("gw", "Deployment", Network.POD)
    assert found.pod_targets == PodTargets(2, (PodPort("l-1", 8080),))
    assert found.reverses == found.run
    assert [manifest["kind"] for manifest in found.manifests] == ["Deployment", "HorizontalPodAutoscaler"]


@pytest.mark.parametrize("name", FILES)
def test_the_target_is_written_as_0730ce6_wrote_it_and_no_other_key_is_gone(name: str) -> None:
    written = to_data(from_data(spec(name), Spec))

    assert json.dumps(written["target"]) == json.dumps(spec(name)["target"])
    assert [key for key in written if key in spec(name)] == list(spec(name))


def test_a_target_of_before_there_were_plans_back_is_derived() -> None:
    data = spec()
    for field in ("stored", "kind", "port_conflict"):
        del data["target"][field]

    assert from_data(data, Spec) == from_data(spec(), Spec)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({"kind": "spec", **FILES["canary"], "target": "gw-ds"}, id="a text for a target"),
        pytest.param({key: value for key, value in spec().items() if key != "target"}, id="no target"),
        pytest.param(spec(stored="all of it"), id="a text for what was stored"),
        pytest.param(spec(stored={}), id="nothing in what was stored"),
        pytest.param(spec("reversed", kind=None), id="a workload without a kind"),
        pytest.param(spec(colour="red"), id="a field from the future"),
        pytest.param(spec("reversed", colour="red"), id="a field from the future beside what was stored"),
    ],
)
def test_what_is_no_target_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(StoreError):
        from_data(data, Spec)


def test_every_plan_file_of_0730ce6_opens_with_its_target(tmp_path: Any) -> None:
    for name, text in plan_files().items():
        file = tmp_path / f"{name}.json"
        file.write_bytes(text)
        target = read(str(file)).spec.target

        assert isinstance(target, Kept if name == "reversed" else Derived)
