"""What the balancer says for a first plan file: how many backends each listener has, or why nobody could be asked."""

from __future__ import annotations

import pytest

from migrator.app.begin.draft import Balancer
from migrator.app.begin.registered import Registered, ask, found, reader_of
from migrator.domain.messages.errors import Refused, Unreachable, UsageError
from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Backend
from tests.fakes.balancer import FakeBalancer
from tests.fakes.clock import FakeClock
from tests.words import text

WANTED = Balancer("tencent", "lb-1", (("lbl-80", 80), ("lbl-443", 443)), region="eu")


def balancer() -> FakeBalancer:
    fake = FakeBalancer(FakeClock())
    for number in range(3):
        fake.add(Backend("lbl-80", f"10.0.0.{number}", 80), 10)
    fake.add(Backend("lbl-9", "10.0.0.9", 80), 10)
    return fake


def test_backends_are_counted_by_listener_and_one_that_leads_nowhere_is_known() -> None:
    told = ask(balancer(), WANTED)

    assert told.backends == (("lbl-80", 3), ("lbl-443", 0))
    assert told.empty == ("lbl-443",)
    assert "lbl-80 has 3 backends" in text(found(told))


@pytest.mark.parametrize("kind", [Refused, Unreachable])
def test_a_balancer_that_cannot_be_asked_is_a_remark_of_the_file(kind: type[Refused | Unreachable]) -> None:
    class Silent(FakeBalancer):
        def targets(self) -> tuple[()]:
            raise kind(say("credentials.none"))

    told = ask(Silent(FakeClock()), WANTED)

    assert told == Registered(trouble=say("credentials.none"))
    assert found(told).code == "init.balancer-silent"


def test_settings_that_a_driver_does_not_take_are_refused_before_it_is_asked() -> None:
    with pytest.raises(UsageError):
        reader_of(Balancer("haproxy", "ha", (("lbl", 80),)))
