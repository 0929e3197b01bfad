"""From any state of nodes, pods and rows: the follower's writes keep the rules, it comes to rest, and then all is right."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.domain.model.actions import Deregister, SetWeights, Word
from migrator.domain.model.balancer import Backend, Capabilities
from migrator.domain.model.decisions import Do
from migrator.domain.model.spec import Cordoned, FollowSpec, OnTimeout
from migrator.domain.steps.following.position import Disposition
from migrator.domain.steps.following.survey import standing, survey
from tests.domain.stage import CALM, LONG_AGO, PORT, WEIGHT, Spot, Stage, pooled, spot

SPOTS = st.builds(
    lambda number, **more: (number, more),
    number=st.integers(1, 6),
    ready=st.booleans(),
    gone=st.booleans(),
    podless=st.booleans(),
    terminating=st.booleans(),
    node_ready=st.booleans(),
    cordoned=st.booleans(),
    leaving=st.sampled_from(["", "", "the autoscaler removes it"]),
    changed_at=st.just(LONG_AGO),
    well=st.booleans(),
    word=st.sampled_from([Word.STAY, Word.STAY, Word.GO, None]),
    connections=st.sampled_from([0, 3, None]),
    polite=st.booleans(),
)
STANDING = st.sampled_from([None, 0, WEIGHT, WEIGHT, 50])
ACCOUNTED = st.sampled_from(["ours", "ours", "ours", "another weight", "unknown", "gone"])


@st.composite
def stages(draw: st.DrawFn) -> Stage:
    """Draw a stage: anything may be wrong with anybody."""
    spots: dict[int, Spot] = {}
    for number, more in draw(st.lists(SPOTS, min_size=1, max_size=6)):
        spots[number] = spot(number, **more)
    scope = draw(st.booleans())
    caps = pooled() if scope else Capabilities(
        batch=draw(st.sampled_from([1, 3, 500])),
        several_listeners=draw(st.booleans()),
        health_at_zero=draw(st.booleans()),
    )  # fmt: skip
    stage = Stage(
        list(spots.values()),
        capabilities=caps,
        listeners=draw(st.sampled_from([("l-1",), ("l-1", "l-2")])),
        on_timeout=draw(st.sampled_from(list(OnTimeout))),
        policy=FollowSpec(draw(st.sampled_from(list(Cordoned))), 60.0),
        tells=draw(st.booleans()),
    )
    for number in range(1, 7):
        for name in stage.listeners:
            backend = Backend(name, f"10.1.0.{number}", PORT)
            weight, how = draw(STANDING), draw(ACCOUNTED)
            if weight is None:
                stage.meant |= {backend: (WEIGHT,)} if how == "gone" else {}
                continue
            stage.rows[backend] = WEIGHT if scope else weight
            if how != "unknown":
                stage.meant[backend] = (stage.rows[backend] if how in ("ours", "gone") else 7,)
    if draw(st.booleans()):
        stage.strangers[Backend("l-1", "10.9.9.9", PORT)] = draw(st.sampled_from([0, 100]))
    return stage


def carrying(stage: Stage) -> dict[str, int]:
    found = dict.fromkeys(stage.listeners, 0)
    for row in stage.pools().rows:
        found[row.backend.listener] += row.carrying
    return found


@settings(max_examples=60, deadline=None)
@given(stages())
def test_from_any_state_it_keeps_the_rules_comes_to_rest_and_leaves_all_in_order(stage: Stage) -> None:
    strangers = dict(stage.strangers)
    idle = 0
    for _ in range(200):
        before, foreign = carrying(stage), survey(stage.seen(), stage.policy).foreign
        touched = dict(stage.rows)
        decision = stage.turn()
        after = carrying(stage)
        assert all(after[name] > 0 for name in before if before[name] > 0 and isinstance(decision, Do)), decision
        if isinstance(decision, Do) and isinstance(decision.action, SetWeights):
            assert not {row.backend for row in decision.action.rows} & foreign, "rule 6"
        if isinstance(decision, Do) and isinstance(decision.action, Deregister) and not decision.action.standing:
            assert not any(touched.get(backend) for backend in decision.action.backends), "rule 2"
        idle = 0 if isinstance(decision, Do) else idle + 1
        if idle > CALM:
            break
    assert idle > CALM, stage.done[-4:]

    assert stage.strangers == strangers
    in_order(stage)


def in_order(stage: Stage) -> None:
    """Every ready node has its weight and no gone node is on the balancer, but for what it says out loud."""
    seen = stage.seen()
    view = survey(seen, stage.policy)
    said = " ".join(map(str, stage.step.troubles(seen)))
    weights = {at.listener: standing(view, at) for at in stage.step.ports}
    by_number = {each.address: each for each in stage.spots}
    if not seen_any_host(stage):
        return
    for place in view.places:
        here = by_number.get(place.address)
        for name in stage.listeners:
            backend = Backend(name, place.address, PORT)
            weight = stage.rows.get(backend)
            if backend in view.foreign:
                if not (weight is None and place.fate is Disposition.LEAVE):
                    assert str(backend) in said or weight is None
            elif place.fate is Disposition.SERVE and here and here.well:
                assert weight is not None
                assert weight == weights[name] or weight > 0
            elif place.fate is Disposition.LEAVE and weight is not None:
                assert str(backend) in said or place.name in said or waits(stage, place.address, here)


def seen_any_host(stage: Stage) -> bool:
    return any(each.host for each in stage.spots)


def waits(stage: Stage, address: str, here: Spot | None) -> bool:
    """Say whether a leaving place may still be there: its clients stay, and nobody may or can cut them."""
    if any(weight for backend, weight in stage.rows.items() if backend.address == address):
        return True  # another listener's row there keeps its weight, which was said
    if any(each.pod and not each.host and each.connections != 0 for each in stage.spots):
        return True  # nobody knows behind which address its clients are
    return here is not None and here.pod is not None and here.connections != 0


def test_what_it_decides_depends_on_what_is_seen_alone() -> None:
    stage = Stage([spot(1), spot(2, leaving="x")])
    stage.stand(1)
    stage.stand(2)

    assert stage.decide() == replace(stage).decide() == stage.decide()
