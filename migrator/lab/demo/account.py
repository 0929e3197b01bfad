"""What a demonstration came to: the clients' account, the shares that came, and whether that is what was promised.

It judges by the clients' ledger; of migrator's own words it takes the run's state, its steps and its verdict.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

from migrator.lab.demo.gateway_faults import DRIFT, FAULTS, STRANGER
from migrator.lab.demo.shares import Achieved
from migrator.lab.ground.manifests import Json

MOST_NEEDED = 10_000
_TOTALS = ("sent", "answered", "lost", "bad", "wrong", "cut", "clients")


@dataclass(frozen=True, slots=True)
class Account:
    """One demonstration. `held`: it waited for a person, and was left so. Times are the wall clock; `rows` are the ledger's
    notable rows (all of the new side's), `logged` the errors in the run's own log."""

    fault: str | None
    exit_code: int
    began: float
    struck: float | None
    bad_nodes: tuple[str, ...]
    summary: Json
    answers: Json
    achieved: tuple[Achieved, ...]
    rows: tuple[Json, ...]
    held: bool = False
    logged: tuple[str, ...] = ()

    @property
    def run(self) -> Json:
        """The run as `migrator report` gives it, or `migrator status` where there is no report."""
        for name in ("report", "status"):
            if isinstance(run := self.answers.get(name, {}).get("run"), dict):
                return run
        return {}

    @property
    def state(self) -> str:
        """The run's state; `held` where it advanced nothing any more, and was left."""
        return "held" if self.held else str(self.run.get("state", "unknown"))

    @property
    def question(self) -> str:
        """What held the run when it was left, as `migrator status` says it; "" where nothing did."""
        return " ".join(self.answers.get("status", {}).get("run", {}).get("held") or [])

    @property
    def expected(self) -> str:
        if self.fault == DRIFT:
            return "held"
        return "rolled-back" if self.fault in (*FAULTS, STRANGER) else "completed"

    @property
    def totals(self) -> Json:
        return {name: self.summary["totals"][name] for name in _TOTALS}

    def problems(self) -> list[str]:
        """Return every promise that was not kept; empty is success.

        A gateway that is killed takes what it holds with it, so after the fault `crash` losses are counted, not judged.
        """
        problems, totals = [], self.totals
        if self.state != self.expected and not self.held:
            problems.append(f"the run is {self.state}, not {self.expected} (exit code {self.exit_code})")
        if totals["lost"] and self.fault != "crash":
            problems.append(f"{totals['lost']} requests were lost")
        if totals["bad"] and not self.fault:
            problems.append(f"{totals['bad']} requests were answered with a 5xx")
        if totals["wrong"] and not self.fault:
            problems.append(f"{totals['wrong']} requests got another answer than they asked for")
        if self.logged:
            problems.append(f"the run logged {len(self.logged)} errors, first: {self.logged[0]}")
        if totals["sent"] < MOST_NEEDED:
            problems.append(f"only {totals['sent']} requests were sent; {MOST_NEEDED} are needed to say anything")
        return problems

    def fault_times(self) -> Json:
        """When things happened, in seconds since the fault struck; None for what did not happen."""
        if self.struck is None:
            return {}
        bad = [row for row in self.rows if row["t_end"] >= self.struck and self._from_bad_side(row)]
        harmed = [row["t_end"] for row in bad if _harmed(row)]
        return {
            "first_bad_answer": self._after(min(harmed, default=None)),
            "verdict": self._after(self._verdict_at()),
            "last_bad_answer": self._after(max(harmed, default=None)),
            "last_request_to_bad_side": self._after(max((row["t_start"] for row in bad), default=None)),
        }

    @property
    def before_turning_back(self) -> Json:
        """How many requests were harmed, by outcome, before migrator decided to turn back; all of them where it did not."""
        verdict = self._verdict_at()
        early = [row["outcome"] for row in self.rows if verdict is None or row["t_end"] <= verdict]
        return {name: early.count(name) for name in ("wrong", "bad", "lost")}

    def as_json(self) -> Json:
        """Return what is written to `build/demo.json`."""
        return {
            "version": 1,
            **self.totals,
            "state": self.state,
            "exit_code": self.exit_code,
            "held": self.held,
            "question": self.question,
            "fault": self.fault,
            "fault_times": self.fault_times(),
            "before_turning_back": self.before_turning_back if self.fault else {},
            "seconds": self.summary["seconds"],
            "steps": self.run.get("steps", []),
            "shares": [asdict(share) for share in self.achieved],
            "kinds": self.summary["kinds"],
            "problems": self.problems(),
        }

    def _from_bad_side(self, row: Json) -> bool:
        """A request without an answer has no gateway; after the fault it is counted as the bad side's."""
        return not row["gateway"] or row["gateway"].rpartition(":")[0] in self.bad_nodes

    def _after(self, at: float | None) -> float | None:
        return None if at is None or self.struck is None else round(at - self.struck, 2)

    def _verdict_at(self) -> float | None:
        """When migrator decided to turn back, from its report."""
        turned = self.run.get("turned_back")
        return datetime.fromisoformat(turned["at"]).timestamp() if turned else None


def _harmed(row: Json) -> bool:
    slow = float(row["t_end"]) - float(row["t_start"]) > 1.0 and row["kind"] != "long-request"
    return slow or row["outcome"] in ("bad", "wrong", "lost")
