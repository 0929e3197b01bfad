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

PAST_MS: Final = 552.0
"""A new process's first look at a past of 10,000 journal rows."""

PLAN_MB: Final = 292.0
"""The most memory that `migrator plan` held on 1,000 nodes, 5,000 pods and 2,000 Istio objects."""

OVERHEAD: Final[dict[str, tuple[float, float]]] = {}
