"""What the balancer said of an old pod while it could see it stands for this very pod, until the pod or its word changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Capabilities, Side
from migrator.domain.model.decisions import Done
from migrator.domain.model.runs import Heading
from migrator.domain.observation.sides import Sides, Vouched, WayBack
from migrator.domain.observation.sighting import Probes, Sighting
from migrator.domain.sides.vouching import told_of_before, vouching
from migrator.domain.sides.way_back import way_back
from tests.domain.seen import at
from tests.domain.sides.ground import ATTACH_OLD, FIRST, RECORD, RESTORE, Ground, at_share

BLIND = Capabilities(health_at_zero=False)


class Mute(Ground):
    """A ground whose pods are out of our reach, with the memory of what the balancer said of them."""

    known: tuple[Vouched, ...] = ()
    says = "probe.no-answer"

    def seen(self) -> Sighting:
        """Look, as a turn does: with what was known before."""
        found = super().seen()
        asked = tuple((where, say(self.says)) for where, _ in found[Probes].answers)
        self.known = vouching(self.known, found[Sides], self.capabilities, at(self.now))
        return found.having(Probes(asked, found[Probes].at)).having(told_of_before(found[Sides], self.known))


def emptied(ground: Ground) -> None:
    """Take all weight from the old side, seen or not."""
    for row in RECORD:
        ground.rows[row.backend], ground.meant[row.backend] = 0, (0,)


def mute(capabilities: Capabilities = BLIND) -> Mute:
    """Give a ground that was seen with the old side at its weight, and then at 0."""
    ground = Mute(capabilities)
    ground.seen()
    emptied(ground)
    ground.now += 5
    return ground


def test_an_old_side_that_nobody_can_see_at_0_is_fit_by_what_was_seen_of_the_same_pods() -> None:
    ground = mute()

    assert way_back(ground.seen(), drained=False) == WayBack(3, 3, 1.0, earlier=3)
    told = way_back(ground.seen(), drained=True)
    assert told is not None
    assert (told.fit, told.earlier) == (0, 0)


def test_whose_answer_we_have_is_proved_by_us_and_not_by_what_was_seen_before() -> None:
    ground = at_share(100, BLIND)
    seen = ground.seen()
    known = tuple(Vouched(row.backend, f"o{at_}", at(0)) for at_, row in enumerate(RECORD))

    found = way_back(seen.having(told_of_before(seen[Sides], known)), drained=False)

    assert found == WayBack(3, 3, 1.0, ours=3)


def restarted(ground: Mute) -> None:
    pod = ground.old[FIRST[0]]
    ground.old[FIRST[0]] = replace(pod, ready_since=at(ground.now))


def called_sick(ground: Mute) -> None:
    for row in RECORD[:1]:
        ground.rows[row.backend] = 1
    ground.young.add(FIRST[0])
    ground.seen()
    ground.young.clear()
    emptied(ground)


CHANGES: list[object] = [
    pytest.param(lambda ground: ground.come(FIRST[0]), id="another pod has the address"),
    pytest.param(restarted, id="it was Ready anew only after it was seen"),
    pytest.param(called_sick, id="the balancer has called it something else since"),
    pytest.param(lambda ground: setattr(ground, "says", "probe.refused"), id="nobody listens there any more"),
    pytest.param(lambda ground: setattr(ground, "says", "probe.bad"), id="it answers, and badly"),
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_seen_before_stands_no_more_once_something_speaks_against_it(change: Callable[[Mute], None]) -> None:
    ground = mute()
    change(ground)

    found = way_back(ground.seen(), drained=False)

    assert found is not None
    assert found.fit < 3


def test_who_was_never_seen_healthy_is_not_vouched_for() -> None:
    ground = Mute(BLIND)
    emptied(ground)

    found = way_back(ground.seen(), drained=False)

    assert found is not None
    assert (found.fit, found.earlier) == (0, 0)


def test_pods_that_nobody_could_read_and_a_row_with_several_pods_are_vouched_for_by_nobody() -> None:
    ground = Ground()
    unread = [
        replace(slot, pods=tuple(replace(p, ref=replace(p.ref, uid="")) for p in slot.pods))
        for slot in ground.seen()[Sides].old
    ]
    several = [replace(slot, pods=slot.pods * 2) for slot in ground.seen()[Sides].old]
    for old in (unread, several):
        assert vouching((), Sides(old=tuple(old)), ground.capabilities, at(0)) == ()


def test_the_way_back_goes_on_what_was_seen_of_the_same_pods() -> None:
    ground = mute()
    for backend in ground.rows:
        if ground.side(backend) is Side.NEW:
            ground.rows[backend], ground.meant[backend] = 100, (100,)
    ground.heading = Heading.BACK

    attached = ground.until_done(ATTACH_OLD)
    restored = ground.until_done(RESTORE)

    assert isinstance(attached, Done), attached
    assert isinstance(restored, Done), restored
    assert ground.share == 0
    assert not ground.lawless
