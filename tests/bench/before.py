"""What was measured at commit 0730ce6, before the rooms were rebuilt: what the benchmarks print beside their own figures.

A figure of a live older checkout (`beside.py`) is better, because it is taken on the same machine at the same time.
"""

from __future__ import annotations

from typing import Final

COMMIT: Final = "0730ce6"
READING_MS: Final = 300.0
"""`migrator status` and `migrator list`, the whole process."""

RESUME_MS: Final = 3500.0
"""From `migrator resume` of a killed run to its first look at the balancer: 2,000 to 3,500."""

WAY_BACK_BLIND_S: Final = 68.0
"""From `migrator rollback` at 50 % to share 0 while the API server hung."""

PAST_MS: Final = 552.0
"""A new process's first look at a past of 10,000 journal rows."""

PLAN_MB: Final = 292.0
"""The most memory that `migrator plan` held on 1,000 nodes, 5,000 pods and 2,000 Istio objects."""

DEMO_S: Final = 30.6
"""The demonstration's own seconds as they were counted then: all but soaks, keepOld and the steps AwaitReady, Drain, Detach
and Retire. They hold 15 s that are declared: five times the 2 s until the data plane follows, and Confirm's window of 5 s."""

OVERHEAD: Final[dict[str, tuple[float, float]]] = {
    "preflight": (1.26, 1.26),
    "guard": (0.16, 0.16),
    "deploy": (0.73, 0.73),
    "await-ready": (1.71, 0.0),
    "verify-config": (0.44, 0.44),
    "attach": (1.19, 1.19),
    "rehearse-up": (0.59, 0.59),
    "rehearse-back": (2.58, 0.58),
    "shift 10": (7.52, 2.52),
    "shift 50": (6.43, 1.43),
    "shift 90": (7.61, 2.61),
    "shift 100": (7.01, 2.01),
    "keep": (4.97, 0.97),
    "drain": (15.03, 0.03),
    "gate": (0.02, 0.02),
    "detach": (6.19, 1.19),
    "retire": (5.32, 0.28),
    "confirm": (4.73, -0.27),
    "all": (73.50, 15.76),
}
"""A step's whole and own seconds in the demonstration (`bench_overhead.py`). Of the 15.8 s 13.7 were naps, 1.5 reads."""
