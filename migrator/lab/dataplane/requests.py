"""What a layer-7 Envoy has counted, in the words of the data plane: from its admin interface and its log of failures."""

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from migrator.lab.balancer.model import Key
from migrator.lab.dataplane.counts import TargetCounts
from migrator.lab.dataplane.pool import Pool
from migrator.lab.dataplane.resources import CUT, LATE, NO_TARGET, UNCONNECTED
from migrator.lab.envoy.config import Json
from migrator.lab.envoy.program import Envoy

_REFUSED = "Connection refused"
_Failure = tuple[str, str]  # whose: cluster and target


class Counted:
    """The counts of one Envoy. A connection of the data plane is a request here; bytes are not counted."""

    def __init__(self, envoy: Envoy, failures: Path) -> None:
        """`failures` is the access log that has a line for each request that failed."""
        self._envoy = envoy
        self._log = failures
        self._read = 0
        self._refused: Counter[_Failure] = Counter()
        self._unreached: Counter[_Failure] = Counter()
        self._late: Counter[_Failure] = Counter()
        self._resets: Counter[_Failure] = Counter()
        self._no_target: Counter[str] = Counter()

    async def count(self, pools: Mapping[str, Pool]) -> None:
        """Bring the counts of `pools`, which are named like their clusters, up to date. Raise `OSError`."""
        self._read_failures()
        for row in await self._statuses():
            name = str(row["name"])
            if (pool := pools.get(name)) is None:
                continue
            for host in row.get("host_statuses", []):
                where = host["address"]["socket_address"]
                key = Key(where["address"], where["port_value"])
                if (counts := pool.targets.get(key)) is not None:
                    self._take(
                        counts, (name, str(key)), {stat["name"]: int(stat.get("value", 0)) for stat in host["stats"]}
                    )
            pool.counts.no_target = self._no_target[name]
            pool.counts.accepted = sum(counts.connections for counts in pool.targets.values()) + self._no_target[name]

    def _take(self, counts: TargetCounts, whose: _Failure, stats: Mapping[str, int]) -> None:
        counts.refused = self._refused[whose]
        counts.failures = self._unreached[whose] + self._late[whose]
        counts.resets = self._resets[whose]
        counts.active = stats["rq_active"]
        counts.bad = stats.get("rq_error", 0)
        counts.connections = stats["rq_total"] + self._refused[whose] + self._unreached[whose]

    async def _statuses(self) -> list[Json]:
        statuses: list[Json] = json.loads(await self._envoy.admin("GET", "/clusters?format=json"))["cluster_statuses"]
        return statuses

    def _read_failures(self) -> None:
        try:
            with self._log.open("rb") as log:
                log.seek(self._read)
                lines, newline, _ = log.read().rpartition(b"\n")
        except FileNotFoundError:
            return
        self._read += len(lines) + len(newline)
        for line in lines.splitlines():
            self._note(json.loads(line))

    def _note(self, row: Json) -> None:
        flags = set(str(row["flags"]).split(","))
        whose = (str(row["cluster"]), str(row["target"]))
        if NO_TARGET in flags:
            self._no_target[whose[0]] += 1
        elif UNCONNECTED in flags:
            (self._refused if _REFUSED in str(row["failure"]).replace("_", " ") else self._unreached)[whose] += 1
        elif LATE in flags:
            self._late[whose] += 1
        elif flags & set(CUT):
            self._resets[whose] += 1
