"""One cell of the product: a run at a moment, an event, what it comes to while that lasts, and how it ends afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from migrator.domain.drift.marking import left_on
from migrator.domain.model.runs import Heading, RequestKind, Run, State
from migrator.workflow.progress import Progress
from tests.fakes.harness import Harness
from tests.fakes.objects import NEW, OLD
from tests.fakes.world import NEW_PORT
from tests.words import text
from tests.workflow.product.events import Event
from tests.workflow.product.moments import Moment
from tests.workflow.product.world import LivingWorld, ending

MOST_ANSWERS = 8
SETTLES = 2.0
"""Seconds after which the controllers have carried out what the run's last writes say."""
ENOUGH = 100.0
"""Seconds in which a run must rest or end once what happened is over."""


class Course(StrEnum):
    """What a run does while something lasts."""

    ENDS = "ends"
    GOES_ON = "goes on"
    HOLDS = "holds"
    RESTS = "rests"
    ASKS = "asks"
    HALTS = "halts"
    TURNS_BACK = "turns back"


@dataclass(frozen=True, slots=True)
class Played:
    """What became of a cell: its course while the event lasted, how it ended, and what was broken.

    `happened`: the event did; else the run had ended before, and what happens after that is no run's.
    """

    course: Course
    why: str
    end: State
    faults: tuple[str, ...]
    writes: int
    happened: bool = True


def play(harness: Harness, moment: Moment, event: Event, turns: int) -> Played:
    """Let the event happen after some turns, end it when it has lasted, answer every question, and look at the end."""
    world = harness.world
    assert isinstance(world, LivingWorld)
    began = harness.run
    until(harness, lambda: len(harness.progress) >= turns or harness.run.cursor != began.cursor)
    before = harness.run
    if before.ended:
        return Played(Course.ENDS, "", before.state, (), world.referee.writes, happened=False)
    event.act(world)
    world.acted()
    over_at = world.clock.monotonic() + event.lasts
    until(harness, lambda: world.clock.monotonic() >= over_at)
    if not harness.run.ended:  # a halted run with nothing at stake is left by its process
        world.clock.advance(max(0.0, over_at - world.clock.monotonic()))
    course, why = _course(before, harness.run), str(harness.run.why)
    if not harness.run.ended:
        event.over(world)
        _quiet(world)
        world.acted()
    end = settle(harness)
    world.clock.advance(SETTLES)
    return Played(course, why, end.state, (*world.referee.faults, *_left(harness, end)), world.referee.writes)


def until(harness: Harness, enough: object) -> None:
    """Let a process drive the run until it is enough; the referee hears at each turn where the run is."""
    world = harness.world
    assert isinstance(world, LivingWorld)
    assert callable(enough)
    if harness.run.ended or enough():
        return

    def leaves(progress: Progress) -> bool:
        told(world, progress)
        return bool(enough())

    _begin(harness)
    harness.process(leaves=leaves)


def _begin(harness: Harness) -> None:
    with harness.store() as store:
        run = harness.run
        titles = store.route(run.id, run.heading)
        world = harness.world
        assert isinstance(world, LivingWorld)
        world.referee.step, world.referee.back = text(titles[run.cursor].title), run.heading is Heading.BACK


def told(world: LivingWorld, progress: Progress) -> None:
    """Tell the referee where the run is from the next write on."""
    if not progress.run.ended:
        world.referee.step = text(progress.titles[progress.run.cursor])
        world.referee.back = progress.run.heading is Heading.BACK


def settle(harness: Harness) -> Run:
    """Answer whatever is asked until the run ends, as a person would who has mended what was wrong."""
    world = harness.world
    assert isinstance(world, LivingWorld)
    answers = {State.WAITING: RequestKind.APPROVE, State.PAUSED: RequestKind.RESUME, State.HALTED: RequestKind.RESUME}
    for _ in range(MOST_ANSWERS):
        run = harness.run
        if run.ended:
            break
        if run.state in answers:
            world.referee.lowered |= run.why is not None and run.why.code == "way-back.ask"
            harness.ask(answers[run.state])
        ends = world.clock.monotonic() + ENOUGH
        asked = world.clock.monotonic() + 2.0
        until(
            harness,
            lambda ends=ends, asked=asked: (
                (world.clock.monotonic() > asked and harness.run.state in answers)  # type: ignore[misc]
                or world.clock.monotonic() > ends
            ),
        )
        if world.clock.monotonic() > ends:
            break
    return harness.run


def _quiet(world: LivingWorld) -> None:
    """End what made a question be asked."""
    world.traffic.rate = 200.0
    world.traffic.stuck = set()
    world.traffic.refused = False


def _course(before: Run, now: Run) -> Course:
    if now.ended:
        return Course.ENDS if now.heading is before.heading else Course.TURNS_BACK
    if now.heading is not before.heading:
        return Course.TURNS_BACK
    if now.state is not before.state:
        moved = {State.WAITING: Course.ASKS, State.HALTED: Course.HALTS, State.RUNNING: Course.GOES_ON}
        return moved[now.state]
    if now.state is not State.RUNNING:
        return Course.RESTS
    return Course.HOLDS if now.cursor == before.cursor else Course.GOES_ON


def _left(harness: Harness, run: Run) -> list[str]:
    """Give what is not as it should be at the end."""
    world = harness.world
    assert isinstance(world, LivingWorld)
    if not run.ended:
        return [f"no end: {run.state} {run.heading} at {harness.words()[-3:]} {run.why}"]
    rows = world.weights
    serving, going = (NEW, OLD) if run.state is State.COMPLETED else (OLD, NEW)
    said = [f"{b} is left with {w}" for b, w in rows.items() if (b.port == NEW_PORT) is (going == NEW)]
    staying = [pod for pod in world.pods(serving) if not ending(pod)]  # rule 9: who goes is taken down
    alive = {str(pod["status"]["podIP"]) for pod in staying}  # type: ignore[index, call-overload]
    have = {b.address for b, w in rows.items() if w and (b.port == NEW_PORT) is (serving == NEW)}
    said += [f"{at} lives and has no weight" for at in alive - have]
    said += [f"{at} has weight and does not live" for at in have - alive]
    said += [f"{pod['metadata']['name']} is left" for pod in world.pods(going)]  # type: ignore[index, call-overload]
    said += [f"{ref} is left marked" for ref, thing in world.cluster.objects.items() if left_on(thing)]
    return said
