"""What the plan file says of a Prometheus: who asks, and where secrets are."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from migrator.adapters.planfile.read import read
from migrator.domain.messages.errors import PlanFileInvalid
from migrator.domain.model.spec import AccessSpec, PrometheusSpec, QuerySpec, SecretRef, SigningSpec
from tests.adapters.planfile.test_full import PLANS


def prometheus(**keys: Any) -> PrometheusSpec | None:
    """Read a plan whose judge asks such a Prometheus."""
    plan = yaml.safe_load((PLANS / "lab.yaml").read_text(encoding="utf-8"))
    plan["spec"]["judge"]["prometheus"] = {"url": "https://p", **keys}
    return read(yaml.safe_dump(plan)).judge.prometheus


@pytest.mark.parametrize(
    ("keys", "access"),
    [
        pytest.param({}, None, id="nobody"),
        pytest.param({"authorization": "bearer env:TOKEN"}, AccessSpec(bearer=SecretRef(env="TOKEN")), id="bearer"),
        pytest.param({"authorization": "basic file:/a:b"}, AccessSpec(basic=SecretRef(file="/a:b")), id="basic"),
        pytest.param({"authorization": "aws eu-west-1"}, AccessSpec(signing=SigningSpec("eu-west-1")), id="AWS"),
        pytest.param(
            {"authorization": "aws eu-west-1 es"}, AccessSpec(signing=SigningSpec("eu-west-1", "es")), id="a service"
        ),
        pytest.param(
            {"headers": {"X-Scope-OrgID": "env:TENANT"}},
            AccessSpec(headers=(("X-Scope-OrgID", SecretRef("TENANT")),)),
            id="a header",
        ),
        pytest.param(
            {"ca": "/ca", "certificate": "/c", "key": "/k"}, AccessSpec(ca="/ca", certificate="/c", key="/k"), id="TLS"
        ),
    ],
)
def test_who_asks_is_read(keys: dict[str, Any], access: AccessSpec | None) -> None:
    found = prometheus(**keys)

    assert found is not None
    assert found.access == access


def test_queries_of_the_plans_own_are_read() -> None:
    found = prometheus(
        queries=[
            {"name": "p99", "query": "q", "hold": 1, "abort": 2.5},
            {"name": "orders", "query": "r", "hold": 0.8, "when": "below", "side": "old"},
        ]
    )

    assert found is not None
    assert found.queries == (
        QuerySpec("p99", "q", 1.0, 2.5),
        QuerySpec("orders", "r", 0.8, None, below=True, side="old"),
    )


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param({"queries": [{"name": "a", "query": "q"}]}, id="a query without a limit"),
        pytest.param(
            {"queries": [{"name": "a", "query": "q", "hold": 2, "abort": 1}]}, id="limits the wrong way round"
        ),
        pytest.param(
            {"queries": [{"name": "a", "query": "q", "hold": 1, "abort": 2, "when": "below"}]}, id="and below"
        ),
        pytest.param({"queries": [{"name": "a", "query": "q", "hold": 2}] * 2}, id="a name twice"),
        pytest.param({"queries": [{"name": "a", "query": "q", "hold": True}]}, id="a limit that is no number"),
        pytest.param({"authorization": "bearer s3cret"}, id="a secret in the plan"),
        pytest.param({"authorization": "digest env:X"}, id="another scheme"),
        pytest.param({"headers": {"X-Scope-OrgID": "team"}}, id="a value in the plan"),
        pytest.param({"certificate": "/c"}, id="no key"),
        pytest.param({"key": "/k"}, id="no certificate"),
        pytest.param({"authorization": "bearer env:X", "headers": {"authorization": "env:Y"}}, id="twice"),
    ],
)
def test_what_cannot_be_meant_is_refused(keys: dict[str, Any]) -> None:
    with pytest.raises(PlanFileInvalid):
        prometheus(**keys)
