"""English: what the ninth driver says of its balancer."""

from __future__ import annotations

MESSAGES: dict[str, str] = {"ninth.alarm": "an alarm at {hour} h"}
FINDINGS: dict[str, tuple[str, ...]] = {
    "balancer.ninth-asleep": ("it sleeps until {until}", "{nights:count night} in a row", "wake it"),
}
