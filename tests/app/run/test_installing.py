"""Plan files as a follower in the cluster reads them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from migrator.adapters.planfile.read import read_file
from migrator.app.run.installing import followed
from migrator.domain.messages.errors import UsageError
from tests.words import refused

ROOT = Path(__file__).parents[3]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give the lab's plan file, whose nodes migrator looks after."""
    content = yaml.safe_load((ROOT / "plans" / "lab.yaml").read_text(encoding="utf-8"))
    content["spec"]["after"] = "migrator"
    made = tmp_path / "plan.yaml"
    made.write_text(yaml.safe_dump(content), encoding="utf-8")
    return made


def test_a_plan_file_in_the_cluster_says_all_but_what_leads_there_from_outside(file: Path, tmp_path: Path) -> None:
    (found,) = followed([str(file)])

    inside = tmp_path / "inside.yaml"
    inside.write_text(found.file, encoding="utf-8")
    there = read_file(str(inside))
    assert (there.cluster.kubeconfig, there.cluster.context) == (None, None)
    assert there.balancer == found.spec.balancer
    assert there.cluster.namespace == found.spec.cluster.namespace
    assert found.driver.provider == "tencent"


def test_a_file_that_the_plan_names_is_not_wanted_in_a_pod(file: Path, tmp_path: Path) -> None:
    host = read_file(str(file)).gateway.probe_host or "app.example.com"
    entry = {"request": {"method": "GET", "url": f"http://{host}:8080/", "headers": []}}
    (recorded := tmp_path / "requests.har").write_text(json.dumps({"log": {"entries": [entry]}}))
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    content["spec"]["answers"] = {"har": str(recorded)}
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    (found,) = followed([str(file)])
    recorded.unlink()

    inside = tmp_path / "inside.yaml"
    inside.write_text(found.file, encoding="utf-8")

    assert found.spec.answers is not None
    assert read_file(str(inside)).answers is None


def test_a_plan_file_whose_nodes_are_somebody_elses_is_refused() -> None:
    with refused(UsageError, "follow.file-not-ours"):
        followed([str(ROOT / "plans" / "lab.yaml")])


def test_the_image_is_built_from_files_that_are_there() -> None:
    lines = (ROOT / ".ci" / "Containerfile").read_text(encoding="utf-8").splitlines()
    copied = [
        word for line in lines if line.startswith("COPY ") and "--from" not in line for word in line.split()[1:-1]
    ]

    assert copied
    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert {"pyproject.toml", "migrator", "migrations", "README.md", "LICENSE"} <= set(copied)
