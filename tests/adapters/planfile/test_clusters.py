"""A plan file with one cluster, or one for each side; one that says them twice, by half or of one cluster is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrator.adapters.planfile.read import read
from migrator.domain.messages.errors import PlanFileInvalid
from migrator.domain.model.spec import ClusterSpec, Spec

PLAN = Path("plans/lab-two-clusters.yaml").read_text(encoding="utf-8")
WHOLE = """  cluster:
    kubeconfig: build/lab/kubeconfig
    context: lab"""
SECOND = "      context: lab-2"


def changed(*pairs: tuple[str, str]) -> str:
    text = PLAN
    for was, now in pairs:
        assert was in text
        text = text.replace(was, now, 1)
    return text


def spec(*pairs: tuple[str, str]) -> Spec:
    return read(changed(*pairs))


def refused(*pairs: tuple[str, str]) -> str:
    with pytest.raises(PlanFileInvalid) as caught:
        spec(*pairs)
    fault = caught.value.findings[0]["fault"]
    return str(getattr(fault, "code", fault))


def test_the_new_sides_cluster_has_the_old_ones_kubeconfig_unless_it_names_one() -> None:
    found = spec()

    assert found.cluster.context == "lab"
    assert found.second == ClusterSpec("istio-gateways", "lab-2", "build/lab/kubeconfig")
    assert spec((SECOND, f"{SECOND}\n      kubeconfig: other")).second == ClusterSpec(
        "istio-gateways", "lab-2", "other"
    )


def test_both_sides_may_name_theirs_alike() -> None:
    apart = ("  source:\n", "  source:\n    cluster: {context: lab, kubeconfig: here}\n")
    found = spec((WHOLE, "  cluster:"), apart)

    assert (found.cluster.context, found.cluster.kubeconfig) == ("lab", "here")
    assert found.second == ClusterSpec("istio-gateways", "lab-2", "here")


def test_gateways_of_two_clusters_may_differ_in_what_is_each_clusters_own() -> None:
    assert [row.place for row in spec().parity.allow] == ["cluster/*", "endpoints/*", "bootstrap/*"]


@pytest.mark.parametrize(
    ("pairs", "code"),
    [
        (
            [("    cluster:\n      context: lab-2", ""), ("  source:\n", "  source:\n    cluster: {context: a}\n")],
            "rule.clusters-by-half",
        ),
        ([("  source:\n", "  source:\n    cluster: {context: a}\n")], "rule.cluster-twice"),
        ([(WHOLE, "  cluster:\n    kubeconfig: build/lab/kubeconfig")], "rule.cluster-unnamed"),
        ([(SECOND, "      context: lab")], "rule.one-cluster"),
    ],
    ids=["by half", "twice", "unnamed", "one"],
)
def test_clusters_that_are_not_said_well_are_refused(pairs: list[tuple[str, str]], code: str) -> None:
    assert refused(*pairs) == code
