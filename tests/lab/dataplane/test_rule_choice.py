"""Which forwarding rule takes a request: by its host, then by the longest path."""

from __future__ import annotations

import pytest

from migrator.lab.balancer.settings import RuleSpec
from migrator.lab.dataplane.pool import Pool
from migrator.lab.dataplane.proxy import chosen, takes
from migrator.lab.dataplane.rotation import Rotation
from migrator.lab.http1 import Request


@pytest.mark.parametrize(
    ("domain", "url", "fits"),
    [
        pytest.param("", "/", True, id="anything"),
        pytest.param("shop.example", "/", True, id="the host, whatever the port and the case"),
        pytest.param("*.example", "/", True, id="the end of it"),
        pytest.param("*.shop.example", "/", False, id="not the host itself"),
        pytest.param("other.example", "/", False, id="another host"),
        pytest.param("", "/cart", True, id="the path"),
        pytest.param("", "/cat", False, id="another path"),
    ],
)
def test_a_rule_takes_requests_by_host_and_path(domain: str, url: str, fits: bool) -> None:
    request = Request("GET", "/cart/1", headers={"host": "Shop.example:8080"})

    assert takes(RuleSpec("loc", domain, url), request) is fits


def test_the_most_exact_host_wins_then_the_longest_path() -> None:
    specs = [RuleSpec("any", "", "/long/path"), RuleSpec("end", "*.example"), RuleSpec("host", "a.example")]
    specs.append(RuleSpec("path", "a.example", "/p"))
    pools = {spec.id: Pool(Rotation(True)) for spec in specs}

    for count, best in ((1, "any"), (2, "end"), (3, "host"), (4, "path")):
        assert chosen([(spec, pools[spec.id]) for spec in specs[:count]]) is pools[best]
    assert chosen([]) is None
