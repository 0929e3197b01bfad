"""Which gateways are found alike: beside one settled old gateway, published as they come, whatever one of them suffers from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import PodRef
from migrator.domain.model.spec import Allowance
from migrator.domain.observation.sighting import Configs
from migrator.workflow.watching.comparing import Comparing
from tests.fakes.clock import FakeClock
from tests.fakes.gateways import FakeGateways

OLD = tuple(PodRef("ns", f"old-{n}", f"uid-old-{n}", f"10.0.0.{n}", "n") for n in range(3))
NEW = tuple(PodRef("ns", f"new-{n}", f"uid-new-{n}", f"10.1.0.{n}", "n") for n in range(2))
REJECTED = say("unsettled.rejected", kind="listener 0.0.0.0_80", words="no such filter")
REJECTED_HERE = say("unsettled.rejected", kind="listener 0.0.0.0_80", words="no such filter: wasm")
WARMING = say("unsettled.part", kind="secret", name="site", state="warming", words="")


class Round:
    """A comparing before fake gateways, and everything that it published."""

    def __init__(self, allow: tuple[Allowance, ...] = ()) -> None:
        self.gateways, self.told = FakeGateways(FakeClock()), list[Configs]()
        self.gateways.allow = allow
        self._compare = Comparing(self.gateways, self.gateways.clock, self.told.append, allow)

    def unready(self, *names: str, trouble: tuple[Message, ...]) -> None:
        for name in names:
            self.gateways.process(name).unready = trouble

    def look(self, old: tuple[PodRef, ...] = OLD, new: tuple[PodRef, ...] = NEW) -> Configs:
        self._compare(old, new)
        return self.told[-1]


def of_round(arrange: Callable[[Round], None]) -> Configs:
    found = Round()
    arrange(found)
    return found.look()


def test_the_first_settled_old_gateway_is_the_model() -> None:
    def arrange(world: Round) -> None:
        world.unready(OLD[0].name, trouble=(WARMING,))
        world.gateways.process(OLD[1].name).silent = "it does not answer"

    found = of_round(arrange)

    assert found.reference == OLD[2].name
    assert set(found.compared) == {pod.name for pod in NEW}
    assert found.differences == ()
    assert set(dict(found.unready)) == {OLD[1].name}
    assert dict(found.apart) == {OLD[0].name: (WARMING,)}


def test_what_every_old_gateway_has_rejected_is_no_trouble_of_a_new_one() -> None:
    def arrange(world: Round) -> None:
        world.unready(*(pod.name for pod in OLD), trouble=(REJECTED,))
        world.unready(NEW[0].name, trouble=(REJECTED_HERE,))
        world.unready(NEW[1].name, trouble=(REJECTED, WARMING))

    found = of_round(arrange)

    assert found.compared == (NEW[0].name,)
    assert dict(found.unready)[NEW[1].name] == say("config.warming", parts=(WARMING,))


def test_an_old_gateway_with_a_trouble_of_its_own_is_no_model() -> None:
    def arrange(world: Round) -> None:
        world.unready(*(pod.name for pod in OLD), trouble=(REJECTED,))
        world.unready(OLD[0].name, trouble=(REJECTED, WARMING))

    assert of_round(arrange).reference == OLD[1].name


def test_old_gateways_that_are_each_unsettled_in_their_own_way_are_named_and_nothing_is_compared() -> None:
    def arrange(world: Round) -> None:
        world.unready(OLD[0].name, trouble=(WARMING,))
        world.unready(OLD[1].name, trouble=(REJECTED,))
        world.gateways.process(OLD[2].name).silent = "it does not answer"

    found = of_round(arrange)

    assert (found.reference, found.compared) == ("", ())
    assert set(dict(found.unready)) == {pod.name for pod in OLD}


def test_old_gateways_that_are_not_like_the_model_are_told_with_their_lines() -> None:
    def arrange(world: Round) -> None:
        world.gateways.process(OLD[2].name).units = {"listener/0.0.0.0_80": {"port": 81}}

    found = of_round(arrange)

    assert found.apart == (
        (
            OLD[2].name,
            (say("config.differs", unit="listener/0.0.0.0_80", path="port", old="80", new="81", by=""),),
        ),
    )
    assert set(found.compared) == {pod.name for pod in NEW}


def test_answers_are_published_one_by_one() -> None:
    world = Round()
    world.look()

    assert [len(each.compared) for each in world.told] == [1, 2, 2, 2, 2]


def test_what_an_earlier_round_found_stands_until_this_one_has_looked_again() -> None:
    world = Round()
    world.look()
    world.told.clear()
    world.gateways.process(NEW[0].name).units = {}
    world.look()

    assert set(world.told[0].compared) == {pod.name for pod in NEW}
    assert [name for name, _ in world.told[0].differences] == [NEW[0].name]


def test_another_model_makes_all_that_was_known_void() -> None:
    world = Round()
    world.look()
    world.told.clear()
    for pod in OLD:
        world.gateways.process(pod.name).units = {"listener/0.0.0.0_80": {"port": 82}}
    world.look()

    assert [len(each.compared) for each in world.told] == [1, 2, 2, 2, 2]
    assert [name for name, _ in world.told[-1].differences] == [pod.name for pod in NEW]


def test_a_gateway_that_nobody_asks_for_any_more_is_not_told_of() -> None:
    world = Round()
    world.look()

    assert world.look(new=NEW[:1]).compared == (NEW[0].name,)


def test_without_an_old_gateway_nothing_is_compared() -> None:
    assert replace(Round().look(old=()), at=0.0) == Configs()


def test_places_that_may_differ_and_do_not_are_told() -> None:
    world = Round((Allowance("listener/*", "known"), Allowance("route/*", "a slip")))
    world.gateways.process(NEW[0].name).units = {"listener/0.0.0.0_80": {"port": 81}}
    found = world.look()

    assert found.differences == ()
    assert [name for name, _ in found.allowed] == [NEW[0].name]
    assert found.unmet == ("route/*",)


def test_what_all_old_gateways_have_unsettled_alike_is_told() -> None:
    assert of_round(lambda world: world.unready(*(pod.name for pod in OLD), trouble=(REJECTED,))).common == (REJECTED,)


def test_a_new_gateway_that_does_not_answer_is_named_with_its_reason() -> None:
    def arrange(world: Round) -> None:
        world.gateways.process(NEW[0].name).silent = "it does not answer"

    found = of_round(arrange)

    assert set(dict(found.unready)) == {NEW[0].name}
    assert found.compared == (NEW[1].name,)
