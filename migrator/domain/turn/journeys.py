"""The ways in which a run travels, as values: forward to the new side, back to the old one, following the nodes afterwards.

Whoever drives, shows or ends a run reads these fields and knows no journey by its name. A plan names its journey (`Plan.way`);
a new journey is a value and a line of the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from migrator.domain.gates.begin import wait_before
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Side
from migrator.domain.model.runs import EXIT_BY_STATE, Heading, State
from migrator.domain.turn import rules
from migrator.domain.turn.answers import turn_back_on_answers
from migrator.domain.turn.expiry import turn_back_when_unanswered
from migrator.domain.turn.holding import hold_on_drift, keep_guarded
from migrator.domain.turn.requests import already_on_the_way_back, no_way_back, obeying, turn_back_when_asked
from migrator.domain.turn.rules import Rule


@dataclass(frozen=True, slots=True)
class Journey:
    """One way in which a run travels.

    `moving` are the rules that speak before the step while the run is running, `resting` those of a run that is paused,
    waiting or halted. `back` is the journey of a run that turned back; None: there is no way back.
    """

    name: str
    moving: tuple[Rule, ...]
    resting: tuple[Rule, ...]
    back: Journey | None = None

    resting_note: Message | None = None
    """What does not go on while the run is paused, waiting or halted; None: what protects it is said, as it is seen."""

    pace: float = 0.4
    """Seconds between turns while nothing is to be done; a turn costs a few calls and watches must stay fresh."""

    judged: bool = True
    """Whether the judge's samples are summed up."""

    witnessed: bool = True
    """Whether new connections are opened through the balancer's own address while the run goes on."""

    guarded: bool = True
    """Whether the cluster is compared with what the plan rests on while the run goes on."""

    waits: float = 3.0
    """Seconds that a turn waits for the cluster; what is late is taken by a later turn, and nothing advances meanwhile."""

    retry_refused: float | None = None
    """Seconds before a write is tried again that was refused (a quota is raised, a token renewed); None: it halts the run."""

    retry_failed: float = 0.0
    """Seconds before anything is written after a write that failed."""

    accounts_for: Side = Side.OLD
    """The side whose weights the run begins with and accounts for."""

    claims_every_node: bool = False
    """Whether the listeners' ports of every node in the plan's selector are the run's own backends."""

    left_when_halted: bool = True
    """Whether a halted run may be left by its process once the new side has no weight."""

    by_turns: bool = False
    """Whether a node, with its rows, is the place of one side at a time: of the side whose pod is there. (Both sides are
    revisions of one workload, or they need the same ports.)"""

    may_empty: bool = False
    """Whether its steps may leave the listeners that the plan names without anybody, where a person has acknowledged that
    (rule 1 is waived then). No other journey has this."""

    half_way: bool = True
    """Whether a run that is left leaves the gateway half-way between its sides, so that no other run may begin on it."""

    moves: bool = True
    """Whether it moves a gateway from one workload to another: then its end may be followed or reversed, checklists go with
    it, and a guard may take it back."""

    recorded: bool = True
    """Whether its record is kept in the cluster while it goes on, so that it survives the loss of its store."""

    holder_mark: str = ""
    """How the cluster Lease's holder ends, so that another store can tell what is held."""

    exits: Mapping[State, int] = field(default_factory=lambda: EXIT_BY_STATE)
    """The exit code of a process that leaves the run in a state."""

    command: str = "run"
    """The command that begins a run of this journey."""

    doing: Message = field(default=say("doing.moves"))
    """What a run of it does with a gateway, as another command says that comes upon it."""

    view: str = "route"
    """Which live view shows the run: `route` for steps and shares, `pod` for steps of one pod, `nodes` for nodes that come
    and go."""

    def rules(self, state: State) -> tuple[Rule, ...]:
        """Give the rules that speak before the step."""
        return self.moving if state is State.RUNNING else self.resting


_GUARD: tuple[Rule, ...] = (
    obeying(turn_back_when_asked),
    rules.turn_back_on_refusals,
    rules.turn_back_on_unhealthy,
    rules.turn_back_on_verdict,
    turn_back_on_answers,
    rules.stop_at_a_foreign_hand,
)
_BACK_GUARD: tuple[Rule, ...] = (
    obeying(already_on_the_way_back),
    rules.keep_what_may_be_needed,
    rules.give_up_what_cannot_be_read_back,
)
_FOLLOWING: tuple[Rule, ...] = (obeying(no_way_back), rules.wait_for_the_unreachable, rules.finish_the_open_write)

BACK = Journey(
    "back",
    moving=(
        *_BACK_GUARD,
        rules.finish_the_open_write,
        rules.mend_what_arrived_late,
        rules.tell_the_old_side_to_stay,
        rules.tell_a_restarted_gateway,
        rules.keep_the_sides,
    ),
    resting=(*_BACK_GUARD, rules.finish_the_open_write, rules.keep_the_sides),
    waits=1.0,  # the balancer's writes are all that counts, and need no cluster
    left_when_halted=False,
    doing=say("doing.goes-back"),
)
FORWARD = Journey(
    "forward",
    moving=(
        *_GUARD,
        rules.wait_for_the_unreachable,
        rules.finish_the_open_write,
        rules.mend_what_arrived_late,
        rules.stop_after_many_failures,
        rules.tell_a_restarted_gateway,
        rules.keep_the_sides,
        keep_guarded,
        hold_on_drift,
        wait_before,
    ),
    resting=(*_GUARD, turn_back_when_unanswered, rules.finish_the_open_write, rules.keep_the_sides, keep_guarded),
    back=BACK,
)
FOLLOW = Journey(
    "follow",
    moving=_FOLLOWING,
    resting=_FOLLOWING,
    resting_note=say("rests.following"),
    pace=1.0,  # nodes come and go in minutes, and every turn costs a call of the vendor's API
    judged=False,
    witnessed=False,
    guarded=False,
    retry_refused=30.0,
    retry_failed=10.0,
    accounts_for=Side.NEW,
    claims_every_node=True,
    half_way=False,
    moves=False,
    recorded=False,
    holder_mark=" nodes",
    exits={**EXIT_BY_STATE, **dict.fromkeys((State.RUNNING, State.PAUSED, State.WAITING), 0)},
    command="follow",
    doing=say("doing.follows"),
    view="nodes",
)

ISOLATE = Journey(
    "isolate",
    moving=_FOLLOWING,
    resting=_FOLLOWING,
    resting_note=say("rests.isolating"),
    judged=False,
    witnessed=False,
    guarded=False,
    retry_failed=2.0,
    accounts_for=Side.NEW,
    half_way=False,
    moves=False,
    recorded=False,
    holder_mark=" pod",
    command="isolate",
    doing=say("doing.sets-apart"),
    view="pod",
)
RELEASE = replace(ISOLATE, name="release", command="release", doing=say("doing.puts-back"))

RESTART_BACK = replace(
    BACK,
    name="restart-back",
    moving=(*_BACK_GUARD, rules.finish_the_open_write, rules.mend_what_arrived_late),
    resting=(*_BACK_GUARD, rules.finish_the_open_write),
    guarded=False,
    by_turns=True,
    moves=False,
    command="restart",
)
RESTART = Journey(
    "restart",
    moving=(
        *_GUARD,
        rules.wait_for_the_unreachable,
        rules.finish_the_open_write,
        rules.mend_what_arrived_late,
        rules.stop_after_many_failures,
        wait_before,
    ),
    resting=(*_GUARD, turn_back_when_unanswered, rules.finish_the_open_write),
    back=RESTART_BACK,
    guarded=False,
    by_turns=True,
    moves=False,
    command="restart",
    doing=say("doing.restarts"),
)

IN_PLACE_BACK = replace(
    RESTART_BACK,
    name="in-place-back",
    moving=(*RESTART_BACK.moving, rules.keep_the_early_out),
    resting=(*RESTART_BACK.resting, rules.keep_the_early_out),
    moves=True,
    command="run",
)
IN_PLACE = replace(
    RESTART,
    name="in-place",
    moving=(
        *_GUARD,
        rules.wait_for_the_unreachable,
        rules.finish_the_open_write,
        rules.mend_what_arrived_late,
        rules.stop_after_many_failures,
        rules.keep_the_early_out,
        keep_guarded,
        hold_on_drift,
        wait_before,
    ),
    resting=(
        *_GUARD,
        turn_back_when_unanswered,
        rules.finish_the_open_write,
        rules.keep_the_early_out,
        keep_guarded,
    ),
    back=IN_PLACE_BACK,
    guarded=True,
    moves=True,
    command="run",
    doing=say("doing.moves"),
)
IN_PLACE_LOSING_BACK = replace(IN_PLACE_BACK, name="in-place-losing-back", witnessed=False, may_empty=True)
IN_PLACE_LOSING = replace(
    IN_PLACE,
    name="in-place-losing",
    back=IN_PLACE_LOSING_BACK,
    witnessed=False,  # nobody answers for a while, as the plan says: that turns nothing back
    may_empty=True,
)

JOURNEYS: dict[str, Journey] = {
    journey.name: journey for journey in (FORWARD, FOLLOW, RESTART, ISOLATE, RELEASE, IN_PLACE, IN_PLACE_LOSING)
}
"""Every journey that a plan may begin; the ways back are reached through their `back`."""


def journey_of(way: str, heading: Heading) -> Journey:
    """Give the journey that a plan names; for the heading back, its way back. KeyError for a name that is not in the table."""
    journey = JOURNEYS[way]
    return journey.back or journey if heading is Heading.BACK else journey


def holder_marks() -> tuple[str, ...]:
    """Give how the Lease holders of runs end that leave nothing half-way."""
    return tuple(journey.holder_mark for journey in JOURNEYS.values() if not journey.half_way and journey.holder_mark)
