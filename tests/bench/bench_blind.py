"""How soon all traffic is on the old side again when somebody asks for it while the API server hangs, in the lab under load.

`python -m tests.bench.bench_blind` prints a table: seconds from the command to share 0 in the balancer's API, and to the data
plane. The bound is 5 s plus what the balancer takes to obey. `TIMES=n` measures so many ways back.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from pathlib import Path

from migrator.lab.ground import kubeconfig
from migrator.lab.ground.cluster import Cluster
from migrator.lab.ground.layout import GATEWAY_NAMESPACE, Scenario
from migrator.lab.world import lifecycle
from tests.bench.before import WAY_BACK_BLIND_S
from tests.scenarios.ground import PARTS, clear, eventually, ground
from tests.scenarios.operator import SHORT, Operator

TIMES = int(os.environ.get("TIMES", "3"))
BOUND = 5.0
HANGS = {"status": "delay", "seconds": 90.0}
LONG = {**SHORT, "traffic_soak": "60s", "traffic_maxSoak": "90s"}


def way_back(operator: Operator) -> tuple[float, float, int]:
    """Give the seconds to share 0 in the API and in the data plane, and the requests that were lost or bad."""
    stage = operator.ground
    operator.plan(**LONG)
    with stage.clients() as load:
        running = operator.run()
        operator.await_("half of the traffic", lambda eye: eye.title == "Shift 50 %" and stage.share() == 50)
        stage.shut_api(**HANGS)
        asked = time.time()
        operator.call("rollback")
        eventually("all traffic on old", lambda: stage.share() == 0, 120.0)
        took = time.time() - asked
        time.sleep(2.0)
        stage.mend_api()
        operator.ends(running)
        totals = load.end()["totals"]
    effective = next(at for at, share in stage.effective_shares() if at > asked and share == 0) - asked
    return took, effective, totals["lost"] + totals["bad"]


def main() -> None:
    """Measure and print."""
    found = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with lifecycle.running(Scenario(net="auto", parts=PARTS), folder / "lab") as record:
            with kubeconfig.connect(Path(record.kubeconfig)) as http:
                clear(Cluster(http), GATEWAY_NAMESPACE, record)
            for number in range(1, TIMES + 1):
                here = folder / f"{number}"
                with ground(record, here, number) as stage:
                    operator = Operator(stage, here / "migrator.db")
                    found.append(way_back(operator))
                    operator.close()
    api, plane, harmed = zip(*found, strict=True)
    print(f"a way back while the API server hangs ({TIMES} times; {WAY_BACK_BLIND_S:g} s before)")
    print(f"  share 0 in the API      median {statistics.median(api):.2f} s, most {max(api):.2f} s (bound {BOUND:g} s)")
    print(f"  share 0 in the data plane most {max(plane):.2f} s; lost or bad: {sum(harmed)}")


if __name__ == "__main__":
    main()
