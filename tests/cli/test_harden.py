"""`migrator harden`: a manifest in, and out comes what kubectl, kustomize and Helm take as it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from migrator.cli.main import cli
from tests.cli.world import Terminal
from tests.domain.hardening.ground import workload

PLANS = Path(__file__).parents[2] / "plans"


@pytest.fixture
def manifest(tmp_path: Path) -> str:
    path = tmp_path / "gw.yaml"
    path.write_text(yaml.safe_dump(workload(meta={"annotations": {"proxy.istio.io/config": "concurrency: 2\n"}})))
    return str(path)


def test_people_are_told_each_change_with_its_numbers(terminal: Terminal, manifest: str) -> None:
    said = terminal.call("harden", manifest, "--port", "8080", "--interval", "10").output

    assert "terminationDrainDuration: 5s -> 30s" in said
    assert "interval 10 s x 2 failures + 5 s" in said
    assert "What turns its health check:" in said


def test_the_patch_is_one_document_for_kubectl(terminal: Terminal, manifest: str) -> None:
    patch: Any = yaml.safe_load(terminal.call("harden", manifest, "--port", "8080", "--output", "patch").output)

    template = patch["spec"]["template"]
    assert yaml.safe_load(template["metadata"]["annotations"]["proxy.istio.io/config"]) == {
        "concurrency": 2,
        "terminationDrainDuration": "20s",
    }


@pytest.mark.parametrize("form", ["kustomize", "helm"])
def test_other_forms_are_yaml_too(terminal: Terminal, manifest: str, form: str) -> None:
    assert list(yaml.safe_load_all(terminal.call("harden", manifest, "--output", form).output))


def test_a_list_of_kubectls_is_read_from_stdin() -> None:
    text = yaml.safe_dump({"apiVersion": "v1", "kind": "List", "items": [workload()]})

    shown = CliRunner().invoke(cli, ["harden", "-", "--output", "json"], input=text).output

    assert json.loads(shown)["hardening"]["gateway"] == "istio"


@pytest.mark.parametrize("text", ["a: [", "\x00", None])
def test_a_file_that_cannot_be_read_is_refused(terminal: Terminal, tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "gw.yaml"
    if text is not None:
        path.write_text(text)

    assert terminal.call("harden", str(path)).exit_code == 2


def test_a_check_that_only_connects_is_told_to_be_too_late(terminal: Terminal, manifest: str) -> None:
    assert "only connects" in terminal.call("harden", manifest, "--connects").output


def test_a_plan_file_may_be_piped_in_and_its_faults_are_told(terminal: Terminal) -> None:
    """Standard input can be read once: whether it is a plan and what the plan says come from the same text."""
    plan = (PLANS / "lab.yaml").read_text(encoding="utf-8").replace("  traffic:", "  traffik:")
    done = CliRunner().invoke(cli, ["harden", "-"], input=plan)

    assert done.exit_code == 2
    assert "traffik" in done.output
