"""Digits without end where a name, a version or a command has some: they are no number, and end nothing."""

from __future__ import annotations

import pytest

from migrator.adapters.balancers.tke.findings import of_controller
from migrator.adapters.gateways.configuration.ports import Ports
from migrator.adapters.gateways.counters import _renamed, _serving
from migrator.domain.hardening.ends import sleeps
from migrator.domain.hardening.prestop import pre_stop

ENDLESS = [pytest.param("9" * 400, id="more than a float holds"), pytest.param("9" * 5000, id="more than Python reads")]


@pytest.mark.parametrize("digits", ENDLESS)
def test_a_hook_that_sleeps_beyond_all_bounds_is_one_that_sleeps_very_long(digits: str) -> None:
    told = {"name": "c", "lifecycle": {"preStop": {"exec": {"command": ["sh", "-c", f"sleep {digits}"]}}}}
    by_name = {"name": "c", "env": [{"name": "T", "value": digits}]} | {
        "lifecycle": {"preStop": {"exec": {"command": ["sh", "-c", "sleep $T"]}}}
    }

    assert pre_stop(told) > 86_400
    assert pre_stop(by_name) == 0


@pytest.mark.parametrize("digits", ENDLESS)
def test_versions_and_ports_beyond_all_bounds_are_none(digits: str) -> None:
    ports = Ports({8080: 80}, by_listener=True)

    assert sleeps(f"v{digits}.{digits}")
    assert list(of_controller(f"v{digits}.1.1")) == []
    assert ports.of_listener(f"0.0.0.0_{digits}") == f"0.0.0.0_{digits}"
    assert ports.of_route(f"http.{digits}") == f"http.{digits}"
    assert _renamed(f"outbound_{digits}", {8080: 80}) == f"outbound_{digits}"
    assert _serving(f"0.0.0.0_{digits}", frozenset({8080}))
