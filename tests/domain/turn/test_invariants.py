"""The rules that no write may break, called before every one of them."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.domain.messages.errors import UnsafeAction
from migrator.domain.messages.message import say
from migrator.domain.model.actions import (
    Action,
    ApplyObject,
    DeleteObject,
    Deregister,
    PatchObject,
    Register,
    SetWeights,
    Tell,
    Word,
)
from migrator.domain.model.balancer import Backend, Capabilities, Health, Pools, Row, Side, Target, Weighted
from migrator.domain.model.runs import Heading, State
from migrator.domain.observation.sighting import JournalFacts, RunPosition, Sighting
from migrator.domain.turn.invariants import require_safe, violations
from tests.domain.grounds import applied
from tests.domain.seen import (
    FOREIGN,
    NEW,
    NEW_REF,
    OLD,
    OLD_REF,
    counts,
    meant,
    pod,
    pools,
    rows,
    seen,
    workload,
    workloads,
)
from tests.words import refused

BOUNDED = settings(max_examples=200, deadline=None)
OTHER = Backend("l-2", "10.1.0.1", 80)
BACK = RunPosition(State.RUNNING, Heading.BACK, say("step.restore-old"))


def weights(*pairs: tuple[Backend, int]) -> SetWeights:
    return SetWeights(tuple(Weighted(backend, weight) for backend, weight in pairs))


HEALTHS = st.sampled_from(Health)
STATES = st.lists(st.tuples(st.integers(0, 100), HEALTHS), min_size=4, max_size=4)


def any_pools(states: list[tuple[int, Health]], capabilities: Capabilities) -> Pools:
    sides = ((Side.OLD, OLD[0]), (Side.OLD, OLD[1]), (Side.NEW, NEW[0]), (Side.NEW, NEW[1]))
    pairs = zip(sides, states, strict=True)
    return Pools(tuple(Row(Target(b, weight, health), side) for (side, b), (weight, health) in pairs), capabilities)


@BOUNDED
@given(STATES, st.lists(st.integers(0, 100), min_size=4, max_size=4))
def test_what_is_let_through_keeps_every_listener_above_zero_in_every_part(
    states: list[tuple[int, Health]], wanted: list[int]
) -> None:
    """Rule 1: at any instant, whatever the vendor applied of the batch so far."""
    standing = any_pools(states, Capabilities())
    action = weights(*zip((*OLD, *NEW), wanted, strict=True))
    before = sum(row.carrying for row in standing.rows)

    if before and not violations(action, seen(standing)):
        for size in range(5):
            for part in itertools.combinations(action.rows, size):
                assert sum(row.carrying for row in applied(standing, part).rows) > 0


@BOUNDED
@given(STATES, st.lists(st.integers(0, 100), min_size=4, max_size=4))
def test_no_new_backend_is_raised_that_the_balancer_calls_unhealthy(
    states: list[tuple[int, Health]], wanted: list[int]
) -> None:
    """Rule 3."""
    standing = any_pools(states, Capabilities())
    action = weights(*zip((*OLD, *NEW), wanted, strict=True))

    if not violations(action, seen(standing)):
        for row, weight in list(zip(standing.rows, wanted, strict=True))[2:]:
            assert row.target.health is not Health.UNHEALTHY or weight <= row.weight


@BOUNDED
@given(STATES, st.booleans(), st.sampled_from([0, 3, None]))
def test_nothing_with_weight_is_removed_and_nothing_alive_without_consent(
    states: list[tuple[int, Health]], consent: bool, live: int | None
) -> None:
    """Rule 2; unknown is not 0."""
    standing = any_pools(states, Capabilities())
    action = Deregister(OLD, consent)

    if not violations(action, seen(standing, counts(old=live))):
        assert all(row.weight == 0 for row in standing.of(Side.OLD))
        assert consent or live == 0


@BOUNDED
@given(STATES, st.integers(0, 100), st.integers(0, 100))
def test_nobody_elses_weight_is_written_over(states: list[tuple[int, Health]], ours: int, wanted: int) -> None:
    """Rule 6."""
    standing = any_pools(states, Capabilities())
    memory = JournalFacts(weights={**meant(standing), OLD[0]: (ours,)})

    if not violations(weights((OLD[0], wanted)), seen(standing, memory)):
        assert standing.weights()[OLD[0]] == ours


FIT = pools()
CASES = [
    pytest.param(weights((NEW[0], 10)), seen(), (), id="raising a healthy new backend"),
    pytest.param(weights((FOREIGN, 0)), seen(), ("rule.not-ours backend=l-1/10.9.9.9:80",), id="a row that is gone"),
    pytest.param(
        weights((FOREIGN, 0)),
        seen(Pools((*FIT.rows, *rows(None, (FOREIGN,), 5)))),
        ("rule.not-ours backend=l-1/10.9.9.9:80",),
        id="a foreign row",
    ),
    pytest.param(
        weights((NEW[0], 101)),
        seen(),
        ("rule.out-of-range backend=l-1/10.1.0.1:80 weight=101 most=100",),
        id="more than the range",
    ),
    pytest.param(
        weights((NEW[0], -1)),
        seen(),
        ("rule.out-of-range backend=l-1/10.1.0.1:80 weight=-1 most=100",),
        id="less than nothing",
    ),
    pytest.param(
        weights((OLD[0], 0), (OLD[1], 0)), seen(), ("rule.listener-empty listener=l-1",), id="the last carriers"
    ),
    pytest.param(
        weights((OLD[0], 0), (OLD[1], 0), (NEW[0], 100)),
        seen(),
        ("rule.listener-empty listener=l-1",),
        id="raise and lower in one batch",
    ),
    pytest.param(
        weights((NEW[0], 10)),
        seen(Pools(tuple(rows(Side.OLD, OLD, 0) + rows(Side.NEW, NEW, 0)))),
        (),
        id="a listener that carries nothing already",
    ),
    pytest.param(
        weights((NEW[0], 10)),
        seen(pools(health=Health.UNHEALTHY)),
        ("rule.raises-unhealthy",),
        id="raising a sick new backend",
    ),
    pytest.param(weights((NEW[0], 5)), seen(pools(new=50, health=Health.UNHEALTHY)), (), id="lowering a sick one"),
    pytest.param(
        weights((OLD[0], 9)),
        seen(JournalFacts(weights={OLD[0]: (7,)})),
        ("rule.drifted backend=l-1/10.0.0.1:8080 weight=100",),
        id="over somebody's weight",
    ),
    pytest.param(
        weights((OLD[0], 9)),
        seen(JournalFacts(weights={OLD[0]: (7,)}), BACK),
        (),
        id="on the way back nothing outranks",
    ),
    pytest.param(weights((NEW[0], 9)), seen(JournalFacts()), (), id="a row that was never meant at all"),
    pytest.param(
        weights((NEW[0], 1), (NEW[1], 1)),
        seen(pools(capabilities=Capabilities(batch=1))),
        ("rule.too-many rows=2 batch=1",),
        id="two batches",
    ),
    pytest.param(
        Register((NEW[0], OTHER)),
        seen(pools(capabilities=Capabilities(several_listeners=False))),
        ("rule.several-listeners",),
        id="two listeners",
    ),
    pytest.param(Register(NEW), seen(), (), id="registering"),
    pytest.param(
        Deregister(OLD),
        seen(),
        ("rule.removes-weight backend=l-1/10.0.0.1:8080 weight=100", "rule.removes-weight"),
        id="with weight",
    ),
    pytest.param(Deregister(OLD), seen(pools(old=0, new=9)), (), id="drained"),
    pytest.param(
        Deregister(OLD),
        seen(pools(old=0, new=9), counts(old=2)),
        ("rule.live-on-side connections=4 side=old",),
        id="still connected",
    ),
    pytest.param(
        Deregister(OLD),
        seen(pools(old=0, new=9), counts(old=None)),
        ("rule.live-on-side connections=None",),
        id="nobody knows",
    ),
    pytest.param(
        Deregister(OLD),
        seen(pools(old=0, new=9), counts(counted_at=1039.0)),
        ("rule.live-on-side connections=None",),
        id="nobody knows any more",
    ),
    pytest.param(Deregister(OLD, True), seen(pools(old=0, new=9), counts(old=None)), (), id="with consent"),
    pytest.param(Deregister((FOREIGN,)), seen(pools(old=0, new=9)), (), id="gone already"),
    pytest.param(
        Tell(Side.OLD, Word.GO, ()), seen(), ("rule.drains-weight side=old", "rule.drains-weight"), id="go with weight"
    ),
    pytest.param(Tell(Side.OLD, Word.GO, ()), seen(pools(old=0, new=9)), (), id="go without weight"),
    pytest.param(Tell(Side.OLD, Word.STAY, ()), seen(), (), id="stay"),
    pytest.param(DeleteObject(OLD_REF, "u"), seen(), ("rule.deletes-weight",), id="deleting what has weight"),
    pytest.param(DeleteObject(OLD_REF, "u"), seen(pools(old=0, new=9)), (), id="deleting what has none"),
    pytest.param(DeleteObject(NEW_REF, "u"), seen(), (), id="deleting a new side without weight"),
    pytest.param(ApplyObject({}), seen(), (), id="applying"),
    pytest.param(PatchObject(OLD_REF, {}, "u"), seen(), (), id="patching"),
]


@pytest.mark.parametrize(("action", "sighting", "said"), CASES)
def test_each_rule_names_what_it_would_break(action: Action, sighting: Sighting, said: tuple[str, ...]) -> None:
    found = violations(action, sighting)

    assert len(found) == len(said)
    assert all(words in str(line) for words, line in zip(said, found, strict=True))


def test_an_unsafe_action_is_not_sent_and_every_broken_rule_is_named() -> None:
    action = weights((OLD[0], 0), (OLD[1], 0))

    with refused(UnsafeAction, "unsafe.action", broken=(say("rule.listener-empty", listener="l-1"),)):
        require_safe(action, seen())

    require_safe(weights((NEW[0], 1)), seen())


def test_a_pod_without_an_address_has_no_connections() -> None:
    from dataclasses import replace

    waiting = pod(Side.OLD, 0)
    waiting = replace(waiting, ref=replace(waiting.ref, ip=""))
    sighting = seen(pools(old=0, new=9), workloads(old=workload(Side.OLD, (waiting,))), counts(old=None))

    assert violations(Deregister(OLD), sighting) == []
