"""Which forwarding rule takes a request: by its host, then by the longest path. A real Envoy chooses."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from migrator.lab.balancer.settings import RuleSpec
from migrator.lab.dataplane.pool import Pool
from migrator.lab.dataplane.proxy import HttpListener, Proxy, RuleRotation
from migrator.lab.http1.client import fetch
from tests.lab.dataplane.test_proxy import HOST, Backend
from tests.lab.dataplane.test_proxy import staged as listening

pytestmark = pytest.mark.lab
FITS = {
    "anything": ("", "/", True),
    "the host, whatever the port and the case": ("shop.example", "/", True),
    "the end of it": ("*.example", "/", True),
    "not the host itself": ("*.shop.example", "/", False),
    "another host": ("other.example", "/", False),
    "the path": ("", "/cart", True),
    "another path": ("", "/cat", False),
}
SPECS = (
    RuleSpec("any", "", "/long/path"),
    RuleSpec("end", "*.example"),
    RuleSpec("host", "a.example"),
    RuleSpec("path", "a.example", "/p"),
)


def listener(proxy: Proxy, name: str, rules: Sequence[RuleSpec], backends: dict[str, Backend]) -> HttpListener:
    """Open one more listener, whose rules lead to the backend of their name."""
    named = [(rule, f"{name}/{rule.id}", Pool(RuleRotation(rule.fail_open))) for rule in rules]
    for rule, _, pool in named:
        pool.add(backends[rule.id].key, 1, True)
    return proxy.listen(name, HOST, 0, named)


async def asked(proxy: Proxy, where: HttpListener, path: str, host: str) -> tuple[int, str]:
    await proxy.ready(where)
    status, body = await fetch((HOST, where.port), path, headers={"host": host})
    return status, body.decode()


def test_a_rule_takes_requests_by_host_and_path() -> None:
    async def story() -> dict[str, bool]:
        async with listening() as stage:
            backends = {"loc": await stage.backend("loc")}
            found = {}
            for at, (name, (domain, url, _)) in enumerate(FITS.items()):
                where = listener(stage.proxy, f"lb-{at}", [RuleSpec("loc", domain, url)], backends)
                found[name] = (await asked(stage.proxy, where, "/cart/1", "Shop.example:8080"))[0] == 200
            return found

    assert asyncio.run(story()) == {name: fits for name, (_, _, fits) in FITS.items()}


def test_the_most_exact_host_wins_then_the_longest_path_and_a_host_falls_back_to_a_less_exact_one() -> None:
    async def story() -> list[tuple[int, str]]:
        async with listening() as stage:
            backends = {spec.id: await stage.backend(spec.id) for spec in SPECS}
            found = [
                await asked(stage.proxy, listener(stage.proxy, f"lb-{n}", SPECS[:n], backends), path, "a.example")
                for n, path in ((1, "/long/path"), (2, "/long/path"), (3, "/long/path"), (4, "/p"))
            ]
            last = listener(stage.proxy, "lb-5", (SPECS[0], SPECS[3]), backends)
            found.append(await asked(stage.proxy, last, "/long/path", "a.example"))
            return [*found, await asked(stage.proxy, last, "/", "a.example")]

    taken = asyncio.run(story())

    assert [name for status, name in taken if status == 200] == ["any", "end", "host", "path", "any"]
    assert taken[-1][0] == 404
