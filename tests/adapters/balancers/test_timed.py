"""Every driver's methods have a deadline for the whole of each, however many calls one makes."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from migrator.adapters.balancers import DRIVERS, balancer
from migrator.adapters.balancers.access.api_client import ApiClient
from migrator.adapters.balancers.process import run
from migrator.adapters.balancers.registration import BalancerPorts
from migrator.adapters.balancers.timed import READ_SECONDS, WRITE_SECONDS, longest, timed
from migrator.adapters.bounded.deadline import Deadline, seconds_left
from migrator.domain.messages.errors import Unreachable
from migrator.domain.model.actions import SetWeights
from migrator.domain.model.balancer import Target
from migrator.domain.model.spec import BalancerSpec, ListenerSpec
from migrator.domain.ports.balancer import ChecksHealth, KnowsSteering
from tests.adapters.bounded.dripping import PLACES, dripping
from tests.adapters.served import Asked, Reply, serving
from tests.words import refused


class Hasty:
    """A driver that says of each call how long it may still take; `steering` it has, `health_checks` not."""

    name = "hasty"

    def targets(self) -> tuple[Target, ...]:
        """Say it by raising: the port gives targets."""
        raise Unreachable(f"{seconds_left()}")  # type: ignore[arg-type]  # words of a test

    def set_weights(self, action: SetWeights) -> float:
        """Say how long is left."""
        return seconds_left() or 0.0

    def steering(self) -> float:
        """Say how long is left."""
        return seconds_left() or 0.0


def hasty(seconds: float = 0.0) -> BalancerPorts:
    driver = cast("BalancerPorts", Hasty())
    return timed(driver, lambda _: seconds) if seconds else timed(driver)


def test_a_write_has_what_a_turn_gives_it_and_a_read_more() -> None:
    assert {longest(name) for name in ("register", "set_weights", "deregister")} == {WRITE_SECONDS}
    assert {longest(name) for name in ("targets", "poll", "steering", "findings")} == {READ_SECONDS}
    assert 0.0 < float(hasty().set_weights(SetWeights(()))) <= WRITE_SECONDS  # type: ignore[arg-type]  # it gives seconds


def test_no_method_is_added_and_none_is_lost() -> None:
    made = hasty()

    assert isinstance(made, KnowsSteering)
    assert not isinstance(made, ChecksHealth)
    assert seconds_left() is None


@pytest.mark.parametrize("provider", ["haproxy", "ipvs", "exec"])
def test_the_drivers_that_plans_name_are_timed(provider: str) -> None:
    assert provider in DRIVERS
    options = {"haproxy": ("socket", "/s"), "ipvs": ("forward", "masq"), "exec": ("command", "x")}[provider]
    name = "10.0.0.9:80" if provider == "ipvs" else "web"

    reader, writer = balancer(BalancerSpec(provider, "lb", (ListenerSpec(name, 80),), options=(options,)))

    assert reader is writer
    assert hasattr(reader.targets, "__wrapped__")


def test_a_call_inside_another_ends_with_it() -> None:
    with Deadline(5.0) as whole, Deadline(60.0) as part:
        assert part.ends == whole.ends
    with Deadline(5.0) as whole, Deadline(0.0) as part:
        assert part.ends < whole.ends


def test_nothing_is_sent_when_the_time_for_the_whole_is_over() -> None:
    asked: list[Asked] = []

    def note(each: Asked) -> Reply:
        asked.append(each)
        return Reply(200, b"{}")

    with serving(note) as served, Deadline(0.0), refused(Unreachable, "cloud.no-time-left", api="Cloud", action="SetX"):
        ApiClient("Cloud", served.url, 5.0).post("SetX", b"", {}, bytes)

    assert asked == []


def test_of_several_calls_that_never_end_none_begins_after_the_time_for_all_of_them() -> None:
    begun = []

    class Slow:
        def targets(self) -> tuple[Target, ...]:
            """Ask a few times, whatever each says."""
            for _ in range(20):
                try:
                    client.post("DescribeThings", b"", {}, bytes)
                except Unreachable as error:
                    begun.append(error.message.code)
            return ()

    with dripping(*PLACES["in the headers"]) as port:
        client = ApiClient("Cloud", f"http://127.0.0.1:{port}", 5.0)
        timed(cast("BalancerPorts", Slow()), lambda _: 0.5).targets()

    assert begun.count("cloud.no-answer") <= 1
    assert begun[-1] == "cloud.no-time-left"


def test_a_program_is_killed_when_the_time_for_the_whole_is_over() -> None:
    with Deadline(0.2), pytest.raises(Unreachable) as met:
        run(["sleep", "60"], reads=True)

    assert met.value.message.code in (
        "process.killed",
        "process.no-time-left",
    )  # the latter on a machine that is very busy


def test_no_program_is_started_when_the_time_for_the_whole_is_over(tmp_path: Path) -> None:
    made = tmp_path / "made"
    with Deadline(0.0), refused(Unreachable, "process.no-time-left", program="touch"):
        run(["touch", str(made)])

    assert not made.exists()
