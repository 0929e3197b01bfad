"""Whatever a cloud's API answers in place of what its documents say, a driver raises one of our two errors and nothing else."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from migrator.domain.messages.findings import told_of
from migrator.domain.model.actions import Deregister, Op, Register, SetWeights
from migrator.domain.model.balancer import Weighted
from migrator.wording import render
from tests.adapters.served import Asked, Reply, serving
from tests.contracts.balancer import Rig
from tests.contracts.rigs import aliyun, aws, tencent
from tests.lab.clouds.world import SECRET
from tests.wounds import ODD, PLACES, TEXTS, hurt_json, outcome

KINDS = [*tencent.KINDS, *aliyun.KINDS, aws.KIND]
FAIL = st.one_of(st.just(None), st.sampled_from([200, 302, 400, 403, 404, 429, 500, 503]))
WOUND = st.tuples(st.one_of(PLACES, st.sampled_from(sorted(TEXTS))), FAIL, st.integers(0, 5))


class Wounding:
    """A proxy before an emulator, which hurts every answer from a call on as it is told."""

    def __init__(self, behind: str) -> None:
        self._behind, self._http = behind, httpx.Client(trust_env=False)
        self.wound: Any = None
        self.url = ""
        self._calls = 0

    def told(self, wound: Any) -> None:
        self.wound, self._calls = wound, 0

    def close(self) -> None:
        self._http.close()

    def __call__(self, asked: Asked) -> Reply:
        headers = {name: value for name, value in asked.headers.items() if name.lower() != "content-length"}
        found = self._http.request(asked.method, self._behind + asked.path, content=asked.body, headers=headers)
        if self.wound is None:
            return Reply(found.status_code, found.content)
        how, status, first = self.wound
        self._calls += 1
        if self._calls <= first:
            return Reply(found.status_code, found.content)
        body = TEXTS[how] if isinstance(how, str) else _hurt(found.content, how)
        return Reply(found.status_code if status is None else status, body)


def _hurt(sound: bytes, wounds: list[tuple[int, Any]]) -> bytes:
    if not sound.lstrip().startswith(b"<"):
        return hurt_json(sound, wounds)
    root = ElementTree.fromstring(sound)
    for place, odd in wounds:
        rows = [element for element in root.iter() if element is not root]
        if not rows:
            break
        at = rows[place % len(rows)]
        at.text = json.dumps(odd)[:100].strip('"') if isinstance(odd, str | int | float | bool) else ""
        for child in list(at):
            at.remove(child)
        if odd is ODD[0]:
            at.tag = "gone"
    with contextlib.suppress(ValueError):
        return ElementTree.tostring(root)
    return b"<"


@pytest.fixture(scope="module", params=KINDS, ids=lambda kind: kind.name)
def ground(request: pytest.FixtureRequest) -> Iterator[Any]:
    with request.param.open() as made:
        yield made


@pytest.fixture(scope="module")
def rig(ground: Any) -> Iterator[Rig]:
    with ground.rig([10, 10], 2) as made:
        yield made


@pytest.fixture(scope="module")
def wounding(rig: Any) -> Iterator[Wounding]:
    process = (getattr(rig, "balancer", None) or rig._balancer).process
    proxy = Wounding(f"http://{process.control}")
    with serving(proxy) as served, contextlib.closing(proxy):
        proxy.url = served.url
        yield proxy


@settings(max_examples=25, deadline=None, phases=[Phase.generate], suppress_health_check=[*HealthCheck])
@given(wound=WOUND, which=st.integers(0, 5))
def test_no_driver_raises_anything_but_our_two_errors(rig: Any, wounding: Wounding, wound: Any, which: int) -> None:
    wounding.told(wound)
    driver = rig.driver(endpoint=wounding.url)
    asked: list[Callable[[], object]] = [
        driver.targets,
        lambda: (
            render(told_of(driver.findings())),
            getattr(driver, "health_checks", tuple)(),
            getattr(driver, "quotas", tuple)(),
        ),
        driver.address,
        lambda: driver.set_weights(SetWeights((Weighted(rig.standing[0], 10),))),
        lambda: driver.register(Register((rig.standing[0],))),
        lambda: (driver.poll(Op("x", "1|2|3")), driver.deregister(Deregister((rig.spare[0],)))),
    ]

    assert SECRET[1] not in str(outcome(asked[which]))
