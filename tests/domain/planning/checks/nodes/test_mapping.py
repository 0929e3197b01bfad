"""The port map against the ports on which the old side really listens, and waivers that waive nothing."""

from __future__ import annotations

from dataclasses import replace

from migrator.domain.messages.findings import Waiver
from migrator.domain.model.spec import ListenerSpec
from migrator.domain.planning.checks import preflight
from migrator.domain.planning.proposal import propose
from tests.domain.planning.checks.ground import SPEC, codes, mapped, world

BOTH = {"ports.mapped-nowhere block", "ports.not-mapped warn"}


def test_a_mapped_port_on_which_nobody_listens_blocks_and_the_real_one_is_told() -> None:
    found = {row.code: row for row in preflight(propose(world(), mapped((8081, 18080))))}

    assert codes(found.values()) >= BOTH
    assert found["ports.mapped-nowhere"]["ports"] == (8081,)
    assert 8080 in found["ports.mapped-nowhere"]["listening"]
    assert found["ports.not-mapped"]["ports"] == (8080,)


def test_a_port_of_the_template_a_service_or_the_balancer_may_be_mapped() -> None:
    listener = ListenerSpec("l-1", 80, backend_port=9090)
    spec = mapped((8080, 18080), (15021, 25021), (9090, 19090))

    assert codes(preflight(propose(world(), mapped((8080, 18080), (15021, 25021))))) & BOTH == set()
    assert (
        codes(preflight(propose(world(), replace(spec, balancer=replace(spec.balancer, listeners=(listener,)))))) & BOTH
        == set()
    )


def test_without_a_map_or_a_source_nothing_is_said() -> None:
    assert codes(preflight(propose(world(), mapped()))) & BOTH == set()
    assert (
        codes(
            preflight(propose(replace(world(), source=None), mapped((8081, 1)))),
        )
        & BOTH
        == set()
    )
    assert propose(replace(world(), source=None), SPEC).services.declared == set()


def test_a_waiver_of_what_was_not_found_is_told() -> None:
    spec = replace(SPEC, waivers=(Waiver("ports.taken", "we know"),))

    assert "waive.unused info" in codes(preflight(propose(world(), spec)))
    assert "waive.unused info" not in codes(preflight(propose(world(), SPEC)))
