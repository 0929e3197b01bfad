"""A channel that keeps what it is told, may refuse, be silent or hang, and a run with everything that is told."""

from __future__ import annotations

from threading import Event

from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import say, verbatim
from migrator.domain.model.runs import Heading, Run, State
from migrator.domain.model.samples import Ruling, Verdict
from migrator.domain.model.spec import Moment
from migrator.domain.observation.snapshot import Snapshot
from migrator.domain.planning.plan import Plan
from migrator.domain.ports.telling import Letter
from migrator.store import Journal, Store
from tests.app.world import HOLDER
from tests.store.world import BACK, FakeClock

SHARE = {"requested": 50.0, "achieved": 49.9, "observed": 50.4, "connections": 1200, "source": "gateway counters"}


class Kept:
    """A channel. `silent`, `refuses` and `hangs` may be set at any time."""

    def __init__(self, name: str = "ops", moments: frozenset[Moment] = frozenset(Moment)) -> None:
        self.name, self.moments = name, moments
        self.letters: list[Letter] = []
        self.silent = self.refuses = False
        self.hangs: Event | None = None
        self.reached = Event()

    def send(self, letter: Letter) -> None:
        """Keep the letter."""
        self.reached.set()
        if self.hangs is not None:
            self.hangs.wait(10)
        if self.silent:
            raise Unreachable(say("notify.not-taken", channel=self.name))
        if self.refuses:
            raise Refused(say("notify.not-taken", channel=self.name))
        self.letters.append(letter)

    @property
    def told(self) -> list[Moment]:
        """Give the moments that it took."""
        return [letter.moment for letter in self.letters]


def ruled(ruling: Ruling) -> Verdict:
    """Give a verdict."""
    return Verdict(ruling, verbatim(f"it is {ruling}"), "gateway counters")


def eventful(store: Store, clock: FakeClock, plan: Plan) -> tuple[Run, Journal]:
    """Give a run that has begun, reached a share, been held, waited, halted, turned back and ended; its lease is held."""
    run = store.create_run(plan)
    journal = store.journal(run.id, store.acquire(run.id, HOLDER))
    journal.looked(Snapshot())
    run = journal.move(run, state=State.RUNNING)
    clock.sleep(1)
    journal.tally("share", SHARE)
    journal.verdict(ruled(Ruling.PASS))
    clock.sleep(1)
    journal.verdict(ruled(Ruling.HOLD))
    run = journal.move(run, state=State.WAITING, why=verbatim("May the old side go?"))
    clock.sleep(1)
    run = journal.move(run, state=State.RUNNING)
    run = journal.move(run, state=State.HALTED, why=verbatim("a weight was changed"))
    clock.sleep(1)
    why = verbatim("it is bad")
    run = journal.move(run, state=State.RUNNING, heading=Heading.BACK, cursor=0, why=why, route=BACK)
    clock.sleep(1)
    run = journal.move(run, state=State.ROLLED_BACK, why=why)
    return run, journal
